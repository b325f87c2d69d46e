"""Proposing who could handle a case: units in the category's order, with every step that was skipped, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.case import Case
from cases.category import Category
from cases.place import Compound
from chassis.instant import written

PROPERTY, COMMUNITY = "PROPERTY", "COMMUNITY"

ASSET_OWNERS = frozenset({"LIGHTING_OFFICE", "GREENING", "MUNICIPAL", "PIPE_OWNER", "SANITATION"})
"""Units that look after what the city owns; in a compound others come first unless the thing is municipal (§6.1)."""


@dataclass(frozen=True)
class Unit:
    """What cases knows of an organisation; `grid_codes` are the grids that it serves.

    One that has closed serves none, and is kept for the cases that it had.
    """

    id: str
    name: str
    unit_type: str
    grid_codes: tuple[str, ...] = ()
    active: bool = True

    def serves(self, grid_code: str) -> bool:
        """Whether the grid is one of those that it serves."""
        return grid_code in self.grid_codes


@dataclass(frozen=True)
class ProposedUnit:
    """A kind of unit that could take the case, the unit itself, and the reasons as codes."""

    unit_type: str
    unit: Unit
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Skipped:
    """A kind of unit that the category lists and that is left out here, with the reason as a code."""

    unit_type: str
    reason: str


@dataclass(frozen=True)
class Proposal:
    """Units in order of preference, and what was skipped."""

    units: tuple[ProposedUnit, ...]
    skipped: tuple[Skipped, ...]


def propose(case: Case, category: Category, compound: Compound | None, units: Iterable[Unit]) -> Proposal:
    """Who could take the case (docs/domain.md §6.1): in an unmanaged compound the fallback route is shown."""
    serving = [unit for unit in units if unit.serves(case.place.grid_code)]
    wanted, skipped = _wanted(case, category, compound)
    proposed = []
    for unit_type, reasons in wanted:
        found = [unit for unit in serving if unit.unit_type == unit_type and _eligible(unit, case, compound)]
        proposed += [ProposedUnit(unit_type, unit, reasons) for unit in found]
        skipped += [] if found else [Skipped(unit_type, _why_none(unit_type, serving, case))]
    return Proposal(tuple(proposed), tuple(skipped))


def _wanted(
    case: Case, category: Category, compound: Compound | None
) -> tuple[list[tuple[str, tuple[str, ...]]], list[Skipped]]:
    """The kinds of unit to look for, in order and with reasons, and those that are skipped at once."""
    wanted: list[tuple[str, tuple[str, ...]]] = []
    skipped: list[Skipped] = []
    for unit_type in category.units:
        reason = _skips(unit_type, case, category, compound)
        if reason:
            skipped.append(Skipped(unit_type, reason))
        else:
            wanted.append((unit_type, _reasons(unit_type, compound)))
    if _unmanaged(compound) and COMMUNITY not in category.units and PROPERTY in category.units:
        wanted.append((COMMUNITY, ("fallback_without_property_management",)))
    return wanted, skipped


def _skips(unit_type: str, case: Case, category: Category, compound: Compound | None) -> str | None:
    if unit_type == PROPERTY and compound is None:
        return "not_in_a_compound"
    if unit_type == PROPERTY and _unmanaged(compound):
        return "no_property_management"
    others = {PROPERTY, COMMUNITY} & set(category.units)
    if unit_type in ASSET_OWNERS and compound is not None and others and case.municipal is not True:
        return "asset_not_municipal"
    return None


def _reasons(unit_type: str, compound: Compound | None) -> tuple[str, ...]:
    if unit_type == COMMUNITY and _unmanaged(compound):
        return ("fallback_without_property_management",)
    if unit_type == PROPERTY:
        return ("manages_the_compound",)
    return ("owns_the_asset",) if unit_type in ASSET_OWNERS else ("responsible_for_category",)


def _unmanaged(compound: Compound | None) -> bool:
    return compound is not None and not compound.has_property_mgmt


def _eligible(unit: Unit, case: Case, compound: Compound | None) -> bool:
    """Not the unit complained of; of property companies only the one that manages the compound."""
    if unit.id == case.complained_unit_id:
        return False
    managing = compound.property_company_id if compound else None
    return unit.unit_type != PROPERTY or managing is None or unit.id == managing


def _why_none(unit_type: str, serving: list[Unit], case: Case) -> str:
    about = any(unit.unit_type == unit_type and unit.id == case.complained_unit_id for unit in serving)
    return "complained_unit" if about else "no_unit_in_grid"


def candidates_for(case: Case, category: Category, at: datetime, limit: int) -> dict[str, Any]:
    """What members is asked for people who could take the case.

    Whoever was tried before is left out, and so are the people of the unit that it is about (docs/domain.md §5).
    """
    point = case.place.point
    about = [case.complained_unit_id] if case.complained_unit_id else []
    return {
        "case_id": case.id,
        "grid_code": case.place.grid_code,
        "location": {"lon": point.lon, "lat": point.lat} if point else None,
        "skills": list(category.skills),
        "certificates": list(category.certificates),
        "at": written(at),
        "exclude": sorted({*case.tried, *case.assignment.ids}),
        **({"exclude_units": about} if about else {}),
        "limit": limit,
    }


PROPOSED = ("person_id", "kind", "score", "parts", "reasons")
"""What is shown of a candidate."""


def shown(proposal: Proposal, people: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The proposal as it is answered; `people` are members' candidates, best first."""
    return {
        "units": [
            {
                "unit_type": one.unit_type,
                "unit_id": one.unit.id,
                "name": one.unit.name,
                "reasons": list(one.reasons),
            }
            for one in proposal.units
        ],
        "people": [{name: person[name] for name in PROPOSED} for person in people],
        "skipped": [{"unit_type": one.unit_type, "reason": one.reason} for one in proposal.skipped],
    }
