"""The shape of the event of a subscription that was disabled."""

from marshmallow import fields

from chassis.event import Event, heard
from notify.notices.partner_notice import SubscriptionEvent
from notify.reading import Partial


class SubscriptionEventSchema(Partial):
    """What a notice needs of it."""

    subscription_id = fields.String(required=True)
    recipient = fields.String(required=True)
    recipients = fields.List(fields.String(), load_default=list)
    reason = fields.String(required=True)


_EVENT = SubscriptionEventSchema()


def subscription_event(event: Event) -> SubscriptionEvent:
    """What notices need of the event; raises `Malformed`, for trying again would not help."""
    found = heard(_EVENT, event.data)
    told = tuple(found["recipients"] or [found["recipient"]])
    return SubscriptionEvent(event.id, event.time, found["subscription_id"], told, found["reason"])
