"""Points for services: how they are recorded and shown."""

from marshmallow import Schema, fields, validate

from gateway.schemas.case_views import Open
from gateway.schemas.fields import Strict, id_, one_of, word
from gateway.schemas.paging import PageQuery, next_cursor
from gateway.schemas.registrations import POSTS

MOST_POINTS = 100


class NewPoints(Strict):
    """Points for a service of a day."""

    person_id = id_(required=True)
    on = id_(required=True, metadata={"format": "date", "description": "The day of the service; none to come."})
    kind = one_of(*POSTS, required=True)
    points = fields.Integer(required=True, strict=True, validate=validate.Range(1, MOST_POINTS))
    source = id_(
        allow_none=True,
        metadata={"description": "What they are for, such as `activity:a-17`: it counts once for a person."},
    )
    text = word(200, allow_none=True, metadata={"description": "What was done."})


class PointsReceipt(Open):
    """What was added to the ledger: the same again for the same command."""

    entry_id = fields.String(required=True)
    version = fields.Integer(required=True)
    at = fields.String(required=True, metadata={"format": "date-time"})
    event_id = fields.String(required=True)
    points = fields.Integer(required=True)
    reverses = fields.String(required=True, allow_none=True)


class PointsQuery(PageQuery):
    """Whose points: the caller's, unless another person is named."""

    person_id = id_()


class PointsRow(Open):
    """One row of the ledger, with the rule that was in force."""

    entry_id = fields.String(required=True)
    person_id = fields.String(required=True)
    community = fields.String(required=True)
    on = fields.String(required=True, metadata={"format": "date"})
    kind = fields.String(required=True)
    points = fields.Integer(required=True)
    source = fields.String(required=True)
    text = fields.String(required=True, allow_none=True)
    recorded_by = fields.String(required=True)
    policy_id = fields.String(required=True, allow_none=True)
    policy_version = fields.Integer(required=True, allow_none=True)
    reverses = fields.String(required=True, allow_none=True)


class PointsList(Schema):
    """A page of the ledger, the latest day first."""

    items = fields.List(fields.Nested(PointsRow), required=True)
    next = next_cursor()
