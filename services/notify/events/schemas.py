"""The shape of an event of a case, as far as it decides who may have it."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from chassis.event import Event, heard
from notify.events.logged_event import LoggedEvent, parties
from notify.reading import AssigneeSchema, Partial


class LoggedEventSchema(Partial):
    """What partners' filters need of it."""

    case_id = fields.String(required=True)
    category = fields.String(load_default=None, allow_none=True)
    respond_due = fields.String(load_default=None, allow_none=True)
    resolve_due = fields.String(load_default=None, allow_none=True)
    grid_code = fields.String(load_default=None, allow_none=True)
    complained_unit_id = fields.String(load_default=None, allow_none=True)
    restricted = fields.Boolean(required=True)
    assignees = fields.List(fields.Nested(AssigneeSchema), load_default=list, allow_none=True)
    relieved = fields.List(fields.String(), load_default=list, allow_none=True)


_LOGGED_EVENT = LoggedEventSchema()


def logged_event(event: Event) -> LoggedEvent:
    """The event as the log keeps it; raises `Malformed`."""
    data = heard(_LOGGED_EVENT, event.data)
    return LoggedEvent(
        id=event.id,
        type=event.type,
        source=event.source,
        subject=event.subject,
        sequence=event.sequence,
        time=event.time,
        correlation_id=event.correlation_id,
        body=event.body,
        case_id=data["case_id"],
        grid_code=data["grid_code"],
        restricted=data["restricted"],
        complained_unit_id=data["complained_unit_id"],
        registered=_registered(data),
        category=data["category"],
        parties=parties(data),
    )


def _registered(data: Mapping[str, Any]) -> bool:
    # A reporter may name a category; the deadlines are set by registering (docs/domain.md §2.2).
    return data["category"] is not None and bool(data["respond_due"] or data["resolve_due"])
