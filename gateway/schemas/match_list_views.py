"""How demands, resources and projects are shown, as far as the caller may see them, and the board of an area."""

from marshmallow import fields

from gateway.schemas.case_views import Open
from gateway.schemas.fields import shown_instant
from gateway.schemas.ledgers import InBoth
from gateway.schemas.match_lists import DEMAND_STATUSES, PROJECT_STATUSES, RESOURCE_STATUSES
from gateway.schemas.paging import next_cursor


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
    category_name = fields.Nested(InBoth, required=True)
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
    names = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "What the areas, compounds, units and people on this page are called; people masked."},
    )
    next = next_cursor()
