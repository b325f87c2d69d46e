"""Compounds: housing estates within a grid, and whether anybody is employed to repair things there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Point = tuple[float, float]
"""Longitude and latitude in degrees, WGS84."""


@dataclass(frozen=True)
class Compound:
    """One housing estate; without management its work needs a fallback route (docs/domain.md §6.1)."""

    id: str
    name: str
    grid_code: str
    at: Point
    is_old: bool = False
    property_company_id: str | None = None
    buildings: int = 0
    households: int = 0

    @property
    def has_property_mgmt(self) -> bool:
        """Whether a property company manages the compound."""
        return self.property_company_id is not None


def announcement(compound: Compound) -> Mapping[str, Any]:
    """The body of `compound.registered` and `compound.changed`: all that a read copy needs."""
    return {
        "compound_id": compound.id,
        "name": compound.name,
        "grid_code": compound.grid_code,
        "lon": compound.at[0],
        "lat": compound.at[1],
        "is_old": compound.is_old,
        "has_property_mgmt": compound.has_property_mgmt,
        "property_company_id": compound.property_company_id,
        "households": compound.households,
    }
