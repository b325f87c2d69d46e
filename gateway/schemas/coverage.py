"""The coverage of an area: 18 checks, each with its numbers and with what stands in the way."""

from marshmallow import fields, validate

from gateway.schemas.case_views import Open
from gateway.schemas.fields import QueryInteger, Strict, day
from gateway.schemas.ledgers import FORMATS, InBoth

MOST_ITEMS = 1_000
USUAL_ITEMS = 50


class CoverageQuery(Strict):
    """As of which local day, today unless given, and how many items each check names at the most."""

    as_of = day()
    most = QueryInteger(load_default=USUAL_ITEMS, validate=validate.Range(1, MOST_ITEMS))


class CoverageExportQuery(Strict):
    """As of which local day, and as which kind of file."""

    as_of = day()
    format = fields.String(load_default="xlsx", validate=validate.OneOf(FORMATS))


class WhyUnknown(InBoth):
    """Why a check neither passes nor fails."""

    code = fields.String(required=True)


class CoverageItem(InBoth):
    """Something that a check names, and why; people by their masked names."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    reason = fields.String(required=True)


class CoverageCheck(Open):
    """One check."""

    id = fields.String(required=True, metadata={"examples": ["V2"]})
    title = fields.Nested(InBoth, required=True)
    rule = fields.Nested(InBoth, required=True, metadata={"description": "When it passes."})
    numerator = fields.Float(required=True)
    denominator = fields.Float(required=True)
    percentage = fields.Float(
        required=True, allow_none=True, metadata={"description": "Two decimals; null where there is nothing to check."}
    )
    passes = fields.Boolean(
        required=True, allow_none=True, metadata={"description": "Null where `reason` says why that cannot be told."}
    )
    reason = fields.Nested(WhyUnknown, required=True, allow_none=True)
    failing = fields.List(fields.Nested(CoverageItem), required=True)
    failing_total = fields.Integer(required=True)
    noted = fields.List(
        fields.Nested(CoverageItem), required=True, metadata={"description": "Worth knowing, and failing nothing."}
    )
    noted_total = fields.Integer(required=True)


class Coverage(Open):
    """The 18 checks of an area, in their order."""

    area = fields.String(required=True)
    as_of = fields.String(required=True, metadata={"format": "date"})
    checks = fields.List(fields.Nested(CoverageCheck), required=True)
