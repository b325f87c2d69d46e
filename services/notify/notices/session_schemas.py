"""The shape of the event of an intake session, of which only these fields matter here."""

from marshmallow import fields, validate

from chassis.event import Event, heard
from notify.notices.session_notice import TEMPLATES, SessionEvent
from notify.reading import Partial

FACTS = ("session_id", "compound_id", "held_at", "cases", "needs")


class SessionEventSchema(Partial):
    """What a notice needs of it."""

    stage = fields.String(required=True, validate=validate.OneOf(list(TEMPLATES)))
    kind = fields.String(required=True)
    host_id = fields.String(required=True)
    attendees = fields.List(fields.String(), load_default=list)
    by_hand = fields.Integer(load_default=0)


_EVENT = SessionEventSchema()


def session_event(event: Event) -> SessionEvent:
    """What notices need of the event; raises `Malformed`, for trying again would not help."""
    data = heard(_EVENT, event.data)
    facts = {name: event.data[name] for name in FACTS if event.data.get(name) is not None}
    return SessionEvent(
        id=event.id,
        at=event.time,
        stage=data["stage"],
        host_id=data["host_id"],
        attendees=tuple(data["attendees"]),
        by_hand=data["by_hand"],
        facts={**facts, "session": data["kind"], "calls": data["by_hand"]},
    )
