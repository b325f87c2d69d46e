"""The shapes of the events of registrations and evaluations, of which only these fields matter here."""

from marshmallow import fields

from chassis.event import Event, heard
from notify.notices.dual_service_notice import DualServiceEvent
from notify.reading import Partial

FACTS = ("slip", "period", "object_until")


class DualServiceEventSchema(Partial):
    """What a notice needs of it."""

    unit_id = fields.String(required=True)
    person_id = fields.String(load_default=None, allow_none=True)
    reason_code = fields.String(load_default=None, allow_none=True)


_EVENT = DualServiceEventSchema()


def dual_service_event(event: Event) -> DualServiceEvent:
    """What notices need of the event; raises `Malformed`, for trying again would not help."""
    data = heard(_EVENT, event.data)
    facts = {name: event.data[name] for name in FACTS if event.data.get(name) is not None}
    reason = {"registration_reason": data["reason_code"]} if data["reason_code"] else {}
    return DualServiceEvent(
        id=event.id,
        type=event.type,
        at=event.time,
        unit_id=data["unit_id"],
        person_id=data["person_id"],
        facts=facts | reason,
    )
