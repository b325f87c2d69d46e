"""The shapes of what evaluations are made, objected to and asked for with."""

from marshmallow import Schema, fields, validate

from members.evaluations.evaluation import Status
from members.policies.policy import Metric
from members.policies.span import PATTERN
from members.schemas import AREA, COMMUNITY, SHORT

MOST_IN_PAGE = 200
TEXT = validate.Length(min=1, max=4000)
PERIOD = validate.Regexp(PATTERN, error="Not a period like 2025, 2025H2 or 2026Q1.")


class EvaluateSchema(Schema):
    """Which community evaluates which period by which metric."""

    community = fields.String(required=True, validate=COMMUNITY)
    period = fields.String(required=True, validate=PERIOD)
    metric = fields.String(required=True, validate=validate.OneOf([each.value for each in Metric]))


class ObjectSchema(Schema):
    """What is said against it."""

    text = fields.String(required=True, validate=TEXT)


class DecideSchema(Schema):
    """What becomes of the objection."""

    upheld = fields.Boolean(required=True)
    reason = fields.String(required=True, validate=TEXT)


class FiltersSchema(Schema):
    """Which evaluations a list holds."""

    area = fields.String(validate=AREA)
    unit_id = fields.String(validate=SHORT)
    period = fields.String(validate=PERIOD)
    status = fields.String(validate=validate.OneOf([each.value for each in Status]))


class EvaluationPageSchema(Schema):
    """Which page: `after` is the `next` of the page before."""

    filters = fields.Nested(FiltersSchema, load_default=dict)
    after = fields.String(validate=SHORT, load_default=None, allow_none=True)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))
