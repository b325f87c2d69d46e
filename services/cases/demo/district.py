"""The demo district as far as its cases know it: grids, compounds, units, and the people who report and act.

`district.json` is made of what members loads (`python -m tests.contract.demo_district`), and a test compares them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import Any

from cases.assignment import PERSON, UNIT
from cases.place import SERVICE, Compound, Grid, Point
from cases.routing import Unit
from chassis.caller import Caller, Grant

TENANT = "360704"
CONTACT = "unit_contact"


@dataclass(frozen=True)
class Person:
    """Somebody with an account, and where they live."""

    caller: Caller
    licences: tuple[str, ...] = ()
    grid_code: str | None = None

    @property
    def id(self) -> str:
        """The person's id."""
        return self.caller.id


@dataclass(frozen=True)
class District:
    """Everything and everybody of the demo that a case needs, in the order of the file."""

    grids: Sequence[Grid]
    compounds: Sequence[Compound]
    units: Sequence[Unit]
    people: Sequence[Person]

    @cached_property
    def callers(self) -> Mapping[str, Caller]:
        """Everybody by id."""
        return {each.id: each.caller for each in self.people}

    @cached_property
    def contacts(self) -> Mapping[str, str]:
        """Who speaks for each unit that handles cases, by the unit's id."""
        return {each.caller.unit: each.id for each in self.people if CONTACT in each.caller.roles and each.caller.unit}

    def working_in(self, role: str, grid_code: str) -> list[str]:
        """Who has that role in a scope that contains the grid."""
        return self._working[role, grid_code]

    def having(self, role: str) -> list[Person]:
        """Who has that role anywhere."""
        return self._by_role.get(role, [])

    @cached_property
    def _working(self) -> Mapping[tuple[str, str], list[str]]:
        return {
            (role, grid.code): [each.id for each in found if each.caller.holds((role,), grid.code)]
            for role, found in self._by_role.items()
            for grid in self.grids
        }

    @cached_property
    def _by_role(self) -> Mapping[str, list[Person]]:
        found: dict[str, list[Person]] = {}
        for person in self.people:
            for role in sorted(person.caller.roles):
                found.setdefault(role, []).append(person)
        return found

    def facts(self, id: str) -> dict[str, Any]:
        """What members would answer about a person or a unit that may get a case."""
        return self._facts[id]

    @cached_property
    def _facts(self) -> Mapping[str, dict[str, Any]]:
        units = [
            {"id": each.id, "kind": UNIT, "unit_id": each.id, "grid_codes": list(each.grid_codes)}
            for each in self.units
        ]
        return {row["id"]: row for row in (*units, *map(_as_assignee, self.people))}


def district() -> District:
    """The district that the file describes."""
    rows = json.loads(resources.files("cases.demo").joinpath("district.json").read_text(encoding="utf-8"))
    grids = [Grid(row["code"], row["name"], row["community"], SERVICE, _ring(row["ring"])) for row in rows["grids"]]
    return District(
        grids,
        [_compound(row) for row in rows["compounds"]],
        [_unit(row, [grid.code for grid in grids]) for row in rows["units"]],
        [_person(row) for row in rows["people"]],
    )


def _ring(points: Sequence[Sequence[float]]) -> tuple[tuple[float, float], ...]:
    return tuple((lon, lat) for lon, lat in points)


def _compound(row: Mapping[str, Any]) -> Compound:
    company = row.get("company")
    return Compound(row["id"], row["name"], row["grid"], Point(*row["at"]), row["old"], company is not None, company)


def _unit(row: Mapping[str, Any], everywhere: Sequence[str]) -> Unit:
    """A unit; one that names no grids serves all."""
    return Unit(row["id"], row["name"], row["type"], tuple(row.get("grids", everywhere)))


def _person(row: Mapping[str, Any]) -> Person:
    grants = tuple(Grant(role, scope) for role, scope in row["grants"])
    return Person(Caller(row["id"], grants, row.get("unit")), tuple(row.get("licences", ())), row.get("grid"))


def _as_assignee(person: Person) -> dict[str, Any]:
    caller = person.caller
    return {
        "id": person.id,
        "ids": [person.id],
        "kind": PERSON,
        "roles": sorted(caller.roles),
        "unit_id": caller.unit,
        "certificates": list(person.licences),
        "grid_codes": sorted({grant.scope for grant in caller.grants if grant.role != "resident"}),
    }
