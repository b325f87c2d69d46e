"""Series of service days: how they are opened, changed and shown."""

from marshmallow import Schema, fields, validate

from gateway.schemas.case_views import Open, Point
from gateway.schemas.cases import Location
from gateway.schemas.fields import Strict, day, day_time, id_, ids, instant, shown_instant, word
from gateway.schemas.fields import text as lines
from gateway.schemas.paging import PageQuery, next_cursor
from gateway.schemas.staffing import AREA, Receipt, shown_day

FATES = ("planned", "holiday", "unknown", "moved", "dropped", "ended")
MOST_TASKS, MOST_SKILLS = 50, 30
MOST_MINUTES = 24 * 60


class SeriesTask(Strict):
    """One task of the board of each day."""

    task_id = id_(required=True)
    name = word(100, required=True)
    heads = fields.Integer(required=True, strict=True)
    tools = fields.List(word(100), validate=validate.Length(max=30))
    minutes = fields.Integer(strict=True, allow_none=True)


class SeriesDay(Strict):
    """What each day is like."""

    title = word(100)
    text = lines()
    starts_at = day_time()
    minutes = fields.Integer(
        strict=True,
        validate=validate.Range(-MOST_MINUTES, MOST_MINUTES),
        metadata={"description": "How long it takes, breaks included; a multiple of five."},
    )
    breaks = fields.Integer(strict=True, validate=validate.Range(-MOST_MINUTES, MOST_MINUTES))
    place = word(200)
    muster = fields.Nested(Location)
    venue_id = id_(allow_none=True)
    capacity = fields.Integer(
        strict=True, allow_none=True, validate=validate.Range(-100_000, 100_000), metadata={"description": "Null: any."}
    )
    sign_up_closes = fields.Integer(
        strict=True,
        validate=validate.Range(0, 14 * MOST_MINUTES),
        metadata={"description": "Minutes before the beginning; 0 unless given."},
    )
    sign_up_way = lines()
    conditions = lines()
    risks = lines()
    protection = lines()
    skills = ids(MOST_SKILLS)
    youngest = fields.Integer(strict=True)
    tasks = fields.List(fields.Nested(SeriesTask), validate=validate.Length(max=MOST_TASKS))


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


class NewSeries(SeriesDay):
    """A series: the rule, and what each of its days is like (GB/T 40143 §6.1)."""

    recurrence = fields.Nested(NewRecurrence, required=True)
    grid_code = id_(required=True)
    title = word(100, required=True)
    text = lines(required=True)
    starts_at = day_time(required=True)
    minutes = fields.Integer(required=True, strict=True, validate=validate.Range(-MOST_MINUTES, MOST_MINUTES))
    place = word(200, required=True)
    muster = fields.Nested(Location, required=True)
    capacity = fields.Integer(required=True, strict=True, allow_none=True, validate=validate.Range(-100_000, 100_000))
    sign_up_way = lines(required=True)
    conditions = lines(required=True)
    risks = lines(required=True)
    protection = lines(required=True)


class SeriesChange(SeriesDay):
    """What is told anew: of the days to come, and the last day."""

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
