"""An event as the log keeps it, what decides who may have it, and what of it partners are posted."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from notify.events.subject import Subject

WITHHELD = frozenset(
    {
        "reporter_id",
        "callback",
        "follower_callbacks",
        "followers",
        "complained_unit_id",
        "relieved",
        "stays",
        "joined_case_id",
        "joined_number",
    },
)
"""Fields that partners never get: they name people, or a report that the partner may not hear of."""

ENDS = frozenset({"case.answered_directly", "case.closed", "case.merged", "case.rejected", "case.withdrawn"})
"""The events after which nobody has anything to do on a case."""

AT_HAND = 256
"""For so many events what partners are posted is kept at hand: it goes to several of them at nearly the same time."""


@dataclass(frozen=True)
class LoggedEvent:
    """One event of a case; `body` is what the publisher sent, byte for byte."""

    id: str
    type: str
    source: str
    subject: str
    sequence: int
    time: datetime
    correlation_id: str | None
    body: bytes
    case_id: str
    grid_code: str | None
    restricted: bool
    complained_unit_id: str | None
    registered: bool = False
    category: str | None = None
    parties: tuple[str, ...] = ()

    def seen_as(self) -> Subject:
        """What decides whether it may go to a partner."""
        return Subject(
            self.type,
            self.grid_code,
            self.restricted,
            self.complained_unit_id,
            self.registered,
            self.category,
            frozenset(self.parties),
        )


def parties(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The units that have the case after this event, and whoever it has relieved, for a unit that is let go hears so.

    Of those relieved the event does not say whether they are units or people; a person's id is no unit's.
    """
    units = [one["id"] for one in data.get("assignees") or () if one["kind"] == "unit"]
    return tuple(dict.fromkeys([*units, *(data.get("relieved") or ())]))


def cloud_headers(event: LoggedEvent) -> dict[str, str]:
    """The headers of the event in binary mode (CloudEvents 1.0, HTTP protocol binding §3.1).

    Without the correlation id: whoever made the request may have chosen it.
    """
    return {
        "content-type": "application/json",
        "ce-specversion": "1.0",
        "ce-id": event.id,
        "ce-type": event.type,
        "ce-source": event.source,
        "ce-subject": event.subject,
        "ce-time": event.time.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "ce-sequence": str(event.sequence),
    }


def cloud_event(event: LoggedEvent) -> str:
    """The event as one JSON object (CloudEvents 1.0, JSON format §3), with the attributes and bytes of a webhook."""
    headers = cloud_headers(event)
    kept = {name.removeprefix("ce-"): value for name, value in headers.items() if name.startswith("ce-")}
    attributes = json.dumps({**kept, "datacontenttype": headers["content-type"]}, separators=(",", ":"))
    return f'{attributes[:-1]},"data":{partner_body(event).decode()}}}'


@lru_cache(maxsize=AT_HAND)
def partner_body(event: LoggedEvent) -> bytes:
    """What partners are posted: the data of the event without anything that tells who a person is.

    The same event gives the same bytes, on every try and to every partner.
    """
    data: dict[str, Any] = json.loads(event.body)
    return json.dumps(_without_people(data), ensure_ascii=False, separators=(",", ":")).encode()


def _without_people(data: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: value for name, value in data.items() if name not in WITHHELD}
    assignees = data.get("assignees") or []
    shown["assignees"] = [_assignee(one) for one in assignees]
    if isinstance(by := data.get("by"), Mapping):
        shown["by"] = {"role": by.get("role")}
    if data.get("assignee_id") not in {one["id"] for one in assignees if one["kind"] == "unit"}:
        shown.pop("assignee_id", None)
    if isinstance(data.get("minutes"), Mapping):  # by the id of who was there
        del shown["minutes"]
    return shown


def _assignee(one: Mapping[str, Any]) -> dict[str, Any]:
    names = ("id", "kind", "lead", "accepted") if one["kind"] == "unit" else ("kind", "lead", "accepted")
    return {name: one[name] for name in names if name in one}
