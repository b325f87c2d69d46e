"""Rules of patrols: when one begins and ends, which points belong to it, what is left of a track, what is credited."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Refusal
from members.patrols import track
from members.patrols.finding import Finding, belongs, chain, credited
from members.patrols.patrol import Ended, Patrol, abandoned, begun, lapsed, stopped
from members.patrols.track import MOST_POINTS, Point, accepted, cells

NOW = datetime(2026, 3, 19, 12, tzinfo=UTC)
SQUARE = (115.006, 25.86)
RUNNING = Patrol("r-1", "p-rider", "360704100007001", "360704", NOW - timedelta(hours=1), "2026-03")
DONE = replace(RUNNING, stopped_at=NOW - timedelta(minutes=10), ended=Ended.TOLD)


def after(**later: float) -> datetime:
    return NOW + timedelta(**later)


def at(minutes: float, lon: float = SQUARE[0], lat: float = SQUARE[1], id: str = "") -> Point:
    """A point so many minutes after the start."""
    return Point(RUNNING.started_at + timedelta(minutes=minutes), id or f"{minutes}", lon, lat)


def code_of(call: Callable[..., Any], *given: Any) -> str:
    with pytest.raises(Refusal) as caught:
        call(*given)
    return caught.value.code


def verdicts(
    *points: Point, patrol: Patrol = RUNNING, known: tuple[Point, ...] = (), number: int | None = None
) -> list[str]:
    found = accepted(patrol, SQUARE, known, points, NOW, number or len(known))
    return [each.code if isinstance(each, Refusal) else "kept" for each in found]


@pytest.mark.parametrize(
    ("patrol", "earlier", "code"),
    [
        (replace(RUNNING, started_at=after(minutes=6)), None, "patrol_in_the_future"),
        (replace(RUNNING, started_at=after(hours=-73)), None, "patrol_too_long_ago"),
        (RUNNING, RUNNING, "already_on_patrol"),
        (replace(RUNNING, started_at=after(minutes=-11)), DONE, "patrol_overlaps"),
    ],
)
def test_a_patrol_begins_one_at_a_time_and_now(patrol: Patrol, earlier: Patrol | None, code: str) -> None:
    assert code_of(begun, patrol, earlier, NOW) == code
    assert begun(replace(RUNNING, started_at=NOW), DONE, NOW).running


@pytest.mark.parametrize(
    ("patrol", "told", "code"),
    [
        (RUNNING, after(minutes=6), "stopped_in_the_future"),
        (RUNNING, after(minutes=-61), "stop_before_start"),
        (DONE, after(minutes=-20), "patrol_over"),
    ],
)
def test_a_patrol_is_stopped_once_after_it_began(patrol: Patrol, told: datetime, code: str) -> None:
    assert code_of(stopped, patrol, told, NOW) == code
    assert stopped(RUNNING, NOW, NOW).stopped_at == NOW


def test_it_ends_by_itself_after_four_hours_and_who_had_no_network_says_later_when_it_was() -> None:
    assert code_of(lapsed, RUNNING, RUNNING.bound - timedelta(seconds=1)) == "patrol_over"
    over = lapsed(RUNNING, RUNNING.bound)
    assert (over.stopped_at, over.ended) == (RUNNING.started_at + timedelta(hours=4), Ended.BOUND)
    assert code_of(lapsed, over, after(hours=9)) == "patrol_over"
    assert stopped(over, after(minutes=5), after(hours=20)).stopped_at == after(minutes=5)
    assert code_of(stopped, over, after(hours=4), after(hours=20)) == "patrol_over"
    assert code_of(stopped, over, after(minutes=5), over.over + timedelta(hours=73)) == "patrol_over"
    late = stopped(RUNNING, after(hours=9), after(hours=9))
    assert (late.stopped_at, late.ended) == (RUNNING.bound, Ended.TOLD)


def test_nobody_is_followed_who_has_left() -> None:
    assert abandoned(RUNNING, NOW).stopped_at == NOW
    assert abandoned(RUNNING, after(days=9)).stopped_at == RUNNING.bound
    assert code_of(abandoned, DONE, NOW) == "patrol_over"


def test_points_count_between_start_and_stop_alone() -> None:
    told = (at(-1), at(0), at(50), at(51), at(66, id="ahead"))
    assert verdicts(*told, patrol=DONE) == [
        "point_before_start",
        "kept",
        "kept",
        "point_after_stop",
        "point_in_the_future",
    ]


def test_an_old_point_is_not_kept_any_more() -> None:
    old = replace(RUNNING, started_at=after(hours=-75))
    assert verdicts(Point(after(hours=-73), "1", *SQUARE), patrol=old) == ["point_too_old"]


def test_nobody_flies() -> None:
    """The points come in any order, and one that is wrong leaves those around it alone."""
    there = at(10, 115.036)
    assert verdicts(at(20), there, at(9.9), at(0), at(9, 115.2)) == [
        "kept",
        "point_too_fast",
        "kept",
        "kept",
        "point_far_away",
    ]
    assert verdicts(there, known=(at(0), at(20))) == ["kept"]
    assert verdicts(at(10, 115.0065, id="jitter"), known=(at(10),)) == ["kept"]


def test_a_point_that_comes_again_is_the_same_and_another_is_not() -> None:
    known = (at(1, id="x"),)
    assert verdicts(at(1, id="x"), at(2, id="x"), known=known) == ["kept", "point_id_reused"]


def test_a_track_has_a_bound() -> None:
    known = tuple(at(n / 1000, id=str(n)) for n in range(MOST_POINTS))
    assert verdicts(at(9, id="more"), known=known) == ["too_many_points"]
    assert verdicts(at(8), at(9), known=(at(1),), number=MOST_POINTS - 1) == ["kept", "too_many_points"]
    assert verdicts(at(1), at(9), known=(at(1),), number=MOST_POINTS + 3) == ["kept", "too_many_points"]


def test_a_case_is_followed_through_every_merger_and_never_in_a_circle() -> None:
    assert list(chain({"a": "b", "b": "c", "x": "c"}, "a")) == ["b", "c"]
    assert list(chain({"a": "b", "b": "a"}, "a")) == ["b"]
    assert list(chain({}, "a")) == []


POINTS = st.builds(
    Point,
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 2, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - gets its zone
    st.text(min_size=1, max_size=3),
    st.floats(114.9, 115.1),
    st.floats(25.8, 25.9),
)


@given(st.lists(POINTS, max_size=30))
def test_cells_say_where_and_nothing_of_when(points: list[Point]) -> None:
    """Whatever the order and the times, the cells are the same; each is within 100 m of a point."""
    assert cells(points) == cells([replaced._replace(at=NOW) for replaced in reversed(points)])
    shown = track.shown(replace(RUNNING, cells=tuple(cells(points))), [])
    assert shown["points"] == []
    for cell in shown["cells"]:
        assert set(cell) == {"lon", "lat"}
        assert any(abs(cell["lon"] - p.lon) < 0.00051 and abs(cell["lat"] - p.lat) < 0.00046 for p in points)


def found(case_id: str, *into: str, void: bool = False) -> Finding:
    return Finding(case_id, "r-1", "p-rider", NOW, frozenset(into), void)


@pytest.mark.parametrize(
    ("findings", "matters"),
    [
        ([], 0),
        ([found("a"), found("b")], 2),
        ([found("a", "b"), found("b")], 1),
        ([found("a", "x"), found("b", "x")], 1),
        ([found("a", "x"), found("b", "y"), found("c", "x", "y")], 1),
        ([found("a", void=True), found("b")], 1),
    ],
)
def test_f18_each_matter_is_credited_once(findings: list[Finding], matters: int) -> None:
    """F18: the mark credits once, however often the same was reported and merged."""
    assert credited(findings) == matters
    assert credited(reversed(findings)) == matters


def test_a_finding_is_of_who_was_on_patrol_then() -> None:
    assert belongs(DONE, ["p-rider"], NOW)
    assert belongs(DONE, ["p-rider"], after(hours=71))
    assert not belongs(DONE, ["p-rider"], after(hours=72))
    assert not belongs(DONE, ["p-rider"], after(hours=-2))
    assert not belongs(DONE, ["p-other"], NOW)
