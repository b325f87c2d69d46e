"""More time: extending the resolve time, suspending it, and asking the office for either."""

from dataclasses import replace
from datetime import timedelta

from cases.act import Act, Attempt, Change
from cases.case import Case, Request
from cases.deadline import LOCAL
from cases.dues import extended, latest_extension, resumed, suspended
from cases.stay import ended
from chassis.errors import Refusal
from chassis.instant import written

EXTENSIONS = 1
"""How often a case can be extended (docs/domain.md §2.2)."""

LONGEST_REST = timedelta(days=365)
"""How far ahead the review date of a suspended case may lie (docs/domain.md §2.2)."""

ANSWERS = {Act.EXTEND: Act.ASK_EXTEND, Act.SUSPEND: Act.ASK_SUSPEND}
"""Which request each decision of the office answers."""


def decided_by_another(attempt: Attempt) -> None:
    """Refuses `own_request`: nobody approves what he asked for, or what spares himself work (§5)."""
    asked = any(attempt.caller.is_(request.by) for request in attempt.case.requests)
    if asked or attempt.case.is_handler(attempt.caller):
        raise Refusal("own_request", act=attempt.act.value)


def not_asked_yet(attempt: Attempt) -> None:
    """Refuses `already_asked` while the office has not decided."""
    if any(request.act == attempt.act.value for request in attempt.case.requests):
        raise Refusal("already_asked", act=attempt.act.value)


def due_is_set(attempt: Attempt) -> None:
    """Refuses `no_due_time` for a case that is not registered yet."""
    if attempt.case.dues.resolve_due is None:
        raise Refusal("no_due_time")


def not_extended_yet(attempt: Attempt) -> None:
    """Refuses `already_extended` (docs/domain.md §2.2: once)."""
    if attempt.case.extensions >= EXTENSIONS:
        raise Refusal("already_extended")


def before_due(attempt: Attempt) -> None:
    """Refuses `past_due`: an overdue case is not made punctual afterwards. A suspended one does not run."""
    dues = attempt.case.dues
    moment = dues.suspended_at or attempt.now
    if dues.resolve_due is not None and moment > dues.resolve_due:
        raise Refusal("past_due", resolve_due=written(dues.resolve_due))


def within_original_length(attempt: Attempt) -> None:
    """Refuses `extension_too_short` and `extension_too_long`: at most the original length once more (§2.2)."""
    dues, until = attempt.case.dues, attempt.fields["until"]
    latest = latest_extension(dues, attempt.category.resolve)
    if dues.resolve_due is None or until <= dues.resolve_due:
        raise Refusal("extension_too_short")
    if latest is not None and until > latest:
        raise Refusal("extension_too_long", latest=written(latest))


def review_ahead(attempt: Attempt) -> None:
    """Refuses `review_in_the_past` and `review_too_far`: nothing rests longer without a look (docs/domain.md §2.2)."""
    review_on, today = attempt.fields["review_on"], attempt.now.astimezone(LOCAL).date()
    if review_on <= today:
        raise Refusal("review_in_the_past")
    if review_on > today + LONGEST_REST:
        raise Refusal("review_too_far", latest=(today + LONGEST_REST).isoformat())


def extend(attempt: Attempt) -> Change:
    """The due time moves, once."""
    case = _decided(attempt)
    longer = replace(case, dues=extended(case.dues, attempt.fields["until"]), extensions=case.extensions + 1)
    return Change(longer, {"reason_code": attempt.fields["reason_code"]})


def suspend(attempt: Attempt) -> Change:
    """The resolve time stands still until the case is resumed; a review date is set."""
    case, review_on = _decided(attempt), attempt.fields["review_on"].isoformat()
    still = replace(
        case,
        dues=suspended(case.dues, attempt.now),
        stays=ended(case.stays, attempt.now),
        review_on=review_on,
    )
    return Change(still, {"reason_code": attempt.fields["reason_code"], "review_on": review_on})


def resume(attempt: Attempt) -> Change:
    """The resolve time goes on where it stood."""
    case = attempt.case
    return Change(replace(case, dues=resumed(case.dues, attempt.now), review_on=None))


def request(attempt: Attempt) -> Change:
    """The office is to decide."""
    code = attempt.fields["reason_code"]
    asked = Request(attempt.act.value, attempt.caller.id, attempt.now, code)
    return Change(
        replace(attempt.case, requests=(*attempt.case.requests, asked)),
        {"reason_code": code},
    )


def _decided(attempt: Attempt) -> Case:
    """The case without the request that is hereby decided."""
    answered = ANSWERS[attempt.act].value
    left = tuple(request for request in attempt.case.requests if request.act != answered)
    return replace(attempt.case, requests=left)
