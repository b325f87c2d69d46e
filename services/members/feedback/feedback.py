"""What somebody says of an activity: who may, and what the organiser sees of it (F12)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from chassis import instant
from chassis.errors import Refusal
from members.activities.activity import Activity, State

GIVEN = "feedback.given"

WORST, BEST = 1, 5

FEWEST = 3
"""Of fewer answers nothing is shown but how many there are: they would be those of one person (our decision)."""

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Feedback:
    """A mark from 1 to 5 and perhaps some words, in which phones and identity numbers are masked."""

    id: str
    activity_id: str
    tenant: str
    person_id: str
    mark: int
    text: str | None
    given_at: datetime


def feedback_id(activity_id: str, person_id: str) -> str:
    """Under which it is kept: nobody says it twice."""
    return f"{activity_id}:{person_id}"


def check_may_say(activity: Activity, now: datetime, *, was_there: bool, said: bool) -> None:
    """Refuses `activity_cancelled`, `activity_not_over`, `was_not_there` and `feedback_given`."""
    if activity.state is State.CANCELLED:
        raise Refusal("activity_cancelled")
    if activity.ends > now:
        raise Refusal("activity_not_over", ends=instant.written(activity.ends))
    if not was_there:
        raise Refusal("was_not_there")
    if said:
        raise Refusal("feedback_given")


def summed(found: Iterable[Feedback]) -> dict[str, Any]:
    """`{answers, average, marks, texts}`: the average with two decimals, how often each mark was given, the words.

    All but the number is None or empty where there are fewer than `FEWEST`. The words come in their own order, so
    that they tell nothing of who wrote first.
    """
    rows = list(found)
    if len(rows) < FEWEST:
        return {"answers": len(rows), "average": None, "marks": None, "texts": []}
    mean = Decimal(sum(row.mark for row in rows)) / len(rows)
    return {
        "answers": len(rows),
        "average": float(mean.quantize(CENT, ROUND_HALF_UP)),
        "marks": {str(mark): sum(row.mark == mark for row in rows) for mark in range(WORST, BEST + 1)},
        "texts": sorted(row.text for row in rows if row.text),
    }
