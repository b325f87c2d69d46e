"""The trend of an area: two quarters side by side."""

from typing import Any

from marshmallow import fields

from gateway.schemas.case_views import Open
from gateway.schemas.fields import Strict, id_

QUARTER = {"description": "A quarter like 2026Q1.", "examples": ["2026Q1"]}

FEW = "null where fewer than `fewest_told` people served, or a neighbouring area would tell of so few by subtracting"


def _rate(meaning: str) -> Any:
    description = f"{meaning}, in percent with two decimals; null where there is nothing to divide by."
    return fields.Float(required=True, allow_none=True, metadata={"description": description})


class TrendQuery(Strict):
    """Which quarters; the running one against the one before it unless said otherwise."""

    quarter = id_(metadata=QUARTER)
    against = id_(metadata=QUARTER)


class Figures(Open):
    """What counts in a quarter, of the cases that were closed in it and of who served."""

    closed = fields.Float(required=True, allow_none=True)
    dispatched = fields.Float(
        required=True, allow_none=True, metadata={"description": "Of the closed, those that somebody was sent to."}
    )
    excluded = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "Of the dispatched, those that the rates leave out."},
    )
    median_minutes = fields.Float(
        required=True, allow_none=True, metadata={"description": "From the report to the end, of the dispatched."}
    )
    response = _rate("Dispatched cases with first contact by the respond deadline")
    resolution = _rate("Answered callbacks that say solved")
    satisfaction = _rate("Answered callbacks that are satisfied or basically satisfied")
    coverage = _rate("Dispatched cases with an answered callback")
    active = fields.Float(
        required=True, allow_none=True, metadata={"description": f"People with volunteer time that counts; {FEW}."}
    )
    minutes = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": f"Volunteer minutes that count, of all of them; {FEW}."},
    )
    residents = fields.Float(required=True, allow_none=True, metadata={"description": "At the end of the quarter."})
    hours_per_1000 = fields.Float(
        required=True,
        allow_none=True,
        metadata={
            "description": f"Volunteer hours by 1,000 residents, two decimals; null where nobody lives, and {FEW}."
        },
    )


class QuarterFigures(Figures):
    """The figures of one quarter."""

    name = fields.String(required=True)


class Trend(Open):
    """Two quarters, and what has changed from the second to the first."""

    area = fields.String(required=True)
    fewest_told = fields.Integer(
        required=True, metadata={"description": "Fewer people who served than this are not told of."}
    )
    quarter = fields.Nested(QuarterFigures, required=True)
    against = fields.Nested(QuarterFigures, required=True)
    deltas = fields.Nested(Figures, required=True)
