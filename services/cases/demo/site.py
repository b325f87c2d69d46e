"""Where cases happen: in the compounds of the demo and on the streets beside them, never where things are tried out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from cases.demo.district import District
from cases.place import AREA_DIGITS, Compound, distance_m

TRIED_OUT = "c-dongyuan"
"""The compound of the street lamp of docs/domain.md §8.4: `make demo` and the reader's own reports happen there."""

KEPT_FREE_M = 400
STREETS = ("02",)
ASIDE = 0.0003
"""Degrees by which people stand beside the middle of a compound, about 30 m: never outside its grid."""

ON_AN_EDGE, EAST_OF_THE_EDGE = {"lon": 114.994, "lat": 25.8672}, "360704100001002"
"""On the border of the first two grids: the left edge belongs to the one east of it (docs/domain.md §4)."""


@dataclass(frozen=True)
class Site:
    """A place of a case: the compound that it is named by or lies near, and how a report says it."""

    compound: Compound
    said: Mapping[str, Any]

    @property
    def grid_code(self) -> str:
        """The grid that it lies in."""
        return self.compound.grid_code


def sites(district: District) -> list[Compound]:
    """The compounds in which the demo's cases happen."""
    free = next(each.point for each in district.compounds if each.id == TRIED_OUT)
    return [each for each in district.compounds if distance_m(each.point, free) > KEPT_FREE_M]


def in_compound(compound: Compound, chance: Random) -> Site:
    """Somewhere in the compound, as an app knows it."""
    return Site(compound, {"compound_id": compound.id, "location": _beside(compound, chance)})


def on_the_street(compound: Compound, chance: Random) -> Site:
    """Near the compound, and in none."""
    return Site(compound, {"location": _beside(compound, chance)})


def in_area(compounds: Sequence[Compound], area: str) -> list[Compound]:
    """Those of a grid or a community."""
    return [each for each in compounds if each.grid_code.startswith(area)]


def unaided(compounds: Sequence[Compound], district: District) -> Compound:
    """The first that nobody manages in a grid in which nobody lives who holds a licence (docs/domain.md §8.5)."""
    homes = {each.grid_code for each in district.people if each.licences}
    return next(each for each in compounds if not each.has_property_mgmt and each.grid_code not in homes)


def community(grid_code: str) -> str:
    """The community of a grid."""
    return grid_code[: AREA_DIGITS[2]]


def _beside(compound: Compound, chance: Random) -> dict[str, float]:
    at = compound.point
    return {
        "lon": round(at.lon + chance.uniform(-ASIDE, ASIDE), 6),
        "lat": round(at.lat + chance.uniform(-ASIDE, ASIDE), 6),
    }
