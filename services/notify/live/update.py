"""One line of what happens: what is told of it, and the marks that decide who hears it; no store.

It says no more than the outline of a case does, so that whoever may see a case at all may hear all of it; who wants to
know more asks for the case (docs/adr/0040).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from notify.area import areas_around
from notify.events import cursor
from notify.events.line import Line
from notify.events.logged_event import LoggedEvent
from notify.notices.notice import Notice
from notify.permission import Inboxes

TOLD = (
    "case_id",
    "number",
    "version",
    "act",
    "status",
    "category",
    "severity",
    "grid_code",
    "restricted",
    "respond_due",
    "resolve_due",
    "accept_due",
    "round",
)
"""Fields of an event that are repeated: ids, codes, states and times."""


@dataclass(frozen=True)
class Update:
    """What is told at one place of a strand; `cursor` is how readers keep the place after it.

    One without marks is heard by nobody, and keeps its place.
    """

    position: int
    cursor: str
    type: str
    marks: tuple[str, ...]
    data: Mapping[str, Any]

    def dump(self) -> dict[str, Any]:
        """The JSON-safe form."""
        return {**vars(self), "marks": list(self.marks)}


NOTICE_ADDED = "notice.added"

NOWHERE = "nowhere"
"""Stands for the place of what has none."""


def of_notice(position: int, cursor: str, notice: Notice | None) -> Update:
    """The update about a notice that came into an inbox; of one that is not kept any more nobody hears."""
    if notice is None:
        return Update(position, cursor, NOTICE_ADDED, (), {})
    told = {
        "type": NOTICE_ADDED,
        "time": _instant(notice.at),
        "notice_id": notice.id,
        "template": notice.template,
        "case_id": notice.case_id,
        "number": notice.number,
        "mandatory": notice.mandatory,
    }
    return Update(position, cursor, NOTICE_ADDED, tuple(_marks_of_notice(notice)), told)


def inbox_marks(inboxes: Inboxes) -> Iterator[str]:
    """The marks of what comes into these inboxes, each of which is enough."""
    yield from map(_inbox_mark, inboxes.own)
    if inboxes.unit is not None:
        yield from (_inbox_mark(inboxes.unit, place) for place in (NOWHERE, *inboxes.scopes))


def _marks_of_notice(notice: Notice) -> Iterator[str]:
    yield _inbox_mark(notice.recipient)
    around = areas_around(notice.grid_code or "")
    yield from (_inbox_mark(notice.recipient, area) for area in around)
    if notice.grid_code is None and notice.case_id is None:
        yield _inbox_mark(notice.recipient, NOWHERE)


def _inbox_mark(recipient: str, place: str | None = None) -> str:
    """The mark of what comes into the inbox of a person or a unit, all of it or what is about a place."""
    return f"inbox:{recipient}" if place is None else f"inbox:{recipient}@{place}"


def of_case(line: Line) -> Update:
    """The update about a line of the log of events."""
    event = line.event
    body: dict[str, Any] = json.loads(event.body)
    told = {"id": event.id, "type": event.type, "time": _instant(event.time), **{name: body.get(name) for name in TOLD}}
    return Update(line.position, cursor.written(line.cursor()), event.type, tuple(_marks(event, body)), told)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _marks(event: LoggedEvent, body: Mapping[str, Any]) -> Iterator[str]:
    """The facts about an event by which cases says who may hear it; they are not told to anybody."""
    yield f"case:{event.case_id}"
    yield f"type:{event.type}"
    yield from (f"area:{area}" for area in areas_around(event.grid_code or ""))
    if event.restricted:
        yield "restricted"
    if body.get("category") is None:
        yield "uncategorised"
    if event.complained_unit_id:
        yield f"about:{event.complained_unit_id}"
    if reporter := body.get("reporter_id"):
        yield f"reported-by:{reporter}"
