"""Indicators of an area, and the cases behind each number."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from flask import Response

from gateway.answers import page as paged
from gateway.answers import readable
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import Operations
from gateway.schemas.indicator_cases import IndicatorCases, IndicatorCasesExportQuery, IndicatorCasesQuery
from gateway.schemas.indicators import (
    IndicatorRanking,
    IndicatorRankingExportQuery,
    IndicatorRankingQuery,
    Indicators,
    IndicatorsExportQuery,
    IndicatorsQuery,
)
from gateway.sheets.exporting import FILES, Board, Page, Source, exported, filters_of
from gateway.sheets.indicators import audited, figures, listed, places, ranked, said_of_ranking, said_of_them

routes = Operations("indicators", "How an area does, in numbers of which each can be opened.")

SENT = {"first": "from", "last": "to"}
"""What parameters are called that would be words of the language."""


@routes.reads("/indicators", Indicators, query=IndicatorsQuery)
def indicators(query: dict[str, Any]) -> Response:
    """The indicators of an area and of its parts.

    Timeliness counts cases whose due time lies in the period, the three rates and local resolution cases closed in it,
    everything about registration and dispatch cases reported in it; a case that was reopened counts by its last round.
    Whoever oversees the area is told everything, in a scope that holds several districts by district alone; the contact
    of a unit everything that the own unit (`unit_id`) answers for; everybody else the public set of areas in their
    district, by district, community, grid or month.
    """
    return readable(_indicators(query))


@routes.operation("GET", "/indicators/export", None, query=IndicatorsExportQuery, responses=FILES)
def export_indicators(query: dict[str, Any]) -> Response:
    """The indicators as a file for an office program.

    XLSX has the parts, one a line, and a sheet about the period, the time of the query and the weights; CSV the parts
    alone. Headings are in the language of the request.
    """
    source = Source("cases", "indicators", query["area"])
    page = _at_once(_indicators(filters_of(query)), figures)
    board = Board(source, f"indicators-{query['area']}", ("figures",), page, listed, said_of_them)
    return exported(board, query["format"], None)


@routes.reads("/indicator-ranking", IndicatorRanking, query=IndicatorRankingQuery)
def indicator_ranking(query: dict[str, Any]) -> Response:
    """The parts of an area in the order of a rate, each with its figures, coverage and rank.

    The best comes first; of `extension`, `missed`, `rework` and `overdue` that is the lowest. Equal figures share
    a rank, and those without a figure come last, without one. `change` is against as many months before whole months,
    else against as many days before, in percentage points. For whom the indicators of the area are, by the rates that
    they are told; in the public set nobody is ranked by opinions of few.
    """
    return readable(_ranking(query))


@routes.operation("GET", "/indicator-ranking/export", None, query=IndicatorRankingExportQuery, responses=FILES)
def export_indicator_ranking(query: dict[str, Any]) -> Response:
    """The ranking as a file for an office program.

    XLSX has the parts, one a line, and a sheet about both periods, the time of the query and the weights; CSV the parts
    alone. Headings are in the language of the request.
    """
    source = Source("cases", "indicator_ranking", query["area"])
    page = _at_once(_ranking(filters_of(query)), ranked)
    board = Board(source, f"ranking-{query['area']}", ("ranking",), page, places, said_of_ranking)
    return exported(board, query["format"], None)


@routes.reads("/indicators/cases", IndicatorCases, query=IndicatorCasesQuery)
def indicator_cases(query: dict[str, Any]) -> Response:
    """The cases that a number is made of, what counted first first.

    Those that the number counts, masked, with the time of the query. The number is the published one, so that it also
    counts what is not the reader's to see: `unlisted` says what that is, whether or not there is any. For who sees
    cases of the area: whoever oversees it, within a district, and the contact of a unit for what the own unit
    (`unit_id`) answers for.
    """
    found = _cases(filters(query), position(query), query["limit"])
    return paged(found, continued(found, query), query)


@routes.operation("GET", "/indicators/cases/export", None, query=IndicatorCasesExportQuery, responses=FILES)
def export_indicator_cases(query: dict[str, Any]) -> Response:
    """All cases of a number as a file for an office program.

    XLSX has a sheet that says what is counted, when it was asked, until when everything is counted, what is not listed
    and what is left blank; CSV the cases alone. At most 10,000 of them.
    """
    which = filters_of(query)

    def page(_: str, after: Any, limit: int) -> dict[str, Any]:
        return _dated(_cases(which, after, limit))

    name = f"indicators-{query['area']}-{query['count']}"
    source = Source("cases", "indicator_cases", query["area"], query["count"])
    board = Board(source, name, ("completion",), page, audited, said_of_them)
    return exported(board, query["format"], None)


def _indicators(query: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = ask().cases.indicators(caller=identity().caller, **_sent(query))
    return found


def _ranking(query: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = ask().cases.indicator_ranking(caller=identity().caller, **_sent(query))
    return found


def _cases(query: Mapping[str, Any], after: Any, limit: int) -> dict[str, Any]:
    found: dict[str, Any] = ask().cases.indicator_cases(
        caller=identity().caller, **_sent(query), after=after, limit=limit
    )
    return found


def _at_once(found: dict[str, Any], rows: Callable[[dict[str, Any]], list[dict[str, Any]]]) -> Page:
    """Everything on the one page that there is."""
    whole = {**_dated(found), "items": rows(found), "next": None}
    return lambda *_: whole


def _sent(query: Mapping[str, Any]) -> dict[str, Any]:
    return {SENT.get(name, name): value for name, value in query.items()}


def _dated(found: Mapping[str, Any]) -> dict[str, Any]:
    """With the period as instants, as all boards have it."""
    until = date.fromisoformat(found["to"]) + timedelta(days=1)
    return {**found, "since": f"{found['from']}T00:00:00+08:00", "until": f"{until.isoformat()}T00:00:00+08:00"}
