"""The shapes of the events of sign-ups and of reminders, of which only these fields matter here."""

from marshmallow import fields

from chassis.event import Event, heard
from notify.notices.activity_notice import SignupEvent
from notify.reading import Partial

FACTS = ("activity_id", "grid_code", "begins", "ends")


class SignupEventSchema(Partial):
    """What a notice needs of it."""

    person_id = fields.String(required=True)
    title = fields.String(required=True)
    reason = fields.String(load_default=None, allow_none=True)


_EVENT = SignupEventSchema()


def signup_event(event: Event) -> SignupEvent:
    """What notices need of the event; raises `Malformed`, for trying again would not help."""
    data = heard(_EVENT, event.data)
    facts = {name: event.data[name] for name in FACTS if event.data.get(name) is not None}
    return SignupEvent(
        id=event.id,
        type=event.type,
        at=event.time,
        person_id=data["person_id"],
        reason=data["reason"],
        facts=facts | {"activity": data["title"]},
    )


class BySchema(Partial):
    """Who did it."""

    id = fields.String(required=True)


class CancelledSchema(Partial):
    """What the notice of an activity that was called off needs of it."""

    by = fields.Nested(BySchema, required=True)
    organiser_id = fields.String(required=True)
    title = fields.String(required=True)


_CANCELLED = CancelledSchema()


def organiser_events(event: Event) -> list[SignupEvent]:
    """The end of an activity as its organiser hears it, if somebody else has called it off; raises `Malformed`."""
    data = heard(_CANCELLED, event.data)
    if data["by"]["id"] == data["organiser_id"]:
        return []
    facts = {name: event.data[name] for name in FACTS if event.data.get(name) is not None}
    told = facts | {"activity": data["title"]}
    return [SignupEvent(event.id, event.type, event.time, data["organiser_id"], facts=told)]


class ReminderSchema(Partial):
    """What the notices of a reminder need of it."""

    people = fields.List(fields.String(), required=True)
    title = fields.String(required=True)


_REMINDER = ReminderSchema()


def reminder_events(event: Event) -> list[SignupEvent]:
    """The reminder as each person hears it; raises `Malformed`, for trying again would not help."""
    data = heard(_REMINDER, event.data)
    facts = {name: event.data[name] for name in FACTS if event.data.get(name) is not None}
    return [
        SignupEvent(event.id, event.type, event.time, person_id, facts=facts | {"activity": data["title"]})
        for person_id in dict.fromkeys(data["people"])
    ]
