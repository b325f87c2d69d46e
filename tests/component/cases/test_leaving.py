"""Whoever has left the service has no open case any more, once, whatever number of instances look."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from pymongo.database import Database

from cases.service import CasesService
from cases.store import CaseStore
from chassis.rpc import Unreachable
from tests.component.cases.staging import MembersDouble
from tests.component.cases.test_service import Desk
from tests.component.set_clock import SetClock
from tests.unit.cases.play import DISPATCHER, ELECTRICIAN, VOLUNTEER, WORKER, caller

POWER = caller("p-power", "unit_contact", unit="u-power")


@pytest.fixture
def desk(service: CasesService, clock: SetClock) -> Desk:
    return Desk(service, clock)


def leaves(service: CasesService, who: str, former: Sequence[str] = ()) -> None:
    event: Any = SimpleNamespace(data={"person_id": who, "former_ids": former, "tenant": "360704"}, sequence=2)
    service.note_leaver(event)


def sweeps(service: CasesService) -> None:
    """Four instances look, each three times."""
    with ThreadPoolExecutor(4) as instances:
        for _ in range(3):
            list(instances.map(lambda _: service.relieve_leavers(), range(4)))


def acts(desk: Desk) -> list[str]:
    return [line["act"] for line in desk.seen(DISPATCHER)["timeline"]]


def having(desk: Desk) -> list[str]:
    return [one["id"] for one in desk.seen(DISPATCHER)["assignees"]]


def test_a_case_under_an_id_from_before_a_merge_is_taken_too(desk: Desk) -> None:
    desk.report(category="0303")
    desk.do(DISPATCHER, "register")
    desk.do(DISPATCHER, "dispatch", assignees=["p-volunteer"])
    leaves(desk.service, "p-survivor", former=["p-volunteer"])
    sweeps(desk.service)
    assert "p-volunteer" not in having(desk)


def test_every_open_case_of_a_leaver_is_taken_once(desk: Desk, cases: CaseStore) -> None:
    shared = desk.dispatched().case_id
    alone = desk.report(category="0303")["case_id"]
    desk.do(DISPATCHER, "register")
    desk.do(DISPATCHER, "dispatch", assignees=["p-volunteer"])
    desk.do(VOLUNTEER, "accept")
    withdrawn = desk.report(WORKER)["case_id"]
    for who in ("p-electrician", "p-volunteer"):
        leaves(desk.service, who)
        leaves(desk.service, who)
    sweeps(desk.service)

    desk.case_id = shared
    assert (acts(desk)[3:], having(desk)) == (["relieve"], ["p-worker"])
    desk.case_id = alone
    # The only other candidate has left too, so in the end the office has it.
    assert (acts(desk)[4:], having(desk)) == (["pass_on", "pass_on"], [])
    assert desk.seen(DISPATCHER)["status"] == "DISPATCHED"
    assert cases.load(withdrawn, None).case.version == 1


def test_the_next_candidate_is_asked_in_the_place_of_the_leaver(desk: Desk, members: MembersDouble) -> None:
    desk.report(category="0303")
    desk.do(DISPATCHER, "register")
    desk.do(DISPATCHER, "dispatch", assignees=["p-volunteer"])
    desk.do(VOLUNTEER, "accept")
    leaves(desk.service, "p-volunteer")
    sweeps(desk.service)
    assert (having(desk), acts(desk)[4:]) == (["p-electrician"], ["pass_on"])
    assert "p-volunteer" in members.candidates_asked[0]["exclude"]
    desk.do(ELECTRICIAN, "accept")
    sweeps(desk.service)
    assert acts(desk)[4:] == ["pass_on", "accept"]


def closes(service: CasesService, unit_id: str) -> None:
    told = {"unit_id": unit_id, "name": "供电公司", "unit_type": "POWER_CO", "grid_codes": [], "active": False}
    event: Any = SimpleNamespace(data=told, sequence=2)
    service.copy_unit(event)


def test_the_open_cases_of_a_unit_that_closes_go_on_to_others_or_to_the_office(desk: Desk) -> None:
    desk.report(category="0101")
    desk.do(DISPATCHER, "register")
    desk.do(DISPATCHER, "dispatch", assignees=["u-power", "p-worker"], lead="u-power")
    shared = desk.case_id
    desk.report(category="0107")
    desk.do(DISPATCHER, "register")
    desk.do(DISPATCHER, "dispatch", assignees=["u-power"])
    desk.do(POWER, "accept")
    closes(desk.service, "u-power")
    closes(desk.service, "u-power")
    sweeps(desk.service)
    assert (acts(desk)[3:], having(desk)) == (["accept", "pass_on"], [])
    desk.case_id = shared
    assert (acts(desk)[3:], having(desk)) == (["relieve"], ["p-worker"])


def test_a_unit_that_changes_keeps_its_cases(desk: Desk) -> None:
    desk.report(category="0101")
    desk.do(DISPATCHER, "register")
    desk.do(DISPATCHER, "dispatch", assignees=["u-power"])
    told = {"unit_id": "u-power", "name": "供电公司", "unit_type": "POWER_CO", "grid_codes": [], "active": True}
    event: Any = SimpleNamespace(data=told, sequence=2)
    desk.service.copy_unit(event)
    sweeps(desk.service)
    assert having(desk) == ["u-power"]


def test_a_case_that_was_given_to_a_leaver_at_that_very_moment_is_taken_too(desk: Desk) -> None:
    leaves(desk.service, "p-electrician")
    sweeps(desk.service)
    desk.dispatched()
    sweeps(desk.service)
    assert (acts(desk)[3:], having(desk)) == (["relieve"], ["p-worker"])


def test_whoever_accepted_meanwhile_keeps_it(desk: Desk) -> None:
    """Decided anew from the case as it stands, when somebody was faster."""
    desk.dispatched()
    desk.do(ELECTRICIAN, "accept")
    leaves(desk.service, "p-electrician")
    with ThreadPoolExecutor(5) as crowd:
        accepting = crowd.submit(desk.do, WORKER, "accept")
        list(crowd.map(lambda _: desk.service.relieve_leavers(), range(8)))
        accepting.result()
    sweeps(desk.service)
    assert having(desk) == ["p-worker"]
    taken = [act for act in acts(desk) if act in {"relieve", "pass_on"}]
    assert len(taken) == 1


def test_it_waits_for_members_where_members_has_to_be_asked(
    desk: Desk, members: MembersDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.report(category="0303")
    desk.do(DISPATCHER, "register")
    desk.do(DISPATCHER, "dispatch", assignees=["p-volunteer"])
    leaves(desk.service, "p-volunteer")

    def away(**query: Any) -> list[dict[str, Any]]:
        raise Unreachable

    with monkeypatch.context() as patched:
        patched.setattr(members, "candidates", away)
        sweeps(desk.service)
        assert having(desk) == ["p-volunteer"]
    sweeps(desk.service)
    assert having(desk) == ["p-electrician"]


def test_a_leaver_is_forgotten_once_no_late_event_can_name_him(desk: Desk, database: Database[dict[str, Any]]) -> None:
    leaves(desk.service, "p-electrician")
    [index] = [each for each in database.leavers.list_indexes() if each["name"] == "forget"]
    assert index["expireAfterSeconds"] == 0
    assert desk.service.leavers.of_late() == ["p-electrician"]
