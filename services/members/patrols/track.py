"""The track of a patrol: which points belong to it, and the cells that are left of an old one (docs/domain.md §5)."""

from bisect import bisect, insort
from collections.abc import Iterable, Sequence
from datetime import datetime
from math import floor
from typing import Any, NamedTuple

from chassis import instant
from chassis.errors import Refusal
from members.patrols.patrol import AHEAD, UPLOADED_WITHIN, Patrol
from members.territory.distance import distance_m

FASTEST_M_S = 120 / 3.6
"""Metres a second that nobody exceeds on patrol (our decision: more than any road of the district allows)."""

SLACK_M = 100.0
"""How far a phone may be wrong about where it is, in metres."""

FAR_M = 10_000.0
"""How far from the middle of its grid a patrol may lead, in metres (our decision)."""

MOST_POINTS = 5_000
"""How many points a patrol has at most: more than one every three seconds."""

CELL_LON, CELL_LAT = 0.001, 0.0009
"""Degrees of a cell: 100 m each way in the latitude of the district (26° north)."""

Cell = tuple[int, int]


class Point(NamedTuple):
    """Where a phone was at a moment, WGS84; its id was made by the phone."""

    at: datetime
    id: str
    lon: float
    lat: float


def accepted(
    patrol: Patrol,
    middle: tuple[float, float],
    known: Iterable[Point],
    told: Sequence[Point],
    now: datetime,
    number: int,
) -> list[Point | Refusal]:
    """Which of the points told belong to the patrol, or why not, in their order.

    `known` are those that it has of the same ids or next to them in time, `number` how many it has in all. A point that
    is known counts as it did. Refuses each by itself: `point_id_reused`, `point_in_the_future`, `point_before_start`,
    `point_after_stop`, `point_too_old`, `point_far_away`, `point_too_fast`, `too_many_points`.
    """
    track = sorted(known)
    room = MOST_POINTS - max(number, len(track))
    by_id = {point.id: point for point in track}
    verdicts: dict[int, Point | Refusal] = {}
    for n in sorted(range(len(told)), key=lambda n: told[n]):
        point = told[n]
        try:
            if before := by_id.get(point.id):
                _check_same(before, point)
            else:
                _check_time(patrol, point.at, now)
                _check_place(point, middle, track)
                _check_room(room)
                room -= 1
                by_id[point.id] = point
                insort(track, point)
            verdicts[n] = point
        except Refusal as refused:
            verdicts[n] = refused
    return [verdicts[n] for n in range(len(told))]


def _check_same(before: Point, point: Point) -> None:
    if before != point:
        raise Refusal("point_id_reused")


def _check_time(patrol: Patrol, at: datetime, now: datetime) -> None:
    if at > now + AHEAD:
        raise Refusal("point_in_the_future")
    if at < patrol.started_at:
        raise Refusal("point_before_start")
    if at > patrol.over:
        raise Refusal("point_after_stop")
    if at < now - UPLOADED_WITHIN:
        raise Refusal("point_too_old")


def _check_place(point: Point, middle: tuple[float, float], track: Sequence[Point]) -> None:
    if distance_m((point.lon, point.lat), middle) > FAR_M:
        raise Refusal("point_far_away")
    place = bisect(track, point)
    if any(_too_fast(point, other) for other in track[max(0, place - 1) : place + 1]):
        raise Refusal("point_too_fast")


def _check_room(room: int) -> None:
    if room <= 0:
        raise Refusal("too_many_points")


def _too_fast(one: Point, other: Point) -> bool:
    seconds = abs((one.at - other.at).total_seconds())
    return distance_m((one.lon, one.lat), (other.lon, other.lat)) > SLACK_M + FASTEST_M_S * seconds


def cells(points: Iterable[Point]) -> list[Cell]:
    """The cells that the points lie in, each once, in an order that tells nothing of when anybody was there."""
    return sorted({(floor(point.lon / CELL_LON), floor(point.lat / CELL_LAT)) for point in points})


def shown(patrol: Patrol, points: Iterable[Point]) -> dict[str, Any]:
    """Where the patrol went: its points in order, or the middles of the cells that are left of them."""
    return {
        "patrol_id": patrol.id,
        "points": [{"at": instant.written(each.at), "lon": each.lon, "lat": each.lat} for each in sorted(points)],
        "cells": [
            {"lon": round((x + 0.5) * CELL_LON, 5), "lat": round((y + 0.5) * CELL_LAT, 5)} for x, y in patrol.cells
        ],
    }
