"""The ledger of an area: problems, who answers for them, and what is done."""

from typing import Any

from marshmallow import fields, validate

from gateway.schemas.case_views import CaseHead, Open
from gateway.schemas.cases import PRIORITY, TAGS
from gateway.schemas.fields import QueryTruth, Strict, id_, one_of, shown_instant
from gateway.schemas.paging import PageQuery, next_cursor

LISTS = ("problem", "responsibility", "completion")
FORMATS = ("xlsx", "csv")


def _instant(meaning: str) -> Any:
    return id_(metadata={"format": "date-time", "description": meaning})


class LedgerFilters(Strict):
    """The period of a ledger, and which lines of it are listed."""

    since = _instant("What ended counts from then on: 30 days before `until` unless given.")
    until = _instant("What ended counts before then: the end of today unless given.")
    category = id_()
    compound_id = id_()
    tag = one_of(*TAGS)
    unit_id = id_(metadata={"description": "Given to this unit."})
    unassigned = QueryTruth(metadata={"description": "Given to nobody, so that the office answers for it."})
    overdue = QueryTruth()


class LedgerQuery(LedgerFilters, PageQuery):
    """Which list of the ledger, and which lines of it."""

    list = one_of(*LISTS, load_default="problem")
    order = one_of(PRIORITY)


class LedgerExportQuery(LedgerFilters):
    """Which lists of the ledger as a file, and which lines of them."""

    format = fields.String(load_default="xlsx", validate=validate.OneOf(FORMATS))
    list = fields.String(
        validate=validate.OneOf(LISTS),
        metadata={"description": "Only this list; without it XLSX holds all three, CSV the problems."},
    )


class Sums(Open):
    """How many cases stand where: each in exactly one of `waiting`, `problem`, `completion` and `left`."""

    waiting = fields.Integer(required=True, metadata={"description": "Reported and not registered yet."})
    problem = fields.Integer(required=True)
    unassigned = fields.Integer(required=True, metadata={"description": "Problems that nobody has."})
    overdue = fields.Integer(required=True, metadata={"description": "Problems past their time."})
    completion = fields.Integer(required=True)
    left = fields.Integer(required=True, metadata={"description": "Rejected, merged or withdrawn in the period."})


class Part(Sums):
    """The sums of a part of the area: of a town, a community or a grid."""

    area = fields.String(required=True)


class InBoth(Open):
    """A name in both languages."""

    zh = fields.String(required=True)
    en = fields.String(required=True)


class LedgerLine(CaseHead):
    """One case in a list; who answers for it, and what came of it, where the list says so."""

    category_name = fields.Nested(InBoth, required=True, allow_none=True)
    text = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "What was reported, with what is personal masked; null for who may not read it."},
    )

    units = fields.List(fields.String())
    people = fields.List(
        fields.String(), metadata={"description": "Empty for callers who do not work with the people."}
    )
    lead = fields.String(allow_none=True)
    unassigned = fields.Boolean()
    closed_at = shown_instant(allow_none=True)
    in_time = fields.Boolean(allow_none=True)
    evidence = fields.Integer(metadata={"description": "How many photos show it."})
    solved = fields.String(allow_none=True)
    satisfaction = fields.Integer(allow_none=True)


class Ledger(Open):
    """The sums of an area and of its parts, and a page of one list."""

    area = fields.String(required=True)
    list = fields.String(required=True)
    since = shown_instant(required=True)
    until = shown_instant(required=True)
    totals = fields.Nested(Sums, required=True)
    parts = fields.List(fields.Nested(Part), required=True)
    items = fields.List(fields.Nested(LedgerLine), required=True)
    names = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "What the areas, compounds, units and people on this page are called; people masked."},
    )
    next = next_cursor()
