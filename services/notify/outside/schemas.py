"""The shapes of a one-time code, and of contacts as members tells them."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from notify.outside.contact import Contact
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

    @post_load
    def _contact(self, data: dict[str, Any], **_: Any) -> Contact:
        return Contact(**{**data, "channels": tuple(data["channels"])})


_CONTACT = ContactSchema()


def contact(data: Mapping[str, Any]) -> Contact:
    """Where somebody can be reached; raises `Malformed`."""
    found: Contact = read(_CONTACT, data)  # type: ignore[assignment]  # the schema makes a Contact
    return found
