"""The joint mechanisms of an area (一轴五联), as its agency names them, and what is linked to each."""

from marshmallow import fields, validate

from gateway.schemas.case_views import Open
from gateway.schemas.fields import Strict, day, id_, shown_instant, word

MOST_MECHANISMS = 50
NAME_LIMIT = 50


class MechanismEntered(Strict):
    """One mechanism: a new one, or with its id one that the list has."""

    mechanism_id = id_()
    name = word(NAME_LIMIT, required=True)
    valid_from = day(allow_none=True)
    valid_to = day(allow_none=True)


class MechanismsEntered(Strict):
    """The axis and all that is joined to it, in order; what is left out ends today."""

    axis = word(NAME_LIMIT, allow_none=True)
    mechanisms = fields.List(
        fields.Nested(MechanismEntered), required=True, validate=validate.Length(max=MOST_MECHANISMS)
    )


class MechanismsReceipt(Open):
    """What was entered: the ids of the mechanisms in their order."""

    area = fields.String(required=True)
    version = fields.Integer(required=True)
    at = shown_instant(required=True)
    event_id = fields.String(required=True)
    mechanism_ids = fields.List(fields.String(), required=True)


class MechanismQuery(Strict):
    """In which period is counted what is linked."""

    since = id_(metadata={"format": "date-time", "description": "30 days before `until` unless given."})
    until = id_(metadata={"format": "date-time", "description": "The end of today unless given."})


class LinkedCounts(Open):
    """How much is linked, by kind."""

    summons = fields.Integer(required=True)


class MechanismShown(Open):
    """One mechanism, and what is linked to it."""

    mechanism_id = fields.String(required=True)
    name = fields.String(required=True)
    valid_from = fields.String(required=True, allow_none=True, metadata={"format": "date"})
    valid_to = fields.String(required=True, allow_none=True, metadata={"format": "date"})
    holds = fields.Boolean(required=True, metadata={"description": "Whether something can be linked to it today."})
    linked = fields.Nested(LinkedCounts, required=True)


class MechanismReport(Open):
    """The mechanisms that hold in an area; empty where none are entered."""

    area = fields.String(required=True)
    since = shown_instant(required=True)
    until = shown_instant(required=True)
    axis = fields.String(required=True, allow_none=True)
    items = fields.List(fields.Nested(MechanismShown), required=True)
