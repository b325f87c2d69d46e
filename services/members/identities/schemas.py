"""The shapes of consent to show an identity and of its end."""

from marshmallow import Schema, fields, validate

from members.people.person import TAGS
from members.schemas import NAME


class WithdrawSchema(Schema):
    """Which identity."""

    kind = fields.String(required=True, validate=validate.OneOf(TAGS))


class OptInSchema(WithdrawSchema):
    """Which identity, and to which version of the text somebody agrees."""

    text_version = fields.String(required=True, validate=NAME)
