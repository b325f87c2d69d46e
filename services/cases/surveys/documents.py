"""How surveys and counts of answers are written in the database and read back; it asks nothing of the database."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cases.place import AREA_DIGITS
from cases.surveys.result import Count, Counts
from cases.surveys.scale import SCORES, Scale
from cases.surveys.survey import Status, Survey, Words

Document = dict[str, Any]

ANSWERS = "answers"
TIMES = ("opened_at", "closed_at", "published_at")


def survey_written(survey: Survey) -> Document:
    """The survey as a document."""
    return {
        "_id": survey.id,
        "tenant": survey.tenant,
        "area": survey.area,
        "areas": [survey.area[:digits] for digits in AREA_DIGITS if digits <= len(survey.area)],
        "title": vars(survey.title),
        "method": vars(survey.method),
        "first_day": survey.first_day.isoformat(),
        "last_day": survey.last_day.isoformat(),
        "status": survey.status.value,
        "smallest_group": survey.smallest_group,
        "drafted_by": survey.drafted_by,
        "drafted_at": survey.drafted_at,
        **{name: getattr(survey, name) for name in TIMES},
        "due_at": survey.due_at,
    }


def survey_read(found: Mapping[str, Any]) -> Survey:
    """The survey in a document."""
    return Survey(
        id=found["_id"],
        area=found["area"],
        title=Words(**found["title"]),
        method=Words(**found["method"]),
        first_day=date.fromisoformat(found["first_day"]),
        last_day=date.fromisoformat(found["last_day"]),
        smallest_group=found["smallest_group"],
        drafted_by=found["drafted_by"],
        drafted_at=found["drafted_at"],
        status=Status(found["status"]),
        **{name: found[name] for name in TIMES},
        version=found["version"],
    )


def increments(code: str, scores: Mapping[Scale, int]) -> dict[str, int]:
    """What one answer adds to the counts of its place; of the answer itself nothing is left."""
    return {f"n.{code}.{ANSWERS}": 1} | {f"n.{code}.{scale}.{score}": 1 for scale, score in scores.items()}


def counts_read(found: Mapping[str, Any]) -> Counts:
    """The counts in a document, place by place."""
    return {code: Count(row[ANSWERS], _spreads(row)) for code, row in found["n"].items()}


def _spreads(row: Mapping[str, Any]) -> dict[Scale, tuple[int, ...]]:
    return {scale: tuple(row.get(scale, {}).get(str(score), 0) for score in SCORES) for scale in Scale}
