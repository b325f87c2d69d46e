"""The shapes of the events of hours, stars and certificates, of which only these fields matter here."""

from marshmallow import fields

from chassis.event import Event, heard
from notify.notices.hours_notice import HoursEvent
from notify.reading import Partial

FACTS = ("day", "star", "hours", "number")


class HoursEventSchema(Partial):
    """What a notice needs of it."""

    person_id = fields.String(required=True)
    title = fields.String(load_default=None, allow_none=True)


_EVENT = HoursEventSchema()


def hours_event(event: Event) -> HoursEvent:
    """What notices need of the event; raises `Malformed`, for trying again would not help."""
    data = heard(_EVENT, event.data)
    facts = {name: event.data[name] for name in FACTS if event.data.get(name) is not None}
    title = {"activity": data["title"]} if data["title"] else {}
    return HoursEvent(event.id, event.type, event.time, data["person_id"], facts | title)
