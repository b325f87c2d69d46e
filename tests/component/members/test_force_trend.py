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
    enter(service, "1", "p-near", date(2026, 1, 1), 120)
    enter(service, "2", "p-near", date(2026, 3, 31), 60)
    enter(service, "3", "p-far", date(2026, 2, 1), 90)
    enter(service, "4", "p-far", date(2026, 2, 1), -90)
    enter(service, "5", "p-far", date(2025, 12, 31), 30)
    enter(service, "6", "p-far", date(2026, 2, 1), 30, "360704100009002")
    found = trend(service, GRID)
    assert found["quarter"] == {"active": 1, "minutes": 180, "residents": 6200, "hours_per_1000": 0.48}
    assert found["against"] == {"active": 1, "minutes": 30, "residents": 6200, "hours_per_1000": 0.08}
    assert found["deltas"] == {"active": 0, "minutes": 150, "residents": 0, "hours_per_1000": 0.4}
    assert trend(service, "360704")["quarter"]["active"] == 2


def test_the_trend_is_for_those_who_oversee(service: MembersService) -> None:
    assert refusal(service.force_trend, caller=SELF, area=GRID, **QUARTERS).code == "not_permitted"
    assert refusal(service.force_trend, caller=ADMIN, area=GRID, quarter="2026", against="2026H1").code == "invalid"
