"""The shapes of what activities are published, changed, called off and asked for with."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from chassis.schema import Day, Instant, legible
from members.activities.activity import Kind, Task
from members.people.registration import YOUNGEST
from members.posts.schemas import MOST_IN_PAGE
from members.schemas import AREA, GRID_CODE, NAME, SHORT, WithoutIdentities, WithoutNumbers
from members.venues.schemas import PointSchema

MOST_TASKS, MOST_COMPOUNDS, MOST_SKILLS = 50, 100, 30
TEXT = validate.And(validate.Length(min=1, max=4000), validate.Predicate("strip"))
LINE = validate.And(validate.Length(min=1, max=200), legible)
OLDEST = 120


class TaskSchema(Schema):
    """One task of the board; its id is its place in the list unless it has one."""

    task_id = fields.String(required=True, validate=SHORT)
    name = WithoutNumbers(required=True, validate=NAME)
    heads = fields.Integer(required=True, strict=True, validate=validate.Range(-10_000, 10_000))
    tools = fields.List(WithoutNumbers(validate=NAME), validate=validate.Length(max=30), load_default=list)
    minutes = fields.Integer(strict=True, allow_none=True, load_default=None, validate=validate.Range(5, 24 * 60))

    @post_load
    def _task(self, data: dict[str, Any], **_: Any) -> Task:
        return Task(data["task_id"], data["name"], data["heads"], tuple(data["tools"]), data["minutes"])


class ChangeActivitySchema(Schema):
    """What may be told anew of an activity."""

    title = WithoutNumbers(validate=NAME)
    text = WithoutIdentities(validate=TEXT)
    begins = Instant()
    ends = Instant()
    breaks = fields.Integer(strict=True, validate=validate.Range(-24 * 60, 24 * 60))
    place = WithoutNumbers(validate=LINE)
    muster = fields.Nested(PointSchema)
    venue_id = fields.String(allow_none=True, validate=SHORT)
    compounds = fields.List(fields.String(validate=SHORT), validate=validate.Length(max=MOST_COMPOUNDS))
    capacity = fields.Integer(strict=True, allow_none=True, validate=validate.Range(-100_000, 100_000))
    sign_up_until = Instant()
    sign_up_way = WithoutIdentities(validate=TEXT)
    conditions = WithoutIdentities(validate=TEXT)
    risks = WithoutIdentities(validate=TEXT)
    protection = WithoutIdentities(validate=TEXT)
    skills = fields.List(fields.String(validate=SHORT), validate=validate.Length(max=MOST_SKILLS))
    youngest = fields.Integer(strict=True, validate=validate.Range(0, OLDEST))
    tasks = fields.List(fields.Nested(TaskSchema), validate=validate.Length(max=MOST_TASKS))

    @post_load
    def _frozen(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        kinds: dict[str, Any] = {"skills": frozenset, "tasks": tuple, "compounds": tuple}
        return {name: kinds[name](value) if name in kinds else value for name, value in data.items()}


class ActivitySchema(ChangeActivitySchema):
    """An activity, with everything that GB/T 40143 §6.1 wants announced; `capacity` null: as many as come."""

    title = WithoutNumbers(required=True, validate=NAME)
    text = WithoutIdentities(required=True, validate=TEXT)
    grid_code = fields.String(required=True, validate=GRID_CODE)
    begins = Instant(required=True)
    ends = Instant(required=True)
    breaks = fields.Integer(strict=True, load_default=0, validate=validate.Range(-24 * 60, 24 * 60))
    place = WithoutNumbers(required=True, validate=LINE)
    muster = fields.Nested(PointSchema, required=True)
    capacity = fields.Integer(required=True, strict=True, allow_none=True, validate=validate.Range(-100_000, 100_000))
    sign_up_way = WithoutIdentities(required=True, validate=TEXT)
    conditions = WithoutIdentities(required=True, validate=TEXT)
    risks = WithoutIdentities(required=True, validate=TEXT)
    protection = WithoutIdentities(required=True, validate=TEXT)
    youngest = fields.Integer(strict=True, load_default=YOUNGEST, validate=validate.Range(0, OLDEST))


class CancelActivitySchema(Schema):
    """Why it does not take place."""

    reason = WithoutNumbers(required=True, validate=LINE)


class ActivityFiltersSchema(Schema):
    """Which activities a list holds: of an area, of a kind, of a series, of days."""

    area = fields.String(validate=AREA)
    kind = fields.String(validate=validate.OneOf([kind.value for kind in Kind]))
    series_id = fields.String(validate=SHORT)
    first_day = Day()
    last_day = Day()


class ActivityPageSchema(Schema):
    """Which page of a list: `after` is the `next` of the page before."""

    filters = fields.Nested(ActivityFiltersSchema, load_default=dict)
    after = fields.Tuple((Instant(), fields.String(validate=SHORT)), load_default=None, allow_none=True)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))
