"""The cases behind a number of the indicators."""

from marshmallow import fields, validate

from gateway.schemas.case_views import Open, Worded
from gateway.schemas.fields import one_of, shown_instant
from gateway.schemas.indicators import COUNTS, Asked, IndicatorQuery
from gateway.schemas.ledgers import FORMATS, LedgerLine
from gateway.schemas.paging import PageQuery, next_cursor


class IndicatorCasesFilters(IndicatorQuery):
    """Of which number."""

    count = one_of(*COUNTS, required=True)


class IndicatorCasesQuery(IndicatorCasesFilters, PageQuery):
    """A page of the cases of a number."""


class IndicatorCasesExportQuery(IndicatorCasesFilters):
    """All cases of a number as a file."""

    format = fields.String(load_default="xlsx", validate=validate.OneOf(FORMATS))


class ExclusionHeld(Open):
    """For what a case is left out of the three rates, and who proposed and approved it."""

    reason = fields.Nested(Worded, required=True)
    proposed_by = fields.String(required=True)
    proposed_at = shown_instant(required=True)
    decided_by = fields.String(required=True)
    decided_at = shown_instant(required=True)


class IndicatorCase(LedgerLine):
    """One case that counts; where it is left out of the rates, why."""

    exclusion = fields.Nested(
        ExclusionHeld,
        required=True,
        allow_none=True,
        metadata={"description": "Null while it is not left out, and for who does not hear of that."},
    )


class IndicatorCases(Asked):
    """A number, and a page of the cases that it is made of."""

    count = fields.String(required=True)
    cohort = fields.String(
        required=True,
        metadata={"enum": ["reported", "due", "closed"], "description": "What of a case lies in the period."},
    )
    number = fields.Integer(required=True, metadata={"description": "How many cases count."})
    unlisted = fields.List(
        fields.Nested(Worded),
        required=True,
        metadata={
            "description": "Which cases count and are not listed; always the same, whether or not there are such cases."
        },
    )
    items = fields.List(fields.Nested(IndicatorCase), required=True)
    next = next_cursor()
