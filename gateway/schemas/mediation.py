"""Mediation of a dispute: between whom, and as a case shows it."""

from marshmallow import INCLUDE, Schema, fields

from gateway.schemas.fields import Strict, id_, phone, shown_instant, word

ENDINGS = ("agreed", "not_agreed", "withdrawn", "to_court")
SETTLED_BY = (
    "grid_party_group",
    "grid_worker",
    "community_committee",
    "community_mediation_committee",
    "agency_office",
    "district_mediation_committee",
    "district_bureau",
)


class Party(Strict):
    """One of those who quarrel: an account, or a name and perhaps a phone."""

    person_id = id_()
    name = word(50)
    phone = phone()


class PartyShown(Schema):
    """A party, as the parties and the mediator see it; names and phones are masked but to the mediator."""

    person_id = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)


class MeetingShown(Schema):
    """What was said at one meeting."""

    at = shown_instant(required=True)
    record = fields.String(required=True)


class MediationShown(Schema):
    """How the mediation stands; who quarrels, what was said and signed is empty but for them and the mediator."""

    class Meta:
        """Options of marshmallow."""

        unknown = INCLUDE

    outcome = fields.String(required=True, allow_none=True, metadata={"enum": [*ENDINGS, None]})
    settled_by = fields.String(required=True, allow_none=True)
    resolution_level = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "`grid`, `community`, `agency` or `district`; null where nothing was agreed."},
    )
    settled_at = shown_instant(required=True, allow_none=True)
    meetings = fields.Integer(required=True)
    mediator_id = fields.String(required=True, allow_none=True)
    parties = fields.List(fields.Nested(PartyShown), required=True)
    records = fields.List(fields.Nested(MeetingShown), required=True)
    agreement = fields.List(fields.String(), required=True, metadata={"description": "Ids of photos."})
