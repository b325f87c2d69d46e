"""How demands, resources and projects are told and asked for."""

from typing import Any

from marshmallow import fields, validate

from gateway.schemas.cases import Location, tags
from gateway.schemas.fields import QueryInteger, Strict, Truth, day, id_, ids, one_of, phone, reason, text, word
from gateway.schemas.paging import PageQuery

MOST_SKILLS = 20
MOST_AREAS = 50
MOST_CAPACITY = 1_000
MOST_NEEDS = 50
MOST_DEMANDS = 200
MOST_RESOURCES = 20
MOST_CASES = 50
MOST_MATCHES = 50

LISTS = ("demand", "resource", "project")
SOURCES = ("APP", "RIDER", "DOOR_KNOCK", "SESSION", "CASE", "PHONE", "COMMUNITY")
KINDS = ("skill", "service", "place", "equipment", "goods", "funds")
DEMAND_STATUSES = ("open", "matched", "met", "unmet", "expired")
RESOURCE_STATUSES = ("offered", "reserved", "used_up", "withdrawn")
PROJECT_STATUSES = ("planned", "running", "completed", "cancelled")
UNMET_REASONS = ("no_resource", "not_feasible", "out_of_jurisdiction", "other")
CANCEL_REASONS = ("funds", "no_resource", "not_needed", "not_feasible", "other")

AREAS = "Grid codes of 15 digits, or their first 6 (district), 9 (town) or 12 (community)."


def _areas(**options: Any) -> fields.List[Any]:
    return fields.List(id_(), validate=validate.Length(1, MOST_AREAS), metadata={"description": AREAS}, **options)


class Asker(Strict):
    """Who asks, if it is not the caller, and with their consent: an account, or a nickname and a phone; never an ID."""

    person_id = id_()
    nickname = word(50)
    phone = phone()
    platform = word(50, metadata={"description": "For whom a rider or a driver works."})
    callback = one_of("app", "voice", "sms", "visit")
    consent = Truth(required=True)


class Need(Strict):
    """What is asked for."""

    text = text(required=True)
    category = id_(metadata={"examples": ["0901"], "description": "See `/v1/categories`; riders may leave it out."})
    skills = ids(MOST_SKILLS)
    tags = tags()
    until = day()


class DemandAsked(Need):
    """A demand, and a place: a point, a grid or a compound."""

    location = fields.Nested(Location)
    grid_code = id_()
    compound_id = id_()
    source = one_of(*SOURCES)
    source_id = id_(metadata={"description": "The visit, session or case that it came from."})
    asker = fields.Nested(Asker)


class VisitNeeds(Strict):
    """All that was asked for at one visit."""

    location = fields.Nested(Location)
    grid_code = id_()
    compound_id = id_()
    source = one_of("DOOR_KNOCK", "COMMUNITY")
    asker = fields.Nested(Asker)
    needs = fields.List(fields.Nested(Need), required=True, validate=validate.Length(1, MOST_NEEDS))


class Unmet(Strict):
    """Why it will not be met."""

    reason_code = one_of(*UNMET_REASONS, required=True)


class AskerReveal(Strict):
    """Why somebody has to reach the asker; it is written down."""

    reason = reason()


class ResourceChange(Strict):
    """What may be told anew of a resource; what is not named stays."""

    text = text()
    serves = _areas()
    skills = ids(MOST_SKILLS)
    categories = fields.List(id_(), validate=validate.Length(max=MOST_SKILLS))
    since = day(allow_none=True)
    until = day(allow_none=True)
    capacity = fields.Integer(
        strict=True,
        validate=validate.Range(1, MOST_CAPACITY),
        metadata={"description": "How many projects can have it in all: one unless given."},
    )


class ResourceOffered(ResourceChange):
    """A resource."""

    kind = one_of(*KINDS, required=True)
    text = text(required=True)
    serves = _areas(required=True)


class ProjectPlanned(Strict):
    """What a project is made of: at least a demand or a case."""

    title = word(100, required=True)
    text = text()
    demands = ids(MOST_DEMANDS)
    resources = ids(MOST_RESOURCES)
    cases = ids(MOST_CASES)


class Cancel(Strict):
    """Why it is given up."""

    reason_code = one_of(*CANCEL_REASONS, required=True)


class Nothing(Strict):
    """Nothing more has to be said."""


class MatchQuery(Strict):
    """How many matches."""

    limit = QueryInteger(load_default=10, validate=validate.Range(1, MOST_MATCHES))


class MatchListQuery(PageQuery):
    """Which list of the board, and which lines of it; each list has some of these filters."""

    list = one_of(*LISTS, load_default="demand")
    status = one_of(*DEMAND_STATUSES, *RESOURCE_STATUSES, *PROJECT_STATUSES)
    category = id_()
    compound_id = id_()
    skill = id_()
    tag = id_()
    source = one_of(*SOURCES)
    source_id = id_()
    kind = one_of(*KINDS)
    owner_id = id_()


class MatchListExportQuery(Strict):
    """Which lists of the board as a file."""

    format = fields.String(load_default="xlsx", validate=validate.OneOf(("xlsx", "csv")))
    list = fields.String(
        validate=validate.OneOf(LISTS),
        metadata={"description": "Only this list; without it XLSX holds all three, CSV the needs."},
    )
