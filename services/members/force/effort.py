"""What the force of an area gave in a quarter: how many people served, and for how long, by the residents (F19)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal

from members.disclosure import Crowd, around, is_told
from members.force.tally import FEWEST

HUNDREDTH = Decimal("0.01")
MINUTES_OF_HOUR, RESIDENTS = 60, 1000

Service = tuple[str, str, int]
"""An id, a grid, and the minutes that count of the one in the other."""


@dataclass(frozen=True)
class Effort:
    """The figures of a quarter: people with any minute that counts, all minutes, and who lives there.

    `hours_per_1000` has two decimals, halves rounded up; None where nobody is known to live there. Of few people none
    of the three is told: what they add up to would be the hours of somebody.
    """

    active: int | None
    minutes: int | None
    residents: int
    hours_per_1000: float | None


def effort(
    services: Sequence[Service], whole: Mapping[str, Iterable[str]], residents: int, reach: str, area: str
) -> Effort:
    """The figures of an area, for somebody who may ask for every area within `reach`, of which `services` tells all.

    `whole` names every id of a person, who counts once.
    """
    person = {id: now for now, ids in whole.items() for id in ids}
    grids: dict[str, set[str]] = {}
    for id, grid, _ in services:
        grids.setdefault(person.get(id, id), set()).add(grid)
    if not is_told([Crowd(around(where), (1,)) for where in grids.values()], reach, area, FEWEST):
        return Effort(None, None, residents, None)
    active = sum(any(grid.startswith(area) for grid in where) for where in grids.values())
    total = sum(minutes for _, grid, minutes in services if grid.startswith(area))
    return Effort(active, total, residents, _by_residents(total, residents))


def _by_residents(minutes: int, residents: int) -> float | None:
    if residents == 0:
        return None
    hours = Decimal(minutes) * RESIDENTS / MINUTES_OF_HOUR / residents
    return float(hours.quantize(HUNDREDTH, ROUND_HALF_UP))


def deltas(now: Effort, before: Effort) -> dict[str, float | None]:
    """By how much each figure has changed; None where one of the two is not known, or not told."""
    was = asdict(before)
    return {
        name: None if value is None or was[name] is None else round(value - was[name], 2)
        for name, value in asdict(now).items()
    }
