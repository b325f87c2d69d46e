"""Registering a unit: everything that is wrong with an entry, each fault with its field; it knows no storage."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chassis.fault import Fault
from members.organisations.tie import Tie
from members.organisations.unit import Unit, settled
from members.territory.grid import Grid


@dataclass(frozen=True)
class Entry:
    """A unit that is to be registered, and since when it serves its grids."""

    name: str
    tenant: str
    unit_type: str
    since: datetime
    grid_codes: tuple[str, ...] = ()
    credit_code: str | None = None
    party_organisation: str | None = None
    contact_id: str | None = None

    def unit(self, id: str, now: datetime) -> Unit:
        """The unit that it becomes."""
        return settled(
            Unit(
                id=id,
                tenant=self.tenant,
                name=self.name,
                unit_type=self.unit_type,
                grid_codes=(),
                credit_code=self.credit_code,
                party_organisation=self.party_organisation,
                contact_id=self.contact_id,
                ties=tuple(Tie(code, self.since) for code in sorted(set(self.grid_codes))),
            ),
            now,
        )


@dataclass(frozen=True)
class Surroundings:
    """What an entry is held against; grids, people and codes among those that are asked for."""

    now: datetime
    grids: Mapping[str, Grid] = field(default_factory=dict)
    """The grids of the district by code."""
    contacts: frozenset[str] = frozenset()
    """People of the district who are there."""
    codes: frozenset[str] = frozenset()
    """Credit codes that another unit has which is open."""


def faults(entry: Entry, around: Surroundings) -> list[Fault]:
    """Everything that is wrong with the entry, field by field; none means that it can be kept."""
    return [*_grids(entry, around), *_code(entry, around), *_contact(entry, around)]


def _grids(entry: Entry, around: Surroundings) -> Iterator[Fault]:
    if entry.unit_type == "PROPERTY" and entry.grid_codes:
        yield Fault("/grid_codes", "grids_follow_compounds")
    for n, code in enumerate(entry.grid_codes):
        grid = around.grids.get(code)
        if grid is None:
            yield Fault(f"/grid_codes/{n}", "unknown_grid", {"grid_codes": [code]})
        # Of what begins in the past the grid has to be there still.
        elif not all(grid.open_at(at) for at in (entry.since, max(entry.since, around.now))):
            yield Fault(f"/grid_codes/{n}", "grid_closed", {"grid_codes": [code]})


def _code(entry: Entry, around: Surroundings) -> Iterator[Fault]:
    if entry.credit_code in around.codes:
        yield Fault("/credit_code", "credit_code_taken", {"credit_code": entry.credit_code})


def _contact(entry: Entry, around: Surroundings) -> Iterator[Fault]:
    if entry.contact_id is not None and entry.contact_id not in around.contacts:
        yield Fault("/contact_id", "unknown_person", {"person_id": entry.contact_id})
