"""The shapes of a one-time code, and of contacts as members tells them."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from chassis.event import heard
from chassis.schema import Instant
from notify.channels.port import ORDER, PHONE
from notify.messages.contact import Contact
from notify.messages.message import State
from notify.preferences.kinds import KIND_OF
from notify.reading import Partial
from notify.wording.catalogue import LANGUAGES

ID = validate.Length(min=1, max=100)
MESSAGE_ID = validate.Length(min=1, max=400)


class CodeSchema(Schema):
    """A one-time code on its way to a phone."""

    phone = fields.String(required=True, validate=validate.Regexp(r"\d{11}\Z"))
    code = fields.String(required=True, validate=validate.Regexp(r"\d{4,8}\Z"))
    expires_at = fields.AwareDateTime(required=True, format="iso", default_timezone=None)


class PhoneChangedSchema(Schema):
    """A phone to which no messages of somebody go any more, and how they want to be told."""

    phone = fields.String(required=True, validate=validate.Regexp(r"\d{11}\Z"))
    changed_at = fields.AwareDateTime(required=True, format="iso", default_timezone=None)
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))


class ContactSchema(Partial):
    """Where somebody can be reached, as members says."""

    id = fields.String(required=True)
    ids = fields.List(fields.String(), load_default=list)
    unit_id = fields.String(load_default=None, allow_none=True)
    scopes = fields.List(fields.String(), load_default=lambda: [""])  # of a members that does not say: everywhere
    phone = fields.String(load_default=None, allow_none=True)
    language = fields.String(required=True)
    channels = fields.List(fields.String(), required=True)
    addresses = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    tenant = fields.String(load_default=None, allow_none=True)


class KnownAsSchema(Partial):
    """Every id of a person, as members says."""

    ids = fields.List(fields.String(), required=True)


class ResendSchema(Schema):
    """Which messages are meant."""

    person_id = fields.String(validate=ID)
    case_id = fields.String(validate=ID)
    channel = fields.String(validate=validate.OneOf(ORDER))
    template = fields.String(validate=validate.OneOf(sorted(KIND_OF)))
    since = Instant()
    until = Instant()

    @validates_schema
    def _period(self, data: dict[str, Any], **_: Any) -> None:
        if "since" in data and "until" in data and data["until"] <= data["since"]:
            raise ValidationError("Not after `since`.", "until")


class MessagesSchema(ResendSchema):
    """A page of the log; `after` is the `next` of the page before."""

    state = fields.Enum(State, by_value=True)
    after = fields.Tuple((Instant(), fields.String(validate=MESSAGE_ID)), load_default=None, allow_none=True)
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))


class MessageIdSchema(Schema):
    """One message."""

    message_id = fields.String(required=True, validate=MESSAGE_ID)


class ResendingIdSchema(Schema):
    """What was asked to be sent once more."""

    resending_id = fields.String(required=True, validate=ID)


_CONTACT, _KNOWN_AS = ContactSchema(), KnownAsSchema()


def known_as(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Every id of a person; raises `Malformed`."""
    return tuple(heard(_KNOWN_AS, data)["ids"])


def contact(data: Mapping[str, Any]) -> Contact:
    """Where somebody can be reached; raises `Malformed`."""
    found = heard(_CONTACT, data)
    phone = {PHONE: found["phone"]} if found["phone"] else {}
    return Contact(
        id=found["id"],
        unit_id=found["unit_id"],
        language=found["language"],
        channels=tuple(found["channels"]),
        addresses=found["addresses"] | phone,
        district=found["tenant"],
        ids=tuple(found["ids"]) or (found["id"],),
        scopes=tuple(found["scopes"]),
    )
