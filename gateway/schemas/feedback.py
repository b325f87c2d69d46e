"""What is said of activities afterwards."""

from marshmallow import Schema, fields, validate

from gateway.schemas.fields import Strict, lines
from gateway.schemas.staffing import Receipt

WORST, BEST = 1, 5
LONGEST = 1000


class NewFeedback(Strict):
    """A mark from 1 to 5, and perhaps some words; phones and identity numbers in them are masked."""

    mark = fields.Integer(required=True, strict=True, validate=validate.Range(WORST, BEST))
    text = fields.String(allow_none=True, validate=[validate.Length(1, LONGEST), lines])


class FeedbackReceipt(Receipt):
    """What was said."""

    feedback_id = fields.String(required=True)


class ActivityFeedback(Schema):
    """What was said of an activity; of fewer than `fewest_shown` answers nothing but how many there are."""

    activity_id = fields.String(required=True)
    fewest_shown = fields.Integer(required=True)
    answers = fields.Integer(required=True)
    average = fields.Float(required=True, allow_none=True)
    marks = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        allow_none=True,
        metadata={"description": "How often each mark was given."},
    )
    texts = fields.List(fields.String(), required=True)
