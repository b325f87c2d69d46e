"""The shapes of what policies are entered and asked for with."""

from marshmallow import Schema, fields, validate

from chassis.schema import Day
from members.policies.policy import EFFECTS, Metric
from members.policies.span import Period
from members.schemas import AREA, SHORT

POLICY_AREA = validate.Regexp(r"[0-9]{6}([0-9]{3}){0,2}\Z", error="Not an area's code of 6, 9 or 12 digits.")
MOST = 1_000_000
MOST_IN_PAGE = 200


class PolicySchema(Schema):
    """A rule of an area: the first version, or one more."""

    area = fields.String(required=True, validate=POLICY_AREA)
    metric = fields.String(required=True, validate=validate.OneOf([each.value for each in Metric]))
    period = fields.String(required=True, validate=validate.OneOf([each.value for each in Period]))
    minimum = fields.Integer(required=True, strict=True, validate=validate.Range(1, MOST))
    effect = fields.String(required=True, validate=validate.OneOf(list(EFFECTS)))
    valid_from = Day(required=True)
    valid_to = Day(load_default=None, allow_none=True)


class PoliciesSchema(Schema):
    """A page of the rules around and in an area; with a day those versions alone that hold on it."""

    area = fields.String(required=True, validate=AREA)
    on = Day(load_default=None, allow_none=True)
    after = fields.Tuple((fields.String(validate=SHORT), fields.Integer()), load_default=("", 0), allow_none=True)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))
