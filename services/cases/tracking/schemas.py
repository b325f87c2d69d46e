"""The shapes of what comes by a link, or from somebody without an account."""

from marshmallow import Schema, fields, validate

from cases.schemas import PlainReportSchema, Text

TOKEN = validate.Length(min=1, max=200)


class LinkSchema(Schema):
    """The token of a link."""

    token = fields.String(required=True, validate=TOKEN)


class LinkAnswerSchema(LinkSchema):
    """What somebody answers who has it."""

    text = Text(required=True)


class AnybodysReportSchema(PlainReportSchema):
    """A report of somebody without an account: what happened and where, and nothing of who it is."""
