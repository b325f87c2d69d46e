"""The shapes of what is said and asked about hours, and of the event that tells of time spent on a case."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from chassis.schema import Day, Instant, legible
from members.hours.record import State
from members.schemas import AREA, DAY, SHORT, WithoutNumbers

MOST_AT_ONCE = 100
MOST_IN_PAGE = 200
MOST_STINTS = 20
WORDS = validate.And(validate.Length(min=1, max=500), legible)
AFTER = (fields.String(validate=DAY), fields.String(validate=SHORT))


class DrawUpSchema(Schema):
    """Of which activity."""

    activity_id = fields.String(required=True, validate=SHORT)


class ApproveSchema(Schema):
    """Which records count."""

    record_ids = fields.List(
        fields.String(validate=SHORT), required=True, validate=validate.Length(min=1, max=MOST_AT_ONCE)
    )


class RecordIdSchema(Schema):
    """Which record."""

    record_id = fields.String(required=True, validate=SHORT)


class ReasonSchema(RecordIdSchema):
    """Which record, and why it is decided so."""

    reason = WithoutNumbers(required=True, validate=WORDS)


class AskSchema(RecordIdSchema):
    """Which record, and what its person wants corrected."""

    text = WithoutNumbers(required=True, validate=WORDS)


class StintSchema(Schema):
    """From when until when."""

    begins = Instant(required=True)
    ends = Instant(required=True)


class CorrectSchema(ReasonSchema):
    """The times as they were; none where nothing was served."""

    stints = fields.List(fields.Nested(StintSchema), required=True, validate=validate.Length(max=MOST_STINTS))


class RecordPageSchema(Schema):
    """A page of records: of an activity, of an area, or the caller's own."""

    activity_id = fields.String(validate=SHORT, load_default=None, allow_none=True)
    area = fields.String(validate=AREA, load_default=None, allow_none=True)
    state = fields.String(
        validate=validate.OneOf([each.value for each in State if each is not State.LAPSED]),
        load_default=None,
        allow_none=True,
    )
    after = fields.Tuple(AFTER, load_default=None, allow_none=True)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))


class HoursSchema(Schema):
    """Whose hours, the caller's unless another person is named, from a day to another."""

    person_id = fields.String(validate=SHORT, load_default=None, allow_none=True)
    first = Day(load_default=None, allow_none=True)
    last = Day(load_default=None, allow_none=True)

    @validates_schema
    def in_order(self, data: Mapping[str, Any], **_: Any) -> None:
        """A period has both ends, in order."""
        first, last = data["first"], data["last"]
        if (first is None) != (last is None):
            raise ValidationError("Name both ends of the period.", "last" if last is None else "first")
        if first is not None and last < first:
            raise ValidationError("Must not lie before `first`.", "last")


class LedgerSchema(Schema):
    """A page of somebody's ledger."""

    person_id = fields.String(validate=SHORT, load_default=None, allow_none=True)
    after = fields.Tuple(AFTER, load_default=None, allow_none=True)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))


class StaySchema(Schema):
    """When one of a team came and left."""

    class Meta:
        """Other fields are passed over."""

        unknown = EXCLUDE

    assignee_id = fields.String(required=True)
    arrived_at = Instant(required=True)
    left_at = Instant(required=True)


class ResolvedSchema(Schema):
    """What matters here of a case that its team says is done."""

    class Meta:
        """Other fields are passed over."""

        unknown = EXCLUDE

    case_id = fields.String(required=True)
    number = fields.String(required=True)
    category = fields.String(required=True)
    grid_code = fields.String(required=True)
    compound_id = fields.String(required=True, allow_none=True)
    stays = fields.List(fields.Nested(StaySchema), load_default=list)


class PatrolStoppedSchema(Schema):
    """What matters here of a patrol that has ended."""

    class Meta:
        """Other fields are passed over."""

        unknown = EXCLUDE

    patrol_id = fields.String(required=True)
