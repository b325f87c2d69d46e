"""Charts of indicators: of which rates, over which days, and in which form."""

from marshmallow import ValidationError, fields, validate
from webargs.fields import DelimitedList

from gateway.schemas.fields import QueryInteger, day
from gateway.schemas.indicators import RATES, IndicatorQuery, IndicatorRankingQuery

FORMATS = ("svg", "png")
OVER = ("month", "day")
MOST_BARS = 60


def _rates(named: list[str]) -> None:
    """Refuse what is no rate, and one that is named twice."""
    if unknown := [name for name in named if name not in RATES]:
        raise ValidationError(f"Not a rate: {', '.join(unknown)}. The rates are: {', '.join(RATES)}.")
    if len(set(named)) != len(named):
        raise ValidationError("Named twice.")


def _format() -> fields.String:
    return fields.String(load_default="svg", validate=validate.OneOf(FORMATS))


class TrendChartQuery(IndicatorQuery):
    """Which rates over which days."""

    first = day(data_key="from", required=True, metadata={"description": "The first day."})
    by = fields.String(load_default="month", validate=validate.OneOf(OVER))
    rates = DelimitedList(
        fields.String(metadata={"enum": list(RATES)}),
        required=True,
        validate=[validate.Length(min=1), _rates],
        metadata={"description": "Up to six rates, with commas between them.", "examples": [["closure", "on_time"]]},
    )
    format = _format()


class RankingChartQuery(IndicatorRankingQuery):
    """And how many of them."""

    most = QueryInteger(
        load_default=30,
        validate=validate.Range(1, MOST_BARS),
        metadata={"description": "So many of them, the best first."},
    )
    format = _format()
