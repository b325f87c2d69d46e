"""Activities as a calendar that programs subscribe to (iCalendar, RFC 5545); what is in it the services decide."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from icalendar import Calendar, Event, vGeo

MEDIA_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Sandan//activities//ZH"
EVERY = "PT1H"
"""How often programs are asked to look again (RFC 7986 §5.7)."""


def calendar_file(name: str, found: Mapping[str, Any]) -> bytes:
    """The entries as one file, made at the moment `at`; its times are in UTC, which every program shows as local."""
    calendar = Calendar()
    for field, value in (("prodid", PRODUCT), ("version", "2.0"), ("method", "PUBLISH"), ("x-wr-calname", name)):
        calendar.add(field, value)
    calendar.add("refresh-interval", EVERY, parameters={"VALUE": "DURATION"}, encode=False)
    for entry in found["items"]:
        calendar.add_component(_event(entry, _instant(found["at"])))
    return bytes(calendar.to_ical())


def _event(entry: Mapping[str, Any], made: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry['uid']}@sandan")
    event.add("dtstamp", made)
    event.add("dtstart", _instant(entry["begins"]))
    event.add("dtend", _instant(entry["ends"]))
    event.add("summary", entry["title"])
    event.add("description", entry["text"])
    event.add("location", entry["place"])
    event.add("geo", vGeo((entry["lat"], entry["lon"])))
    event.add("status", entry["status"])
    event.add("sequence", entry["sequence"])
    return event


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
