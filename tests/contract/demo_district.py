"""Makes services/cases/demo/district.json of what members loads: `python -m tests.contract.demo_district`.

No service knows another's code, and the cases of the demo happen in the district that members keeps: so what they need
of it is written here, and a test compares them.
"""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from members.demo.cast import cast
from members.demo.district import District, district
from members.organisations.unit import Unit
from members.people.person import Person
from members.territory.compound import Compound
from members.territory.grid import Grid

FILE = Path(__file__).parents[2] / "services/cases/demo/district.json"

HANDLES_NONE = frozenset({"CO_BUILDING", "ENTERPRISE", "REPORTING_UNIT", "SOCIAL_ORG"})
"""Kinds of unit that no category names."""

ON_DUTY = frozenset({"dispatcher", "inspector", "community_worker", "union_leader", "union_cadre", "district_admin"})
MEMBERS, VOLUNTEERS, RIDERS = 160, 60, 12
"""How many of those who are not on duty report and help in the demo, besides all who have a licence."""

LICENCE = "low_voltage_electrician"


def described() -> dict[str, list[dict[str, Any]]]:
    """What the file says; nobody of the cast, whose inboxes belong to those who try things out."""
    demo = district()
    return {
        "grids": [_grid(each) for each in demo.grids],
        "compounds": [_compound(each) for each in demo.compounds],
        "units": [_unit(each, demo) for each in demo.units if each.unit_type not in HANDLES_NONE],
        "people": [_person(each) for each in people(demo)],
    }


def people(demo: District) -> list[Person]:
    """Who is in the file, in the order of their enrolment."""
    known = {each.person.id for each in cast(demo.compounds)}
    others = [each.person for each in demo.people if each.person.id not in known and each.person.active]
    handling = {each.id for each in demo.units if each.unit_type not in HANDLES_NONE}
    chosen = {each.id for each in _chosen(others, handling)}
    return [each for each in others if each.id in chosen]


def written() -> str:
    """The file: one row a line, so that a change shows what it changes."""
    parts = [f' "{name}": [\n{_lines(rows)}\n ]' for name, rows in described().items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _lines(rows: list[dict[str, Any]]) -> str:
    return ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in rows)


def _chosen(others: list[Person], handling: set[str]) -> Iterator[Person]:
    roles = {each.id: {grant.role for grant in each.grants} for each in others}
    yield from (each for each in others if roles[each.id] & ON_DUTY)
    yield from (each for each in others if "unit_contact" in roles[each.id] and each.unit_id in handling)
    yield from (each for each in others if any(held.kind == LICENCE for held in each.certificates))
    for role, most in (("in_service_member", MEMBERS), ("volunteer", VOLUNTEERS), ("rider", RIDERS)):
        # Of riders the first is one of the accounts that people try things out with.
        yield from islice((each for each in others if role in roles[each.id] and each.id != "p-rider-01"), most)


def _grid(grid: Grid) -> dict[str, Any]:
    return {"code": grid.code, "name": grid.name, "community": grid.community, "ring": [list(at) for at in grid.ring]}


def _compound(compound: Compound) -> dict[str, Any]:
    company = {"company": compound.property_company_id} if compound.property_company_id else {}
    row = {"id": compound.id, "name": compound.name, "grid": compound.grid_code, "at": list(compound.at)}
    return {**row, "old": compound.is_old, **company}


def _unit(unit: Unit, demo: District) -> dict[str, Any]:
    everywhere = list(unit.grid_codes) == [grid.code for grid in demo.grids]
    grids = {} if everywhere else {"grids": list(unit.grid_codes)}
    return {"id": unit.id, "name": unit.name, "type": unit.unit_type, **grids}


def _person(person: Person) -> dict[str, Any]:
    licences = [held.kind for held in person.certificates]
    return {
        "id": person.id,
        "grants": [[grant.role, grant.scope] for grant in person.grants],
        **({"unit": person.unit_id} if person.unit_id else {}),
        **({"licences": licences} if licences else {}),
        **({"grid": person.home.grid_code} if person.home else {}),
    }


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
