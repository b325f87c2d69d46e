"""What patrols have missed, by grid and period, on a real database."""

import pytest

from cases.service import CasesService
from tests.component.cases.indicating import AUDITOR, MARCH
from tests.unit.cases.play import DISPATCHER, ELSEWHERE, GRID


@pytest.mark.parametrize(
    ("which", "missed", "among"),
    [
        ({}, 3, 4),
        ({"area": GRID}, 3, 4),
        ({"area": ELSEWHERE}, 0, 0),
        ({"from": "2026-02-01", "to": "2026-02-28"}, 0, 1),
        # A grid that is patrolled in one month is so in a period of two.
        ({"from": "2026-02-01"}, 5, 7),
        ({"from": "2026-03-20"}, 0, 0),
        # By whichever kind the patrol's finding was, and whoever has it.
        ({"category": "0601"}, 1, 1),
        ({"category": "0601", "by": "grid"}, 1, 1),
        ({"category": "0101", "area": GRID}, 2, 3),
        ({"by": "category"}, 3, 4),
        ({"by": "unit"}, 3, 4),
    ],
)
def test_what_others_found_in_a_patrolled_grid_was_missed(
    service: CasesService, patrolled: None, which: dict[str, str], missed: int, among: int
) -> None:
    """漏报率 of docs/domain.md §2.4: every number of it can be opened, however wide the area and fine the parts."""
    asked = {**MARCH, **which}
    board = service.indicators(DISPATCHER.dump(), **asked)
    told, rates = board["total"]["counts"], board["total"]["rates"]
    assert (told["missed"], told["found"]) == (missed, among)
    assert rates["missed"] == (round(100 * missed / among, 2) if among else None)
    parts = board["parts"] or [board["total"]]
    assert sum(part["counts"]["missed"] for part in parts) == missed
    asked.pop("by", None)
    for count, number in (("missed", missed), ("found", among)):
        page = service.indicator_cases(AUDITOR.dump(), **asked, count=count)
        assert (page["number"], len(page["items"]), page["cohort"]) == (number, number, "reported")
        assert {row["grid_code"] for row in page["items"]} <= {GRID, ELSEWHERE}


def test_missed_is_told_by_grid_day_and_month(service: CasesService, patrolled: None) -> None:
    """Of a category in a whole district the days come from the cases, of all else from the counters."""

    def told(by: str, **which: str) -> dict[str, int]:
        board = service.indicators(DISPATCHER.dump(), **{**MARCH, **which}, by=by)
        return {part["of"]: missed for part in board["parts"] if (missed := part["counts"]["missed"])}

    assert told("grid") == {GRID: 3}
    assert told("day") == {"2026-03-12": 1, "2026-03-20": 2}
    assert told("day", category="0101") == {"2026-03-12": 1, "2026-03-20": 1}
    assert told("month", category="0101") == {"2026-03": 2}
    assert told("category") == {"0101": 2, "0601": 1}
    ranked = service.indicator_ranking(DISPATCHER.dump(), **{**MARCH, "from": "2026-02-01"}, by="grid", rate="missed")
    assert [(each["of"], each["rank"], each["value"]) for each in ranked["items"] if each["rank"]] == [
        (ELSEWHERE, 1, 50.0),
        (GRID, 2, 80.0),
    ]
