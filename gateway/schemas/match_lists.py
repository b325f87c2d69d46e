"""Demands, resources and projects, and the board of an area."""

from typing import Any

from marshmallow import fields, validate

from gateway.schemas.case_views import Open
from gateway.schemas.cases import Location, tags
from gateway.schemas.fields import QueryInteger, Strict, Truth, day, id_, ids, one_of, phone, shown_instant, text, word
from gateway.schemas.paging import PageQuery, next_cursor

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

    reason = text(required=True)


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


class DemandReceipt(Open):
    """What a command did to a demand; after a visit `demands` names all that were listed."""

    demand_id = fields.String(required=True)
    version = fields.Integer(required=True)
    at = shown_instant(required=True)
    event_id = fields.String(required=True)
    status = fields.String(required=True)
    category = fields.String(required=True)
    grid_code = fields.String(required=True)
    demands = fields.List(fields.String())


class ResourceReceipt(Open):
    """What a command did to a resource."""

    resource_id = fields.String(required=True)
    version = fields.Integer(required=True)
    at = shown_instant(required=True)
    event_id = fields.String(required=True)
    status = fields.String(required=True)
    area = fields.String(required=True)


class ProjectReceipt(Open):
    """What a command did to a project."""

    project_id = fields.String(required=True)
    version = fields.Integer(required=True)
    at = shown_instant(required=True)
    event_id = fields.String(required=True)
    status = fields.String(required=True)
    area = fields.String(required=True)


class DemandView(Open):
    """A demand, as far as the caller may see it; what is hidden is null."""

    demand_id = fields.String(required=True)
    version = fields.Integer(required=True)
    status = fields.String(required=True, metadata={"enum": list(DEMAND_STATUSES)})
    category = fields.String(required=True)
    restricted = fields.Boolean(required=True)
    grid_code = fields.String(required=True)
    compound_id = fields.String(required=True, allow_none=True)
    text = fields.String(required=True, allow_none=True)
    skills = fields.List(fields.String(), required=True)
    tags = fields.List(fields.String(), required=True)
    source = fields.String(required=True)
    source_id = fields.String(required=True, allow_none=True)
    asker = fields.Dict(required=True, allow_none=True)
    opened_at = shown_instant(required=True)
    until = fields.String(required=True, metadata={"format": "date", "description": "The last day on which it holds."})
    project_id = fields.String(required=True, allow_none=True)
    reason_code = fields.String(required=True, allow_none=True)
    ended_at = shown_instant(required=True, allow_none=True)


class ResourceView(Open):
    """A resource, as far as the caller may see it."""

    resource_id = fields.String(required=True)
    version = fields.Integer(required=True)
    status = fields.String(required=True, metadata={"enum": list(RESOURCE_STATUSES)})
    kind = fields.String(required=True)
    text = fields.String(required=True)
    owner = fields.Dict(required=True)
    skills = fields.List(fields.String(), required=True)
    categories = fields.List(fields.String(), required=True)
    area = fields.String(required=True, metadata={"description": "The smallest area that holds all that it serves."})
    serves = fields.List(fields.String(), required=True)
    capacity = fields.Integer(required=True)
    used = fields.Integer(required=True)
    in_use = fields.Integer(required=True, metadata={"description": "How many projects have it now."})
    opened_at = shown_instant(required=True)


class ProjectView(Open):
    """A project."""

    project_id = fields.String(required=True)
    version = fields.Integer(required=True)
    status = fields.String(required=True, metadata={"enum": list(PROJECT_STATUSES)})
    title = fields.String(required=True)
    text = fields.String(required=True, allow_none=True)
    area = fields.String(required=True)
    demands = fields.List(fields.String(), required=True)
    resources = fields.List(fields.String(), required=True)
    cases = fields.List(fields.String(), required=True)
    activities = fields.List(fields.String(), required=True)
    reason_code = fields.String(required=True, allow_none=True)
    opened_at = shown_instant(required=True)
    started_at = shown_instant(required=True, allow_none=True)
    ended_at = shown_instant(required=True, allow_none=True)


class DemandList(Open):
    """A page of demands."""

    items = fields.List(fields.Nested(DemandView), required=True)
    next = next_cursor()


class ResourceList(Open):
    """A page of resources."""

    items = fields.List(fields.Nested(ResourceView), required=True)
    next = next_cursor()


class MatchReason(Open):
    """One sentence for or against a match."""

    code = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class Match(Open):
    """How well the two suit each other: a score of 100, and why; the other side by its id."""

    demand_id = fields.String()
    resource_id = fields.String()
    score = fields.Float(required=True)
    in_use = fields.Integer(required=True)
    reasons = fields.List(fields.Nested(MatchReason), required=True)


class Matches(Open):
    """The best matches, best first."""

    items = fields.List(fields.Nested(Match), required=True)


class AskerContact(Open):
    """How to reach who asks."""

    name = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    callback = fields.String(allow_none=True)


def _sums(*statuses: str) -> fields.Nested:
    return fields.Nested(
        Open.from_dict({each: fields.Integer(required=True) for each in statuses}, name=f"{statuses[0].title()}Sums"),
        required=True,
    )


class MatchListSums(Open):
    """How many demands, resources and projects there are, by status."""

    demand = _sums(*DEMAND_STATUSES)
    resource = _sums(*RESOURCE_STATUSES)
    project = _sums(*PROJECT_STATUSES)


class MatchListPart(MatchListSums):
    """The sums of one part; under the area itself stands what spans several of its parts."""

    area = fields.String(required=True)


class MatchList(Open):
    """The sums of an area and of its parts, and a page of one list."""

    area = fields.String(required=True)
    list = fields.String(required=True)
    totals = fields.Nested(MatchListSums, required=True)
    parts = fields.List(fields.Nested(MatchListPart), required=True)
    items = fields.List(
        fields.Dict(), required=True, metadata={"description": "Demands, resources or projects, as each is shown."}
    )
    next = next_cursor()
