"""What the clock does with cases of which nobody thinks: it reminds in time, each once, and never for ever."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.act import Act
from cases.alarm import Matter, Topic, alarms, next_alarm, ringing
from cases.case import ENDED, Status
from cases.timer import Timer
from tests.unit.cases import play as stage
from tests.unit.cases.play import CLOCK, DISPATCHER, RESIDENT, WORKER, Play, code_of

YEAR = timedelta(days=365)


def of_topic(play: Play, topic: Topic) -> list[tuple[str, str]]:
    return [(at, name.partition(".")[2]) for at, name, _ in play.alarms if name.startswith(f"{topic.value}.")]


def test_half_of_the_time_is_told_to_the_assignee_then_the_desk_then_the_office() -> None:
    play = stage.in_progress().wait_until("03-17 18:00")
    resolving = [row for row in play.alarms if row[1].startswith("resolve")]
    assert resolving == [
        ("03-15 06:50", "resolve.50", "grid"),
        ("03-16 18:20", "resolve.80", "community"),
        ("03-17 18:00", "resolve.100", "agency"),
    ]


def test_an_overdue_case_goes_up_the_next_working_day_and_five_later() -> None:
    play = stage.in_progress().wait_until("04-01 00:00")
    assert of_topic(play, Matter.RESOLVE)[3:] == [("03-18 18:00", "1wd"), ("03-25 18:00", "6wd")]


def test_a_report_that_nobody_registers_is_told_to_the_desk_and_then_to_the_office() -> None:
    play = stage.opened().wait_until("03-12 23:00")
    assert [(at, name, level) for at, name, level in play.alarms] == [
        ("03-12 20:10", "register.late", "agency"),
        ("03-12 20:40", "register.later", "district"),
    ]


def test_a_case_without_a_first_contact_is_told_of_before_and_at_its_time() -> None:
    play = stage.registered().wait_until("03-12 21:40")
    assert [row for row in play.alarms if row[1].startswith("respond")] == [
        ("03-12 21:16", "respond.80", "community"),
        ("03-12 21:40", "respond.100", "agency"),
    ]


def test_nothing_is_told_of_the_first_contact_once_it_was_made() -> None:
    assert of_topic(stage.in_progress().wait_until("03-17 18:00"), Matter.RESPOND) == []


def test_silence_is_told_every_working_day_and_ends_with_the_next_act() -> None:
    play = stage.in_progress().wait_until("03-17 12:00")
    assert of_topic(play, Matter.SILENCE) == [("03-13 18:00", "late"), ("03-16 18:00", "late")]
    play.do(Act.NOTE, WORKER).wait_until("03-19 17:59")
    assert len(of_topic(play, Matter.SILENCE)) == 2
    assert of_topic(play.wait_until("03-19 18:00"), Matter.SILENCE)[2:] == [("03-19 18:00", "late")]


def test_silence_is_not_told_of_beside_another_reminder() -> None:
    rung = stage.in_progress().wait_until("04-01 00:00").alarms
    assert len({at for at, _, _ in rung}) == len(rung)


def test_while_a_case_waits_for_its_inspection_those_who_solved_it_are_left_alone() -> None:
    names = {name for _, name, _ in stage.resolved().wait_until("03-31 00:00").alarms}
    assert names == {"inspect.late", "inspect.later", "silence.inspection"}


def test_a_suspended_case_rests_until_its_review() -> None:
    play = stage.suspended()
    before = len(play.alarms)
    assert play.wait_until("12-31 00:00").alarms[before:] == [("04-01 08:30", "review.due", "agency")]


def test_a_case_that_is_suspended_once_more_is_reviewed_once_more() -> None:
    play = stage.suspended().wait_until("04-02 09:00").do(Act.RESUME, DISPATCHER)
    again = play.do(Act.SUSPEND, DISPATCHER, reason_code="funds", review_on=date(2026, 4, 7)).wait_until("04-08 00:00")
    assert of_topic(again, Matter.REVIEW) == [("04-01 08:30", "due"), ("04-07 08:30", "due")]


def test_a_suspension_pushes_the_shares_back() -> None:
    def half(play: Play) -> datetime:
        return next(each.at for each in alarms(play.case) if each.name == "resolve.50")

    planned = half(stage.in_progress())
    resumed = stage.suspended().at("03-20 09:00").do(Act.RESUME, DISPATCHER)
    assert half(resumed) - planned == timedelta(days=7)


def test_who_was_away_when_all_was_due_hears_only_the_last_of_each_topic() -> None:
    play = stage.in_progress().at("03-30 09:00")
    names = []
    while (due := next_alarm(play.case)) and due <= play.now:
        names.append(play.ring().last.data["alarm"])
    assert names == ["silence.late", "resolve.6wd"]


def test_a_step_that_begins_anew_is_timed_anew() -> None:
    play = stage.registered().wait_until("03-12 20:15")
    play.do(Act.DISPATCH, DISPATCHER).do(Act.RETURN, WORKER).wait_until("03-12 20:50")
    assert of_topic(play, Timer.DISPATCH) == [("03-12 20:14", "late"), ("03-12 20:45", "late")]


def test_a_week_without_a_mark_is_no_answer_and_no_good_mark() -> None:
    play = stage.forgotten()
    assert play.last.type == "case.rating_lapsed"
    assert play.case.dues.closed_at
    assert play.last.at == play.case.dues.closed_at + timedelta(days=7)
    [rating] = play.case.ratings
    assert (rating.result, rating.solved, rating.satisfaction, rating.by) == ("NO_ANSWER", None, None, "clock")
    assert next_alarm(play.case) is None


def test_an_anonymous_reporter_is_not_waited_for() -> None:
    play = stage.closed(anonymous=True).wait_until("04-01 00:00")
    assert play.case.ratings == ()


def test_nothing_lapses_after_a_mark() -> None:
    play = stage.closed().do(Act.RATE, RESIDENT).wait_until("04-01 00:00")
    assert [rating.result for rating in play.case.ratings] == ["ANSWERED"]
    assert next_alarm(play.case) is None


@pytest.mark.parametrize("act", [Act.REMIND, Act.LAPSE])
def test_the_clock_cannot_ring_what_is_not_due(act: Act) -> None:
    assert code_of(stage.closed().do, act, CLOCK, alarm="window.over") == "not_ringing"


def test_what_rang_does_not_ring_again() -> None:
    play = stage.in_progress().at("03-15 06:50").ring().ring()
    assert ringing(play.case, play.now) is None
    assert code_of(play.do, Act.REMIND, CLOCK, alarm="resolve.50") == "not_ringing"


STAGES = [
    stage.opened,
    stage.verifying,
    stage.registered,
    stage.dispatched,
    stage.offered,
    stage.accepted,
    stage.in_progress,
    stage.suspended,
    stage.resolved,
    stage.closed,
    stage.reopened,
    stage.rejected,
    stage.merged,
    stage.withdrawn,
]


@settings(max_examples=60)
@given(st.sampled_from(STAGES), st.lists(st.integers(1, 40 * 24 * 60), max_size=40))
def test_in_a_year_every_alarm_rings_once_a_round_however_rarely_somebody_looks(
    build: object, looks: list[int]
) -> None:
    play = build()  # type: ignore[operator]
    begin = play.now
    for minutes in looks:
        play.later(minutes=minutes)
        if play.now - begin > YEAR:
            break
        while ringing(play.case, play.now):
            play.ring()
    loud = [name for _, name, _ in play.alarms if not name.startswith("silence.")]
    steps = {"accept", "dispatch"}  # begin anew with each time-out
    once = [name for name in loud if name.partition(".")[0] not in steps]
    assert len(once) == len(set(once))
    assert (play.case.status in ENDED - {Status.CLOSED}) <= (next_alarm(play.case) is None)


@settings(max_examples=20)
@given(st.sampled_from(STAGES))
def test_an_open_case_is_never_without_a_next_alarm(build: object) -> None:
    play = build()  # type: ignore[operator]
    play.wait_until("12-31 23:59")
    if play.case.is_open and play.case.status is not Status.SUSPENDED:
        assert next_alarm(play.case) is not None
