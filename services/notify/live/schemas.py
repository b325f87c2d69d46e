"""The shapes of what a gateway asks of a strand."""

from marshmallow import Schema, fields, validate

CASES = "cases"
INBOX = "inbox"
STRANDS = (CASES, INBOX)

LONGEST_CURSOR = 2_000


class ClauseSchema(Schema):
    """One clause of a watch."""

    key = fields.String(required=True)
    none = fields.List(fields.String(), required=True)


class UpdatesSchema(Schema):
    """Which strand, and after which cursor; without one nothing."""

    strand = fields.String(required=True, validate=validate.OneOf(STRANDS))
    after = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, LONGEST_CURSOR))


class MissedSchema(UpdatesSchema):
    """The same for somebody with a watch."""

    clauses = fields.List(fields.Nested(ClauseSchema), required=True)
