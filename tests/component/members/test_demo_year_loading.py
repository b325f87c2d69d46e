"""The volunteers' year of the demo in a real database: what the service tells of it is what happened."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from pymongo.database import Database

from members.demo import loading
from members.demo.district import District, district
from members.demo.service_year import service_year
from members.demo.year_loading import load_once
from members.people.person import LOCAL
from members.sealing import Seal
from members.service import MembersService
from tests.component.members.demo_stores import district_stores, year_stores
from tests.component.set_clock import SetClock

NOW = datetime(2026, 3, 31, 18, tzinfo=LOCAL)
VOLUNTEER = "p-volunteer-0007"
Load = Callable[[], str]


def caller(id: str, role: str, scope: str = "360704") -> dict[str, Any]:
    return {"id": id, "grants": [{"role": role, "scope": scope}], "unit": None}


ADMIN = caller("p-admin", "district_admin")
OFFICE = caller("p-party-office", "party_office")
SELF = caller(VOLUNTEER, "volunteer")


@pytest.fixture(scope="module")
def demo() -> District:
    return district()


@pytest.fixture
def load(database: Database[dict[str, Any]], demo: District, seal: Seal, clock: SetClock) -> Load:
    clock.moment = NOW

    def loaded() -> str:
        loading.load(demo, district_stores(database), seal, "a password")
        return load_once(demo, year_stores(database), clock.now())

    return loaded


def test_what_a_load_that_broke_off_has_added_stays_and_the_rest_is_added(
    load: Load, database: Database[dict[str, Any]]
) -> None:
    load()
    before = {name: database[name].count_documents({}) for name in database.list_collection_names()}
    database["series"].delete_one({"_id": "series-thursdays-coming"})
    database["bookings"].delete_many({})
    database["service_hours"].delete_many({"day": "2026-03-12"})
    load()
    assert {name: database[name].count_documents({}) for name in database.list_collection_names()} == before


def test_it_loads_and_a_second_time_adds_nothing_however_late(
    load: Load, clock: SetClock, database: Database[dict[str, Any]]
) -> None:
    assert load().startswith("added 36 service days, 36 plans, ")
    before = {name: database[name].count_documents({}) for name in database.list_collection_names()}
    # Besides the district, plans alone are heard: nobody is told of sign-ups and hours that came with the demo.
    waiting = {name for name in before if database[name].count_documents({"unrelayed": True})}
    assert waiting == {"areas", "grids", "compounds", "units", "rotation_plans"}
    clock.wait(days=30)
    assert load() == "the volunteers' year is there already"
    assert {name: database[name].count_documents({}) for name in database.list_collection_names()} == before


def test_every_compound_had_one_of_the_last_12_service_days_and_one_that_had_none_is_named(
    load: Load, service: MembersService, database: Database[dict[str, Any]]
) -> None:
    load()

    def served() -> dict[str, Any]:
        report = service.coverage(caller=ADMIN, area="360704", as_of="2026-03-31")
        found: dict[str, Any] = next(each for each in report["checks"] if each["id"] == "H8")
        return found

    whole = served()
    assert (whole["numerator"], whole["denominator"], whole["passes"]) == (140, 140, True)
    database["days_served"].update_many({}, {"$pull": {"visits": {"compound_id": "c-dongyuan"}}})
    broken = served()
    assert (broken["numerator"], broken["denominator"], broken["passes"]) == (139, 140, False)
    assert [each["id"] for each in broken["failing"]] == ["c-dongyuan"]


def test_a_volunteer_reads_hours_that_add_up_and_has_them_certified(
    load: Load, service: MembersService, demo: District
) -> None:
    load()
    book = next(each for each in service_year(demo, NOW).books if each.person_id == VOLUNTEER)
    period = {"first": "2025-07-01", "last": "2026-03-31"}
    hours = service.hours(caller=SELF, **period)
    rows = service.hours_ledger(caller=SELF, limit=100)["items"]
    assert hours["minutes"] == hours["period"]["minutes"] == sum(row["minutes"] for row in rows) == book.minutes
    assert (hours["star"], hours["star_offered"], hours["public"]) == (0, 1, False)
    issued = service.issue_certificate(caller=SELF, command_id="k", **period)
    assert (issued["minutes"], issued["issuer_name"]) == (hours["minutes"], "广场社区")
    assert service.accept_star(caller=SELF, command_id="s", star=1)["star"] == 1
    assert len(service.stars(caller=SELF, area="360704")["items"]) == 5


def test_the_office_finds_records_to_decide_and_approves_one(load: Load, service: MembersService) -> None:
    load()
    listed = {
        state: service.service_records(caller=OFFICE, area="360704", state=state, limit=200)["items"]
        for state in ("pending", "unverified", "reopened", "refused")
    }
    assert all(listed.values())
    assert {each["day"] for each in listed["pending"]} == {"2026-03-26"}
    assert {each["state"] for each in listed["unverified"]} == {"unverified", "lapsed"}
    first = listed["pending"][0]
    service.approve_hours(caller=OFFICE, command_id="k", record_ids=[first["record_id"]])
    after = service.service_record(caller=OFFICE, record_id=first["record_id"])
    assert (after["state"], after["minutes"] > 0) == ("approved", True)
    asked = listed["reopened"][0]
    service.keep_hours(caller=OFFICE, command_id="c", record_id=asked["record_id"], reason="名单与签退一致")
    assert service.service_record(caller=OFFICE, record_id=asked["record_id"])["minutes"] == asked["minutes"]


def test_the_rotation_goes_on_and_the_waiting_list_moves_up(load: Load, service: MembersService) -> None:
    load()
    service.plan_service_days()
    plans = service.rotation_plans(caller=OFFICE, area="360704100", first="2026-03-19")["items"]
    days = {each["day"]: each["turn_count"] for each in plans}
    assert days == dict.fromkeys(
        ("2026-03-19", "2026-03-26", "2026-04-02", "2026-04-09", "2026-04-16", "2026-04-23"), 18
    )
    history = service.rotation_history(caller=OFFICE, area="360704100", day="2026-03-19")["items"]
    assert [(each["version"], each["role"]) for each in history] == [(1, "clock")]
    lesson = service.activity(caller=SELF, activity_id="activity-demo-lesson")
    assert (lesson["signed_up"], lesson["waiting"], lesson["own"]["waiting_before"]) == (30, 4, 1)
    signups = service.signups_of_activity(caller=OFFICE, activity_id="activity-demo-lesson", limit=2)["items"]
    for each in signups:
        leaver = caller(each["person_id"], "volunteer")
        service.leave_activity(caller=leaver, command_id="k", activity_id="activity-demo-lesson")
    own = service.activity(caller=SELF, activity_id="activity-demo-lesson")["own"]
    assert own["state"] == "in"


def test_stations_are_used_and_the_funnel_tells_of_who_serves_later(load: Load, service: MembersService) -> None:
    """F13: 120 → 18 = 15.00 % in the last quarter of the demo, from the database too."""
    load()
    report = service.station_funnel(caller=ADMIN, area="360704", quarter="2026Q1")["items"][0]
    assert (report["used"], report["served"], report["rate"]) == (120, 18, 15.0)
    assert report["uses"] > 3000
    used = service.station_use_days(
        caller=ADMIN, station_id="v-rest-01", since="2026-03-01", until="2026-03-30", limit=50
    )
    assert len(used["items"]) == 30
    assert date.fromisoformat(used["items"][0]["day"]) == date(2026, 3, 1)
