"""Weekly service days over HTTP: the rule and its dates, and who comes and goes by the code of the day (F43, F44)."""

from typing import Any

import pytest

from dev.client import Client
from tests.e2e.answers import ok
from tests.e2e.serving import DAY
from tests.e2e.staged import DEMO_NOW, StagedSuite

GRID = "360704100002001"
TODAY = "2026-03-31"
"""A Tuesday, the day on which the demo ends."""

EVENINGS: dict[str, Any] = {
    "recurrence": {"weekday": 1, "starts": TODAY, "until": "2026-12-31"},
    "starts_at": "18:30",
    "minutes": 90,
    **DAY,
    "title": "周二清扫楼道",
    "sign_up_way": "当天直接参加",
}


def code_of(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.text
    return str(answer.json()["code"])


@pytest.fixture(scope="module", autouse=True)
def now(suite: StagedSuite) -> None:
    suite.clock.set(DEMO_NOW)


@pytest.fixture(scope="module")
def series(people: dict[str, Client], suite: StagedSuite) -> dict[str, Any]:
    worker = people["worker"]
    id = ok(worker.post("/v1/series", json=EVENINGS, headers={"Idempotency-Key": "f43"}), 201)["series_id"]
    return ok(worker.get(f"/v1/series/{id}"))


@pytest.fixture(scope="module")
def today(series: dict[str, Any]) -> str:
    return next(str(each["activity_id"]) for each in series["dates"] if each["day"] == TODAY)


def test_a_weekly_rule_has_dates_skips_holidays_by_name_and_one_may_be_moved(
    people: dict[str, Client], series: dict[str, Any]
) -> None:
    """F43: public holidays are skipped with the reason; an organiser moves one date, and the others stay."""
    assert [(each["day"], each["holiday"]) for each in series["dates"] if each["fate"] == "holiday"] == [
        ("2026-05-05", "劳动节"),
        ("2026-10-06", "国庆节"),
    ]
    assert series["takes_place"] == len(series["dates"]) - 2 == 38
    assert series["dates"][0]["begins_at"] == "2026-03-31T18:30:00+08:00"
    worker, id = people["worker"], series["series_id"]
    move = {"begins": "2026-04-15T18:30:00+08:00", "reason": "停水"}
    ok(worker.post(f"/v1/series/{id}/dates/2026-04-14/move", json=move))
    after = ok(people["resident"].get(f"/v1/series/{id}"))["dates"]
    moved = next(each for each in after if each["day"] == "2026-04-14")
    assert (moved["fate"], moved["begins_at"], moved["reason"]) == ("moved", move["begins"], "停水")
    assert [each for each in after if each != moved] == [
        each for each in series["dates"] if each["day"] != "2026-04-14"
    ]
    again = {"begins": "2026-04-21T14:00:00+08:00", "reason": "停水"}
    refused = worker.post(f"/v1/series/{id}/dates/2026-04-14/move", json=again)
    assert code_of(refused, 422) == "moved_onto_another_date"
    assert code_of(worker.post(f"/v1/series/{id}/dates/2026-04-15/move", json=move), 404) == "date_not_found"


def test_a_rule_that_never_ends_is_refused_beside_whatever_else_is_wrong(people: dict[str, Client]) -> None:
    """Bad input: a recurrence that never ends, and a negative capacity, told at once and each by its own code."""
    endless = {**EVENINGS, "recurrence": {"weekday": 1, "starts": TODAY}}
    assert code_of(people["worker"].post("/v1/series", json=endless), 422) == "recurrence_endless"
    refused = people["worker"].post("/v1/series", json={**endless, "capacity": -1}, headers={"Accept-Language": "en"})
    assert {(each["pointer"], each["detail"]) for each in refused.json()["errors"]} >= {
        ("/recurrence", "The recurrence never ends")
    }
    assert {each["pointer"] for each in refused.json()["errors"]} == {"/recurrence", "/capacity"}


def test_who_scans_the_code_is_there_once_and_scans_sent_later_are_answered_line_by_line(
    people: dict[str, Client], today: str
) -> None:
    """F44: in and out by scan; scans from a phone without network count once, and a bad one loses no other."""
    worker, volunteer = people["worker"], people["resident"]
    code = ok(worker.get(f"/v1/activities/{today}/muster-code"))["code"]
    assert worker.get(f"/v1/activities/{today}/muster-code/svg").headers["Content-Type"] == "image/svg+xml"
    assert code_of(volunteer.get(f"/v1/activities/{today}/muster-code"), 403) == "not_permitted"
    path = f"/v1/activities/{today}/check-in"
    assert code_of(volunteer.post(f"/v1/activities/{today}/check-out", json={"code": code}), 409) == "not_checked_in"
    forged = f"{code[:-4]}AAAA"
    assert code_of(volunteer.post(path, json={"code": forged}), 422) == "muster_code_forged"
    receipt = ok(volunteer.post(path, json={"code": code}, headers={"Idempotency-Key": "scan-in"}))
    assert (receipt["walk_in"], receipt["marked_at"]) == (True, "2026-03-31T18:00:00+08:00")
    assert code_of(volunteer.post(path, json={"code": code}), 409) == "already_checked_in"
    kept = {"activity_id": today, "code": code}
    scans = [
        {**kept, "scan_id": "scan-in", "act": "in", "scanned_at": "2026-03-31T18:00:00+08:00"},
        {**kept, "scan_id": "scan-bad", "act": "out", "code": forged, "scanned_at": "2026-03-31T18:01:00+08:00"},
        {**kept, "scan_id": "scan-out", "act": "out", "scanned_at": "2026-03-31T18:04:00+08:00"},
    ]
    first = ok(volunteer.post("/v1/attendance/scans", json={"scans": scans}))["items"]
    assert first[0] == {"scan_id": "scan-in", "receipt": receipt}
    assert (first[1]["problem"]["code"], first[2]["receipt"]["act"]) == ("muster_code_forged", "out")
    again = ok(volunteer.post("/v1/attendance/scans", json={"scans": scans}))["items"]
    assert (again[0], again[2]) == (first[0], first[2])
    [there] = ok(worker.get(f"/v1/activities/{today}/attendance"))["items"]
    [stint] = there["stints"]
    assert (stint["came_at"], stint["left_at"]) == ("2026-03-31T18:00:00+08:00", "2026-03-31T18:04:00+08:00")
    assert ok(volunteer.get("/v1/attendance"))["items"][0]["title"] == EVENINGS["title"]


def test_the_organisers_list_is_answered_line_by_line(people: dict[str, Client], today: str) -> None:
    """F44: check-in by list; nobody enters the own attendance."""
    worker = people["worker"]
    mine, others = (ok(people[who].get("/v1/me"))["person_id"] for who in ("worker", "member"))
    lines = [
        {"line_id": "1", "person_id": others, "act": "in"},
        {"line_id": "2", "person_id": mine, "act": "in"},
        {"line_id": "3", "person_id": "nobody", "act": "in"},
    ]
    told = ok(worker.post(f"/v1/activities/{today}/attendance", json={"lines": lines}))["items"]
    assert told[0]["receipt"]["act"] == "in"
    assert [each["problem"]["code"] for each in told[1:]] == ["own_attendance", "unknown_person"]
