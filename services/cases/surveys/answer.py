"""What is wrong with an answer, all at once; who gives it is no part of it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from cases.place import SERVICE, Grid
from cases.surveys.scale import SCORES
from cases.surveys.survey import Survey
from chassis.fault import Fault


def faults(given: Mapping[str, Any], survey: Survey, grid: Grid | None, now: datetime) -> Iterator[Fault]:
    """The faults of what could be read; `grid` is the one that it names, as far as there is such a grid."""
    scores = given.get("scores")
    if scores is not None and not scores:
        yield Fault("/scores", "nothing_answered")
    for scale, score in (scores or {}).items():
        if score not in SCORES:
            yield Fault(f"/scores/{scale}", "score_out_of_range")
    if code := given.get("grid_code"):
        yield from _grid_faults(code, survey, grid, now)


def _grid_faults(code: str, survey: Survey, grid: Grid | None, now: datetime) -> Iterator[Fault]:
    if not code.startswith(survey.area):
        yield Fault("/grid_code", "grid_outside_survey", {"area": survey.area})
    elif grid is None or grid.level != SERVICE:
        yield Fault("/grid_code", "unknown_grid")
    elif not grid.open_at(now):
        yield Fault("/grid_code", "grid_closed", {"grid_codes": [code]})
