"""Indicators as pictures, for whoever is told them as numbers."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from chassis.errors import Refusal
from gateway.charts.drawing import COLOURS, drawn_ranking, drawn_trend
from gateway.charts.figures import ranking, too_fine, trend
from gateway.charts.pictures import PICTURES, pictured
from gateway.facade import ask, services
from gateway.identity import identity
from gateway.operations import Operations
from gateway.problem_answers import spoken
from gateway.routes.indicators import SENT
from gateway.schemas.charts import RankingChartQuery, TrendChartQuery

routes = Operations("charts", "Indicators as pictures, with sample size and method beside the numbers.")

OF_A_BOARD = ("area", "first", "last", "unit_id", "category", "by")


@routes.reads("/indicators/chart", None, query=TrendChartQuery, responses=PICTURES, errors=(503,))
def trend_chart(query: dict[str, Any]) -> Response:
    """Rates of an area over months or days, as a picture.

    The figures are those of `GET /v1/indicators` by month or day, for whoever is told them. More than 366 days are
    drawn by month, and the picture says so. A month without a case, or of which a rate is not told, is a gap. Below
    stand the numbers with their sample size, the callback coverage of opinions, and how each rate is made. SVG, or PNG
    with `format=png`, in the language of the request.
    """
    if len(query["rates"]) > len(COLOURS):
        raise Refusal("too_many_rates", most=len(COLOURS))
    language = spoken()
    board = _board(query)
    coarser = too_fine(board)
    if coarser:
        board = _board({**query, "by": "month"})
    # Six rates over a year of days take a moment in which nobody else would be answered.
    drawn = services().apart(drawn_trend, trend(board, query["rates"], language, coarser=coarser), language)
    return pictured(drawn, query["format"])


@routes.reads("/indicator-ranking/chart", None, query=RankingChartQuery, responses=PICTURES, errors=(503,))
def ranking_chart(query: dict[str, Any]) -> Response:
    """The parts of an area by one of their rates, as a picture with a bar for each, the best first.

    The figures and places are those of `GET /v1/indicator-ranking`, for whoever is told them; who has no rate, or one
    that is not told, has no place. Beside each bar stand its change, the sample size and, of opinions, the callback
    coverage. SVG, or PNG with `format=png`, in the language of the request.
    """
    language = spoken()
    board = ask().cases.indicator_ranking(caller=identity().caller, **_asked(query, "rate"))
    drawn = services().apart(drawn_ranking, ranking(board, query["most"], language), language)
    return pictured(drawn, query["format"])


def _board(query: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = ask().cases.indicators(caller=identity().caller, **_asked(query))
    return found


def _asked(query: Mapping[str, Any], *more: str) -> dict[str, Any]:
    """What is asked of cases; how it is drawn is nothing to them."""
    return {SENT.get(name, name): query[name] for name in (*OF_A_BOARD, *more) if name in query}
