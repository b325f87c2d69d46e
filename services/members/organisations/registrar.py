"""Holds entries of units against what is kept: grids, people and credit codes; it keeps none of them itself."""

from collections.abc import Sequence
from datetime import datetime

from chassis.command import Asked
from chassis.fault import Fault
from chassis.ids import new_id
from chassis.records import Outcome, Writing
from members.organisations.registration import Entry, Surroundings, faults
from members.organisations.store import UnitStore
from members.organisations.unit import REGISTERED, announcement
from members.people.store import PeopleStore
from members.territory.store import TerritoryStore


class UnitRegistrar:
    """Knows where units are kept, and what an entry is held against."""

    def __init__(self, organisations: UnitStore, people: PeopleStore, territory: TerritoryStore) -> None:
        self._organisations, self._people, self._territory = organisations, people, territory

    def faults(self, entries: Sequence[Entry], now: datetime) -> list[list[Fault]]:
        """Everything that is wrong with each of them, in their order, all of one district; nothing is kept."""
        around = self._surroundings(entries, now)
        return [faults(entry, around) for entry in entries]

    def writings(self, asked: Asked, entries: Sequence[Entry], role: str, *, along: bool = False) -> list[Writing]:
        """What keeps entries with which nothing is wrong; unless they go `along`, the first keeps the command."""
        units = [entry.unit(new_id(), asked.now) for entry in entries]
        told = [announcement(unit) for unit in units]
        return [
            self._organisations.records.opening(
                asked, Outcome(unit, REGISTERED, said, role, answer=said), along=along or n > 0
            )
            for n, (unit, said) in enumerate(zip(units, told, strict=True))
        ]

    def _surroundings(self, entries: Sequence[Entry], now: datetime) -> Surroundings:
        tenant = entries[0].tenant if entries else ""
        grids = self._territory.grids.find({"_id": {"$in": _grid_codes(entries)}, "tenant": tenant})
        contacts = self._people.people(sorted({entry.contact_id for entry in entries if entry.contact_id}), tenant)
        return Surroundings(
            now=now,
            grids={grid.code: grid for grid in grids},
            contacts=frozenset(person.id for person in contacts if person.active),
            codes=frozenset(self._organisations.codes_taken(_credit_codes(entries), tenant)),
        )


def _grid_codes(entries: Sequence[Entry]) -> list[str]:
    return sorted({code for entry in entries for code in entry.grid_codes})


def _credit_codes(entries: Sequence[Entry]) -> set[str]:
    return {entry.credit_code for entry in entries if entry.credit_code}
