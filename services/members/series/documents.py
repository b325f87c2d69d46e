"""A series written as a document and read back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from chassis.outbox import Document
from members.activities import documents as activities
from members.posts.post import areas
from members.series.recurrence import Recurrence
from members.series.series import Alteration, Series

UNNAMED = ("_id", "tenant", "areas", "day")
"""What a pattern's document need not say: it is on no day, and its series says the rest."""


def written(series: Series) -> Document:
    """The document, with `areas` for the queries of lists."""
    rule = series.rule
    pattern = activities.written(series.pattern)
    return {
        "_id": series.id,
        "tenant": series.tenant,
        "areas": areas(series.pattern.grid_code),
        "rule": {**vars(rule), "starts": rule.starts.isoformat(), "until": _day(rule.until)},
        "pattern": {name: value for name, value in pattern.items() if name not in UNNAMED},
        "alterations": {day.isoformat(): dict(vars(each)) for day, each in series.alterations.items()},
        "published": sorted(day.isoformat() for day in series.published),
        "ended_on": _day(series.ended_on),
        "next_at": series.next_at,
    }


def read(found: Mapping[str, Any]) -> Series:
    """The series that the document describes."""
    rule = found["rule"]
    return Series(
        id=found["_id"],
        rule=Recurrence(**{**rule, "starts": date.fromisoformat(rule["starts"]), "until": _read_day(rule["until"])}),
        pattern=activities.read({**found["pattern"], "_id": found["_id"]}),
        alterations={date.fromisoformat(day): Alteration(**each) for day, each in found["alterations"].items()},
        published=frozenset(date.fromisoformat(day) for day in found["published"]),
        ended_on=_read_day(found["ended_on"]),
        next_at=found["next_at"],
    )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _read_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
