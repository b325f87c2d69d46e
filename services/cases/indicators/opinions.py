"""Which opinions everybody is told, so that nobody learns of a few by subtracting (docs/domain.md §5, small groups).

They are told month by month, each month with a choice of areas of its own. Several months together tell no more than
each of them does: an area is told then where it is told, or has no answers, in every one of them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from cases.disclosure import told
from cases.indicators.selection import month_ends
from cases.place import AREA_DIGITS, areas_around

LEVELS = AREA_DIGITS[1:]
"""Digits of the areas into which those of a district are divided: towns, communities and grids."""

Answers = Mapping[str, Mapping[str, int]]
"""How many have answered, by month and grid."""


@dataclass(frozen=True)
class Opinions:
    """What everybody is told of opinions: in which months of which areas nothing is; of other months nothing at all."""

    hidden: Mapping[str, frozenset[str]]

    def are_told(self, area: str, months: Collection[str]) -> bool:
        """Whether those of an area in these months together are."""
        return all(month in self.hidden and area not in self.hidden[month] for month in months)


def opinions(answers: Answers, district: str, smallest: Mapping[str, int]) -> Opinions:
    """What is told of the months that have a smallest group, each by its own."""
    return Opinions({month: _hidden(answers.get(month, {}), district, least) for month, least in smallest.items()})


def _hidden(sizes: Mapping[str, int], district: str, smallest: int) -> frozenset[str]:
    """Of where somebody answered what is not told."""
    answered = {area for grid, size in sizes.items() if size for area in areas_around(grid)}
    return frozenset(answered - told(sizes, district, smallest, LEVELS))


def whole_months(months: Iterable[str], first: date, last: date, today: date) -> Iterator[tuple[str, date]]:
    """Those of the months with their last days that lie in the period with all their days, and are over."""
    for month in months:
        begins, ends = date.fromisoformat(f"{month}-01"), month_ends(month)
        if first <= begins and ends <= last and ends < today:
            yield month, ends
