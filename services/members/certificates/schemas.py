"""The shapes of what is said and asked about certificates."""

from marshmallow import Schema, fields, validate

from chassis.schema import Day, Instant, legible
from members.schemas import SHORT, WithoutNumbers

MOST_IN_PAGE = 100
NUMBER = validate.Length(min=1, max=40)
REASON = validate.And(validate.Length(min=1, max=500), legible)


class AskSchema(Schema):
    """For which local days, both included."""

    first = Day(required=True)
    last = Day(required=True)


class NumberSchema(Schema):
    """Which certificate."""

    number = fields.String(required=True, validate=NUMBER)


class CheckSchema(NumberSchema):
    """Which certificate, with the code that only it tells."""

    code = fields.String(required=True, validate=SHORT)


class RevokeSchema(NumberSchema):
    """Which certificate, and why it is taken back."""

    reason = WithoutNumbers(required=True, validate=REASON)


class CertificatePageSchema(Schema):
    """A page of one's own."""

    after = fields.Tuple((Instant(), fields.String(validate=SHORT)), load_default=None, allow_none=True)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))
