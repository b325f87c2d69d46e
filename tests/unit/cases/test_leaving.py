"""Somebody who has a case leaves the service: it goes on without them, and what they did stays theirs."""

from collections.abc import Callable

import pytest

from cases.act import Act
from cases.alarm import next_alarm
from cases.case import Status
from cases.stay import minutes
from cases.timer import Timer
from tests.unit.cases import play as stage
from tests.unit.cases.play import (
    CLOCK,
    DISPATCHER,
    ELECTRICIAN,
    INSPECTOR,
    OTHER_WORKER,
    VOLUNTEER,
    WORKER,
    Play,
    code_of,
)


def left(play: Play, who: str = "p-electrician", *others: str) -> Play:
    """The clock takes the case from who left: others keep it, or these are asked."""
    if others:
        return play.do(Act.PASS_ON, CLOCK, person_id=who, assignees=list(others), lead=others[0])
    return play.do(Act.RELIEVE, CLOCK, person_id=who)


def test_others_of_the_team_keep_it_as_it_stands() -> None:
    play = stage.in_progress()
    before = play.case
    after = left(play).case
    assert (after.status, after.assignment.ids) == (Status.IN_PROGRESS, ("p-worker",))
    assert (after.dues, after.timers, after.rung) == (before.dues, before.timers, before.rung)
    assert play.last.data["relieved"] == ["p-electrician"]
    assert play.last.data["escalated"] is False


def test_a_lead_is_named_anew_of_those_who_have_accepted() -> None:
    team = ["p-worker", "p-worker-2", "p-electrician"]
    play = stage.registered().do(Act.DISPATCH, DISPATCHER, assignees=team, lead="p-worker")
    play.do(Act.ACCEPT, WORKER).do(Act.ACCEPT, ELECTRICIAN)
    assignees = left(play, "p-worker").case.assignment.assignees
    assert [(one.id, one.lead) for one in assignees] == [("p-worker-2", False), ("p-electrician", True)]


def test_what_the_leaver_spent_stays_his_and_his_hand_in_it_too() -> None:
    play = stage.in_progress().later(minutes=35)
    after = left(play).case
    assert minutes(after.stays) == {"p-electrician": 35}
    assert "p-electrician" in after.handlers
    assert after.dues.responded_at == stage.in_progress().case.dues.responded_at
    resolved = left(stage.resolved()).case
    assert resolved.is_handler(ELECTRICIAN)


def test_without_anybody_left_the_next_is_asked_with_a_time_of_his_own() -> None:
    play = stage.alone().at("03-12 20:00")
    assert code_of(left, play) == "nobody_remains"
    due = play.case.dues.resolve_due
    after = left(play, "p-electrician", "p-worker").case
    assert (after.status, after.assignment.ids, after.assignment.accepted) == (Status.DISPATCHED, ("p-worker",), False)
    assert after.timers[Timer.ACCEPT] > play.now
    assert after.dues.resolve_due == due
    assert play.do(Act.ACCEPT, WORKER).case.status is Status.ACCEPTED


def test_without_a_candidate_it_is_left_to_the_office() -> None:
    play = stage.alone().do(Act.PASS_ON, CLOCK, person_id="p-electrician")
    assert (play.case.status, play.case.assignment.ids) == (Status.DISPATCHED, ())
    assert play.last.data["escalated"] is True
    assert Timer.ACCEPT not in play.case.timers
    assert play.do(Act.REASSIGN, DISPATCHER).case.assignment.ids == ("p-worker-2", "p-electrician")


def test_who_was_asked_and_has_not_accepted_is_asked_again_when_nobody_works_on_it() -> None:
    play = stage.dispatched(category="0303").do(Act.ACCEPT, ELECTRICIAN)
    assert code_of(left, play) == "nobody_remains"
    after = left(play, "p-electrician", "p-worker").case
    assert (after.status, after.assignment.ids) == (Status.DISPATCHED, ("p-worker",))


def test_before_anybody_has_accepted_the_rest_of_the_team_has_the_time_that_it_had() -> None:
    play = stage.dispatched()
    timer = play.case.timers[Timer.ACCEPT]
    after = left(play.later(minutes=5)).case
    assert (after.status, after.timers[Timer.ACCEPT]) == (Status.DISPATCHED, timer)


def test_of_an_open_offer_the_place_is_free_again() -> None:
    play = stage.offered(places=2, category="0303").do(Act.ACCEPT, ELECTRICIAN).do(Act.ACCEPT, VOLUNTEER)
    after = left(play).case
    assert (after.assignment.ids, after.assignment.open_places) == (("p-volunteer",), 1)


@pytest.mark.parametrize(("build", "status"), [(stage.suspended, Status.SUSPENDED), (stage.resolved, Status.RESOLVED)])
def test_a_case_that_rests_goes_on_resting_and_then_somebody_is_found(
    build: Callable[[], Play], status: Status
) -> None:
    play = left(left(build()), "p-worker")
    assert (play.case.status, play.case.assignment.ids) == (status, ())
    again = play.do(*((Act.RESUME, DISPATCHER) if status is Status.SUSPENDED else (Act.REWORK, INSPECTOR)))
    assert again.case.status is Status.IN_PROGRESS
    team = again.do(Act.REASSIGN, DISPATCHER).case.assignment
    assert team.ids == ("p-worker-2", "p-electrician")


def test_a_solved_case_is_inspected_without_those_who_solved_it() -> None:
    play = left(stage.resolved()).do(Act.INSPECT_PASS, OTHER_WORKER)
    assert play.case.status is Status.CLOSED


def test_it_is_taken_once() -> None:
    play = left(stage.in_progress())
    assert code_of(left, play) == "not_theirs"
    assert code_of(left, play, "p-electrician", "p-worker-2") == "not_theirs"


def test_it_is_not_passed_on_over_the_heads_of_those_who_work_on_it() -> None:
    assert code_of(left, stage.accepted(), "p-electrician", "p-worker-2") == "others_remain"


def test_nobody_who_could_not_be_given_it_gets_it() -> None:
    for who, refused in (("p-gone", "assignee_inactive"), ("p-xie", "assignee_not_eligible")):
        assert code_of(left, stage.alone(), "p-electrician", who) == refused


def test_what_has_rung_has_rung_and_what_waits_still_rings() -> None:
    play = stage.alone().do(Act.START, ELECTRICIAN, contact="phone").wait_until("03-16 19:00")
    rung = play.case.rung
    assert "resolve.80" in rung
    after = left(play, "p-electrician", "p-worker").case
    assert set(rung) <= set(after.rung)
    assert next_alarm(after) is not None
    play.do(Act.ACCEPT, WORKER).do(Act.START, WORKER, contact="phone")
    play.history = ()
    assert [name for _, name, _ in play.wait_until("03-17 18:00").alarms] == ["resolve.100"]
