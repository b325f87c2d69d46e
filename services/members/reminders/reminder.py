"""When somebody is reminded of an activity, and of what (F12)."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from members.activities.activity import Activity, State, told
from members.people.person import LOCAL

REMINDED = "activity.reminder"

EVENING = time(18)
"""Of the local day before, when people plan the next one (our decision)."""

SHORTLY = timedelta(hours=1)

FURTHEST = timedelta(days=2)
"""Nobody is reminded of what begins later than this."""


class When(StrEnum):
    """Which of the two reminders of an activity it is."""

    EVENING_BEFORE = "evening_before"
    HOUR_BEFORE = "hour_before"


def due(activity: Activity, now: datetime) -> When | None:
    """Which reminder is due; the first is not made up for in the last hour, nor any once the activity has begun."""
    if activity.state is not State.PUBLISHED or activity.begins <= now:
        return None
    if activity.begins - SHORTLY <= now:
        return When.HOUR_BEFORE
    evening = datetime.combine(activity.day - timedelta(days=1), EVENING, LOCAL)
    return When.EVENING_BEFORE if evening <= now else None


def reminder_id(activity: Activity, when: When) -> str:
    """Nobody is reminded twice of the same; of an activity that was moved meanwhile, of its new time."""
    return f"{activity.id}:{when.value}:{int(activity.begins.timestamp())}"


def announcement(activity: Activity, when: When, people: list[str]) -> dict[str, Any]:
    """What is told: which activity, when and where, and the ids of those who have a place."""
    facts = told(activity)
    names = ("title", "grid_code", "begins", "ends")
    return {"activity_id": activity.id, "when": when.value, **{name: facts[name] for name in names}, "people": people}
