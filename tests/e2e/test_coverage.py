"""Coverage over HTTP (F03, F04, F50): posts with their roles, venues, the report as of a day, and its file."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from dev.client import Client
from tests.e2e.staged import StagedSuite
from tests.waiting import eventually

GRID = "360704100012001"
"""A grid of 滨江 that no other test changes."""

CADRE = {"grid_code": GRID, "person_id": "p-second-worker", "post": "union_cadre", "since": "2026-03-01"}


@pytest.fixture
def admin(people: dict[str, Client]) -> Client:
    return people["admin"]


def report(client: Client, day: str, area: str = GRID) -> dict[str, dict[str, Any]]:
    answer = client.get(f"/v1/coverage/{area}", params={"as_of": day})
    assert answer.ok, answer.text
    return {each["id"]: each for each in answer.json()["checks"]}


def posted(client: Client, path: str, **body: Any) -> dict[str, Any]:
    answer = client.post(path, json=body)
    assert answer.ok, (path, answer.status_code, answer.text)
    receipt: dict[str, Any] = answer.json()
    return receipt


def test_a_grid_without_its_union_cadre_is_named_and_a_new_one_fills_the_post(
    suite: StagedSuite, admin: Client
) -> None:
    """F03: V2 names the grid from the day on which the post is over, and no longer once somebody holds it."""
    suite.clock.set("2026-03-12T09:00:00+08:00")
    [cadre] = admin.get("/v1/posts", params={"area": GRID, "post": "union_cadre"}).json()["items"]
    posted(admin, f"/v1/posts/{cadre['post_id']}/end", on="2026-03-01")
    assert report(admin, "2026-02-28")["V2"]["passes"] is True
    failing = report(admin, "2026-03-02")["V2"]["failing"]
    assert [(each["id"], each["reason"]) for each in failing] == [(GRID, "union_cadre_missing")]
    posted(admin, "/v1/posts", **CADRE)
    assert report(admin, "2026-03-02")["V2"]["passes"] is True
    twice = admin.post("/v1/posts", json=CADRE | {"until": "2026-02-01"}).json()
    assert [each["code"] for each in twice["errors"]] == [twice["code"]] == ["post_ends_too_early"]


def test_the_report_of_the_district_says_all_18_and_comes_as_a_file(suite: StagedSuite, admin: Client) -> None:
    """F04: each check with its numbers, and a workbook with the same."""
    found = report(admin, "2026-03-12", "360704100")
    assert len(found) == 18
    assert (found["H1"]["passes"], found["H1"]["numerator"]) == (True, 0)
    assert (found["H3"]["passes"], found["H8"]["numerator"], found["H8"]["reason"]) == (True, 140, None)
    answer = admin.get("/v1/coverage/360704100/export", params={"as_of": "2026-03-12"})
    checks, items = load_workbook(io.BytesIO(answer.content)).worksheets
    assert (checks.max_row, items["A1"].value) == (19, "检查 Check")


def test_whom_a_notice_reached_counts_as_reachable(suite: StagedSuite, people: dict[str, Client]) -> None:
    """V8: a worker who reads a notice has been reached on that day; members hears of it from notify."""
    suite.clock.set("2026-03-12T10:00:00+08:00")
    body = {"text": "路灯不亮", "location": {"lon": 115.0058, "lat": 25.8672}, "compound_id": "c-dongyuan"}
    case_id = posted(people["resident"], "/v1/cases", **body)["case_id"]
    posted(people["dispatcher"], f"/v1/cases/{case_id}/ask-verify")

    def reached() -> bool:
        rows = suite.database("members")["reached"]
        return rows.find_one({"person_id": "p-worker", "day": "2026-03-12"}) is not None

    assert eventually(reached)


def test_a_station_is_registered_and_found_by_what_is_in_it(suite: StagedSuite, admin: Client) -> None:
    """F50, the register: a rest station with its hours and facilities."""
    station = {
        "name": "滨江社区红色驿站",
        "kind": "rest_station",
        "grid_code": GRID,
        "location": {"lon": 115.0142, "lat": 25.8527},
        "hours": [{"weekday": 0, "start": "08:00", "end": "20:00"}],
        "facilities": ["water", "charging"],
        "since": "2026-03-01",
    }
    id = posted(admin, "/v1/venues", **station)["venue_id"]
    listed = admin.get("/v1/venues", params={"area": GRID, "facility": "charging"}).json()["items"]
    assert id in [each["venue_id"] for each in listed]
    assert admin.get(f"/v1/venues/{id}").json()["hours"] == station["hours"]
    posted(admin, f"/v1/venues/{id}/close", on="2026-03-02")
