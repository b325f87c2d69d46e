"""Who could take a case, and why."""

from marshmallow import fields

from gateway.schemas.case_views import Open, Worded


class ProposedUnit(Open):
    """A unit that could take the case, with the reasons as codes."""

    unit_type = fields.String(required=True)
    unit_id = fields.String(required=True, allow_none=True)
    name = fields.String(allow_none=True)
    reasons = fields.List(fields.String(), required=True)


class ProposedPerson(Open):
    """A person who could take the case; `score` of 100."""

    person_id = fields.String(required=True)
    kind = fields.String(required=True)
    score = fields.Float(required=True)
    parts = fields.Dict(
        keys=fields.String(),
        values=fields.Float(),
        required=True,
        metadata={"description": "What adds up to the score: `skill`, `place`, `distance`, `free`, `load`."},
    )
    reasons = fields.List(fields.Nested(Worded), required=True)


class SkippedUnit(Open):
    """A kind of unit that was left out, with the reason as a code."""

    unit_type = fields.String(required=True)
    reason = fields.String(required=True)


class Proposal(Open):
    """Units and people who could take the case, best first."""

    units = fields.List(fields.Nested(ProposedUnit), required=True)
    people = fields.List(fields.Nested(ProposedPerson), required=True)
    skipped = fields.List(fields.Nested(SkippedUnit), required=True)
