"""The shape of the event of a change of somebody's sign-in, of which only these fields matter here."""

from marshmallow import fields

from chassis.event import Event, heard
from chassis.instant import written
from notify.notices.sign_in_notice import SignInEvent
from notify.reading import Partial


class SignInEventSchema(Partial):
    """What a notice needs of it; of a change that is not known here its owner is told all the same."""

    person_id = fields.String(required=True)
    change = fields.String(required=True)


_EVENT = SignInEventSchema()


def sign_in_event(event: Event) -> SignInEvent:
    """What notices need of the event; raises `Malformed`, for trying again would not help."""
    data = heard(_EVENT, event.data)
    facts = {"sign_in_change": data["change"], "changed_at": written(event.time)}
    return SignInEvent(event.id, event.time, data["person_id"], facts)
