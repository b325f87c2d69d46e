"""The shapes of a call's event, of the pages of whom it is for, and of the question how it stands."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from marshmallow import Schema, fields, validate

from chassis.event import Event, heard
from notify.calls.call import Call, Off, Page
from notify.reading import Partial


class CallEventSchema(Partial):
    """What telling it needs of it."""

    call_id = fields.String(required=True)
    grids = fields.List(fields.String(), required=True, validate=validate.Length(min=1))
    text = fields.String(required=True)
    begins = fields.AwareDateTime(required=True, format="iso", data_key="for")
    emergency = fields.Boolean(load_default=False)


class WithdrawnSchema(CallEventSchema):
    """What telling that one is withdrawn needs besides."""

    reason = fields.String(required=True)


class PageSchema(Partial):
    """A page of people, as members tells it."""

    items = fields.List(fields.String(), required=True)
    next = fields.String(required=True, allow_none=True)


class AnsweredSchema(Partial):
    """Which of some people have answered, as members tells it."""

    answered = fields.List(fields.String(), required=True)


class CallIdSchema(Schema):
    """One call."""

    call_id = fields.String(required=True, validate=validate.Length(min=1, max=100))


_EVENT, _WITHDRAWN, _PAGE, _ANSWERED = CallEventSchema(), WithdrawnSchema(), PageSchema(), AnsweredSchema()


def call_in_hand(event: Event) -> Call:
    """The call that the event tells of; raises `Malformed`, for trying again would not help."""
    return _call(event, heard(_EVENT, event.data))


def withdrawn_call(event: Event) -> Call:
    """The call that the event withdraws, as it is known from that alone; raises `Malformed`."""
    data = heard(_WITHDRAWN, event.data)
    return replace(_call(event, data), off=Off(event.id, event.time, data["reason"]))


def _call(event: Event, data: Mapping[str, Any]) -> Call:
    return Call(
        id=data["call_id"],
        event_id=event.id,
        issued_at=event.time,
        grids=tuple(data["grids"]),
        text=data["text"],
        begins=data["begins"],
        emergency=data["emergency"],
    )


def page(told: Mapping[str, Any]) -> Page:
    """A page of whom a call is for; raises `Malformed`."""
    data = heard(_PAGE, told)
    return Page(tuple(data["items"]), data["next"])


def answered(told: Mapping[str, Any]) -> list[str]:
    """Who has answered; raises `Malformed`."""
    found: list[str] = heard(_ANSWERED, told)["answered"]
    return found
