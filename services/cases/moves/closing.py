"""The end of a case: independent inspection, the reporter's mark, and beginning once more."""

from dataclasses import replace

from cases.act import Attempt, Change
from cases.assignment import Assignment
from cases.case import Round
from cases.dues import Dues, counted
from cases.moves.mediating import begun_anew
from cases.outcome import Outcome
from cases.rating import Rating, Solved, answered, window_ends
from chassis.errors import Refusal
from chassis.instant import written_or_none


def inspector_did_not_handle(attempt: Attempt) -> None:
    """Refuses `handler_inspects`: nobody inspects his own work, or his unit's (docs/domain.md §5)."""
    if attempt.case.is_handler(attempt.caller):
        raise Refusal("handler_inspects")


def rater_did_not_handle(attempt: Attempt) -> None:
    """Refuses `handler_rates`: a mark is never written down by somebody who did the work (§5)."""
    if attempt.case.is_handler(attempt.caller):
        raise Refusal("handler_rates")


def within_rating_window(attempt: Attempt) -> None:
    """Refuses `rating_window_over`: 7 days from closing (docs/domain.md §2.2)."""
    closed_at = attempt.case.dues.closed_at
    if closed_at is not None and attempt.now > window_ends(closed_at):
        raise Refusal("rating_window_over", until=written_or_none(window_ends(closed_at)))


def not_rated_yet(attempt: Attempt) -> None:
    """Refuses `already_rated`: once a round, but the reporter's own mark takes the place of one by proxy.

    That nobody was reached is no rating yet.
    """
    found = answered(attempt.case.ratings, attempt.case.round)
    if found and (not found.by_proxy or _by_proxy(attempt)):
        raise Refusal("already_rated", round=attempt.case.round)


def mark_complete(attempt: Attempt) -> None:
    """Refuses `mark_missing`, and `mark_without_contact`: who was not reached has given no mark."""
    fields = attempt.fields
    given = [fields.get("solved") is not None, fields.get("satisfaction") is not None]
    if fields.get("contacted", True) and not all(given):
        raise Refusal("mark_missing")
    if not fields.get("contacted", True) and (any(given) or not _by_proxy(attempt)):
        raise Refusal("mark_without_contact")


def may_reopen_now(attempt: Attempt) -> None:
    """Refuses the reporter `reopen_window_over`, and `rated_solved` after his own mark "solved"; not the office."""
    case = attempt.case
    if not case.reporter.is_(attempt.caller):
        return
    closed_at, rating = case.dues.closed_at, answered(case.ratings, case.round)
    if closed_at is not None and attempt.now > window_ends(closed_at):
        raise Refusal("reopen_window_over", until=written_or_none(window_ends(closed_at)))
    if rating is not None and not rating.by_proxy and rating.solved is Solved.YES:
        raise Refusal("rated_solved")


def inspect_pass(attempt: Attempt) -> Change:
    """Closed; from now on the reporter has a week to rate it."""
    outcomes = tuple(Outcome(each) for each in attempt.fields.get("outcomes", ()))
    closed = replace(attempt.case, dues=replace(attempt.case.dues, closed_at=attempt.now), outcomes=outcomes)
    due, mediation = closed.dues.resolve_due, closed.mediation
    return Change(
        closed,
        {
            "rate_until": written_or_none(window_ends(attempt.now)),
            "resolved_at": written_or_none(closed.dues.resolved_at),
            "in_time": None if due is None else attempt.now <= due,
            "outcomes": [each.value for each in outcomes],
            "resolution_level": mediation.level.value if mediation and mediation.level else None,
        },
    )


def rework(attempt: Attempt) -> Change:
    """Sent back; the original due time stays (docs/domain.md §2.2)."""
    case = attempt.case
    again = replace(case, reworks=case.reworks + 1, dues=replace(case.dues, resolved_at=None))
    return Change(again, {"reason_code": attempt.fields["reason_code"], "reworks": again.reworks})


def rate(attempt: Attempt) -> Change:
    """The reporter's mark, or what was answered at the callback."""
    fields, case = attempt.fields, attempt.case
    solved = fields.get("solved")
    rating = Rating(
        round=case.round,
        at=attempt.now,
        by=attempt.caller.id,
        by_proxy=_by_proxy(attempt),
        channel=fields.get("channel") or ("voice" if _by_proxy(attempt) else "app"),
        contacted=fields.get("contacted", True),
        solved=Solved(solved) if solved else None,
        satisfaction=fields.get("satisfaction"),
    )
    data = {
        "round": rating.round,
        "by_proxy": rating.by_proxy,
        "channel": rating.channel,
        "contacted": rating.contacted,
        "solved": solved,
        "satisfaction": rating.satisfaction,
        "result": rating.result,
    }
    return Change(replace(case, ratings=(*case.ratings, rating)), data)


def reopen(attempt: Attempt) -> Change:
    """A new round with deadlines of its own, counted from now; the earlier round is kept as it ended."""
    case = attempt.case
    ended = Round(case.round, attempt.now, case.dues, case.assignment.ids)
    dues = counted(Dues(), attempt.now, attempt.category)
    again = replace(
        case,
        round=case.round + 1,
        rounds=(*case.rounds, ended),
        dues=dues,
        assignment=Assignment(),
        returns=0,
        time_outs=0,
        extensions=0,
        tried=(),
        rung=(),
        outcomes=(),
        mediation=begun_anew(case.mediation),
    )
    return Change(again, {"reason_code": attempt.fields["reason_code"], "round": again.round})


def _by_proxy(attempt: Attempt) -> bool:
    """Whether somebody writes down what the reporter said; also a worker who filed for a person without account."""
    return not attempt.caller.is_(attempt.case.reporter.id)
