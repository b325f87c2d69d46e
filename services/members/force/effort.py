"""What the force of an area gave in a quarter: how many people served, and for how long, by the residents (F19)."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal

HUNDREDTH = Decimal("0.01")
MINUTES_OF_HOUR, RESIDENTS = 60, 1000


@dataclass(frozen=True)
class Effort:
    """The figures of a quarter: people with any minute that counts, all minutes, and who lives there.

    `hours_per_1000` has two decimals, halves rounded up; None where nobody is known to live there.
    """

    active: int
    minutes: int
    residents: int
    hours_per_1000: float | None


def effort(minutes: Mapping[str, int], whole: Mapping[str, Iterable[str]], residents: int) -> Effort:
    """The figures from the minutes of each id; `whole` names every id of a person, who counts once."""
    person = {id: now for now, ids in whole.items() for id in ids}
    total = sum(minutes.values())
    return Effort(len({person.get(id, id) for id in minutes}), total, residents, _by_residents(total, residents))


def _by_residents(minutes: int, residents: int) -> float | None:
    if residents == 0:
        return None
    hours = Decimal(minutes) * RESIDENTS / MINUTES_OF_HOUR / residents
    return float(hours.quantize(HUNDREDTH, ROUND_HALF_UP))


def deltas(now: Effort, before: Effort) -> dict[str, float | None]:
    """By how much each figure has changed; None where one of the two is not known."""
    was = asdict(before)
    return {
        name: None if value is None or was[name] is None else round(value - was[name], 2)
        for name, value in asdict(now).items()
    }
