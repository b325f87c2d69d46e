"""Venues over HTTP: one at a time, within their hours; and what an activity leaves behind: calendars and feedback."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from icalendar import Calendar

from dev.client import Client
from gateway.tokens import Tokens
from tests.e2e.answers import ok
from tests.e2e.staged import StagedSuite

GRID = "360704100002001"
FIRST = 501
"""Which volunteers of the demo these tests have to themselves."""

MONDAY = "2025-10-13"
HALL = {
    "name": "测试实践站",
    "kind": "practice_station",
    "grid_code": GRID,
    "location": {"lon": 115.0061, "lat": 25.8671},
    "hours": [{"weekday": day, "start": "09:00", "end": "18:00"} for day in range(7)],
    "capacity": 60,
    "since": "2025-10-01",
}
TALK: dict[str, Any] = {
    "title": "反诈宣讲",
    "text": "防范电信诈骗",
    "grid_code": GRID,
    "begins": f"{MONDAY}T09:00:00+08:00",
    "ends": f"{MONDAY}T11:00:00+08:00",
    "place": "测试实践站",
    "muster": {"lon": 115.0061, "lat": 25.8671},
    "capacity": 30,
    "sign_up_way": "在本页报名",
    "conditions": "年满十四周岁",
    "risks": "无",
    "protection": "提供饮水",
}


@pytest.fixture
def hall(suite: StagedSuite, people: dict[str, Client]) -> str:
    suite.clock.set("2025-10-10T09:00:00+08:00")
    return str(ok(people["admin"].post("/v1/venues", json=HALL), 201)["venue_id"])


def volunteer(suite: StagedSuite, n: int) -> Client:
    caller = {"id": f"p-volunteer-{FIRST + n:04d}", "grants": [{"role": "volunteer", "scope": "360704"}]}
    return suite.client(Tokens(suite.secrets["TOKEN_KEY"], 3600).issue(f"s-{n}", caller, time.time()))


def test_of_two_activities_that_overlap_at_one_venue_the_second_is_told_what_is_free(
    people: dict[str, Client], hall: str
) -> None:
    """F50: two activities overlap at the practice station: the second is refused with free slots."""
    worker = people["worker"]
    ok(worker.post("/v1/activities", json={**TALK, "venue_id": hall}), 201)
    later = {"begins": f"{MONDAY}T10:00:00+08:00", "ends": f"{MONDAY}T12:00:00+08:00"}
    refused = ok(worker.post("/v1/activities", json={**TALK, **later, "venue_id": hall}), 409)
    assert refused["code"] == "venue_taken"
    free = [{"begins": f"{MONDAY}T11:00:00+08:00", "ends": f"{MONDAY}T18:00:00+08:00"}]
    assert refused["details"]["free"] == free
    assert ok(people["resident"].get(f"/v1/venues/{hall}/free-slots?day={MONDAY}"))["free"] == free
    [held] = ok(worker.get(f"/v1/venues/{hall}/bookings?day={MONDAY}"))["items"]
    assert held["activity_id"] is not None
    assert ok(worker.post(f"/v1/bookings/{held['booking_id']}/cancel"), 409)["code"] == "booking_of_activity"
    assert people["resident"].get(f"/v1/venues/{hall}/bookings").status_code == 403


def test_of_a_hundred_who_ask_for_a_slot_at_once_one_has_it(people: dict[str, Client], hall: str) -> None:
    """F50: one winner; each of the others is told that the venue is taken."""
    body = {"begins": TALK["begins"], "ends": TALK["ends"], "heads": 40, "purpose": "合唱排练"}

    def book(_: int) -> str:
        answer = people["worker"].post(f"/v1/venues/{hall}/bookings", json=body)
        return "won" if answer.status_code == 201 else str(answer.json()["code"])

    with ThreadPoolExecutor(20) as many:
        assert Counter(many.map(book, range(100))) == {"won": 1, "venue_taken": 99}
    wrong = {**body, "begins": f"{MONDAY}T07:01:00+08:00", "heads": 61}
    refused = ok(people["worker"].post(f"/v1/venues/{hall}/bookings", json=wrong), 422)
    assert {each["pointer"] for each in refused["errors"]} == {"/begins", "/heads"}


def events(content: bytes) -> dict[str, tuple[str, int]]:
    found = Calendar.from_ical(content).walk("VEVENT")
    return {str(each["UID"]): (str(each["STATUS"]), each.decoded("SEQUENCE")) for each in found}


def test_what_somebody_signed_up_for_is_in_their_calendar_and_is_said_afterwards(
    people: dict[str, Client], suite: StagedSuite, hall: str
) -> None:
    """F12: a calendar to subscribe to, and feedback from who was there, once, hidden below three."""
    worker, anyone = people["worker"], suite.client()
    id = ok(worker.post("/v1/activities", json={**TALK, "venue_id": hall}), 201)["activity_id"]
    guests = [volunteer(suite, n) for n in range(3)]
    for guest in guests:
        assert ok(guest.post(f"/v1/activities/{id}/signups", json={}), 201)["state"] == "in"
    made = ok(guests[0].post("/v1/calendars"), 201)
    feed = made["url"].removeprefix(suite.url)
    uid = f"activity-{id}@sandan"
    assert events(anyone.get(feed).content) == {uid: ("CONFIRMED", 0)}
    assert events(anyone.get(f"/v1/activities.ics?area={GRID}").content)[uid] == ("CONFIRMED", 0)
    early = guests[0].post(f"/v1/activities/{id}/feedback", json={"mark": 5})
    assert ok(early, 409)["code"] == "activity_not_over"
    suite.clock.set(f"{MONDAY}T12:00:00+08:00")
    for mark, guest in zip((5, 4, 5), guests, strict=True):
        shown = ok(worker.get(f"/v1/activities/{id}/feedback"))
        assert shown["average"] is None
        ok(guest.post(f"/v1/activities/{id}/feedback", json={"mark": mark, "text": "电话12000000001"}), 201)
    shown = ok(worker.get(f"/v1/activities/{id}/feedback"))
    assert (shown["answers"], shown["average"], shown["texts"]) == (3, 4.67, ["电话120****0001"] * 3)
    twice = guests[0].post(f"/v1/activities/{id}/feedback", json={"mark": 1})
    assert ok(twice, 409)["code"] == "feedback_given"
    stranger = volunteer(suite, 3).post(f"/v1/activities/{id}/feedback", json={"mark": 1})
    assert ok(stranger, 403)["code"] == "was_not_there"
    ok(guests[0].post(f"/v1/calendars/{made['calendar_id']}/revoke"))
    assert anyone.get(feed).status_code == 404
