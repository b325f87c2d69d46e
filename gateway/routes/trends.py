"""The trend of an area."""

from typing import Any

from flask import Response

from gateway.answers import readable
from gateway.facade import ask
from gateway.identity import identity
from gateway.operations import Operations
from gateway.schemas.trends import Trend, TrendQuery

routes = Operations("trends", "Whether cases are handled better than before, and by how many.")


@routes.reads("/trends/<area>", Trend, query=TrendQuery)
def trend(query: dict[str, Any], area: str) -> Response:
    """Two quarters of an area side by side: the cases, and the people who served.

    Of cases how many, how long they took, and what their reporters said; the share of cases with an answered callback
    stands beside the rates that are made of them. Of people how many served at least once, and the hours that count by
    1,000 residents.
    """
    caller = identity().caller
    cases = ask().cases.trend(caller=caller, area=area, **query)
    names = {side: cases[side]["name"] for side in ("quarter", "against")}
    force = ask().members.force_trend(caller=caller, area=area, **names)
    sides = {side: cases[side] | force[side] for side in ("quarter", "against", "deltas")}
    return readable(cases | {"fewest_told": force["fewest_told"]} | sides)
