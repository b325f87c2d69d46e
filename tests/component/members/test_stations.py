"""F10, F11 and F13 on a real database: where to rest, how often it is used, and who serves afterwards."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from chassis.caller import Caller, Grant
from chassis.command import Asked
from chassis.records import Outcome
from members.attendance.attendance import Attendance, Stint
from members.hours.ledger import Row
from members.organisations.store import UnitStore
from members.patrols.patrol import Ended, Patrol
from members.people.person import Person
from members.service import MembersService
from members.stations.store import Guest
from members.territory.store import TerritoryStore
from members.venues.store import VenueStore
from members.venues.venue import Opening, Venue
from tests.component.members.small_district import ADMIN, GRID, SELF, MoveIn, refusal, settle
from tests.component.members.staging import NOW
from tests.component.set_clock import SetClock
from tests.component.stored import stored

EVERY_DAY = tuple(Opening(day, time(8), time(20)) for day in range(7))
AT = {"lon": 115.006, "lat": 25.860}
SINCE = date(2025, 7, 1)
AGREED = {"text_version": "2026-03"}

venues = stored(VenueStore)


def station(id: str, east: float, **changes: Any) -> Venue:
    said: dict[str, Any] = {"hours": EVERY_DAY, "facilities": frozenset({"water"}), **changes}
    return Venue(id, id, said.pop("kind", "rest_station"), GRID, (115.006 + east, 25.860), SINCE, **said)


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, venues: VenueStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)
    venues.add(
        [
            station("v-far", 0.004),
            station("v-near", 0.001),
            station("v-twin", -0.0011),
            station("v-dry", 0.0005, facilities=frozenset({"power"})),
            station("v-asleep", 0.0, hours=(Opening(3, time(8), time(12)),)),
            station("v-gone", 0.0, until=date(2026, 3, 1)),
            station("v-hall", 0.0, kind="practice_station"),
        ],
        NOW,
    )


def names(service: MembersService, **asked: Any) -> list[str]:
    return [each["station_id"] for each in service.stations(caller=SELF, **{**AT, **asked})["items"]]


def test_open_stations_with_water_come_by_distance(service: MembersService, clock: SetClock) -> None:
    """F10: at 13:05 a rider asks for "open now, water": by distance, without those that are closed."""
    assert names(service, open_at="2026-03-12T13:05:00+08:00", facility="water") == ["v-near", "v-twin", "v-far"]
    assert names(service, open_at="2026-03-12T13:05:00+08:00") == ["v-dry", "v-near", "v-twin", "v-far"]
    assert names(service, open_at="2026-03-12T11:59:00+08:00")[0] == "v-asleep"
    clock.moment = NOW.replace(hour=12)  # 20:00 in China: every station has just closed
    assert names(service) == []
    [first, *_] = service.stations(caller=SELF, **AT, open_at="2026-03-12T13:05:00+08:00", facility="water")["items"]
    assert (first["metres"], first["open_until"]) == (100, "2026-03-12T12:00:00Z")


def test_a_list_of_stations_goes_on_where_its_page_ended(service: MembersService) -> None:
    at = {**AT, "open_at": "2026-03-12T13:05:00+08:00", "limit": 1}
    found, after = [], None
    while True:
        page = service.stations(caller=SELF, **at, after=after)
        found += [each["station_id"] for each in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert found == ["v-dry", "v-near", "v-twin", "v-far"]


def test_a_point_of_a_phone_map_is_converted_before_it_is_looked_around(service: MembersService) -> None:
    shifted = {"lon": 115.0060 + 0.0050, "lat": 25.860 - 0.0030, "crs": "GCJ02"}
    page = service.stations(caller=SELF, **shifted, open_at="2026-03-12T13:05:00+08:00", facility="water")
    assert page["items"][0]["metres"] < 200
    raw = service.stations(
        caller=SELF, **(shifted | {"crs": "WGS84"}), open_at="2026-03-12T13:05:00+08:00", facility="water"
    )
    assert raw["items"][0]["metres"] > 300


def use(service: MembersService, key: str, station_id: str = "v-near") -> dict[str, Any]:
    code = service.station_code(caller=ADMIN, station_id=station_id)["code"]
    return dict(service.use_station(command_id=key, station_id=station_id, code=code))


def days(service: MembersService, station_id: str = "v-near") -> dict[str, int]:
    page = service.station_use_days(caller=ADMIN, station_id=station_id, since="2026-03-01", until="2026-03-31")
    return {each["day"]: each["uses"] for each in page["items"]}


def test_a_scan_without_an_account_is_counted_and_nothing_of_anybody_is_kept(
    service: MembersService, database: Database[dict[str, Any]], clock: SetClock
) -> None:
    """F11: the count goes up, once for each key however often it is sent, and no identity is stored."""
    assert use(service, "a") == use(service, "a") == {"station_id": "v-near", "day": "2026-03-12"}
    use(service, "b")
    clock.moment = NOW.replace(day=13)
    assert use(service, "a")["day"] == "2026-03-13"
    use(service, "c")
    assert days(service) == {"2026-03-12": 2, "2026-03-13": 1}
    assert days(service, "v-far") == {}
    turned = {"station_id": "v-near", "since": "2026-03-31", "until": "2026-03-01"}
    assert refusal(service.station_use_days, caller=ADMIN, **turned).details["errors"][0]["pointer"] == "/until"
    for kept in database["station_uses"].find():
        assert set(kept) == {"_id", "station_id", "day", "areas"}
    assert list(database["station_guests"].find()) == []


def test_a_hundred_at_once_are_a_hundred_and_the_same_a_hundred_times_is_one(service: MembersService) -> None:
    code = service.station_code(caller=ADMIN, station_id="v-near")["code"]

    def scan(key: str) -> None:
        service.use_station(command_id=key, station_id="v-near", code=code)

    with ThreadPoolExecutor(32) as many:
        list(many.map(scan, [f"k-{n}" for n in range(100)] + ["same"] * 100))
    assert days(service) == {"2026-03-12": 101}


def test_a_use_needs_the_code_of_a_station_that_is_there(service: MembersService) -> None:
    other = service.station_code(caller=ADMIN, station_id="v-far")["code"]
    wrong = refusal(service.use_station, command_id="a", station_id="v-near", code=other)
    nowhere = refusal(service.use_station, command_id="a", station_id="v-none", code=other)
    hall = refusal(service.use_station, command_id="a", station_id="v-hall", code=other)
    gone = service.station_code(caller=ADMIN, station_id="v-gone")["code"]
    closed = refusal(service.use_station, command_id="a", station_id="v-gone", code=gone)
    codes = [each.code for each in (wrong, nowhere, hall, closed)]
    assert codes == ["wrong_station_code", "station_not_found", "station_not_found", "venue_closed"]
    assert refusal(service.station_code, caller=SELF, station_id="v-near").code == "not_permitted"
    asked = {"station_id": "v-near", "since": "2026-03-01", "until": "2026-03-31"}
    assert refusal(service.station_use_days, caller=SELF, **asked).code == "not_permitted"
    assert days(service) == {}


def rider(n: int) -> dict[str, Any]:
    return {"id": f"p-rider-{n:03d}", "grants": [{"role": "rider", "scope": "360704"}], "unit": None}


def serve(service: MembersService, n: int, on: str) -> None:
    body = {"person_id": rider(n)["id"], "on": on, "kind": "safety", "points": 1}
    service.record_points(caller=ADMIN | {"grants": OFFICE}, command_id=f"points-{n}-{on}", **body)


def patrolled(service: MembersService, n: int, day: int = 15, *, stopped: bool = True) -> None:
    began = NOW.replace(day=day)
    ended = began + timedelta(hours=1) if stopped else None
    patrol = Patrol(f"r-{n}", rider(n)["id"], GRID, "360704", began, "2026-03", ended, Ended.TOLD if stopped else None)
    asked = Asked(Caller(patrol.person_id), patrol.id, "d", began)
    service.patrols_kept.begin(asked, Outcome(patrol, "patrol.started", {}, "rider"))


def credited(service: MembersService, n: int, minutes: int, id: str, day: int = 15) -> None:
    row = Row(id, f"s-{id}", rider(n)["id"], GRID, date(2026, 3, day), minutes, 0, "p-office", NOW)
    asked = Asked(Caller("p-office"), id, "d", NOW)
    service.hours_kept.rows.open(asked, Outcome(row, "hours.credited", {}, "x"))


def came(service: MembersService, n: int, at: datetime) -> None:
    first = Attendance(f"a:{rider(n)['id']}", "a", rider(n)["id"], "360704", stints=(Stint(at, None, "scan"),))
    asked = Asked(Caller(rider(n)["id"]), f"came-{n}", "d", at)
    service.attendance.begin(asked, first, lambda _: Outcome(first, "attendance.came", {}, "rider"))


OFFICE = [{"role": "party_office", "scope": "360704"}]


def funnel(service: MembersService, area: str = "360704") -> dict[str, Any]:
    return dict(service.station_funnel(caller=ADMIN, area=area, quarter="2026Q1")["items"][0])


def test_who_agrees_is_counted_once_in_a_quarter_and_may_take_it_back(
    service: MembersService, move_in: MoveIn, clock: SetClock, database: Database[dict[str, Any]]
) -> None:
    """F13: 120 used stations and 18 patrolled later: 120 → 18 = 15.00 %; who takes it back is counted no more."""
    people = [
        Person(rider(n)["id"], "360704", "谢测001", (Grant("rider", "360704"),), registered_with=GRID[:12])
        for n in range(121)
    ]
    move_in((each, None) for each in people)
    code = service.station_code(caller=ADMIN, station_id="v-near")["code"]
    body = {"station_id": "v-near", "code": code, **AGREED}
    for n in range(121):
        service.use_station_as(caller=rider(n), command_id="first", **body)
    service.use_station_as(caller=rider(0), command_id="second", **body)
    clock.moment = NOW.replace(day=20)
    for n in range(18):
        patrolled(service, n)
    for n in (3, 4, 5):
        serve(service, n, "2026-03-15")
    serve(service, 50, "2026-03-12")
    assert service.forget_station_uses(caller=rider(120)) == {"forgotten": 1}
    assert funnel(service) == {"quarter": "2026Q1", "uses": 122, "used": 120, "served": 18, "rate": 15.0}
    assert funnel(service, GRID[:12])["rate"] == 15.0
    elsewhere = {"quarter": "2026Q1", "uses": 0, "used": None, "served": None, "rate": None}
    assert funnel(service, "360704100009") == elsewhere
    quarters = service.station_funnel(caller=ADMIN, area="360704")["items"]
    assert [each["quarter"] for each in quarters] == ["2026Q1", "2025Q4", "2025Q3", "2025Q2"]
    shown = set(next(database["station_guests"].find()))
    assert not shown & {"station_id", "uses", "at", "location"}


def test_who_served_in_any_way_counts_once(service: MembersService, move_in: MoveIn, clock: SetClock) -> None:
    """F13: points, minutes that count, coming to an activity, a patrol: each says that somebody served."""
    people = (Person(rider(n)["id"], "360704", "谢测001", (), registered_with=GRID[:12]) for n in range(60))
    move_in((each, None) for each in people)
    for n in range(60):
        service.station_uses.welcome(Guest(rider(n)["id"], GRID, "2026Q1", date(2026, 3, 12), "2026-03", NOW))
    clock.moment = NOW.replace(day=31)
    for n in range(8):
        patrolled(service, n)
    for n in range(6, 12):
        credited(service, n, 60, f"h-{n}")
    for n in range(10, 15):
        came(service, n, datetime(2026, 3, 30, 16, 30, tzinfo=UTC))  # on the 31st in China
    for n in (0, 14, 15, 16, 17):
        serve(service, n, "2026-03-15")
    credited(service, 20, 60, "taken")
    credited(service, 20, -60, "back")
    patrolled(service, 21, stopped=False)
    came(service, 22, NOW)  # on the day of the use
    came(service, 23, datetime(2026, 3, 31, 16, tzinfo=UTC))  # in the next quarter
    patrolled(service, 24, day=11)
    assert funnel(service) == {"quarter": "2026Q1", "uses": 0, "used": 60, "served": 18, "rate": 30.0}


def test_a_service_under_a_former_id_is_the_persons(service: MembersService, move_in: MoveIn) -> None:
    whole = Person(rider(0)["id"], "360704", "谢测001", (), merged_from=frozenset({rider(50)["id"]}))
    gone = Person(rider(50)["id"], "360704", "谢测001", (), merged_into=rider(0)["id"], active=False)
    move_in([(whole, None), (gone, None)])
    for n in range(30):
        service.station_uses.welcome(Guest(rider(n)["id"], GRID, "2026Q1", date(2026, 3, 12), "2026-03", NOW))
    for n in (50, *range(1, 10)):
        patrolled(service, n)
    assert funnel(service)["served"] == 10


def test_a_person_of_two_entries_counts_once(service: MembersService, people: Any, move_in: MoveIn) -> None:
    first = Person("p-one", "360704", "谢测001", (Grant("rider", "360704"),), merged_from=frozenset({"p-two"}))
    second = Person("p-two", "360704", "谢测001", (), merged_into="p-one", active=False)
    move_in([(first, None), (second, None)])
    for id in ("p-one", "p-two", *(f"p-x{n}" for n in range(9))):
        service.station_uses.welcome(Guest(id, GRID, "2026Q1", date(2026, 3, 1), "2026-03", NOW))
    assert funnel(service)["used"] == 10


def test_a_code_that_is_replaced_counts_no_more_and_says_so(service: MembersService) -> None:
    """F11: a picture of the old code that got about counts nothing; the new one does."""
    old = service.station_code(caller=ADMIN, station_id="v-near")["code"]
    receipt = service.renew_station_code(caller=ADMIN, command_id="renew", station_id="v-near")
    assert service.renew_station_code(caller=ADMIN, command_id="renew", station_id="v-near") == receipt
    gone = refusal(service.use_station, command_id="k", station_id="v-near", code=old)
    assert (gone.code, days(service)) == ("station_code_replaced", {})
    code = service.station_code(caller=ADMIN, station_id="v-near")["code"]
    service.use_station(command_id="k", station_id="v-near", code=code)
    assert (code != old, days(service)) == (True, {"2026-03-12": 1})
    by_others = {"command_id": "x", "station_id": "v-near"}
    assert refusal(service.renew_station_code, caller=SELF, **by_others).code == "not_permitted"
    hall = {"caller": ADMIN, "command_id": "x", "station_id": "v-hall"}
    assert refusal(service.renew_station_code, **hall).code == "station_not_found"
