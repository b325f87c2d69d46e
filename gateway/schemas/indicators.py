"""Indicators: how the cases of an area stand, and which cases a number is made of."""

from typing import Any

from marshmallow import fields, validate

from gateway.schemas.case_views import Open
from gateway.schemas.fields import Strict, day, id_, one_of, shown_instant
from gateway.schemas.ledgers import FORMATS, InBoth

BY = ("district", "community", "grid", "unit", "category", "day", "month")
RANKED_BY = BY[:5]

COUNTS = {
    "reported": "Reported in the period.",
    "registered": "Of the reported, those that were registered.",
    "extended": "Of the reported, those whose time was extended.",
    "dispatched": "Of the reported, those that were given to somebody.",
    "not_returned": "Of the dispatched, those that were not handed back in this round.",
    "found_on_patrol": "Of the registered, those that somebody came upon on patrol.",
    "found_by_others": "Of the registered, those that came in otherwise, but for what came up in intake sessions.",
    "due": "Due in the period: registered, and not ended otherwise than by being closed.",
    "running": "Of the due, those whose time does not stand still (suspended).",
    "due_closed": "Of the due, those that are closed.",
    "in_time": "Of the due, those closed by their due time.",
    "late": "Of the due, those closed after it.",
    "handled": "Of the due, those with feedback that stands, or answered directly.",
    "handled_in_time": "Of these, those by the due time.",
    "fed_back": "Of the due, those with feedback given at least once.",
    "reworked": "Of these, those sent back at least once.",
    "urgent": "Of the due, urgent matters and emergencies.",
    "urgent_closed": "Of these, those that are closed.",
    "closed": "Closed in the period.",
    "answered_directly": "Of the closed, consultations answered at the desk; outside the three rates.",
    "excluded": "Of the closed, those that an approved exclusion leaves out of the three rates.",
    "excluded_duplicate": "Of the excluded, those reported already.",
    "excluded_withdrawn": "Those taken back by the reporter.",
    "excluded_malicious": "Those reported in malice.",
    "excluded_out_of_jurisdiction": "Those outside the district's duties.",
    "excluded_unreasonable": "Those that ask for what is unreasonable.",
    "excluded_answered_directly": "Those answered at once.",
    "concluded": "*A*: of the closed, those dispatched and not excluded.",
    "responded": "Of *A*, those with first contact by the respond deadline.",
    "answered": "*V*: of *A*, those with a valid answer of the reporter.",
    "solved": "Of *V*, those that the reporter calls solved.",
    "partly": "Of *V*, those called partly solved.",
    "satisfied": "Of *V*, those satisfied or basically satisfied.",
    "settled": "Of the closed, disputes settled by agreement.",
    "settled_grid": "Of these, those settled at the grid.",
    "settled_community": "Those settled at the community or below.",
    "settled_agency": "Those settled at the agency or below.",
    "settled_district": "Those settled at the district or below.",
    "left": "Ended in the period otherwise than by being closed: refused, merged or withdrawn.",
    "overdue": "Of the due, those closed late and those open past their due time now.",
    "missed": "Of what was found by others, what lies in a grid in which a patrol has found something in the period.",
    "found": "All that was found in these grids, on patrol and by others.",
}
RATES = {
    "registration": "Registered of the reported.",
    "extension": "Extended of the registered.",
    "right_dispatch": "Not handed back of the dispatched.",
    "missed": "Found by others of all that was found, in grids that were patrolled in the period.",
    "closure": "Closed of the due.",
    "on_time": "Closed by the due time of the due.",
    "closure_running": "Closed of the due without the suspended.",
    "on_time_running": "Closed by the due time of the due without the suspended.",
    "handling": "Handled of the due.",
    "handling_on_time": "Handled by the due time of the due.",
    "rework": "Sent back of those with feedback.",
    "overdue": "Overdue of the due.",
    "urgent_closure": "Closed of the urgent due.",
    "response": "First contact in time, of *A*.",
    "resolution": "Solved, of *V*; what is partly solved counts as `scoring.partly` says.",
    "satisfaction": "Satisfied, of *V*.",
    "coverage": "*V* of *A*: read it beside the two before.",
    "composite": "The three rates as `scoring` weighs them, from unrounded rates; null unless all three are known.",
    "local_grid": "Disputes settled at the grid, of the settled.",
    "local_community": "At the community or below.",
    "local_agency": "At the agency or below.",
    "local_district": "At the district or below.",
}

AREA = {
    "description": "A grid code of 15 digits, or its first 12 (community), 9 (town), 6 (district), 4 (city) or 2 "
    "(province).",
    "examples": ["360704"],
}


def _count(meaning: str) -> Any:
    return fields.Integer(metadata={"description": meaning})


def _rate(meaning: str) -> Any:
    return fields.Float(allow_none=True, metadata={"description": f"{meaning} In percent; null for a part of nothing."})


Counts = type("Counts", (Open,), {"__doc__": "How many cases.", **{name: _count(COUNTS[name]) for name in COUNTS}})
Rates = type("Rates", (Open,), {"__doc__": "Rates in percent, two decimals.", **{n: _rate(RATES[n]) for n in RATES}})


class IndicatorQuery(Strict):
    """Which cases count: those of an area, on local days of which both ends are included."""

    area = id_(required=True, metadata=AREA)
    first = day(data_key="from", metadata={"description": "The first day; that of the month of `to` unless given."})
    last = day(data_key="to", metadata={"description": "The last day; today unless given."})
    unit_id = id_(metadata={"description": "Only what this unit answers for."})
    category = id_(metadata={"description": "Only this category."})


