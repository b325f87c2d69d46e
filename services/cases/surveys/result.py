"""What came of a survey: sample size, mean and spread of each scale, for an area and the parts that are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from cases.disclosure import parts, told
from cases.place import AREA_DIGITS
from cases.rate import mean
from cases.surveys.scale import SCORES, Scale, Spread

LEVELS = AREA_DIGITS[2:]
"""Digits of the areas into which the results of a survey are divided: communities and grids."""


@dataclass(frozen=True)
class Count:
    """What was answered in one place: by how many people, and how often each score was given on each scale."""

    answers: int
    scales: Mapping[Scale, Spread]


Counts = Mapping[str, Count]
"""By the code of a grid; under the code of the survey's area stands what was answered without a grid."""


@dataclass(frozen=True)
class Figure:
    """One scale in one place; the mean is from 1 to 5, to two decimals, halves rounded up."""

    n: int
    mean: Decimal
    spread: Spread


@dataclass(frozen=True)
class Part:
    """The results of one place; None stands for what is hidden."""

    code: str
    answers: int | None
    scales: Mapping[Scale, Figure | None]


def results(counts: Counts, area: str, smallest: int) -> dict[str, Part]:
    """The results of the area and of each part of it in which somebody answered, by their codes in order.

    People may skip a scale, so each has a sample of its own, and hides what is small of it by itself.
    """
    answers = {code: count.answers for code, count in counts.items()}
    sizes = {scale: {code: sum(count.scales[scale]) for code, count in counts.items()} for scale in Scale}
    told_of, told_on = (
        told(answers, area, smallest, LEVELS),
        {scale: told(sizes[scale], area, smallest, LEVELS) for scale in Scale},
    )

    def part(code: str) -> Part:
        held = [count for place, count in counts.items() if place.startswith(code)]
        scales = {scale: figure(_sum(held, scale)) if code in told_on[scale] else None for scale in Scale}
        return Part(code, sum(count.answers for count in held) if code in told_of else None, scales)

    return {code: part(code) for code in sorted(_within(answers, area))}


def figure(spread: Spread) -> Figure:
    """The figure of a scale that somebody answered."""
    n = sum(spread)
    points = sum(score * many for score, many in zip(SCORES, spread, strict=True))
    return Figure(n, mean(points, n), spread)


def change(now: Figure | None, before: Figure | None) -> Decimal | None:
    """By how much the mean that is told differs from the one that was; None where either is hidden."""
    return now.mean - before.mean if now and before else None


def _sum(counts: list[Count], scale: Scale) -> Spread:
    return tuple(sum(count.scales[scale][at] for count in counts) for at in range(len(SCORES)))


def _within(sizes: Mapping[str, int], area: str) -> set[str]:
    """The area, and the codes of all its parts."""
    return {area}.union(*(_within(sizes, part) for part in parts(sizes, area, LEVELS)))
