"""Dual registration: how it is submitted, decided, asked for and shown."""

from marshmallow import Schema, fields, validate

from gateway.schemas.case_views import Open, Worded
from gateway.schemas.fields import Strict, id_, ids, one_of, text, word
from gateway.schemas.paging import PageQuery, next_cursor

POSTS = ("organisation", "legal", "assistance", "governance", "health", "culture", "safety", "other")
KINDS = ("unit", "member")
STATUSES = ("submitted", "accepted", "returned", "refused", "ended")
REFUSALS = ("other_community", "incomplete", "duplicate", "other")
ENDINGS = ("moved", "left_unit", "unit_closed", "withdrawn", "other")
FORMATS = ("xlsx", "csv")
MOST_RESOURCES = 50

COMMUNITY = {"description": "The community's code of 12 digits.", "examples": ["360704100007"]}
SIGNED = {"format": "date", "description": "The day on the form: today unless given, and none to come."}
AREA = {"description": "A grid code of 15 digits, or its first 6 (district), 9 (town) or 12 (community)."}


SERVED = {
    "description": "Registered ones with a service this year; null where fewer than three have one, or have none."
}


class UnitForm(Strict):
    """The form of a unit's Party organisation."""

    unit_id = id_(required=True)
    community = id_(required=True, metadata=COMMUNITY)
    signed_on = id_(metadata=SIGNED)
    posts = ids(len(POSTS), metadata={"description": f"Kinds of post: {', '.join(POSTS)}."})
    agreement = text(allow_none=True, metadata={"description": "What was agreed."})
    resources = fields.List(word(200), validate=validate.Length(max=MOST_RESOURCES))
    contact_id = id_(allow_none=True, metadata={"description": "Who speaks for it: a person of the unit."})


class MemberForm(Strict):
    """The form of a member: the caller, and the caller's unit, unless others are named."""

    person_id = id_()
    unit_id = id_()
    community = id_(
        metadata={"description": "The community's code of 12 digits; else that of the home, else that of the unit."}
    )
    signed_on = id_(metadata=SIGNED)
    posts = ids(len(POSTS), metadata={"description": f"Kinds of post: {', '.join(POSTS)}."})


class TransferForm(Strict):
    """With which community somebody registers instead."""

    community = id_(required=True, metadata=COMMUNITY)
    signed_on = id_(metadata=SIGNED)


class RegistrationRefused(Strict):
    """Why it is refused."""

    reason_code = one_of(*REFUSALS, required=True)


class RegistrationEnded(Strict):
    """Why it ends."""

    reason_code = one_of(*ENDINGS, required=True)


class RegistrationReceipt(Open):
    """What a command did: the same again for the same command."""

    registration_id = fields.String(required=True)
    version = fields.Integer(required=True)
    at = fields.String(required=True, metadata={"format": "date-time"})
    event_id = fields.String(required=True)
    status = fields.String(required=True)
    community = fields.String(required=True)
    slip = fields.String(allow_none=True, metadata={"description": "The number on the acceptance slip, once issued."})


class RegistrationQuery(PageQuery):
    """Which registrations: the caller's own, unless an area or a unit is named."""

    area = id_(metadata=AREA)
    unit_id = id_()
    person_id = id_()
    kind = one_of(*KINDS)
    status = one_of(*STATUSES)


def _day(meaning: str) -> fields.String:
    return fields.String(required=True, allow_none=True, metadata={"format": "date", "description": meaning})


class RegistrationShown(Open):
    """One registration; a person's name is masked."""

    registration_id = fields.String(required=True)
    version = fields.Integer(required=True)
    kind = fields.String(required=True)
    status = fields.String(required=True)
    unit_id = fields.String(required=True)
    unit_name = fields.String(required=True, allow_none=True)
    person_id = fields.String(required=True, allow_none=True)
    person_name = fields.String(required=True, allow_none=True)
    community = fields.String(required=True)
    basis = fields.String(required=True, metadata={"description": "Why this community: `home`, `unit` or `chosen`."})
    slip = fields.String(required=True, allow_none=True)
    signed_on = _day("The day on the form.")
    submitted_on = _day("The day on which it came.")
    accepted_on = _day("The first day on which it holds.")
    ended_on = _day("The first day on which it holds no more.")
    agreement = fields.String(required=True, allow_none=True)
    resources = fields.List(fields.String(), required=True)
    posts = fields.List(fields.Nested(Worded), required=True)
    contact_id = fields.String(required=True, allow_none=True)
    replaces = fields.String(required=True, allow_none=True)
    reason_code = fields.String(required=True, allow_none=True)


class RegistrationList(Schema):
    """A page of registrations, the newest first."""

    items = fields.List(fields.Nested(RegistrationShown), required=True)
    next = next_cursor()


class RegistrationExportQuery(Strict):
    """As what kind of file."""

    format = fields.String(load_default="xlsx", validate=validate.OneOf(FORMATS))


class RateQuery(Strict):
    """As of which day."""

    as_of = id_(metadata={"format": "date", "description": "Today unless given."})


def _percent(meaning: str) -> fields.Float:
    return fields.Float(required=True, allow_none=True, metadata={"description": f"{meaning}, in per cent."})


class RegistrationRate(Open):
    """How far a unit has come."""

    unit_id = fields.String(required=True)
    as_of = fields.String(required=True, metadata={"format": "date"})
    community = fields.String(required=True, allow_none=True)
    slip = fields.String(required=True, allow_none=True)
    members = fields.Integer(required=True, metadata={"description": "The unit's members in service."})
    registered = fields.Integer(required=True)
    registration_rate = _percent("Registered of all; null where there are none")
    served = fields.Integer(required=True, allow_none=True, metadata=SERVED)
    completion_rate = _percent("Served of registered; null where `served` is")


class FeedbackQuery(Strict):
    """Of which quarter."""

    quarter = id_(required=True, metadata={"description": "Such as 2026Q1."})


class UnitFeedback(Open):
    """What an employer is told of a quarter; sums of fewer than three members are withheld."""

    unit_id = fields.String(required=True)
    quarter = fields.String(required=True)
    registered = fields.Integer(required=True)
    services = fields.Integer(required=True, allow_none=True)
    points = fields.Integer(required=True, allow_none=True)
    withheld = fields.String(required=True, allow_none=True, metadata={"description": "`too_few_members`, or null."})
