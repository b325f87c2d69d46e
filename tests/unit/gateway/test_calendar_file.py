"""A calendar is read back as it was meant by a library that reads iCalendar (RFC 5545)."""

from datetime import UTC, datetime
from typing import Any

from flask.testing import FlaskClient
from icalendar import Calendar

from chassis.errors import Refusal
from tests.unit.gateway.fakes import FakeServices, said

ENTRY = {
    "uid": "activity-a-1",
    "sequence": 3,
    "status": "CONFIRMED",
    "begins": "2026-03-19T01:00:00Z",
    "ends": "2026-03-19T03:00:00Z",
    "title": "扮靓周四；清扫, 楼道" * 5,
    "text": "第一行\n第二行, 带逗号; 带分号",
    "place": "东源胜景小区门口",
    "lon": 115.0058,
    "lat": 25.8672,
}
FOUND: dict[str, Any] = {
    "at": "2026-03-12T11:46:00Z",
    "items": [ENTRY, {**ENTRY, "uid": "activity-a-2", "status": "CANCELLED", "sequence": 4}],
}


def events(content: bytes) -> list[Any]:
    calendar = Calendar.from_ical(content)
    assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "PUBLISH")
    assert calendar.errors == []
    found = list(calendar.walk("VEVENT"))
    assert all(each.errors == [] for each in found)
    return found


def test_the_calendar_of_an_area_is_open_to_everybody(anyone: FlaskClient, services: FakeServices) -> None:
    services.outcomes["members.area_calendar"] = FOUND | {"name": "赣县区"}
    answer = anyone.get("/v1/activities.ics?area=360704")
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))
    assert Calendar.from_ical(answer.data)["X-WR-CALNAME"] == "赣县区活动"
    first, second = events(answer.data)
    assert (first["UID"], first["SEQUENCE"], first["STATUS"]) == ("activity-a-1@sandan", 3, "CONFIRMED")
    assert (second["UID"], second["SEQUENCE"], second["STATUS"]) == ("activity-a-2@sandan", 4, "CANCELLED")
    assert (first["SUMMARY"], first["DESCRIPTION"], first["LOCATION"]) == (
        ENTRY["title"],
        ENTRY["text"],
        ENTRY["place"],
    )
    times = [first.decoded(name) for name in ("DTSTART", "DTEND", "DTSTAMP")]
    assert times == [
        datetime(2026, 3, 19, 1, tzinfo=UTC),
        datetime(2026, 3, 19, 3, tzinfo=UTC),
        datetime(2026, 3, 12, 11, 46, tzinfo=UTC),
    ]
    assert first["GEO"].to_ical() == "25.8672;115.0058"
    assert anyone.get("/v1/activities.ics").status_code == 422


def test_a_link_is_made_with_its_address_and_leads_there_without_signing_in(
    client: FlaskClient, anyone: FlaskClient, services: FakeServices
) -> None:
    receipt = {"calendar_id": "c-1", "version": 1, "at": FOUND["at"], "event_id": "e-1", "token": "c-1-secret"}
    services.outcomes["members.open_calendar"] = receipt
    made = said(client.post("/v1/calendars"))
    assert made["url"] == "http://localhost/v1/calendars/c-1-secret.ics"
    services.outcomes["members.own_calendar"] = FOUND
    answer = anyone.get("/v1/calendars/c-1-secret.ics")
    assert services.last == {"token": "c-1-secret"}
    assert (len(events(answer.data)), answer.headers["Cache-Control"]) == (2, "private, max-age=300")
    services.outcomes["members.own_calendar"] = Refusal("calendar_not_found")
    assert anyone.get("/v1/calendars/other.ics").status_code == 404
