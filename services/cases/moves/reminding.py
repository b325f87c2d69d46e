"""What the clock does of itself: reminding those who should do something, and noting that nobody answered."""

from dataclasses import replace

from cases.act import Attempt, Change
from cases.alarm import Alarm, ringing, rung
from cases.rating import Rating
from chassis.errors import Refusal

NOBODY_ASKED = "none"
"""The channel of a mark that nobody gave."""


def rings_now(attempt: Attempt) -> None:
    """Refuses `not_ringing`: what was to ring has rung, or is not due any more."""
    if _ringing(attempt).name != attempt.fields["alarm"]:
        raise Refusal("not_ringing")


def remind(attempt: Attempt) -> Change:
    """It has rung."""
    case, alarm = attempt.case, _ringing(attempt)
    return Change(replace(case, rung=rung(case, alarm)), {"alarm": alarm.name, "level": alarm.level.value})


def lapse(attempt: Attempt) -> Change:
    """The time for a mark is over: `NO_ANSWER`, which is never a good mark (docs/domain.md §2.2)."""
    case, alarm = attempt.case, _ringing(attempt)
    nothing = Rating(case.round, attempt.now, attempt.caller.id, by_proxy=True, channel=NOBODY_ASKED, contacted=False)
    return Change(
        replace(case, rung=rung(case, alarm), ratings=(*case.ratings, nothing)),
        {"round": case.round, "result": nothing.result},
    )


def _ringing(attempt: Attempt) -> Alarm:
    found = ringing(attempt.case, attempt.now)
    if found is None:
        raise Refusal("not_ringing")
    return found
