"""The tree above the grids: district, agency and community, each with its Party organisation and its union body."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from members.area import COMMUNITY_DIGITS, DISTRICT_DIGITS, TOWN_DIGITS


class AreaKind(StrEnum):
    """What an area is; the length of its code says it (docs/domain.md §2.5)."""

    DISTRICT = "DISTRICT"
    AGENCY = "AGENCY"
    COMMUNITY = "COMMUNITY"


KINDS = {DISTRICT_DIGITS: AreaKind.DISTRICT, TOWN_DIGITS: AreaKind.AGENCY, COMMUNITY_DIGITS: AreaKind.COMMUNITY}
"""The kind of an area by the digits of its code."""

AROUND = {AreaKind.AGENCY: DISTRICT_DIGITS, AreaKind.COMMUNITY: TOWN_DIGITS}
"""How many digits of its code name what an area lies in."""


@dataclass(frozen=True)
class Area:
    """One area; its code begins with the code of what it lies in. The two lines (Party, union) are ids of units.

    It holds from `opened`, included, to `closed`, excluded.
    """

    code: str
    name: str
    opened: datetime
    closed: datetime | None = None
    party_organisation: str | None = None
    union_body: str | None = None

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


def ancestors(code: str) -> list[str]:
    """The codes of the areas that an area or a grid lies in, the widest first."""
    return [code[:digits] for digits in KINDS if digits < len(code)]
