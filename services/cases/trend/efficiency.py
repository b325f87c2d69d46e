"""How well an area's cases were handled in a quarter: counts, the median time, and the rates of docs/domain.md §2.4."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median

from cases.exclusion import Ground
from cases.policies.scoring import Scoring
from cases.rate import percent
from cases.rating import SATISFIED, Rating, Solved

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Closed:
    """What counts of one closed case: its times, whether somebody was sent, and the answer of its last round.

    `ground` is that of an approved exclusion.
    """

    reported_at: datetime
    closed_at: datetime
    dispatched: bool
    respond_due: datetime | None = None
    responded_at: datetime | None = None
    rating: Rating | None = None
    ground: Ground | None = None

    @property
    def responded_in_time(self) -> bool:
        """Whether first contact was made by the respond deadline."""
        return self.respond_due is not None and self.responded_at is not None and self.responded_at <= self.respond_due


@dataclass(frozen=True)
class Efficiency:
    """The figures of one quarter; rates in percent with two decimals, None where there is nothing to divide by.

    Rates are of dispatched cases closed in the quarter, without those that are left out, which are `excluded`;
    resolution and satisfaction of those that were answered, whose share is `coverage`.
    """

    closed: int
    dispatched: int
    excluded: int
    median_minutes: int | None
    response: float | None
    resolution: float | None
    satisfaction: float | None
    coverage: float | None


def efficiency(cases: Iterable[Closed], rules: Scoring) -> Efficiency:
    """The figures of these cases, as the rules make them."""
    found = list(cases)
    sent = [case for case in found if case.dispatched]
    counted = [case for case in sent if case.ground not in rules.exclusions]
    answers = [case.rating for case in counted if case.rating is not None]
    times = [(case.closed_at - case.reported_at) // MINUTE for case in sent]
    return Efficiency(
        closed=len(found),
        dispatched=len(sent),
        excluded=len(sent) - len(counted),
        median_minutes=int(median(times)) if times else None,
        response=percent(sum(case.responded_in_time for case in counted), len(counted)),
        resolution=percent(sum((_solved(answer, rules) for answer in answers), Decimal(0)), len(answers)),
        satisfaction=percent(sum((answer.satisfaction or 0) >= SATISFIED for answer in answers), len(answers)),
        coverage=percent(len(answers), len(counted)),
    )


def _solved(answer: Rating, rules: Scoring) -> Decimal:
    """What an answer is worth for the resolution."""
    if answer.solved is Solved.PARTLY:
        return rules.partly
    return Decimal(answer.solved is Solved.YES)


def deltas(now: Efficiency, before: Efficiency) -> dict[str, float | None]:
    """By how much each figure has changed; None where one of the two is not known."""
    return {each.name: _difference(getattr(now, each.name), getattr(before, each.name)) for each in fields(Efficiency)}


def _difference(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else round(now - before, 2)
