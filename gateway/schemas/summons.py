"""Summons: units that are called to the spot for a case, and who came."""

from marshmallow import Schema, fields, validate

from gateway.schemas.case_views import Open
from gateway.schemas.fields import Strict, different, id_, instant, one_of, shown_instant, text
from gateway.schemas.paging import PageQuery, next_cursor

MOST_UNITS = 20
KINDS = ("joint_enforcement", "emergency", "key_work")
STAGES = ("asked", "called", "declined", "ended")
REASONS = ("no_capacity", "not_responsible", "elsewhere", "no_answer", "other")
MECHANISM = "The joint mechanism that it belongs to, of those that hold there (`/v1/mechanisms/{area}`)."
AREA = "A grid code of 15 digits, or its first 6 (district), 9 (town) or 12 (community)."


def _units(**options: bool) -> fields.List[fields.Field[str]]:
    return fields.List(id_(), validate=[validate.Length(1, MOST_UNITS), different], **options)  # type: ignore[arg-type]


class SummonsCall(Strict):
    """Which units are to come, why and by when."""

    kind = one_of(*KINDS, required=True)
    units = _units(required=True)
    lead_unit_id = id_(metadata={"description": "One of the units; without it the office leads."})
    due_on_site = instant(required=True)
    mechanism_id = id_(metadata={"description": MECHANISM})
    text = text()


class SummonsGrant(Strict):
    """What the office calls otherwise than it was asked for; what is not named stays."""

    units = _units()
    lead_unit_id = id_()
    due_on_site = instant()
    mechanism_id = id_(metadata={"description": MECHANISM})


class SummonsAct(Strict):
    """Nothing has to be said."""


class SummonsExcuse(Strict):
    """Why the unit does not come."""

    reason_code = one_of(*REASONS, required=True)
    text = text()


class SummonsArrival(Strict):
    """Which unit it is about."""

    unit_id = id_(required=True)


class SummonsAbsence(Strict):
    """Which unit was not there, and why."""

    unit_id = id_(required=True)
    reason_code = one_of(*REASONS, required=True)
    text = text()


class SummonsScore(Strict):
    """How the unit did."""

    unit_id = id_(required=True)
    score = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(1, 5),
        metadata={"description": "From 1, badly, to 5, well."},
    )


class SummonsReceipt(Open):
    """What a command did: the same again for the same command."""

    summons_id = fields.String(required=True)
    case_id = fields.String(required=True)
    version = fields.Integer(required=True)
    status = fields.String(required=True)
    act = fields.String(required=True)
    at = shown_instant(required=True)
    event_id = fields.String(required=True)


class SummonedUnit(Open):
    """How far a unit has come; another unit reads neither reason nor score."""

    unit_id = fields.String(required=True)
    turnout = fields.String(required=True, metadata={"enum": ["notified", "acknowledged", "arrived", "absent"]})
    acknowledged_at = shown_instant(required=True, allow_none=True)
    settled_at = shown_instant(required=True, allow_none=True)
    reason_code = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    score = fields.Integer(required=True, allow_none=True)


def _names() -> fields.Dict:
    called = "What the areas, compounds and units in this answer are called."
    return fields.Dict(keys=fields.String(), values=fields.String(), required=True, metadata={"description": called})


class SummonsLine(Open):
    """One summons of a list as the caller may see it."""

    summons_id = fields.String(required=True)
    version = fields.Integer(required=True)
    case_id = fields.String(required=True)
    number = fields.String(required=True)
    category = fields.String(required=True, allow_none=True)
    severity = fields.String(required=True, allow_none=True)
    grid_code = fields.String(required=True)
    compound_id = fields.String(required=True, allow_none=True)
    kind = fields.String(required=True, metadata={"enum": list(KINDS)})
    status = fields.String(required=True, metadata={"enum": list(STAGES)})
    due_on_site = shown_instant(required=True)
    lead_unit_id = fields.String(required=True, allow_none=True)
    office_leads = fields.Boolean(
        required=True, metadata={"description": "No unit was named as the lead, or the one that was is absent."}
    )
    initiator_id = fields.String(required=True)
    opened_at = shown_instant(required=True)
    called_at = shown_instant(required=True, allow_none=True)
    text = fields.String(required=True, allow_none=True)
    mechanism_id = fields.String(metadata={"description": "Absent where it is linked to none."})
    units = fields.List(fields.Nested(SummonedUnit), required=True)


class Summons(SummonsLine):
    """One summons as the caller may see it."""

    names = _names()


class SummonsList(Schema):
    """A page of summons, newest first."""

    items = fields.List(fields.Nested(SummonsLine), required=True)
    names = _names()
    next = next_cursor()


class SummonsQuery(PageQuery):
    """Which summons."""

    case_id = id_()
    area = id_(metadata={"description": AREA})
    status = one_of(*STAGES)


class SummonsScoresQuery(Strict):
    """Which units are counted, called where and when."""

    area = id_(required=True, metadata={"description": AREA})
    unit_id = id_()
    since = id_(metadata={"format": "date-time", "description": "30 days before `until` unless given."})
    until = id_(metadata={"format": "date-time", "description": "The end of today unless given."})


class UnitScore(Open):
    """How often a unit was called, and how it turned out."""

    unit_id = fields.String(required=True)
    summoned = fields.Integer(required=True)
    acknowledged = fields.Integer(required=True)
    arrived = fields.Integer(required=True)
    absent = fields.Integer(required=True)
    scored = fields.Integer(required=True)
    mean_score = fields.Float(
        required=True, allow_none=True, metadata={"description": "From 1 to 5, to two decimals; null without a score."}
    )


class SummonsScores(Open):
    """The units that were called in an area in a period."""

    area = fields.String(required=True)
    since = shown_instant(required=True)
    until = shown_instant(required=True)
    items = fields.List(fields.Nested(UnitScore), required=True)
    names = _names()
