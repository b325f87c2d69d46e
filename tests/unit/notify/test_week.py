"""When holders of posts are told of a week, and what they read of their grids."""

from datetime import UTC, date, datetime, timedelta

import pytest

from notify.notices.notice import BULK
from notify.preferences.kinds import KIND_OF, Kind
from notify.weeks.week import COUNTED, Holder, Week, due, grids_of, local_day, notices
from notify.wording.wording import texts
from notify.wording.words import WEEK

EIGHT = datetime(2026, 3, 16, 0, 0, tzinfo=UTC)
"""08:00 of a Monday in Shanghai."""


def week() -> Week:
    return due(EIGHT, "e-1") or pytest.fail("not due")


@pytest.mark.parametrize(
    ("after", "told"),
    [(-1, False), (0, True), (60 * 24 - 1, True), (60 * 24, False), (60 * 24 * 4, False), (60 * 24 * 7, True)],
)
def test_a_week_is_told_of_on_monday_at_eight_and_for_a_day(after: int, told: bool) -> None:
    assert (due(EIGHT + timedelta(minutes=after), "e") is not None) is told


def test_it_is_the_seven_local_days_before_and_one_however_often_it_is_looked_for() -> None:
    found = week()
    assert found.id == "2026-03-16"
    assert (local_day(found.since), local_day(found.until)) == (date(2026, 3, 9), date(2026, 3, 16))
    assert found.since == datetime(2026, 3, 8, 16, tzinfo=UTC)
    assert due(EIGHT + timedelta(hours=23), "e-1") == found


COUNTS = {
    "g-1": {"waiting": 1, "problem": 7, "unassigned": 2, "overdue": 3, "completion": 12, "left": 4},
    "g-2": {"waiting": 10, "problem": 20, "unassigned": 30, "overdue": 40, "completion": 50, "left": 60},
}


def test_each_reads_the_sums_of_their_grids_and_which_it_is_where_it_is_one() -> None:
    one, both, none = notices(
        week(), [Holder("p-1", ("g-1",)), Holder("p-2", ("g-1", "g-2")), Holder("p-3", ())], {None: COUNTS}
    )
    assert (one.recipient, one.lane, one.mandatory, KIND_OF[one.template]) == ("p-1", BULK, False, Kind.WEEK)
    read = texts(one.template, one.facts, {"g-1": "广场一格"})
    assert read["zh-CN"]["title"] == "网格一周：2026-03-09 – 2026-03-15"
    assert read["zh-CN"]["body"] == (
        "广场一格：本周办结 12 件，其他方式结束 4 件。目前未结 7 件，其中超期 3 件、无人承办 2 件；另有 1 件待立案。"
    )
    assert "12 closed and 4 ended otherwise" in read["en"]["body"]
    assert [both.facts[name] for name in WEEK] == [11, 27, 32, 43, 62, 64]
    assert "grid_code" not in both.facts
    assert [none.facts[name] for name in WEEK] == [0] * 6


def test_the_people_of_a_unit_are_told_what_was_counted_without_it() -> None:
    holders = [Holder("p-1", ("g-1",)), Holder("p-2", ("g-2", "g-1"), "u-1"), Holder("p-3", ("g-1",), "u-1")]
    assert grids_of([*holders, Holder("p-4", (), "u-2")]) == {None: ["g-1"], "u-1": ["g-1", "g-2"]}
    less = {**COUNTS, "g-1": {**COUNTS["g-1"], "problem": 6}}
    told = notices(week(), holders, {None: COUNTS, "u-1": less})
    assert [each.facts["week_problem"] for each in told] == [7, 26, 6]


def test_what_is_counted_is_what_texts_may_say() -> None:
    assert tuple(f"week_{name}" for name in COUNTED) == WEEK


def test_it_is_the_same_of_a_week_that_was_kept_in_another_zone() -> None:
    found = week()
    kept = Week(found.id, found.event_id, EIGHT, found.since.astimezone(UTC), found.until.astimezone(UTC))
    assert next(notices(kept, [Holder("p-1", ("g-1",))], {None: COUNTS})).facts["period"] == "2026-03-09 – 2026-03-15"
