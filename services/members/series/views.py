"""A series as everybody of its district may see it: the rule, what its days are like, and each date with its fate."""

from datetime import datetime
from typing import Any

from chassis import instant
from members.activities import views as activities
from members.people.person import LOCAL
from members.series.series import Date, Fate, Series, activity_id, dates

OF_THE_DAY = (
    "activity_id",
    "version",
    "kind",
    "state",
    "reason",
    "day",
    "begins",
    "ends",
    "sign_up_until",
    "compounds",
    "series_id",
)
"""What an activity shows of itself that its series does not."""


def line(series: Series, version: int, now: datetime) -> dict[str, Any]:
    """The series without its dates."""
    rule, pattern = series.rule, series.pattern
    shown = activities.shown(pattern, version, now)
    return {
        "series_id": series.id,
        "version": version,
        **{name: value for name, value in shown.items() if name not in OF_THE_DAY},
        "starts_at": f"{pattern.begins.astimezone(LOCAL):%H:%M}",
        "minutes": int((pattern.ends - pattern.begins).total_seconds()) // 60,
        "sign_up_closes": int((pattern.begins - pattern.sign_up_until).total_seconds()) // 60,
        "recurrence": {
            "weekday": rule.weekday,
            "starts": rule.starts.isoformat(),
            "until": rule.until.isoformat() if rule.until else None,
            "count": rule.count,
            "every_weeks": rule.every_weeks,
        },
        "ended_on": series.ended_on.isoformat() if series.ended_on else None,
    }


def whole(series: Series, version: int, now: datetime) -> dict[str, Any]:
    """The series with every date, and how many of them take place as far as is known."""
    known = dates(series)
    return {
        **line(series, version, now),
        "takes_place": sum(each.takes_place for each in known),
        "dates": [_date(series, each) for each in known],
    }


def _date(series: Series, date: Date) -> dict[str, Any]:
    return {
        "day": date.day.isoformat(),
        "fate": date.fate.value,
        "begins_at": instant.written(date.begins) if date.takes_place else None,
        "holiday": date.holiday,
        "reason": date.reason,
        "calendar_unknown": date.fate is Fate.UNKNOWN,
        "activity_id": activity_id(series.id, date.day) if date.published else None,
    }
