"""The intake sessions of the demo: when and where people sat together, and who wrote down what they said."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle
from random import Random

from cases.demo.district import District
from cases.demo.quota import FORUMS, TALKS, VISITS
from cases.demo.site import community, in_area
from cases.demo.story import OPENS
from cases.intake_sessions.intake_session import Kind
from cases.place import Compound

FIRST_DAY, LAST_DAY = 1, 271
"""Days after the first of the period on which the first and the last session are held: 2025-07-02, 2026-03-29."""

BEGINS = {Kind.EVENING_TALK: 19.0, Kind.FORUM: 15.0, Kind.HOME_VISIT: 9.0}
"""Hours of the day."""

TYPED_IN_AFTER = timedelta(minutes=100)
ATTENDANCE = {Kind.EVENING_TALK: (12, 40), Kind.FORUM: (8, 25), Kind.HOME_VISIT: (3, 15)}


@dataclass(frozen=True)
class Held:
    """A session before anything has come up: a talk and visits are held in one compound, a forum in a community."""

    kind: Kind
    held_at: datetime
    area: str
    compound: Compound | None
    host: str
    attendance: int

    @property
    def typed_in_at(self) -> datetime:
        """When the host writes down what came up."""
        return self.held_at + TYPED_IN_AFTER


def sessions(district: District, compounds: Sequence[Compound], chance: Random) -> list[Held]:
    """All 150 in the order in which they are held, evenly over the period, each community in its turn."""
    kinds = [*[Kind.EVENING_TALK] * TALKS, *[Kind.FORUM] * FORUMS, *[Kind.HOME_VISIT] * VISITS]
    chance.shuffle(kinds)
    turns = zip(kinds, _days(len(kinds)), cycle(_communities(district)), strict=False)
    return [_held(kind, day, area, in_area(compounds, area), district, chance) for kind, day, area in turns]


def _days(number: int) -> Iterator[datetime]:
    for n in range(number):
        yield OPENS + timedelta(days=FIRST_DAY + n * (LAST_DAY - FIRST_DAY) // (number - 1))


def _communities(district: District) -> list[str]:
    return sorted({community(grid.code) for grid in district.grids})


def _held(
    kind: Kind, day: datetime, area: str, compounds: Sequence[Compound], district: District, chance: Random
) -> Held:
    at = day + timedelta(hours=BEGINS[kind])
    compound = None if kind is Kind.FORUM else chance.choice(compounds)
    where = compound.grid_code if compound else chance.choice(compounds).grid_code
    host = chance.choice(district.working_in("community_worker", where))
    return Held(kind, at, compound.grid_code if compound else area, compound, host, chance.randint(*ATTENDANCE[kind]))
