"""The work on a case: first contact, coming and leaving, and the feedback that it is done."""

from dataclasses import replace
from typing import Any

from cases.act import Attempt, Change
from cases.case import Case
from cases.moves.dispatching import with_hand
from cases.place import point, within
from cases.stay import ON_SITE_M, Stay, ended, minutes, present, told
from chassis.errors import Refusal


def has_accepted(attempt: Attempt) -> None:
    """Refuses `not_accepted`: each member of a team accepts for himself before he works."""
    if not attempt.mine.accepted:
        raise Refusal("not_accepted")


def not_there_yet(attempt: Attempt) -> None:
    """Refuses `already_there`: arrivals and departures alternate (docs/domain.md §2.2)."""
    if present(attempt.case.stays, attempt.mine.id):
        raise Refusal("already_there")


def is_there(attempt: Attempt) -> None:
    """Refuses `not_there`."""
    if not present(attempt.case.stays, attempt.mine.id):
        raise Refusal("not_there")


def after_photo_given(attempt: Attempt) -> None:
    """Refuses `after_photo_missing`: what can be seen is shown when it is done (docs/domain.md §2.2)."""
    if attempt.category.physical and not attempt.fields.get("photos"):
        raise Refusal("after_photo_missing", category=attempt.category.code)


def arrive(attempt: Attempt) -> Change:
    """A check-in: the stay of this member begins, and the response is met with the first."""
    case, mine = attempt.case, attempt.mine
    location = attempt.fields.get("location")
    on_site = within(case.place.point, point(location) if location else None, ON_SITE_M)
    stay = Stay(mine.id, attempt.now, on_site=on_site)
    there = _responded(attempt, replace(case, stays=(*case.stays, stay)))
    return Change(there, {"assignee_id": mine.id, "on_site": on_site, **_response(there)})


def start(attempt: Attempt) -> Change:
    """Contact without a check-in, which meets the response as well."""
    begun = _responded(attempt, attempt.case)
    data = {"assignee_id": attempt.mine.id, "contact": attempt.fields["contact"]}
    return Change(begun, {**data, **_response(begun)})


def leave(attempt: Attempt) -> Change:
    """The stay of this member ends."""
    case, mine = attempt.case, attempt.mine
    left = replace(case, stays=ended(case.stays, attempt.now, mine.id))
    return Change(left, {"assignee_id": mine.id, "minutes": minutes(left.stays)[mine.id]})


def feedback(attempt: Attempt) -> Change:
    """Done, says the assignee: every stay ends, the resolve time is met or missed."""
    case = attempt.case
    done = replace(
        with_hand(case, attempt.caller.id),
        stays=ended(case.stays, attempt.now),
        dues=replace(case.dues, resolved_at=attempt.now),
        service_day_id=attempt.facts.service_day.id if attempt.facts.service_day else None,
    )
    return Change(done, {"minutes": minutes(done.stays), "stays": told(done.stays), "in_time": _in_time(done)})


def _responded(attempt: Attempt, case: Case) -> Case:
    """`case` with its first contact, if this is it, and with whoever made it among the handlers."""
    dues = case.dues if case.dues.responded_at else replace(case.dues, responded_at=attempt.now)
    return replace(with_hand(case, attempt.caller.id), dues=dues)


def _response(case: Case) -> dict[str, Any]:
    at, due = case.dues.responded_at, case.dues.respond_due
    return {"response_met": None if at is None or due is None else at <= due}


def _in_time(case: Case) -> bool | None:
    at, due = case.dues.resolved_at, case.dues.resolve_due
    return None if at is None or due is None else at <= due
