"""The shapes of what is asked about templates."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from chassis.schema import legible
from notify.templates.draft import LONGEST_SOURCE
from notify.wording.wording import LANGUAGES, LIMITS, PLAIN

LONGEST_REASON = 500

_SOURCE = validate.Length(1, LONGEST_SOURCE)
_VARIANTS = Schema.from_dict(
    {each: fields.String(required=each == PLAIN, validate=_SOURCE) for each in (PLAIN, *LIMITS)}
)
_TEXTS = Schema.from_dict({each: fields.Nested(_VARIANTS, required=True) for each in LANGUAGES})


class NameSchema(Schema):
    """One template."""

    template = fields.String(required=True, validate=validate.Length(1, 100))


class VersionsSchema(NameSchema):
    """A page of its versions; `after` is the `next` of the page before."""

    after = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=0))
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))


class PreviewSchema(NameSchema):
    """A draft of all its texts; without one those in force are shown."""

    texts = fields.Nested(_TEXTS)


class SaveSchema(PreviewSchema):
    """A new version: other texts, or those of an earlier version again."""

    based_on = fields.Integer(required=True, strict=True, validate=validate.Range(0, 1_000_000))
    reason = fields.String(required=True, validate=validate.And(validate.Length(1, LONGEST_REASON), legible))
    reverts_to = fields.Integer(strict=True, validate=validate.Range(0, 1_000_000))

    @validates_schema
    def _one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        if ("texts" in data) == ("reverts_to" in data):
            raise ValidationError("Name either texts or reverts_to.")
