"""The annual rules for members and units: how they are entered and shown."""

from marshmallow import Schema, fields

from gateway.schemas.case_views import Open, Worded
from gateway.schemas.fields import Strict, id_, one_of
from gateway.schemas.paging import PageQuery, next_cursor
from gateway.schemas.registrations import AREA

METRICS = ("points", "minutes", "services", "half_year_report", "unit_registration_rate", "unit_completion_rate")
PERIODS = ("year", "half", "quarter")
EFFECTS = ("not_eligible_for_excellent", "not_rated_qualified", "fails", "loses_appraisal")


class NewMemberPolicy(Strict):
    """A rule of an area, or its next version, which ends the one before."""

    area = id_(required=True, metadata={"description": "A district (6 digits), a town (9) or a community (12)."})
    metric = one_of(*METRICS, required=True)
    period = one_of(*PERIODS, required=True)
    minimum = fields.Integer(
        required=True, strict=True, metadata={"description": "What is to be reached; of a rate, in per cent."}
    )
    effect = one_of(*EFFECTS, required=True)
    valid_from = id_(required=True, metadata={"format": "date"})
    valid_to = id_(allow_none=True, metadata={"format": "date", "description": "The last day, included."})


class MemberPolicyReceipt(Open):
    """What was entered: the same again for the same command."""

    policy_id = fields.String(required=True)
    terms = fields.Integer(required=True, metadata={"description": "The number of this version of the rule."})
    version = fields.Integer(required=True)
    at = fields.String(required=True, metadata={"format": "date-time"})
    event_id = fields.String(required=True)


class MemberPolicyQuery(PageQuery):
    """Around and in which area, and on which day."""

    area = id_(required=True, metadata=AREA)
    on = id_(metadata={"format": "date", "description": "Only the versions that hold on that day."})


class MemberPolicyShown(Open):
    """One version of a rule."""

    policy_id = fields.String(required=True)
    version = fields.Integer(required=True)
    area = fields.String(required=True)
    metric = fields.String(required=True)
    period = fields.String(required=True)
    minimum = fields.Integer(required=True)
    effect = fields.Nested(Worded, required=True)
    valid_from = fields.String(required=True, metadata={"format": "date"})
    valid_to = fields.String(required=True, allow_none=True, metadata={"format": "date"})


class MemberPolicyList(Schema):
    """A page of rules, of the widest area first."""

    items = fields.List(fields.Nested(MemberPolicyShown), required=True)
    next = next_cursor()
