"""Compounds: housing estates within a grid, and whether anybody is employed to repair things there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chassis.fault import Fault
from members.organisations.unit import PROPERTY, Unit

Point = tuple[float, float]
"""Longitude and latitude in degrees, WGS84."""


@dataclass(frozen=True)
class Standing:
    """In which grid a compound lies, who manages it and who stands in where nobody does, from `since` on."""

    since: datetime
    grid_code: str
    property_company_id: str | None = None
    fallback_unit_id: str | None = None


@dataclass(frozen=True)
class Compound:
    """One housing estate; without management its work needs a fallback route (docs/domain.md §6.1).

    `fallback_unit_id` names who repairs things there all the same (H4), `stood` keeps how that was at each time,
    and `source_crs` is the datum in which its point was given.
    """

    id: str
    name: str
    grid_code: str
    at: Point
    is_old: bool = False
    property_company_id: str | None = None
    buildings: int = 0
    households: int = 0
    fallback_unit_id: str | None = None
    source_crs: str = "WGS84"
    stood: tuple[Standing, ...] = ()

    @property
    def has_property_mgmt(self) -> bool:
        """Whether a property company manages the compound."""
        return self.property_company_id is not None

    def as_of(self, at: datetime) -> "Compound | None":
        """The compound as it stood at that moment; None before it was registered."""
        before = [each for each in self.stood if each.since <= at]
        if not before:
            return None
        last = before[-1]
        return replace(
            self,
            grid_code=last.grid_code,
            property_company_id=last.property_company_id,
            fallback_unit_id=last.fallback_unit_id,
        )


def standing(compound: Compound, now: datetime) -> Compound:
    """The compound with what it is like from now on written down, if that is new."""
    here = Standing(now, compound.grid_code, compound.property_company_id, compound.fallback_unit_id)
    last = compound.stood[-1] if compound.stood else None
    if last is not None and replace(last, since=now) == here:
        return compound
    return replace(compound, stood=(*(each for each in compound.stood if each.since < now), here))


def faults(given: Mapping[str, Any], units: Mapping[str, Unit], before: Compound | None) -> Iterator[Fault]:
    """Everything that is wrong with the units that a compound is given; `units` are those that it may mean, by id.

    The company that it had `before` (None: it is new) may have closed since.
    """
    company, fallback = given.get("property_company_id"), given.get("fallback_unit_id")
    if company:
        yield from _of_company(
            company, units.get(company), had=before is not None and before.property_company_id == company
        )
    if fallback and fallback not in units:
        yield Fault("/fallback_unit_id", "unknown_unit", {"unit_id": fallback})


def _of_company(id: str, company: Unit | None, *, had: bool) -> Iterator[Fault]:
    if company is None:
        yield Fault("/property_company_id", "unknown_unit", {"unit_id": id})
    elif company.unit_type != PROPERTY:
        yield Fault("/property_company_id", "not_a_property_company", {"unit_id": id})
    elif not had and (not company.active or company.closed is not None):
        yield Fault("/property_company_id", "unit_closed", {"unit_id": id})


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
        "fallback_unit_id": compound.fallback_unit_id,
        "households": compound.households,
    }
