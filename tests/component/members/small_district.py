"""A small district for tests of the service: two electricians, some staff, three units, one compound."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from chassis.caller import Grant
from chassis.errors import Refusal
from members.demo.territory import service_grids
from members.organisations.store import UnitStore
from members.organisations.unit import Unit
from members.people.person import FreeTime, Person, Residence, Tag
from members.people.skill import Certificate
from members.territory.compound import Compound
from members.territory.store import TerritoryStore
from tests.component.members.staging import NOW

MoveIn = Callable[[Iterable[tuple[Person, str | None]]], None]
GRID = "360704100002001"
LAMP = {
    "grid_code": GRID,
    "location": {"lon": 115.0058, "lat": 25.8672},
    "skills": ["electrician"],
    "certificates": ["low_voltage_electrician"],
    "at": "2026-03-12T11:46:00Z",
}
EVENINGS = tuple(FreeTime(day, time(18), time(21, 30)) for day in range(5))
LODGE = Compound("c-dongyuan", "东源胜景小区", GRID, (115.0058, 25.8672), is_old=True, buildings=6, households=312)
NEAR = Person(
    id="p-near",
    tenant="360704",
    name="李测003",
    honorific="师傅",
    grants=(Grant("resident", "360704"), Grant("in_service_member", "360704")),
    unit_id="u-school",
    home=Residence("c-1", GRID, (115.0065, 25.8675)),
    skills=frozenset({"electrician"}),
    certificates=(Certificate("low_voltage_electrician", date(2028, 12, 31)),),
    free_times=EVENINGS,
    tags=(Tag("veteran", NOW, "2025-07"), Tag("party_member", NOW, "2025-07", revoked_at=NOW)),
)
FAR = replace(NEAR, id="p-far", home=Residence("c-9", "360704100009002", (115.03, 25.85)))
ADMIN = {"id": "p-admin", "grants": [{"role": "district_admin", "scope": "360704"}], "unit": None}
SELF = {"id": "p-near", "grants": [{"role": "in_service_member", "scope": "360704"}], "unit": "u-school"}


def staff(id: str, role: str, scope: str, unit: str | None = None) -> Person:
    return Person(id, "360704", "王测004", (Grant(role, scope),), unit_id=unit)


def settle(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    """Lay out the district and let its people move in."""
    territory.grids.add(service_grids(), NOW)
    territory.compounds.add([LODGE], NOW)
    organisations.units.add(
        [
            Unit("u-school", "360704", "赣县区测试小学", "REPORTING_UNIT", (GRID,)),
            Unit("u-lamps", "360704", "赣县区路灯管理所", "LIGHTING_OFFICE", (GRID,)),
            Unit("u-homes", "360704", "测试物业01公司", "PROPERTY", (GRID,)),
            Unit("u-homes-elsewhere", "360703", "测试物业02公司", "PROPERTY", ("360703100002001",)),
        ],
        NOW,
    )
    move_in(
        [
            (NEAR, "12000000003"),
            (FAR, "12000000004"),
            (staff("p-worker", "community_worker", GRID), None),
            (staff("p-other", "community_worker", "360704100002002"), None),
            (staff("p-desk", "dispatcher", "360704100"), None),
            (staff("p-inspector", "inspector", "360704100002"), None),
            (staff("p-admin", "district_admin", "360704"), None),
            (staff("p-lamps", "unit_contact", "360704", "u-lamps"), "12000000005"),
        ]
    )


def refusal(call: Callable[..., Any], **arguments: Any) -> Refusal:
    """What the call is refused with."""
    with pytest.raises(Refusal) as caught:
        call(**arguments)
    return caught.value
