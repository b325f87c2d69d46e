"""The page of a compound: what is open, who sees to it, what is done; nothing about persons."""

from marshmallow import Schema, fields

from gateway.schemas.case_views import Open

DAY = {"format": "date"}


class BothLanguages(Schema):
    """The same in both languages."""

    zh = fields.String(required=True)
    en = fields.String(required=True)


class Responsible(BothLanguages):
    """Who sees to it: a unit by its name, or the community's staff, or the office; never a person."""

    kind = fields.String(required=True, metadata={"enum": ["unit", "community_staff", "office"]})


class Problem(Open):
    """One case: its number, what it is about, since when, until when, and who sees to it."""

    number = fields.String(required=True)
    category = fields.String(required=True)
    category_name = fields.Nested(BothLanguages, required=True)
    since = fields.String(required=True, metadata=DAY)
    due = fields.String(required=True, allow_none=True, metadata=DAY)
    responsible = fields.List(fields.Nested(Responsible), required=True)


class OpenProblem(Problem):
    """A case that is open."""

    status = fields.String(required=True)


class Finished(Problem):
    """A case that was closed in the last 90 days, with the reporter's mark if there is one."""

    closed_on = fields.String(required=True, metadata=DAY)
    solved = fields.String(required=True, allow_none=True)


class PageCounts(Open):
    """How many cases there are; complaints about units are in none of them."""

    waiting = fields.Integer(required=True, metadata={"description": "Reported and not registered yet; not listed."})
    open = fields.Integer(required=True)
    overdue = fields.Integer(required=True)
    finished = fields.Integer(required=True, metadata={"description": "Closed in the last 90 days."})
    rated_solved = fields.Integer(required=True)
    not_listed = fields.Integer(required=True, metadata={"description": "Of all these, what waits or is sensitive."})


class CompoundPage(Open):
    """What is open in a compound, who sees to it, and what is done."""

    compound_id = fields.String(required=True)
    name = fields.String(required=True)
    community = fields.String(required=True)
    counts = fields.Nested(PageCounts, required=True)
    open = fields.List(
        fields.Nested(OpenProblem), required=True, metadata={"description": "At most 100, oldest first."}
    )
    finished = fields.List(
        fields.Nested(Finished), required=True, metadata={"description": "At most 100, latest first."}
    )
    next_service_day = fields.String(
        required=True,
        allow_none=True,
        metadata={**DAY, "description": "The next service day on which a team comes, as it is planned by now."},
    )
