"""What a district decides about its cases: how it is entered and shown."""

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.schemas.case_views import Open
from gateway.schemas.fields import Number, Strict, Truth, day, id_, one_of, shown_instant, word
from gateway.schemas.paging import PageQuery, next_cursor

EXCLUSIONS = ("duplicate", "withdrawn", "malicious", "out_of_jurisdiction", "unreasonable", "answered_directly")
KINDS = ("categories", "scoring")
STATES = ("planned", "in_force", "over", "replaced")
MOST_CATEGORIES, MOST_CODES, NAME_LIMIT = 500, 10, 60
TERM = "30m, 2h, 4wh (working hours), 3wd (working days) or 15d."
DISTRICT = {"description": "A district, 6 digits.", "examples": ["360704"]}


def _codes(*, required: bool = False) -> fields.List[Any]:
    return fields.List(id_(), validate=validate.Length(max=MOST_CODES), required=required)


class CategoryEntered(Strict):
    """One kind of case."""

    code = id_(required=True, metadata={"description": "Four digits, of which the first two are the group."})
    zh = word(NAME_LIMIT, required=True)
    en = word(NAME_LIMIT, required=True)
    near = id_(metadata={"description": "The closest number in the city standards, `ext` without one."})
    severity = id_(required=True, metadata={"enum": ["E", "U", "N", "L"]})
    respond = id_(required=True, metadata={"description": TERM})
    resolve = id_(required=True, metadata={"description": TERM})
    basis = id_(metadata={"enum": ["O", "H", "T", "C", "B", "L"], "description": "Where the times come from."})
    units = _codes(required=True)
    skills = _codes()
    certificates = _codes()
    member_eligible = Truth(required=True)
    restricted = Truth(required=True, metadata={"description": "Sensitive: onlookers see an outline."})
    physical = Truth(metadata={"description": "As its group has it; may be left out."})


class NewCaseCategories(Strict):
    """A whole catalogue."""

    area = id_(required=True, metadata=DISTRICT)
    valid_from = day(required=True)
    items = fields.List(
        fields.Nested(CategoryEntered), required=True, validate=validate.Length(min=1, max=MOST_CATEGORIES)
    )


class Weights(Strict):
    """What each of the three rates counts for; together 1."""

    response = Number(required=True)
    resolution = Number(required=True)
    satisfaction = Number(required=True)


class NewCaseScoring(Strict):
    """How the three rates are made."""

    area = id_(required=True, metadata=DISTRICT)
    valid_from = day(required=True)
    weights = fields.Nested(Weights, required=True)
    partly = Number(required=True, metadata={"description": "What the answer that it is partly solved is worth."})
    exclusions = fields.List(
        one_of(*EXCLUSIONS),
        required=True,
        validate=validate.Length(max=len(EXCLUSIONS)),
        metadata={"description": "The reasons for which an approved exclusion takes a case out."},
    )
    smallest_group = fields.Integer(
        required=True, strict=True, metadata={"description": "Of fewer answers nothing is shown; 5 to 1000."}
    )


class CasePolicyReceipt(Open):
    """What was entered: the same again for the same command."""

    policy_id = fields.String(required=True, metadata={"description": "The name of the version, as cases have it."})
    version = fields.Integer(required=True)
    kind = fields.String(required=True, metadata={"enum": list(KINDS)})
    number = fields.Integer(required=True, metadata={"description": "Which version of its kind in the district it is."})
    valid_from = fields.String(required=True, metadata={"format": "date"})
    at = shown_instant(required=True)
    event_id = fields.String(required=True)


class CasePolicyQuery(PageQuery):
    """Of which district, and of which kind."""

    area = id_(required=True, metadata=DISTRICT)
    kind = one_of(*KINDS)


class WeightsShown(Open):
    """What each of the three rates counts for."""

    response = fields.Float(required=True)
    resolution = fields.Float(required=True)
    satisfaction = fields.Float(required=True)


class ScoringShown(Open):
    """How the three rates are made."""

    weights = fields.Nested(WeightsShown, required=True)
    partly = fields.Float(required=True)
    exclusions = fields.List(fields.String(), required=True)
    smallest_group = fields.Integer(required=True)


class CatalogueChanges(Open):
    """The codes of categories that a version added, took away and changed."""

    added = fields.List(fields.String(), required=True)
    removed = fields.List(fields.String(), required=True)
    changed = fields.List(fields.String(), required=True)


class CasePolicyShown(Open):
    """One version; a catalogue's categories are at `GET /v1/categories?version=…`."""

    policy_id = fields.String(required=True)
    kind = fields.String(required=True, metadata={"enum": list(KINDS)})
    number = fields.Integer(required=True, metadata={"description": "0 comes with the service."})
    valid_from = fields.String(required=True, metadata={"format": "date"})
    valid_to = fields.String(
        required=True, allow_none=True, metadata={"format": "date", "description": "The last day, included."}
    )
    state = fields.String(
        required=True,
        metadata={
            "enum": list(STATES),
            "description": "`replaced`: another that begins on the same day was entered later.",
        },
    )
    entered_by = fields.String(required=True, allow_none=True)
    entered_at = shown_instant(required=True, allow_none=True)
    scoring = fields.Nested(ScoringShown, required=True, allow_none=True)
    changes = fields.Nested(CatalogueChanges, required=True, allow_none=True)


class CasePolicyList(Schema):
    """A page of versions."""

    items = fields.List(fields.Nested(CasePolicyShown), required=True)
    next = next_cursor()
