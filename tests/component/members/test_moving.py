"""What takes place in a grid that closes goes on in the one that follows it; where none does it is called off."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.clean_up import publish
from tests.component.members.small_district import ADMIN, MoveIn, refusal, staff
from tests.component.members.test_bookings import ALWAYS, HALL
from tests.component.members.test_drawing import DATE, OLD, closing, mapped, split, tree
from tests.component.members.test_series_venue import OPENED
from tests.component.set_clock import SetClock

__all__ = ["mapped", "tree"]

Stored = Database[dict[str, Any]]

WORKER = {"id": "p-worker", "grants": [{"role": "community_worker", "scope": OLD}], "unit": None}
EAST = {"grid_code": OLD, "muster": {"lon": 115.0160, "lat": 25.8600}}
FOLLOWS = "360704100007004"
BEFORE, AFTER = (
    {"begins": f"2026-{day}T14:00:00+08:00", "ends": f"2026-{day}T16:00:00+08:00"} for day in ("03-25", "04-08")
)


@pytest.fixture(autouse=True)
def district(mapped: TerritoryStore, move_in: MoveIn) -> None:
    move_in([(staff("p-worker", "community_worker", OLD), None), (staff("p-1", "volunteer", "360704"), None)])


@pytest.fixture
def hall(service: MembersService) -> str:
    there = {"grid_code": OLD, "location": {"lon": 115.0160, "lat": 25.8600}, "hours": ALWAYS}
    return str(service.register_venue(caller=ADMIN, command_id="hall", **(HALL | there))["venue_id"])


def open_series(service: MembersService, hall: str) -> str:
    told = OPENED | EAST | {"venue_id": hall}
    return str(service.open_series(caller=WORKER, command_id="open", **told)["series_id"])


def hear(service: MembersService) -> None:
    for _ in range(2):
        service.follow_closed_grid(closing(OLD))


def kept(database: Stored, series_id: str | None = None) -> list[tuple[str, str, str]]:
    found = database["activities"].find({"series_id": series_id}).sort("begins")
    return [(each["day"][5:], each["grid_code"][-3:], each["state"]) for each in found]


def test_what_is_to_come_goes_on_in_the_grid_that_holds_its_muster_point(
    service: MembersService, hall: str, clock: SetClock, database: Stored
) -> None:
    """What is past keeps the grid in which it was; nobody's place or venue changes."""
    publish(service, "before", by=WORKER, **(EAST | BEFORE))
    later = publish(service, "after", by=WORKER, **(EAST | AFTER | {"venue_id": hall}))
    series = open_series(service, hall)
    booked = service.bookings(caller=ADMIN, venue_id=hall)["items"]
    split(service)
    clock.moment = DATE + timedelta(seconds=3)
    service.carry_out_redrawings()
    hear(service)
    assert kept(database) == [("03-25", "002", "published"), ("04-08", "004", "published")]
    assert kept(database, series) == [
        ("03-19", "002", "published"),
        ("03-26", "002", "published"),
        ("04-02", "004", "published"),
        ("04-09", "004", "published"),
    ]
    history = database["activities"].find_one({"_id": later})["history"]  # type: ignore[index]
    assert [entry["type"] for entry in history] == ["activity.published", "activity.changed"]
    assert service.series(caller=ADMIN, series_id=series)["grid_code"] == FOLLOWS
    clock.moment = datetime(2026, 4, 10, tzinfo=UTC)
    service.publish_series()
    assert kept(database, series)[4:] == [(day, "004", "published") for day in ("04-16", "04-23", "04-30", "05-07")]
    assert service.bookings(caller=ADMIN, venue_id=hall, day="2026-03-13")["items"] == booked
    here = {**WORKER, "grants": [{"role": "community_worker", "scope": FOLLOWS}]}
    service.change_series(caller=here, command_id="c", series_id=series, title="新的")


def test_where_no_grid_follows_it_is_called_off_and_ends_with_a_reason(
    service: MembersService, hall: str, clock: SetClock, database: Stored
) -> None:
    """Whatever came at the very moment at which the grid was closed stands no longer than the grid does."""
    publish(service, "before", by=WORKER, **(EAST | BEFORE))
    later = publish(service, "after", by=WORKER, **(EAST | AFTER | {"venue_id": hall}))
    series = open_series(service, hall)
    service.territory.grids.outbox.collection.update_one({"_id": OLD}, {"$set": {"closed": DATE}})
    hear(service)
    assert kept(database) == [("03-25", "002", "published"), ("04-08", "002", "cancelled")]
    assert [state for _, _, state in kept(database, series)] == ["published", "published", "cancelled", "cancelled"]
    assert service.activity(caller=ADMIN, activity_id=later)["reason"] == "所在网格已关闭"
    shown = service.series(caller=ADMIN, series_id=series)
    assert (shown["ended_on"], shown["takes_place"]) == ("2026-04-01", 2)
    booked = service.bookings(caller=ADMIN, venue_id=hall)["items"]
    assert [each["begins"][5:10] for each in booked] == ["03-19", "03-26"]


def test_a_grid_in_which_a_series_has_days_to_come_is_not_closed(service: MembersService, hall: str) -> None:
    series = open_series(service, hall)
    found = refusal(service.close_grid, caller=ADMIN, command_id="close", grid_code=OLD, at="2026-04-20T00:00:00+08:00")
    named = {each["code"]: each["details"] for each in found.details["errors"]}
    assert named["grid_holds_series"] == {"count": 1, "ids": [series]}
    assert "grid_holds_activities" not in named
    late = "2026-05-07T10:30:00+08:00"
    found = refusal(service.close_grid, caller=ADMIN, command_id="late", grid_code=OLD, at=late)
    assert "grid_holds_series" not in {each["code"] for each in found.details["errors"]}
