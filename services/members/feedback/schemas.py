"""The shapes of what is said of an activity, and of which activity."""

from marshmallow import Schema, fields, validate

from members.feedback.feedback import BEST, WORST
from members.schemas import SHORT, WithoutNumbers

TEXT = validate.And(validate.Length(min=1, max=1000), validate.Predicate("strip"))


class ActivityIdSchema(Schema):
    """Which activity."""

    activity_id = fields.String(required=True, validate=SHORT)


class FeedbackSchema(ActivityIdSchema):
    """A mark, and perhaps some words."""

    mark = fields.Integer(required=True, strict=True, validate=validate.Range(WORST, BEST))
    text = WithoutNumbers(load_default=None, allow_none=True, validate=TEXT)
