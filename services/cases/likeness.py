"""Whether two reports are about the same thing: a score with its reasons, and what stands in the way of a merge."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from cases.case import NOT_TAKEN, Case, Status
from cases.place import Place, distance_m, same_place
from chassis.errors import Refusal

APART = timedelta(days=14)
"""How far apart two reports of one thing may have come (docs/domain.md §2.2)."""

NEAR_M = 200
SPOT_M = 30
"""Metres within which two points are near each other, and within which they are one spot to a phone's receiver."""

MOST = 10
LEAST = 50
"""How many are suggested at the most, and the score from which on a report is suggested at all."""


class Reason(StrEnum):
    """What speaks for it that two reports are about the same thing."""

    SAME_SPOT = "same_spot"
    NEAR = "near"
    SAME_COMPOUND = "same_compound"
    SAME_GRID = "same_grid"
    SAME_CATEGORY = "same_category"
    CATEGORY_OPEN = "category_open"
    SAME_DAY = "same_day"
    SAME_WEEK = "same_week"
    SAME_FORTNIGHT = "same_fortnight"


SCORES: Mapping[Reason, int] = {
    Reason.SAME_SPOT: 50,
    Reason.NEAR: 40,
    Reason.SAME_COMPOUND: 30,
    Reason.SAME_GRID: 10,
    Reason.SAME_CATEGORY: 30,
    Reason.CATEGORY_OPEN: 10,
    Reason.SAME_DAY: 20,
    Reason.SAME_WEEK: 10,
    Reason.SAME_FORTNIGHT: 5,
}
"""What each adds; of place, category and time one each, 100 in all."""

WORDS: Mapping[Reason, tuple[str, str]] = {
    Reason.SAME_SPOT: ("同一地点（30 米内）", "the same spot, within 30 m"),
    Reason.NEAR: ("相距 200 米以内", "within 200 m"),
    Reason.SAME_COMPOUND: ("同一小区", "the same compound"),
    Reason.SAME_GRID: ("同一网格", "the same grid"),
    Reason.SAME_CATEGORY: ("类别相同", "the same category"),
    Reason.CATEGORY_OPEN: ("其中一件类别未定", "one of them has no category yet"),
    Reason.SAME_DAY: ("24 小时内反映", "reported within 24 hours"),
    Reason.SAME_WEEK: ("7 天内反映", "reported within 7 days"),
    Reason.SAME_FORTNIGHT: ("14 天内反映", "reported within 14 days"),
}

TIMES: Mapping[Reason, timedelta] = {
    Reason.SAME_DAY: timedelta(days=1),
    Reason.SAME_WEEK: timedelta(days=7),
    Reason.SAME_FORTNIGHT: APART,
}


@dataclass(frozen=True)
class Sketch:
    """What is known of a report that others are compared with: one that is kept, or one that is only being typed in.

    Its status is that which it has, or would have once it is sent.
    """

    place: Place
    reported_at: datetime
    category: str | None = None
    complained_unit_id: str | None = None
    id: str | None = None
    status: Status = Status.REPORTED

    @classmethod
    def of(cls, case: Case) -> "Sketch":
        """That of a case that is kept."""
        return cls(case.place, case.reported_at, case.category, case.complained_unit_id, case.id, case.status)


@dataclass(frozen=True)
class Likeness:
    """An open case that may be about the same thing as a report: `score` of 100, and what a merge could do.

    `into_it`: the report can be merged into the case; `from_it`: the case can be merged into the report.
    """

    case: Case
    score: int
    reasons: tuple[Reason, ...]
    into_it: bool
    from_it: bool


def likenesses(sketch: Sketch, others: Iterable[Case]) -> list[Likeness]:
    """The open cases that may be about the same thing, best first, of equals the one that was reported first."""
    found = [(other, reasons) for other in others if (reasons := _reasons(sketch, other))]
    best = sorted(found, key=lambda one: (-_score(one[1]), one[0].reported_at, one[0].id))[:MOST]
    return [_likeness(sketch, *each) for each in best]


def obstacle(joining: Case | Sketch, target: Case | Sketch) -> Refusal | None:
    """What stands in the way of merging the one into the other besides their statuses.

    `target_elsewhere`, `target_of_other_category` or `target_complains_of_another`. A report without a category joins
    any. Who is complained about does not see a case, so it has to be the same on both sides: else the unit would read
    of the one in the other (docs/domain.md §5).
    """
    if not same_place(joining.place, target.place, NEAR_M):
        return Refusal("target_elsewhere", target_case_id=target.id)
    if joining.category not in {None, target.category}:
        return Refusal("target_of_other_category", target_case_id=target.id, category=target.category)
    if joining.complained_unit_id != target.complained_unit_id:
        return Refusal("target_complains_of_another", target_case_id=target.id)
    return None


def _reasons(sketch: Sketch, other: Case) -> tuple[Reason, ...]:
    """What speaks for it that both are about the same thing; nothing where that is too little."""
    if other.id == sketch.id or not other.is_open:
        return ()
    reasons = (_by_place(sketch.place, other.place), _by_category(sketch, other), _by_time(sketch, other))
    known = tuple(reason for reason in reasons if reason is not None)
    return known if len(known) == len(reasons) and _score(known) >= LEAST else ()


def _score(reasons: Iterable[Reason]) -> int:
    return sum(SCORES[reason] for reason in reasons)


def _likeness(sketch: Sketch, other: Case, reasons: tuple[Reason, ...]) -> Likeness:
    into_it = sketch.status in NOT_TAKEN and obstacle(sketch, other) is None
    from_it = other.status in NOT_TAKEN and obstacle(other, sketch) is None
    return Likeness(other, _score(reasons), reasons, into_it, from_it)


def _by_place(one: Place, other: Place) -> Reason | None:
    if one.grid_code != other.grid_code:
        return None
    together = one.compound_id is not None and one.compound_id == other.compound_id
    if not same_place(one, other, NEAR_M):
        return Reason.SAME_COMPOUND if together else None
    # Two reports that only name the compound both have the point in its middle.
    named = together and one.point == other.point
    if one.point is not None and other.point is not None and not named:
        return Reason.SAME_SPOT if distance_m(one.point, other.point) <= SPOT_M else Reason.NEAR
    return Reason.SAME_COMPOUND if together else Reason.SAME_GRID


def _by_category(one: Sketch, other: Case) -> Reason | None:
    if None in {one.category, other.category}:
        return Reason.CATEGORY_OPEN
    return Reason.SAME_CATEGORY if one.category == other.category else None


def _by_time(one: Sketch, other: Case) -> Reason | None:
    apart = abs(one.reported_at - other.reported_at)
    return next((reason for reason, length in TIMES.items() if apart <= length), None)


def shown(found: Likeness, line: Mapping[str, Any]) -> dict[str, Any]:
    """A suggestion as it is answered; `line` is what the caller may see of the case."""
    reasons = [{"code": each.value, "zh": WORDS[each][0], "en": WORDS[each][1]} for each in found.reasons]
    merges = {"into_it": found.into_it, "from_it": found.from_it}
    return {"case": dict(line), "score": found.score, "reasons": reasons, "merge": merges}
