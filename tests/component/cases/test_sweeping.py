"""What one case cannot have done now holds up nobody behind it: sweeps while members is away or refuses."""

from typing import Any

import pytest

from cases import service as cases_service
from cases.service import CasesService
from chassis.errors import Refusal
from chassis.rpc import RemoteFault, Unreachable
from tests.component.cases.staging import MembersDouble
from tests.component.cases.test_leaving import acts, having, leaves
from tests.component.cases.test_service import Desk
from tests.component.set_clock import SetClock
from tests.unit.cases.play import DISPATCHER

AT_ONCE = 2


@pytest.fixture
def desk(service: CasesService, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(cases_service, "SWEPT_AT_ONCE", AT_ONCE)
    return Desk(service, clock)


def given(desk: Desk, *assignees: str) -> str:
    """A case that somebody has yet to accept."""
    desk.report(category="0303")
    desk.do(DISPATCHER, "register")
    desk.do(DISPATCHER, "dispatch", assignees=list(assignees), lead=assignees[0])
    return desk.case_id


class Failing:
    """Members' `candidates`, failing in one way; how often it was asked."""

    def __init__(self, trouble: Exception) -> None:
        self.trouble, self.asked = trouble, 0

    def __call__(self, **_: Any) -> list[dict[str, Any]]:
        self.asked += 1
        raise self.trouble


@pytest.mark.parametrize("trouble", [Unreachable("away"), RemoteFault("broken")])
def test_reminders_ring_behind_cases_that_wait_for_members(
    desk: Desk, members: MembersDouble, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    """F59: while members is away, whom nobody accepts is not followed, but everybody else is reminded."""
    waiting = [given(desk.at("03-12 09:00"), "p-volunteer") for _ in range(5 * AT_ONCE)]
    desk.at("03-12 19:40").report()
    new = desk.case_id
    monkeypatch.setattr(members, "candidates", failing := Failing(trouble))
    for _ in range(3):
        desk.at("03-12 20:30").service.sweep()
    assert acts(desk)[-1:] == ["remind"]
    if isinstance(trouble, Unreachable):
        assert failing.asked <= 3 * 3  # the others are not kept waiting for it
    monkeypatch.undo()
    for _ in range(20):
        desk.service.sweep()
    for desk.case_id in waiting:
        assert having(desk) == ["p-electrician"]
    assert new != desk.case_id


def test_where_members_refuses_to_name_anybody_the_office_has_the_case(
    desk: Desk, members: MembersDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(desk.at("03-12 09:00"), "p-volunteer")
    monkeypatch.setattr(members, "candidates", Failing(Refusal("unknown_grid")))
    desk.at("03-12 20:30").service.sweep()
    assert (having(desk), acts(desk)[-1:]) == ([], ["time_out"])


def test_a_leaver_is_relieved_behind_cases_that_wait_for_members(
    desk: Desk, members: MembersDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2 * AT_ONCE):
        given(desk, "p-volunteer")
    shared = given(desk, "p-volunteer", "p-electrician")
    for _ in range(2 * AT_ONCE):
        given(desk, "p-volunteer")
    leaves(desk.service, "p-volunteer")
    monkeypatch.setattr(members, "candidates", Failing(Unreachable("away")))
    for _ in range(3):
        desk.service.relieve_leavers()
    desk.case_id = shared
    assert having(desk) == ["p-electrician"]
