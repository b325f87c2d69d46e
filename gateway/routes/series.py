"""Series of service days: the weekly rule, its dates, and what becomes of each."""

from typing import Any

from flask import Response, url_for

from gateway.answers import answer, page, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import IDEMPOTENCY_KEY, Operations
from gateway.schemas import series as shapes

THURSDAYS = {
    "recurrence": {"weekday": 3, "starts": "2026-01-01", "until": "2026-12-31"},
    "starts_at": "08:30",
    "minutes": 150,
    "title": "扮靓周四“益”起来",
    "text": "清扫楼道、擦扶手、捡垃圾、清杂物、铲小广告",
    "grid_code": "360704100007001",
    "place": "广场社区居委会门口",
    "muster": {"lon": 115.0062, "lat": 25.8601},
    "capacity": None,
    "sign_up_way": "在本页报名，也可当天直接参加",
    "conditions": "年满十四周岁",
    "risks": "楼梯湿滑，注意防滑",
    "protection": "提供手套、口罩和志愿者保险",
    "tasks": [{"task_id": "stairs", "name": "清扫楼道", "heads": 8, "tools": ["扫帚"]}],
}

routes = Operations("series", "Weekly service days, which skip public holidays and say why.")


@routes.does("/series", shapes.SeriesReceipt, status=201, takes=shapes.NewSeries(), examples=THURSDAYS, errors=(409,))
def open_series(body: dict[str, Any]) -> Response:
    """Open a series of service days.

    Its dates follow from the rule by the official calendar; each becomes an activity four weeks ahead. Its venue, where
    it has one, is booked for all of them at once. Everything that is wrong is named at once: a rule that never ends,
    and each day on which the venue is taken, with what is `free` then.
    """
    receipt = ask().members.open_series(**command(), **body)
    return answer(receipt, 201, {"Location": url_for("series.series", series_id=receipt["series_id"])})


@routes.reads("/series", shapes.SeriesList, query=shapes.SeriesQuery)
def all_series(query: dict[str, Any]) -> Response:
    """The series of the caller's districts."""
    found = ask().members.all_series(
        caller=identity().caller, filters=filters(query), after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)


@routes.reads("/series/<series_id>", shapes.SeriesView)
def series(series_id: str) -> Response:
    """One series with each of its dates: which take place, and why the others do not."""
    return readable(ask().members.series(caller=identity().caller, series_id=series_id))


@routes.operation(
    "PATCH",
    "/series/<series_id>",
    shapes.SeriesReceipt,
    takes=shapes.SeriesChange(),
    headers=(IDEMPOTENCY_KEY,),
    examples={"starts_at": "09:00", "until": "2026-06-30"},
    errors=(409,),
)
def change_series(body: dict[str, Any], series_id: str) -> Response:
    """Tell something anew of a series.

    What is to come follows, but for dates that somebody moved or changed by hand; what is past stays.
    """
    return answer(ask().members.change_series(**command(), series_id=series_id, **body))


@routes.does(
    "/series/<series_id>/dates/<day>/move",
    shapes.SeriesReceipt,
    takes=shapes.MoveDate(),
    examples={"begins": "2026-03-13T14:00:00+08:00", "reason": "停水"},
    errors=(409,),
)
def move_series_date(body: dict[str, Any], series_id: str, day: str) -> Response:
    """Move one date, by four weeks at most, and its venue along; `day` is the day that the rule gives it."""
    return answer(ask().members.move_series_date(**command(), series_id=series_id, day=day, **body))


@routes.does(
    "/series/<series_id>/dates/<day>/drop",
    shapes.SeriesReceipt,
    takes=shapes.Why(),
    examples={"reason": "暴雨红色预警"},
    errors=(409,),
)
def drop_series_date(body: dict[str, Any], series_id: str, day: str) -> Response:
    """Let one date not take place; whoever signed up is told."""
    return answer(ask().members.drop_series_date(**command(), series_id=series_id, day=day, **body))


@routes.does(
    "/series/<series_id>/end",
    shapes.SeriesReceipt,
    takes=shapes.Why(),
    examples={"reason": "改由物业负责"},
    errors=(409,),
)
def end_series(body: dict[str, Any], series_id: str) -> Response:
    """End a series after today; all days to come are called off, also those that somebody moved or changed by hand."""
    return answer(ask().members.end_series(**command(), series_id=series_id, **body))
