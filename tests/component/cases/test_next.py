"""Where the dispatcher chose so, whoever declines or says nothing is followed by the next candidate."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from cases.moves.dispatching import MOST_TIME_OUTS
from cases.routing import Unit
from cases.service import CasesService
from cases.store import PlaceStore
from chassis.rpc import Unreachable
from tests.component.cases.staging import MembersDouble
from tests.component.cases.test_leaving import acts, having
from tests.component.cases.test_service import Desk, code_of
from tests.component.set_clock import SetClock
from tests.unit.cases.play import DISPATCHER, ELECTRICIAN, GRID, INSPECTOR, RESIDENT, VOLUNTEER, WORKER


@pytest.fixture
def desk(service: CasesService, clock: SetClock) -> Desk:
    return Desk(service, clock).at("03-12 09:00")


def given(desk: Desk, who: str = "p-volunteer", **chosen: Any) -> None:
    desk.report(category="0303")
    desk.do(DISPATCHER, "register")
    desk.do(DISPATCHER, "dispatch", assignees=[who], **chosen)


def sweeps(desk: Desk) -> None:
    """Four instances look, each three times."""
    with ThreadPoolExecutor(4) as instances:
        for _ in range(3):
            list(instances.map(lambda _: desk.service.sweep(), range(4)))


def declined(desk: Desk) -> None:
    desk.at("03-12 09:10").do(VOLUNTEER, "return", reason_code="no_capacity")


def test_who_declines_is_followed_by_the_next_candidate_once(desk: Desk, members: MembersDouble) -> None:
    given(desk, then_next=True)
    declined(desk)
    sweeps(desk)
    assert (having(desk), acts(desk)[-2:]) == (["p-electrician"], ["return", "dispatch"])
    assert all("p-volunteer" in asked["exclude"] for asked in members.candidates_asked)
    desk.do(ELECTRICIAN, "accept")
    sweeps(desk)
    assert acts(desk)[-1] == "accept"


def test_without_the_choice_it_waits_for_the_desk_with_a_proposal(desk: Desk) -> None:
    given(desk)
    declined(desk)
    sweeps(desk)
    assert (having(desk), acts(desk)[-1]) == ([], "return")
    proposed = desk.service.proposal(DISPATCHER.dump(), desk.case_id)["people"]
    assert [each["person_id"] for each in proposed] == ["p-electrician"]


def test_after_two_returns_the_office_decides(desk: Desk) -> None:
    given(desk, then_next=True)
    declined(desk)
    sweeps(desk)
    desk.do(ELECTRICIAN, "return", reason_code="no_capacity")
    sweeps(desk)
    assert (having(desk), acts(desk)[-1]) == ([], "return")


def test_whoever_gives_it_away_anew_chooses_anew(desk: Desk) -> None:
    given(desk, then_next=True)
    desk.do(DISPATCHER, "reassign", assignees=["p-worker"], reason_code="no_capacity")
    desk.do(WORKER, "return", reason_code="no_capacity")
    sweeps(desk)
    assert (having(desk), acts(desk)[-1]) == ([], "return")


def test_after_a_reopening_the_next_is_asked_again_where_the_desk_chose_so(desk: Desk, members: MembersDouble) -> None:
    """That nobody was left in the round before says nothing of this one."""
    members.ranked = []
    given(desk, then_next=True)
    declined(desk)
    sweeps(desk)
    desk.do(DISPATCHER, "dispatch", assignees=["p-worker"])
    for act, fields in (
        ("accept", {}),
        ("start", {"contact": "phone"}),
        ("feedback", {"text": "已清理", "photos": [desk.upload(WORKER)["photo_id"]]}),
    ):
        desk.do(WORKER, act, **fields)
    desk.do(INSPECTOR, "inspect_pass")
    desk.at("03-12 12:00").do(RESIDENT, "reopen", reason_code="not_solved")
    members.ranked = ["p-electrician"]
    desk.do(DISPATCHER, "dispatch", assignees=["p-volunteer"], reason_code="knows_the_case", then_next=True)
    desk.do(VOLUNTEER, "return", reason_code="no_capacity")
    sweeps(desk)
    assert having(desk) == ["p-electrician"]


def test_where_nobody_is_left_the_desk_hears_of_it_once(desk: Desk, members: MembersDouble) -> None:
    members.ranked = []
    given(desk, then_next=True)
    declined(desk)
    sweeps(desk)
    assert acts(desk)[-2:] == ["return", "remind"]


def test_while_members_is_away_it_waits_and_is_not_lost(
    desk: Desk, members: MembersDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process may die between the return and the next dispatch too: what is to be done stands in the case."""
    given(desk, then_next=True)
    declined(desk)

    def away(**_: Any) -> list[dict[str, Any]]:
        raise Unreachable

    with monkeypatch.context() as patched:
        patched.setattr(members, "candidates", away)
        sweeps(desk)
        assert (having(desk), acts(desk)[-1]) == ([], "return")
    sweeps(desk)
    assert having(desk) == ["p-electrician"]


@pytest.mark.parametrize(("chosen", "most"), [({}, 1), ({"then_next": True}, MOST_TIME_OUTS)])
def test_who_says_nothing_is_followed_so_often_and_no_more(
    desk: Desk, members: MembersDouble, monkeypatch: pytest.MonkeyPatch, chosen: dict[str, Any], most: int
) -> None:
    given(desk, **chosen)
    # There is always somebody who suits, also whom it was given to before.
    monkeypatch.setattr(members, "candidates", lambda **_: [{"person_id": "p-electrician"}])
    for day in range(13, 20):
        desk.at(f"03-{day} 20:00")
        sweeps(desk)
    assert acts(desk).count("time_out") == most + 1
    assert having(desk) == []


def test_people_of_the_unit_that_the_case_is_about_are_never_asked(
    desk: Desk, members: MembersDouble, places: PlaceStore
) -> None:
    places.put_unit(Unit("u-power", "供电公司", "POWER_CO", (GRID,)), 1)
    given(desk, then_next=True)
    desk.do(DISPATCHER, "correct", complained_unit_id="u-power")
    declined(desk)
    sweeps(desk)
    assert "p-electrician" not in having(desk)
    assert all(asked["exclude_units"] == ["u-power"] for asked in members.candidates_asked)


@pytest.mark.parametrize("silent", [True, False])
def test_who_may_not_take_it_gives_way_to_the_candidate_after_that_one(
    desk: Desk, members: MembersDouble, silent: bool
) -> None:
    """Somebody may have left, or lost a licence, between being named and being asked."""
    members.ranked = ["p-gone", "p-leader", "p-electrician"]
    given(desk, then_next=True)
    if silent:
        desk.at("03-13 20:00")
    else:
        declined(desk)
    sweeps(desk)
    assert having(desk) == ["p-electrician"]


def test_the_choice_holds_for_whoever_follows(
    desk: Desk, members: MembersDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After who declined, those who say nothing are followed as often as the dispatcher chose."""
    given(desk, then_next=True)
    declined(desk)
    monkeypatch.setattr(members, "candidates", lambda **_: [{"person_id": "p-electrician"}])
    for day in range(13, 25):
        desk.at(f"03-{day} 20:00")
        sweeps(desk)
    assert acts(desk).count("time_out") == MOST_TIME_OUTS + 1


def test_of_an_open_offer_nobody_is_next(desk: Desk) -> None:
    desk.report(category="0303")
    desk.do(DISPATCHER, "register")
    assert code_of(desk.do, DISPATCHER, "dispatch", places=1, then_next=True) == "team_or_offer"
