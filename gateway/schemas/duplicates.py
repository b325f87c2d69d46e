"""Which cases may be about the same thing as another, and why."""

from marshmallow import Schema, fields

from gateway.schemas.case_views import CaseLine, Open, Worded, names_around


class PossibleMerge(Open):
    """What a merge could do, by the places, categories and statuses of both."""

    into_it = fields.Boolean(required=True, metadata={"description": "This case can be merged into that one."})
    from_it = fields.Boolean(required=True, metadata={"description": "That one can be merged into this case."})


class Duplicate(Open):
    """An open case that may be about the same thing; `score` of 100."""

    case = fields.Nested(CaseLine, required=True)
    score = fields.Integer(required=True)
    reasons = fields.List(fields.Nested(Worded), required=True)
    merge = fields.Nested(PossibleMerge, required=True)


class Duplicates(Schema):
    """Cases that may be about the same thing, best first."""

    items = fields.List(fields.Nested(Duplicate), required=True)
    names = names_around()
