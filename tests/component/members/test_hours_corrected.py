"""What becomes of records that are opened again, corrected or told anew, and of who was staff where and when."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chassis.caller import Grant
from members.organisations.store import UnitStore
from members.people.person import Person
from members.people.tenure import Tenure
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.served import OFFICE, WORKER, Serving, at, volunteer
from tests.component.members.small_district import GRID, MoveIn, refusal, settle, staff
from tests.component.members.test_hours import RESOLVED, codes, resolved
from tests.component.set_clock import SetClock

ELECTRICIAN = {"id": "p-electrician", "grants": [{"role": "in_service_member", "scope": "360704"}], "unit": None}
HERE = ("grid_worker", GRID)


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)
    move_in((staff(f"p-{n}", "volunteer", "360704"), None) for n in range(1, 3))
    move_in([(staff("p-electrician", "in_service_member", "360704"), None)])


@pytest.fixture
def serving(service: MembersService) -> Serving:
    return Serving(service)


def pending(serving: Serving, *times: str) -> str:
    serving.came(serving.activity("a"), "p-1", *times)
    serving.drawn_up("a")
    return str(serving.records("a")["p-1"]["record_id"])


def ask(service: MembersService, record: str) -> None:
    service.ask_hours_correction(caller=volunteer(1), command_id="ask", record_id=record, text="十点就走了")


def correct(service: MembersService, record: str, *times: tuple[str, str], key: str = "correct") -> None:
    stints = [{"begins": at(begins).isoformat(), "ends": at(ends).isoformat()} for begins, ends in times]
    service.correct_hours(caller=OFFICE, command_id=key, record_id=record, reason="更正", stints=stints)


def minutes(service: MembersService, who: dict[str, Any] | None = None) -> int:
    return int(service.hours(caller=who or volunteer(1))["minutes"])


def test_what_nobody_has_decided_on_waits_for_the_correction_that_is_asked_for(
    service: MembersService, serving: Serving
) -> None:
    record = pending(serving, "09:00-11:00")
    ask(service, record)
    assert (serving.records("a")["p-1"]["state"], minutes(service)) == ("pending", 0)
    refused = refusal(service.approve_hours, caller=WORKER, command_id="approve", record_ids=[record])
    assert codes(refused) == {"/record_ids/0": "correction_waits"}
    correct(service, record, ("09:00", "10:00"))
    assert (serving.records("a")["p-1"]["state"], minutes(service)) == ("approved", 60)


def test_what_nobody_has_decided_on_and_nobody_wants_corrected_is_not_corrected(
    service: MembersService, serving: Serving
) -> None:
    assert refusal(correct, service=service, record=pending(serving, "09:00-11:00")).code == "record_pending"
    assert minutes(service) == 0


def test_a_record_that_is_open_again_counts_while_others_of_its_day_are_settled(
    service: MembersService, serving: Serving
) -> None:
    record = serving.served("a", "p-1", "09:00-11:00")
    ask(service, record)
    serving.served("b", "p-1", "10:00-12:00", begins="10:00", ends="12:00")
    assert minutes(service) == 180
    assert serving.records("a")["p-1"]["minutes"] == 120


def test_no_correction_makes_another_service_of_it(service: MembersService, serving: Serving) -> None:
    record = serving.served("a", "p-1", "09:00-11:00")
    years = [{"begins": "1970-01-01T00:00:00Z", "ends": at("11:00").isoformat()}]
    refused = refusal(
        service.correct_hours, caller=OFFICE, command_id="c", record_id=record, reason="更正", stints=years
    )
    assert codes(refused) == {"/stints/0": "stint_outside_service"}
    assert minutes(service) == 120


def test_nothing_is_drawn_up_of_what_was_called_off(service: MembersService, serving: Serving) -> None:
    id = serving.activity("a", begins="13:00", ends="15:00")
    service.clock.moment = at("12:00")  # type: ignore[attr-defined]  # the clock of tests
    service.cancel_activity(caller=WORKER, command_id="cancel", activity_id=id, reason="暴雨")
    service.clock.moment = at("16:00")  # type: ignore[attr-defined]  # as above
    assert refusal(serving.drawn_up, activity_id=id).code == "activity_cancelled"


def test_after_rework_a_time_that_was_corrected_does_not_come_back(service: MembersService, clock: SetClock) -> None:
    service.draw_up_case_hours(resolved())
    [record] = service.service_records(caller=OFFICE, area="360704", limit=10)["items"]
    clock.moment = at("20:00") + timedelta(days=4)
    service.approve_hours(caller=OFFICE, command_id="approve", record_ids=[record["record_id"]])
    shorter = [{"begins": "2026-03-12T12:20:00Z", "ends": "2026-03-12T12:40:00Z"}]
    service.correct_hours(
        caller=OFFICE, command_id="correct", record_id=record["record_id"], reason="更正", stints=shorter
    )
    assert minutes(service, ELECTRICIAN) == 20
    more = {
        "assignee_id": "p-electrician",
        "arrived_at": "2026-03-14T09:00:00Z",
        "left_at": "2026-03-14T09:40:00Z",
    }
    later = resolved(stays=[*RESOLVED["data"]["stays"], more], version=25, at="2026-03-14T09:40:00Z")
    for event in (later, resolved()):
        service.draw_up_case_hours(event)
    found = service.service_records(caller=OFFICE, area="360704", limit=10)["items"]
    assert sorted(each["stints"][0]["begins"] for each in found) == ["2026-03-12T12:20:00Z", "2026-03-14T09:00:00Z"]


def test_who_is_staff_elsewhere_or_became_it_later_served_as_a_volunteer(
    service: MembersService, serving: Serving, move_in: MoveIn
) -> None:
    """§8.4: the work of staff in their own area is their duty, and it is so while they hold the post."""
    elsewhere = staff("p-elsewhere", "grid_worker", "360704100007001")
    later = Person("p-later", "360704", "王测006", (Grant(*HERE),))
    earlier = replace(later, id="p-earlier", grants=(Grant("volunteer", "360704"),))
    held = {
        "p-later": (Tenure("volunteer", "360704", at("08:00") - timedelta(days=9)), Tenure(*HERE, at("12:00"))),
        "p-earlier": (Tenure(*HERE, at("08:00") - timedelta(days=9), at("12:00")),),
    }
    move_in((replace(each, tenures=held.get(each.id, ())), None) for each in (elsewhere, later, earlier))
    id = serving.activity("a")
    for who in ("p-elsewhere", "p-later", "p-earlier"):
        serving.came(id, who, "09:00-11:00")
    assert serving.drawn_up("a")["staff"] == 1
    assert set(serving.records("a")) == {"p-elsewhere", "p-later"}
