"""The shapes of a one-time code, and of contacts as members tells them."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from notify.channels.port import PHONE
from notify.messages.contact import Contact
from notify.reading import Partial, read


class CodeSchema(Schema):
    """A one-time code on its way to a phone."""

    phone = fields.String(required=True, validate=validate.Regexp(r"\d{11}\Z"))
    code = fields.String(required=True, validate=validate.Regexp(r"\d{4,8}\Z"))
    expires_at = fields.AwareDateTime(required=True, format="iso", default_timezone=None)


class ContactSchema(Partial):
    """Where somebody can be reached, as members says."""

    id = fields.String(required=True)
    unit_id = fields.String(load_default=None, allow_none=True)
    phone = fields.String(load_default=None, allow_none=True)
    language = fields.String(required=True)
    channels = fields.List(fields.String(), required=True)
    addresses = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)


_CONTACT = ContactSchema()


def contact(data: Mapping[str, Any]) -> Contact:
    """Where somebody can be reached; raises `Malformed`."""
    found = read(_CONTACT, data)
    phone = {PHONE: found["phone"]} if found["phone"] else {}
    return Contact(
        id=found["id"],
        unit_id=found["unit_id"],
        language=found["language"],
        channels=tuple(found["channels"]),
        addresses=found["addresses"] | phone,
    )
