"""Evaluations of members and units: how they are made, objected to and shown."""

from marshmallow import Schema, fields

from gateway.schemas.case_views import Open, Worded
from gateway.schemas.fields import Strict, Truth, id_, one_of, shown_instant, text
from gateway.schemas.member_policies import METRICS
from gateway.schemas.paging import PageQuery, next_cursor
from gateway.schemas.registrations import AREA, COMMUNITY

STATUSES = ("drafted", "shown", "objected", "final")
PERIOD = {"description": "A year, half or quarter, such as 2025, 2025H2 or 2026Q1.", "examples": ["2025"]}


class EvaluationsWanted(Strict):
    """Which community evaluates which period by which metric."""

    community = id_(required=True, metadata=COMMUNITY)
    period = id_(required=True, metadata=PERIOD)
    metric = one_of(*METRICS, required=True)


class EvaluationCounts(Open):
    """How many evaluations of the community stand where."""

    community = fields.String(required=True)
    period = fields.String(required=True)
    metric = fields.String(required=True)
    drafted = fields.Integer(required=True)
    shown = fields.Integer(required=True)
    objected = fields.Integer(required=True)
    final = fields.Integer(required=True)


class Objection(Strict):
    """What is said against it."""

    text = text(required=True)


class ObjectionDecided(Strict):
    """What becomes of the objection, and why."""

    upheld = Truth(required=True)
    reason = text(required=True)


class EvaluationReceipt(Open):
    """What a command did: the same again for the same command."""

    evaluation_id = fields.String(required=True)
    version = fields.Integer(required=True)
    at = shown_instant(required=True)
    event_id = fields.String(required=True)
    status = fields.String(required=True)


class EvaluationQuery(PageQuery):
    """Which evaluations: the caller's own, unless an area or a unit is named."""

    area = id_(metadata=AREA)
    unit_id = id_(metadata={"description": "What came of those of the caller's unit that are final."})
    period = id_(metadata=PERIOD)
    status = one_of(*STATUSES)


class DecisionShown(Open):
    """What became of the objection."""

    upheld = fields.Boolean(required=True)
    reason = fields.String(required=True)


class EvaluationShown(Open):
    """One evaluation; a unit sees what came of it and no score."""

    evaluation_id = fields.String(required=True)
    subject = fields.String(required=True, metadata={"description": "`member` or `unit`."})
    subject_id = fields.String(required=True)
    name = fields.String(required=True, allow_none=True, metadata={"description": "Of a person masked."})
    unit_id = fields.String(required=True)
    community = fields.String(required=True)
    period = fields.String(required=True)
    status = fields.String(required=True)
    met = fields.Boolean(required=True, metadata={"description": "Whether the minimum was reached."})
    effect = fields.Nested(Worded, required=True, allow_none=True)
    final_at = shown_instant(required=True, allow_none=True)
    version = fields.Integer()
    policy_id = fields.String()
    policy_version = fields.Integer(metadata={"description": "The version of the rule; a later one changes nothing."})
    metric = fields.String()
    minimum = fields.Integer()
    reached = fields.Float()
    object_until = shown_instant(allow_none=True)
    calendar = fields.Dict(
        allow_none=True,
        metadata={"description": "Years whose holidays were not published when the working days were counted."},
    )
    objection = fields.String(allow_none=True)
    decision = fields.Nested(DecisionShown, allow_none=True)


class EvaluationList(Schema):
    """A page of evaluations."""

    items = fields.List(fields.Nested(EvaluationShown), required=True)
    next = next_cursor()
