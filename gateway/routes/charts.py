"""Indicators as pictures, for whoever is told them as numbers."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from chassis.errors import Refusal
from gateway.charts.drawing import COLOURS, drawn_ranking, drawn_trend
from gateway.charts.figures import ranking, trend
from gateway.charts.pictures import PICTURES, pictured
from gateway.facade import ask
from gateway.identity import identity
from gateway.operations import Operations
from gateway.problem_answers import spoken
from gateway.routes.indicators import SENT
from gateway.schemas.charts import RankingChartQuery, TrendChartQuery

routes = Operations("charts", "Indicators as pictures, with sample size and method beside the numbers.")

OF_A_BOARD = ("area", "first", "last", "unit_id", "category", "by")


@routes.reads("/indicators/charts/trend", None, query=TrendChartQuery, responses=PICTURES, errors=(503,))
def trend_chart(query: dict[str, Any]) -> Response:
    """Rates of an area over months or days, as a picture.

    The figures are those of `GET /v1/indicators` by month or day, for whoever is told them. A month without a case, or
    of which a rate is not told, is a gap. Below stand the numbers with their sample size, the callback coverage of
    opinions, and how each rate is made. SVG, or PNG with `format=png`, in the language of the request.
    """
    if len(query["rates"]) > len(COLOURS):
        raise Refusal("too_many_rates", most=len(COLOURS))
    language = spoken()
    return pictured(drawn_trend(trend(_board(query), query["rates"], language), language), query["format"])


@routes.reads("/indicators/charts/ranking", None, query=RankingChartQuery, responses=PICTURES, errors=(503,))
def ranking_chart(query: dict[str, Any]) -> Response:
    """The parts of an area by one of their rates, as a picture with a bar for each, the best first.

    The figures are those of `GET /v1/indicators` by grid, community and so on, for whoever is told them. Equals share a
    place; who has no rate, or one that is not told, has none. Beside each bar stand the sample size and, of
    opinions, the callback coverage. SVG, or PNG with `format=png`, in the language of the request.
    """
    language = spoken()
    chart = ranking(_board(query), query["rate"], query["most"], language)
    return pictured(drawn_ranking(chart, language), query["format"])


def _board(query: Mapping[str, Any]) -> dict[str, Any]:
    asked = {SENT.get(name, name): query[name] for name in OF_A_BOARD if name in query}
    found: dict[str, Any] = ask().cases.indicators(caller=identity().caller, **asked)
    return found
