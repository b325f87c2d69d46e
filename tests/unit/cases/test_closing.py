"""Inspection by somebody else, the reporter's mark within its week, and a new round."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.act import Act
from cases.case import Status
from cases.rating import answered
from cases.timer import Timer
from tests.unit.cases.play import (
    ADMIN,
    CONTACT,
    DISPATCHER,
    ELECTRICIAN,
    INSPECTOR,
    NEIGHBOUR,
    OTHER_WORKER,
    RESIDENT,
    WORKER,
    Play,
    caller,
    closed,
    code_of,
    dispatched,
    opened,
    registered,
    reopened,
    resolved,
)

SILENT = {"contacted": False, "channel": "voice"}
MARK = {"solved": "yes", "satisfaction": 4, "channel": "voice"}


def test_who_handled_a_case_does_not_inspect_it() -> None:
    for act in (Act.INSPECT_PASS, Act.REWORK):
        assert code_of(resolved().do, act, WORKER) == "handler_inspects"


def test_who_handled_a_case_before_it_went_to_others_does_not_inspect_it_either() -> None:
    play = (
        resolved()
        .do(Act.REWORK, INSPECTOR)
        .do(Act.REASSIGN, DISPATCHER, assignees=["p-electrician"], reason_code="other")
    )
    play.do(Act.ACCEPT, ELECTRICIAN).do(Act.ARRIVE, ELECTRICIAN).do(Act.FEEDBACK, ELECTRICIAN)
    assert code_of(play.do, Act.INSPECT_PASS, WORKER) == "handler_inspects"
    assert play.do(Act.INSPECT_PASS, OTHER_WORKER).case.status is Status.CLOSED


def test_nobody_of_the_unit_that_handled_it_inspects_it() -> None:
    play = registered().do(Act.DISPATCH, DISPATCHER, assignees=["u-lighting"]).do(Act.ACCEPT, CONTACT)
    play.do(Act.ARRIVE, CONTACT).do(Act.FEEDBACK, CONTACT)
    colleague = caller("p-colleague", "inspector", scope="360704", unit="u-lighting")
    assert code_of(play.do, Act.INSPECT_PASS, colleague) == "handler_inspects"


def test_who_is_of_the_team_that_has_it_does_not_inspect_it_also_without_having_accepted() -> None:
    play = dispatched().do(Act.ACCEPT, ELECTRICIAN).do(Act.ARRIVE, ELECTRICIAN).do(Act.FEEDBACK, ELECTRICIAN)
    assert code_of(play.do, Act.INSPECT_PASS, WORKER) == "handler_inspects"
    assert play.do(Act.INSPECT_PASS, OTHER_WORKER).case.status is Status.CLOSED


@pytest.mark.parametrize("act", [Act.ARRIVE, Act.START, Act.FEEDBACK])
def test_who_worked_for_a_unit_does_not_inspect_it_when_of_another_by_then(act: Act) -> None:
    colleague = replace(CONTACT, id="p-colleague")
    play = registered().do(Act.DISPATCH, DISPATCHER, assignees=["u-lighting"]).do(Act.ACCEPT, CONTACT)
    play.do(Act.ARRIVE, CONTACT) if act is Act.FEEDBACK else play.do(act, colleague)
    play.do(Act.FEEDBACK, colleague if act is Act.FEEDBACK else CONTACT)
    elsewhere = caller("p-colleague", "inspector", scope="360704", unit="u-committee")
    assert code_of(play.do, Act.INSPECT_PASS, elsewhere) == "handler_inspects"


def test_closing_starts_the_time_to_call_back_and_tells_until_when_to_rate() -> None:
    play = closed()
    assert play.case.timers == {Timer.CALLBACK: play.at("03-18 18:00").now}
    assert play.last.data["rate_until"] == "2026-03-20T11:10:00Z"
    assert play.last.data["in_time"] is True


def test_rework_keeps_the_original_due_time() -> None:
    play = resolved()
    due = play.case.dues.resolve_due
    play.at("03-18 09:00").do(Act.REWORK, INSPECTOR)
    assert (play.case.dues.resolve_due, play.case.dues.resolved_at) == (due, None)
    assert (play.case.status, play.case.reworks) == (Status.IN_PROGRESS, 1)


def test_the_reporter_rates_once_a_round() -> None:
    play = closed().do(Act.RATE, RESIDENT)
    assert play.last.data["by_proxy"] is False
    assert code_of(play.do, Act.RATE, RESIDENT) == "already_rated"


def test_a_rating_is_the_reporters_or_of_who_called_back() -> None:
    assert code_of(closed().do, Act.RATE, NEIGHBOUR) == "not_the_reporter"
    play = closed().do(Act.RATE, DISPATCHER, **MARK)
    assert (play.case.ratings[0].by_proxy, play.case.ratings[0].by) == (True, "p-desk")
    codes = [code_of(closed().do, Act.RATE, nobody, **MARK) for nobody in (INSPECTOR, ADMIN, CONTACT)]
    assert codes == ["not_permitted", "not_permitted", "not_the_reporter"]


def test_who_filed_for_somebody_writes_the_mark_down_and_does_not_give_it() -> None:
    filed = {"who": OTHER_WORKER, "on_behalf_of": {"name": "谢测001", "phone": "12000000001", "consent": True}}
    assert closed(**filed).do(Act.RATE, OTHER_WORKER, **MARK).case.ratings[0].by_proxy
    play = resolved(**{**filed, "who": WORKER}).do(Act.INSPECT_PASS, INSPECTOR)
    assert code_of(play.do, Act.RATE, WORKER, **MARK) == "handler_rates"


def test_the_reporters_own_mark_takes_the_place_of_one_by_proxy() -> None:
    play = closed().do(Act.RATE, DISPATCHER, **MARK)
    assert code_of(play.do, Act.RATE, OTHER_WORKER, **MARK) == "already_rated"
    own = play.do(Act.RATE, RESIDENT, solved="no", satisfaction=1)
    counted = answered(own.case.ratings, own.case.round)
    assert counted is not None
    assert (counted.by_proxy, counted.satisfaction) == (False, 1)
    assert code_of(own.do, Act.RATE, RESIDENT) == "already_rated"


def test_a_mark_by_proxy_does_not_keep_the_reporter_from_reopening() -> None:
    assert closed().do(Act.RATE, DISPATCHER, **MARK).do(Act.REOPEN, RESIDENT).case.status is Status.REOPENED


def test_a_handler_never_writes_a_mark_down() -> None:
    assert code_of(closed().do, Act.RATE, WORKER, **MARK) == "handler_rates"
    assert closed().do(Act.RATE, OTHER_WORKER, **MARK).case.ratings[0].by_proxy


def test_a_rating_comes_within_seven_days() -> None:
    assert closed().at("03-20 19:10").do(Act.RATE, RESIDENT).case.ratings
    assert code_of(closed().at("03-20 19:11").do, Act.RATE, RESIDENT) == "rating_window_over"


def test_nobody_reached_is_no_answer_and_leaves_the_reporter_his_say() -> None:
    play = closed().do(Act.RATE, DISPATCHER, **SILENT)
    assert play.last.data["result"] == "NO_ANSWER"
    assert play.do(Act.RATE, RESIDENT).last.data["result"] == "ANSWERED"


@pytest.mark.parametrize("mark", [{"solved": "yes"}, {"satisfaction": 4}, {"channel": "app"}])
def test_a_mark_says_whether_it_is_solved_and_how_well(mark: dict[str, object]) -> None:
    assert code_of(closed().do, Act.RATE, RESIDENT, **mark) == "mark_missing"


def test_who_was_not_reached_gave_no_mark() -> None:
    assert code_of(closed().do, Act.RATE, DISPATCHER, **SILENT, satisfaction=4) == "mark_without_contact"
    assert code_of(closed().do, Act.RATE, RESIDENT, **SILENT) == "mark_without_contact"


def test_who_is_asked_by_somebody_else_is_called_unless_it_is_said_how() -> None:
    assert closed().do(Act.RATE, DISPATCHER, contacted=False).case.ratings[0].channel == "voice"
    assert closed().do(Act.RATE, DISPATCHER, contacted=False, channel="visit").case.ratings[0].channel == "visit"
    assert closed().do(Act.RATE, RESIDENT).case.ratings[0].channel == "app"


def test_an_anonymous_reporter_cannot_be_called_back() -> None:
    assert code_of(closed(anonymous=True).do, Act.RATE, DISPATCHER, **MARK) == "nobody_to_ask"


def test_the_reporter_reopens_within_seven_days() -> None:
    assert reopened().case.status is Status.REOPENED
    assert code_of(closed().at("03-20 19:11").do, Act.REOPEN, RESIDENT) == "reopen_window_over"
    assert closed().at("05-20 19:11").do(Act.REOPEN, DISPATCHER).case.status is Status.REOPENED


def test_what_the_reporter_called_solved_is_not_reopened_by_him() -> None:
    play = closed().do(Act.RATE, RESIDENT)
    assert code_of(play.do, Act.REOPEN, RESIDENT) == "rated_solved"
    assert play.do(Act.REOPEN, ADMIN).case.status is Status.REOPENED


def test_somebody_else_does_not_reopen() -> None:
    assert code_of(closed().do, Act.REOPEN, NEIGHBOUR) == "not_the_reporter"


def test_a_new_round_has_deadlines_and_a_mark_of_its_own() -> None:
    play = closed().do(Act.RATE, RESIDENT, solved="no", satisfaction=1).at("03-15 09:00").do(Act.REOPEN, RESIDENT)
    case = play.case
    assert (case.round, case.dues.respond_due) == (2, play.now + timedelta(hours=2))
    assert play.at("03-18 18:00").now == case.dues.resolve_due
    assert (case.rounds[0].dues.closed_at, case.rounds[0].assignees) == (
        Play(case, play.now).at("03-13 19:10").now,
        ("p-worker", "p-electrician"),
    )
    play.do(Act.DISPATCH, DISPATCHER, reason_code="nobody_else", assignees=["p-electrician"])
    play.do(Act.ACCEPT, ELECTRICIAN).do(Act.ARRIVE, ELECTRICIAN).do(Act.FEEDBACK, ELECTRICIAN)
    play.do(Act.INSPECT_PASS, INSPECTOR).do(Act.RATE, RESIDENT)
    assert [rating.round for rating in play.case.ratings] == [1, 2]


def test_a_question_waits_for_the_reporter() -> None:
    play = opened()
    assert code_of(play.do, Act.ANSWER, RESIDENT) == "no_question_waiting"
    play.do(Act.ASK, DISPATCHER)
    assert len(play.case.questions) == 1
    assert play.do(Act.ANSWER, RESIDENT).case.questions == ()


def test_a_question_has_words_and_somebody_to_answer() -> None:
    assert code_of(opened().do, Act.ASK, DISPATCHER, photos=["f"]) == "text_missing"
    assert code_of(opened(anonymous=True).do, Act.ASK, DISPATCHER) == "nobody_to_ask"


def test_who_has_the_link_to_an_anonymous_report_answers_and_is_named_by_nobody() -> None:
    holder = caller("digest", "link", scope="360704")
    play = opened(anonymous=True, link="digest").do(Act.ASK, DISPATCHER)
    assert code_of(play.do, Act.ANSWER, caller("another", "link", scope="360704")) == "not_the_reporter"
    assert play.do(Act.ANSWER, holder).case.questions == ()
    assert play.last.by == {"id": None, "role": "link"}
    assert "digest" not in repr(play.last)
    assert play.case.remarks[-1].by is None


def test_a_note_says_or_shows_something() -> None:
    assert code_of(opened().do, Act.NOTE, DISPATCHER, internal=True) == "text_or_photo_missing"
