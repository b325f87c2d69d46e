"""Where to rest and what comes of it, on the whole suite: the nearest, a scan without an account, a report."""

from typing import Any
from uuid import uuid4

from dev.client import Client
from tests.drawn_code import read_off_picture
from tests.e2e.answers import ok
from tests.e2e.staged import DEMO_NOW, StagedSuite

STATION = {
    "name": "测试驿站甲",
    "kind": "rest_station",
    "grid_code": "360704100012002",
    "location": {"lon": 115.0221, "lat": 25.8531},
    "hours": [{"weekday": day, "start": "08:00", "end": "20:00"} for day in range(7)],
    "facilities": ["water", "charging"],
    "since": "2026-03-01",
}


def test_the_nearest_open_station_with_water_comes_first(people: dict[str, Client]) -> None:
    """F10: at (115.006, 25.860) at 13:05 "open now, water": by distance, without those that are closed."""
    at: dict[str, Any] = {"lon": 115.006, "lat": 25.860, "open_at": "2026-03-31T13:05:00+08:00", "facility": "water"}
    found = ok(people["resident"].get("/v1/stations", params=at))["items"]
    metres = [each["metres"] for each in found]
    assert (found[0]["name"], metres) == ("广场社区红色驿站", sorted(metres))
    assert len(found) >= 14
    assert {"water"} <= set.intersection(*(set(each["facilities"]) for each in found))
    late = ok(people["resident"].get("/v1/stations", params={**at, "open_at": "2026-03-31T21:00:00+08:00"}))["items"]
    assert [each["name"] for each in late] == ["广场社区红色驿站"]


def test_a_scan_without_an_account_is_counted_once(people: dict[str, Client], suite: StagedSuite) -> None:
    """F11: the code is scanned, the count goes up once for each scan, and no identity is stored."""
    admin, anyone = people["admin"], suite.client()
    suite.clock.set(DEMO_NOW)
    id = ok(admin.post("/v1/venues", json=STATION), 201)["venue_id"]
    picture = admin.get(f"/v1/stations/{id}/code")
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/svg+xml")
    assert anyone.get(f"/v1/stations/{id}/code").status_code == 401
    wrong = anyone.post(f"/v1/stations/{id}/uses", json={"code": "0" * 20})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_station_code")
    key = {"Idempotency-Key": str(uuid4())}
    scanned = {"code": _code(people["admin"], id)}
    for headers in (key, key, {"Idempotency-Key": str(uuid4())}):
        assert ok(anyone.post(f"/v1/stations/{id}/uses", json=scanned, headers=headers))["station_id"] == id
    days = ok(admin.get(f"/v1/stations/{id}/uses?since=2026-03-01&until=2026-03-31"))["items"]
    assert [each["uses"] for each in days] == [2]
    agreed = ok(people["resident"].post(f"/v1/stations/{id}/own-uses", json={**scanned, "text_version": "2026-03"}))
    assert agreed["station_id"] == id
    kept = list(suite.database("members")["station_uses"].find({"station_id": id}))
    assert {name for each in kept for name in each} == {"_id", "station_id", "day", "areas"}
    assert ok(people["resident"].delete("/v1/own-station-uses"))["forgotten"] >= 1
    assert ok(people["resident"].delete("/v1/own-station-uses"))["forgotten"] == 0


def test_the_report_is_for_who_oversees_and_tells_nothing_of_a_few(people: dict[str, Client]) -> None:
    found = ok(people["admin"].get("/v1/station-funnel/360704100012?quarter=2025Q3"))
    assert [each["used"] for each in found["items"]] == [None] * 4
    assert people["resident"].get("/v1/station-funnel/360704100012").status_code == 403
    file = people["admin"].get("/v1/station-funnel/360704100012/export?format=csv")
    assert file.headers["Content-Type"].startswith("text/csv")


def _code(admin: Client, id: str) -> str:
    """What stands behind the # of the picture, as a phone reads it."""
    [read] = read_off_picture(admin.get(f"/v1/stations/{id}/code").content)
    where, _, code = read.partition("#")
    assert where.endswith(f"/v1/stations/{id}/uses")
    return code
