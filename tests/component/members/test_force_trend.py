"""F19: the people who served in an area, from the ledger of hours, one quarter against another."""

from datetime import date
from typing import Any

import pytest

from chassis.caller import Caller
from chassis.command import Asked
from chassis.records import Outcome
from members.hours.ledger import Row
from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.small_district import ADMIN, GRID, SELF, MoveIn, refusal, settle
from tests.component.members.staging import NOW

QUARTERS = {"quarter": "2026Q1", "against": "2025Q4"}


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)


def enter(service: MembersService, id: str, person: str, day: date, minutes: int, grid: str = GRID) -> None:
    row = Row(id, f"r-{id}", person, grid, day, minutes, 0, "p-office", NOW)
    service.hours_kept.rows.open(Asked(Caller("p-office"), id, "d", NOW), Outcome(row, "hours.credited", {}, "x"))


def trend(service: MembersService, area: str) -> dict[str, Any]:
    found: dict[str, Any] = service.force_trend(caller=ADMIN, area=area, **QUARTERS)
    return found


def test_f19_active_people_and_hours_of_two_quarters(service: MembersService) -> None:
    """F19: active persons and hours per 1,000 residents of two quarters with deltas; what was reversed is none."""
    for n in range(10):
        enter(service, f"1-{n}", f"p-{n}", date(2026, 1, 1), 120)
        enter(service, f"2-{n}", f"p-{n}", date(2026, 3, 31), 60)
        enter(service, f"3-{n}", f"p-{n}", date(2025, 12, 31), 30)
    enter(service, "4", "p-far", date(2026, 2, 1), 90)
    enter(service, "5", "p-far", date(2026, 2, 1), -90)
    found = trend(service, GRID)
    assert found["quarter"] == {"active": 10, "minutes": 1800, "residents": 6200, "hours_per_1000": 4.84}
    assert found["against"] == {"active": 10, "minutes": 300, "residents": 6200, "hours_per_1000": 0.81}
    assert found["deltas"] == {"active": 0, "minutes": 1500, "residents": 0, "hours_per_1000": 4.03}
    assert trend(service, "360704")["quarter"]["active"] == 10


def test_f19_nobody_learns_how_long_one_person_served(service: MembersService) -> None:
    """F19: of the one in another community neither is told, nor of the first what would tell it by subtracting."""
    for n in range(10):
        enter(service, f"1-{n}", f"p-{n}", date(2026, 1, 1), 120)
    enter(service, "2", "p-far", date(2026, 2, 1), 30, "360704100009002")
    untold = {"active": None, "minutes": None, "hours_per_1000": None}
    for area in ("360704100009", GRID):
        seen = trend(service, area)["quarter"]
        assert {name: seen[name] for name in untold} == untold
    assert trend(service, "360704")["quarter"]["active"] == 11
    assert trend(service, "360704")["deltas"]["active"] is None
    assert trend(service, "360704")["fewest_told"] == 10


def test_the_trend_is_for_those_who_oversee(service: MembersService) -> None:
    assert refusal(service.force_trend, caller=SELF, area=GRID, **QUARTERS).code == "not_permitted"
    assert refusal(service.force_trend, caller=ADMIN, area=GRID, quarter="2026", against="2026H1").code == "invalid"
