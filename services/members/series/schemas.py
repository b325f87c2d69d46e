"""The shapes of what series are opened, changed and asked for with."""

from datetime import date

from marshmallow import Schema, fields, post_load, validate

from chassis.schema import Day, Instant
from members.activities.schemas import LINE, ActivitySchema, ChangeActivitySchema
from members.posts.schemas import MOST_IN_PAGE
from members.schemas import AREA, SHORT, WithoutNumbers
from members.series.recurrence import Recurrence

MOST_MINUTES = 24 * 60
LATEST = date(2100, 1, 1)
NOT_OF_A_SERIES = ("begins", "ends", "sign_up_until", "compounds")
"""What an activity has and a series does not: times follow from the rule, compounds are planned for each day."""


class RecurrenceSchema(Schema):
    """Every so many weeks on a weekday (Monday is 0), from a day on, until a last one or for so many dates."""

    weekday = fields.Integer(required=True, strict=True, validate=validate.Range(0, 6))
    starts = Day(required=True, validate=validate.Range(max=LATEST))
    until = Day(load_default=None, allow_none=True)
    count = fields.Integer(strict=True, load_default=None, allow_none=True, validate=validate.Range(-10_000, 10_000))
    every_weeks = fields.Integer(strict=True, load_default=1, validate=validate.Range(-52, 52))

    @post_load
    def _rule(self, data: dict[str, object], **_: object) -> Recurrence:
        return Recurrence(**data)  # type: ignore[arg-type]  # as the fields above say


class ChangeSeriesSchema(ChangeActivitySchema):
    """What may be told anew of a series: what its days are like, and its last day."""

    class Meta:
        """Options of marshmallow."""

        exclude = NOT_OF_A_SERIES

    starts_at = fields.Time(format="%H:%M")
    minutes = fields.Integer(strict=True, validate=validate.Range(-MOST_MINUTES, MOST_MINUTES))
    sign_up_closes = fields.Integer(strict=True, validate=validate.Range(0, 14 * MOST_MINUTES))
    until = Day()


class SeriesSchema(ActivitySchema):
    """A series: the rule, and what its days are like."""

    class Meta:
        """Options of marshmallow."""

        exclude = NOT_OF_A_SERIES

    recurrence = fields.Nested(RecurrenceSchema, required=True)
    starts_at = fields.Time(required=True, format="%H:%M")
    minutes = fields.Integer(required=True, strict=True, validate=validate.Range(-MOST_MINUTES, MOST_MINUTES))
    sign_up_closes = fields.Integer(strict=True, load_default=0, validate=validate.Range(0, 14 * MOST_MINUTES))


class DateSchema(Schema):
    """Which date of a series."""

    day = Day(required=True)


class MoveDateSchema(DateSchema):
    """Where a date is moved, and why."""

    begins = Instant(required=True)
    reason = WithoutNumbers(required=True, validate=LINE)


class DropDateSchema(DateSchema):
    """Which date does not take place, and why."""

    reason = WithoutNumbers(required=True, validate=LINE)


class EndSeriesSchema(Schema):
    """Why a series ends."""

    reason = WithoutNumbers(required=True, validate=LINE)


class SeriesFiltersSchema(Schema):
    """Which series a list holds."""

    area = fields.String(validate=AREA)


class SeriesPageSchema(Schema):
    """Which page of a list: `after` is the `next` of the page before."""

    filters = fields.Nested(SeriesFiltersSchema, load_default=dict)
    after = fields.String(validate=SHORT, load_default=None, allow_none=True)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))