class IndicatorsQuery(IndicatorQuery):
    """And by what the parts are told apart."""

    by = one_of(*BY)


class IndicatorsExportQuery(IndicatorsQuery):
    """The same as a file."""

    format = fields.String(load_default="xlsx", validate=validate.OneOf(FORMATS))


class IndicatorRankingQuery(IndicatorQuery):
    """What is ranked, and by which rate."""

    by = one_of(*RANKED_BY, required=True)
    rate = one_of(*RATES, load_default="composite")


class IndicatorRankingExportQuery(IndicatorRankingQuery):
    """The same as a file."""

    format = fields.String(load_default="xlsx", validate=validate.OneOf(FORMATS))


class IndicatorFigures(Open):
    """Counts, and the rates that are made of them; who is told the public set finds only those of it."""

    counts = fields.Nested(Counts, required=True)
    rates = fields.Nested(Rates, required=True)


class Scoring(Open):
    """How the composite is weighed: by the version of the last day of the period, or of today if that is to come."""

    response = fields.Float(required=True)
    resolution = fields.Float(required=True)
    satisfaction = fields.Float(required=True)
    partly = fields.Float(required=True, metadata={"description": "What a matter counts that is partly solved."})
    version = fields.String(
        required=True, metadata={"description": "Its `policy_id`, by which it is found at `GET /v1/case-policies`."}
    )
    basis = fields.String(
        required=True,
        metadata={
            "enum": ["district", "shipped"],
            "description": "Whether it is that of the district, or, for an area of several districts, the one that "
            "comes with the service. Which exclusions count each district has decided for itself.",
        },
    )


class IndicatorPart(IndicatorFigures):
    """The figures of one part."""

    of = fields.String(
        required=True,
        metadata={"description": "Its code, day or month; an empty unit stands for people who have it without one."},
    )
    scoring = fields.Nested(
        Scoring,
        metadata={"description": "Of a day or month that is made by another version than the whole: by which."},
    )


class Asked(Open):
    """What was asked, when, and until when every change of a case is counted."""

    area = fields.String(required=True)
    first = fields.String(required=True, data_key="from", metadata={"format": "date"})
    last = fields.String(required=True, data_key="to", metadata={"format": "date"})
    unit_id = fields.String(required=True, allow_none=True)
    category = fields.String(required=True, allow_none=True)
    asked_at = shown_instant(required=True)
    counted_until = fields.String(
        required=True,
        metadata={"format": "date-time", "description": "Earlier than `asked_at` where something waits to be counted."},
    )
    names = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "What areas, compounds, units and people are called; people masked."},
    )


def made_of_each() -> fields.Dict:
    """How each rate is made, and so of how many cases it is one."""
    return fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        required=True,
        metadata={"description": "For each rate the count above and the count below the line."},
    )


class Indicators(Asked):
    """The figures of an area and of its parts."""

    by = fields.String(required=True, allow_none=True)
    audience = fields.String(required=True, metadata={"enum": ["all", "public"]})
    fewest_told = fields.Integer(
        required=True,
        metadata={
            "description": "The public set has opinions for whole months that are over alone, and none that tell of "
            "fewer reporters than this, not by subtracting either."
        },
    )
    scoring = fields.Nested(Scoring, required=True)
    made_of = made_of_each()
    total = fields.Nested(IndicatorFigures, required=True)
    parts = fields.List(fields.Nested(IndicatorPart), required=True)
    categories = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(InBoth),
        required=True,
        metadata={"description": "What the categories are called, where the parts are categories."},
    )


class IndicatorPlace(IndicatorFigures):
    """Where one part stands."""

    of = fields.String(required=True, metadata={"description": "Its code."})
    rank = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Equal figures share one, and the next counts all before it; null without a figure."},
    )
    value = fields.Float(required=True, allow_none=True, metadata={"description": "The rate that it is ranked by."})
    change = fields.Float(
        required=True,
        allow_none=True,
        metadata={
            "description": "Against the period before, in percentage points; null where one of both is not known."
        },
    )
    coverage = fields.Float(
        required=True, allow_none=True, metadata={"description": "*V* of *A*, to be read beside the three rates."}
    )


class Before(Open):
    """The period against which changes are told: as many months before whole months, else as many days before."""

    first = fields.String(required=True, data_key="from", metadata={"format": "date"})
    last = fields.String(required=True, data_key="to", metadata={"format": "date"})
    scoring = fields.Nested(Scoring, required=True)


class IndicatorRanking(Asked):
    """The parts of an area in the order of a rate, the best first and those without a figure last."""

    by = fields.String(required=True)
    rate = fields.String(required=True)
    lowest_first = fields.Boolean(required=True)
    audience = fields.String(required=True, metadata={"enum": ["all", "public"]})
    fewest_told = fields.Integer(
        required=True,
        metadata={
            "description": "In the public set nobody is ranked by opinions that would tell of fewer reporters than "
            "this; they are told for whole months that are over alone."
        },
    )
    scoring = fields.Nested(Scoring, required=True)
    made_of = made_of_each()
    before = fields.Nested(Before, required=True)
    total = fields.Nested(IndicatorFigures, required=True)
    items = fields.List(fields.Nested(IndicatorPlace), required=True)
    categories = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(InBoth),
        required=True,
        metadata={"description": "What the categories are called, where they are ranked."},
    )
