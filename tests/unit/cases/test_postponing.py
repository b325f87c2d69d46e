"""More time: asked for by who handles, decided by the office, once and no longer than at first."""

from datetime import date

from cases.act import Act
from cases.case import Status
from cases.dues import is_overdue
from tests.unit.cases.play import (
    ADMIN,
    DISPATCHER,
    ELECTRICIAN,
    INSPECTOR,
    WORKER,
    Play,
    alone,
    caller,
    code_of,
    dispatched,
    in_progress,
    opened,
    registered,
    suspended,
)

BOTH = caller("p-electrician", "in_service_member", "dispatcher", scope="360704")


def extend(play: Play, until: str) -> Play:
    moment = Play(play.case, play.now).at(until).now
    return play.do(Act.EXTEND, DISPATCHER, reason_code="parts", until=moment)


def test_an_extension_moves_the_due_time_once() -> None:
    play = extend(in_progress(), "03-19 18:00")
    assert play.at("03-19 18:00").now == play.case.dues.resolve_due
    assert code_of(extend, play.at("03-13 09:00"), "03-20 18:00") == "already_extended"


def test_an_extension_is_at_most_as_long_as_the_time_was_at_first() -> None:
    assert code_of(extend, in_progress(), "03-20 18:01") == "extension_too_long"
    assert extend(in_progress(), "03-20 18:00").case.extensions == 1


def test_an_extension_is_later_than_the_due_time() -> None:
    assert code_of(extend, in_progress(), "03-17 18:00") == "extension_too_short"


def test_an_overdue_case_is_not_extended() -> None:
    assert code_of(extend, in_progress().at("03-17 18:01"), "03-19 18:00") == "past_due"
    assert extend(in_progress().at("03-17 18:00"), "03-19 18:00").case.extensions == 1


def test_a_case_without_a_due_time_is_not_extended() -> None:
    assert code_of(extend, opened(), "03-19 18:00") == "no_due_time"


def test_nobody_approves_what_he_asked_for_or_works_on() -> None:
    play = in_progress().do(Act.ASK_SUSPEND, ELECTRICIAN)
    for act in (Act.SUSPEND, Act.EXTEND):
        assert code_of(play.do, act, BOTH) == "own_request"
    assert play.do(Act.SUSPEND, ADMIN).case.status is Status.SUSPENDED


def test_who_asked_approves_it_no_more_once_others_have_the_case() -> None:
    play = registered(category="0303").do(Act.DISPATCH, DISPATCHER, assignees=["p-electrician"])
    play.do(Act.ASK_EXTEND, ELECTRICIAN).do(Act.REASSIGN, DISPATCHER, assignees=["p-worker"], reason_code="other")
    assert not play.case.is_handler(ELECTRICIAN)
    assert code_of(play.do, Act.EXTEND, BOTH) == "own_request"


def test_who_works_on_it_approves_nothing_that_others_asked_for() -> None:
    play = in_progress().do(Act.ASK_EXTEND, WORKER)
    assert code_of(play.do, Act.EXTEND, BOTH) == "own_request"


def test_who_asked_for_more_time_gets_none_by_a_correction_either() -> None:
    play = alone().do(Act.ASK_EXTEND, ELECTRICIAN)
    assert code_of(play.do, Act.CORRECT, BOTH, category="0108") == "own_request"
    assert play.do(Act.CORRECT, BOTH, category="0304").case.category == "0304"
    assert play.do(Act.CORRECT, DISPATCHER, category="0108").case.category == "0108"


def test_a_request_is_made_once_and_is_gone_when_it_is_decided() -> None:
    play = in_progress().do(Act.ASK_EXTEND, ELECTRICIAN).do(Act.ASK_SUSPEND, ELECTRICIAN)
    for act in (Act.ASK_EXTEND, Act.ASK_SUSPEND):
        assert code_of(play.do, act, ELECTRICIAN) == "already_asked"
    assert [one.act for one in extend(play, "03-19 18:00").case.requests] == ["ask_suspend"]
    assert play.do(Act.SUSPEND, DISPATCHER).case.requests == ()


def test_more_time_is_asked_for_before_it_is_over_and_only_once_given() -> None:
    assert code_of(in_progress().at("03-17 18:01").do, Act.ASK_EXTEND, ELECTRICIAN) == "past_due"
    assert code_of(extend(in_progress(), "03-19 18:00").do, Act.ASK_EXTEND, ELECTRICIAN) == "already_extended"


def test_the_resolve_time_stands_still_while_a_case_is_suspended() -> None:
    play = suspended().at("03-20 09:00")
    assert not is_overdue(play.case.dues, play.now)
    play.do(Act.RESUME, DISPATCHER)
    assert play.at("03-24 18:00").now == play.case.dues.resolve_due
    assert (play.case.status, play.case.review_on) == (Status.IN_PROGRESS, None)


def test_a_suspension_has_a_review_date_ahead() -> None:
    play = in_progress()
    for day, code in (
        (date(2026, 3, 12), "review_in_the_past"),
        (date(2027, 3, 13), "review_too_far"),
        (date.max, "review_too_far"),
        (date(2026, 3, 13), None),
    ):
        said = {"reason_code": "funds", "review_on": day}
        if code:
            assert code_of(play.do, Act.SUSPEND, DISPATCHER, **said) == code
        else:
            assert play.do(Act.SUSPEND, DISPATCHER, **said).case.review_on == "2026-03-13"


def test_only_work_in_progress_is_suspended() -> None:
    assert code_of(dispatched().do, Act.SUSPEND, DISPATCHER) == "illegal_move"


def test_only_the_office_decides() -> None:
    assert code_of(in_progress().do, Act.SUSPEND, INSPECTOR) == "not_permitted"
    assert code_of(suspended().do, Act.RESUME, INSPECTOR) == "not_permitted"


def test_an_assignee_asks_and_nobody_else() -> None:
    assert code_of(registered().do, Act.ASK_EXTEND, ELECTRICIAN) == "not_assigned"
