"""The tree above the grids: district, agency and community, each with its Party organisation and its union body."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from chassis.instant import written, written_or_none
from members.area import COMMUNITY_DIGITS, DISTRICT_DIGITS, TOWN_DIGITS
from members.territory.grid import Ring


class AreaKind(StrEnum):
    """What an area is; the length of its code says it (docs/domain.md §2.5)."""

    DISTRICT = "DISTRICT"
    AGENCY = "AGENCY"
    COMMUNITY = "COMMUNITY"


KINDS = {DISTRICT_DIGITS: AreaKind.DISTRICT, TOWN_DIGITS: AreaKind.AGENCY, COMMUNITY_DIGITS: AreaKind.COMMUNITY}
"""The kind of an area by the digits of its code."""

AROUND = {AreaKind.AGENCY: DISTRICT_DIGITS, AreaKind.COMMUNITY: TOWN_DIGITS}
"""How many digits of its code name what an area lies in."""


AREA_OPENED, AREA_CHANGED = "area.opened", "area.changed"


@dataclass(frozen=True)
class Outline:
    """The border of a service area in WGS84, one ring for each of its parts, and the datum in which it was given."""

    rings: tuple[Ring, ...]
    source_crs: str = "WGS84"


@dataclass(frozen=True)
class Drawing:
    """Which outline an area has from `since` on; None for none."""

    since: datetime
    outline: Outline | None


@dataclass(frozen=True)
class Area:
    """One area; its code begins with the code of what it lies in. The two lines (Party, union) are ids of units.

    It holds from `opened`, included, to `closed`, excluded. `drawings` are the outlines that it had, the earliest
    first.
    """

    code: str
    name: str
    opened: datetime
    closed: datetime | None = None
    party_organisation: str | None = None
    union_body: str | None = None
    drawings: tuple[Drawing, ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError for a code that is none of a district, an agency or a community."""
        if len(self.code) not in KINDS or not (self.code.isascii() and self.code.isdigit()):
            raise ValueError(f"{self.code!r} is not the code of an area")

    @property
    def kind(self) -> AreaKind:
        """District, agency or community."""
        return KINDS[len(self.code)]

    @property
    def parent(self) -> str | None:
        """The code of the area that it lies in; a district lies in none."""
        digits = AROUND.get(self.kind)
        return self.code[:digits] if digits else None

    def holds_at(self, at: datetime) -> bool:
        """Whether the area exists at that moment."""
        return self.opened <= at and (self.closed is None or at < self.closed)

    def outline_at(self, at: datetime) -> Outline | None:
        """The outline that it had at that moment."""
        before = [each for each in self.drawings if each.since <= at]
        return before[-1].outline if before else None

    def outlined(self, outline: Outline | None, since: datetime) -> "Area":
        """The area with that outline, or none, from then on."""
        if outline == self.outline_at(since):
            return self
        earlier = (each for each in self.drawings if each.since < since)
        return replace(self, drawings=(*earlier, Drawing(since, outline)))


def announcement(area: Area) -> Mapping[str, Any]:
    """What `area.opened` and `area.changed` tell: all that a read copy needs of it, which is no outline and no line."""
    return {
        "area_id": area.code,
        "name": area.name,
        "kind": area.kind.value,
        "parent": area.parent,
        "from": written(area.opened),
        "to": written_or_none(area.closed),
    }


def ancestors(code: str) -> list[str]:
    """The codes of the areas that an area or a grid lies in, the widest first."""
    return [code[:digits] for digits in KINDS if digits < len(code)]


def service_area(code: str, areas: Iterable[Area], at: datetime) -> tuple[Ring, ...] | None:
    """The outline of an area at that moment; where it has none, those of all that lie in it, if each has one.

    `areas` are it and what lies in it, those that exist then.
    """
    inside = tuple(areas)
    own = next((each.outline_at(at) for each in inside if each.code == code), None)
    if own is not None:
        return own.rings
    parts = [service_area(each.code, inside, at) for each in inside if each.parent == code]
    if not parts or None in parts:
        return None
    return tuple(ring for part in parts for ring in part or ())
