"""F43: a series of service days on a real database: opened, published ahead by several instances, changed, moved."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.clean_up import CLEANING, WORKER, sign_up, volunteer
from tests.component.members.small_district import MoveIn, refusal, settle, staff
from tests.component.set_clock import SetClock

Stored = Database[dict[str, Any]]

WINTER = datetime(2025, 12, 20, 2, tzinfo=UTC)
DAILY = {name: value for name, value in CLEANING.items() if name not in {"begins", "ends"}}
YEAR = {"weekday": 3, "starts": "2026-01-01", "until": "2026-12-31"}
OFFICE = {"id": "p-office", "grants": [{"role": "party_office", "scope": "360704"}], "unit": None}


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn, clock: SetClock) -> None:
    settle(territory, organisations, move_in)
    move_in((staff(f"p-{n}", "volunteer", "360704"), None) for n in range(1, 4))
    clock.moment = WINTER


def opened(service: MembersService, key: str = "open", **changes: Any) -> dict[str, Any]:
    told = {**DAILY, "recurrence": YEAR, "starts_at": "08:30", "minutes": 150} | changes
    return service.open_series(caller=WORKER, command_id=key, **told)


def days(database: Stored) -> list[tuple[str, str]]:
    return [(each["day"], each["state"]) for each in database["activities"].find().sort("day")]


def test_f43_2026_has_fifty_service_days_and_three_thursdays_are_skipped(
    service: MembersService, database: Stored
) -> None:
    """F43: every Thursday 08:30 of 2026: 50 dates; Jan 1, Feb 19, Oct 1 skipped with the reason."""
    receipt = opened(service)
    assert opened(service) == receipt
    shown = service.series(caller=volunteer(1), series_id=receipt["series_id"])
    assert (shown["takes_place"], len(shown["dates"])) == (50, 53)
    skipped = [(each["day"], each["holiday"]) for each in shown["dates"] if each["fate"] == "holiday"]
    assert skipped == [("2026-01-01", "元旦"), ("2026-02-19", "春节"), ("2026-10-01", "国庆节")]
    assert days(database) == [("2026-01-08", "published"), ("2026-01-15", "published")]
    assert [each["activity_id"] for each in shown["dates"] if each["activity_id"]] == [
        each["_id"] for each in database["activities"].find().sort("day")
    ]


def test_f43_the_days_of_a_year_are_published_ahead_each_once_by_any_number_of_instances(
    service: MembersService, database: Stored, clock: SetClock
) -> None:
    """F43: a sweep publishes them, idempotent however many instances run."""
    opened(service)
    with ThreadPoolExecutor(4) as instances:
        for _ in range(53):
            list(instances.map(lambda _: service.publish_series(), range(4)))
            clock.wait(days=7)
    known = days(database)
    assert len(known) == 50
    assert not {day for day, _ in known} & {"2026-01-01", "2026-02-19", "2026-10-01"}
    history = [entry["type"] for each in database["activities"].find() for entry in each["history"]]
    assert history == ["activity.published"] * 50
    assert database["series"].find_one({}, {"next_at": True})["next_at"] is None  # type: ignore[index]


def test_a_series_that_is_wrong_is_refused_with_every_fault_and_nothing_is_kept(
    service: MembersService, database: Stored
) -> None:
    """Bad input: a recurrence that never ends, and a negative capacity beside it, each told."""
    endless = {"weekday": 3, "starts": "2026-01-01"}
    assert refusal(opened, service=service, recurrence=endless).code == "recurrence_endless"
    found = refusal(opened, service=service, recurrence=endless, capacity=-1, starts_at="08:31", minutes=0)
    assert {(each["pointer"], each["code"]) for each in found.details["errors"]} >= {
        ("/recurrence", "recurrence_endless"),
        ("/capacity", "capacity_not_positive"),
        ("/starts_at", "not_on_five_minutes"),
        ("/minutes", "ends_before_it_begins"),
    }
    past = refusal(opened, service=service, recurrence={"weekday": 3, "starts": "2025-12-04", "count": 9}, capacity=-1)
    assert [each["code"] for each in past.details["errors"]] == [
        "recurrence_starts_in_the_past",
        "capacity_not_positive",
    ]
    assert refusal(service.open_series, caller=volunteer(1), command_id="x", **_whole()).code == "not_permitted"
    assert database["series"].count_documents({}) == 0


def _whole() -> dict[str, Any]:
    return {**DAILY, "recurrence": YEAR, "starts_at": "08:30", "minutes": 150}


def test_f43_one_date_is_moved_and_whoever_signed_up_is_told_by_its_activity(
    service: MembersService, database: Stored, clock: SetClock
) -> None:
    """F43: an organiser moves one date with a reason; the activity stays the same one, with its sign-ups."""
    id = opened(service)["series_id"]
    before = service.series(caller=WORKER, series_id=id)
    activity_id = next(each["activity_id"] for each in before["dates"] if each["day"] == "2026-01-08")
    sign_up(service, activity_id, 1)
    moving: dict[str, Any] = {
        "caller": WORKER,
        "command_id": "move",
        "series_id": id,
        "day": "2026-01-08",
        "begins": "2026-01-09T14:00:00+08:00",
        "reason": "停水",
    }
    receipt = service.move_series_date(**moving)
    assert service.move_series_date(**moving) == receipt
    found = database["activities"].find_one({"_id": activity_id})
    assert found is not None
    assert found["begins"] == datetime(2026, 1, 9, 6, tzinfo=UTC)
    assert [entry["type"] for entry in found["history"]] == ["activity.published", "activity.changed"]
    [date] = [each for each in service.series(caller=WORKER, series_id=id)["dates"] if each["day"] == "2026-01-08"]
    assert (date["fate"], date["reason"], date["begins_at"]) == ("moved", "停水", "2026-01-09T06:00:00Z")
    faulty = {**moving, "command_id": "bad", "begins": "2026-01-09T14:01:00+08:00"}
    assert refusal(service.move_series_date, **faulty).code == "not_on_five_minutes"
    stranger = {**moving, "command_id": "x", "caller": volunteer(1)}
    assert refusal(service.move_series_date, **stranger).code == "not_permitted"


def test_a_date_that_is_moved_before_it_is_published_is_published_where_it_is(
    service: MembersService, database: Stored, clock: SetClock
) -> None:
    id = opened(service)["series_id"]
    told = {"day": "2026-02-19", "begins": "2026-02-25T08:30:00+08:00", "reason": "补做"}
    service.move_series_date(caller=OFFICE, command_id="m", series_id=id, **told)
    clock.moment = datetime(2026, 2, 1, tzinfo=UTC)
    service.publish_series()
    assert ("2026-02-25", "published") in days(database)


def test_a_change_reaches_days_to_come_that_nobody_touched_and_an_end_calls_them_off(
    service: MembersService, database: Stored, clock: SetClock
) -> None:
    id = opened(service)["series_id"]
    clock.wait(days=15)
    service.publish_series()
    known = service.series(caller=WORKER, series_id=id)["dates"]
    ids = {each["day"]: each["activity_id"] for each in known if each["activity_id"]}
    assert list(ids) == ["2026-01-08", "2026-01-15", "2026-01-22", "2026-01-29"]
    service.change_activity(caller=WORKER, command_id="c", activity_id=ids["2026-01-15"], title="自己的")
    drop = {"series_id": id, "day": "2026-01-22", "reason": "暴雨"}
    service.drop_series_date(caller=WORKER, command_id="d", **drop)
    service.change_series(caller=WORKER, command_id="s", series_id=id, title="新的", starts_at="09:00")
    titles = {each["_id"]: (each["title"], each["state"]) for each in database["activities"].find()}
    assert titles[ids["2026-01-08"]] == ("新的", "published")
    assert titles[ids["2026-01-15"]] == ("自己的", "published")
    assert titles[ids["2026-01-22"]] == (CLEANING["title"], "cancelled")
    assert refusal(service.drop_series_date, caller=WORKER, command_id="again", **drop).code == "date_dropped"
    service.end_series(caller=OFFICE, command_id="e", series_id=id, reason="不再办了")
    states = {each["_id"]: (each["state"], each["reason"]) for each in database["activities"].find()}
    assert {states[ids[day]] for day in ("2026-01-15", "2026-01-29")} == {("cancelled", "不再办了")}
    late = {"caller": WORKER, "command_id": "l", "series_id": id}
    assert refusal(service.change_series, **late, title="x").code == "series_ended"
    clock.wait(days=60)
    service.publish_series()
    assert len(days(database)) == 4


def test_faults_of_a_change_are_told_by_its_fields(service: MembersService) -> None:
    id = opened(service)["series_id"]
    told = {"until": "2031-01-01", "minutes": -5, "starts_at": "08:33"}
    found = refusal(service.change_series, caller=WORKER, command_id="s", series_id=id, **told)
    assert {(each["pointer"], each["code"]) for each in found.details["errors"]} >= {
        ("/until", "recurrence_too_long"),
        ("/starts_at", "not_on_five_minutes"),
        ("/minutes", "not_on_five_minutes"),
        ("/minutes", "ends_before_it_begins"),
    }


def test_series_are_listed_by_area(service: MembersService) -> None:
    first = opened(service)["series_id"]
    second = opened(service, "other", recurrence={**YEAR, "weekday": 5})["series_id"]
    page = service.all_series(caller=volunteer(1), limit=1)
    rest = service.all_series(caller=volunteer(1), limit=1, after=page["next"])
    assert sorted(each["series_id"] for each in page["items"] + rest["items"]) == sorted([first, second])
    assert rest["next"] is None
    elsewhere = service.all_series(caller=volunteer(1), filters={"area": "360704100007"})
    assert elsewhere["items"] == []
    stranger = volunteer(1) | {"grants": [{"role": "volunteer", "scope": "360703"}]}
    assert refusal(service.series, caller=stranger, series_id=first).code == "series_not_found"


def test_an_activity_published_while_the_series_changes_is_like_the_series(
    service: MembersService, database: Stored, clock: SetClock
) -> None:
    id = opened(service)["series_id"]
    clock.wait(days=20)
    with ThreadPoolExecutor(4) as pool:
        publishing = [pool.submit(service.publish_series) for _ in range(3)]
        pool.submit(service.change_series, caller=WORKER, command_id="s", series_id=id, title="新的").result()
        for each in publishing:
            each.result()
    service.publish_series()
    assert {each["title"] for each in database["activities"].find({"begins": {"$gt": clock.moment}})} == {"新的"}
    assert clock.moment < datetime(2026, 1, 15, tzinfo=UTC) + timedelta(days=1)
