"""The trend of an area."""

from typing import Any

from flask import Response

from gateway.answers import readable
from gateway.facade import ask
from gateway.identity import identity
from gateway.operations import Operations
from gateway.schemas.trends import Trend, TrendQuery

routes = Operations("trends", "Whether cases are handled better than before.")


@routes.reads("/trends/<area>", Trend, query=TrendQuery)
def trend(query: dict[str, Any], area: str) -> Response:
    """Two quarters of an area side by side: how many cases, how long they took, what their reporters said.

    The share of cases with an answered callback stands beside the rates that are made of them.
    """
    return readable(ask().cases.trend(caller=identity().caller, area=area, **query))
