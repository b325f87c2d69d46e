"""Series of service days: how they are opened, changed and shown."""

from marshmallow import Schema, fields, validate

from gateway.schemas.activities import ActivityChange, NewActivity, number
from gateway.schemas.case_views import Open, Point
from gateway.schemas.fields import Strict, day, day_time, id_, instant, shown_instant, word
from gateway.schemas.paging import PageQuery, next_cursor
from gateway.schemas.staffing import AREA, Receipt, shown_day

FATES = ("planned", "holiday", "unknown", "moved", "dropped", "ended")
MOST_MINUTES = 24 * 60
NOT_OF_A_SERIES = ("begins", "ends", "sign_up_until", "compounds")
"""What an activity has and a series does not: times follow from the rule, compounds are planned for each day."""

LASTING = "How long it takes, breaks included; a multiple of five."


def closing() -> fields.Integer:
    """How long before the beginning nobody signs up any more."""
    limits = validate.Range(0, 14 * MOST_MINUTES)
    return fields.Integer(
        strict=True, validate=limits, metadata={"description": "Minutes before the beginning; 0 unless given."}
    )


class NewRecurrence(Strict):
    """The rule; it ends with a last day or after so many dates, within two years."""

    weekday = fields.Integer(
        required=True, strict=True, validate=validate.Range(0, 6), metadata={"description": "Monday is 0."}
    )
    starts = day(required=True)
    until = day(allow_none=True)
    count = fields.Integer(
        strict=True,
        allow_none=True,
        validate=validate.Range(-10_000, 10_000),
        metadata={"description": "How many dates, those on public holidays among them."},
    )
    every_weeks = fields.Integer(strict=True, validate=validate.Range(-52, 52))


class NewSeries(NewActivity):
    """A series: the rule, and what each of its days is like (GB/T 40143 §6.1)."""

    class Meta(Strict.Meta):
        """Options of marshmallow."""

        exclude = NOT_OF_A_SERIES

    recurrence = fields.Nested(NewRecurrence, required=True)
    starts_at = day_time(required=True)
    minutes = number(MOST_MINUTES, LASTING, required=True)
    sign_up_closes = closing()


class SeriesChange(ActivityChange):
    """What is told anew: of the days to come, and the last day."""

    class Meta(Strict.Meta):
        """Options of marshmallow."""

        exclude = NOT_OF_A_SERIES

    starts_at = day_time()
    minutes = number(MOST_MINUTES, LASTING)
    sign_up_closes = closing()
    until = day()


class MoveDate(Strict):
    """Where a date is moved, and why."""

    begins = instant(required=True)
    reason = word(200, required=True)


class Why(Strict):
    """Why it does not take place."""

    reason = word(200, required=True)


class SeriesReceipt(Receipt):
    """The series that was opened, changed or ended."""

    series_id = fields.String(required=True)


class Recurrence(Open):
    """The rule."""

    weekday = fields.Integer(required=True)
    starts = shown_day(required=True)
    until = shown_day(required=True, allow_none=True)
    count = fields.Integer(required=True, allow_none=True)
    every_weeks = fields.Integer(required=True)


class SeriesDate(Open):
    """One date."""

    day = shown_day(required=True)
    fate = fields.String(required=True, metadata={"enum": list(FATES)})
    begins_at = shown_instant(required=True, allow_none=True)
    holiday = fields.String(
        required=True, allow_none=True, metadata={"description": "The public holiday for which it is skipped."}
    )
    reason = fields.String(required=True, allow_none=True)
    calendar_unknown = fields.Boolean(
        required=True,
        metadata={
            "description": "The official calendar of its year is not known yet: it is published once it is, or once "
            "the organiser has confirmed it by moving it to where it is."
        },
    )
    activity_id = fields.String(required=True, allow_none=True)


class SeriesLine(Open):
    """A series."""

    series_id = fields.String(required=True)
    version = fields.Integer(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    grid_code = fields.String(required=True)
    organiser_id = fields.String(required=True)
    place = fields.String(required=True)
    muster = fields.Nested(Point, required=True)
    starts_at = fields.String(required=True)
    minutes = fields.Integer(required=True)
    recurrence = fields.Nested(Recurrence, required=True)
    ended_on = shown_day(required=True, allow_none=True)


class SeriesView(SeriesLine):
    """A series with each of its dates."""

    takes_place = fields.Integer(
        required=True, metadata={"description": "How many dates take place, as far as is known."}
    )
    dates = fields.List(fields.Nested(SeriesDate), required=True)


class SeriesList(Schema):
    """A page of series."""

    items = fields.List(fields.Nested(SeriesLine), required=True)
    next = next_cursor()


class SeriesQuery(PageQuery):
    """The series of which area."""

    area = id_(metadata=AREA)
