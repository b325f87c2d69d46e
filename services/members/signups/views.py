"""Sign-ups as their organiser sees them, and as their own person does."""

from typing import Any

from chassis import instant
from members.signups.signup import Signup

Answer = dict[str, Any]


def signup(found: Signup, name: str | None) -> Answer:
    """Who signed up, with a masked name, None for somebody of whom nothing is kept any more."""
    return {
        "signup_id": found.id,
        "person_id": found.person_id,
        "name_masked": name,
        "state": found.state.value,
        "reason": found.reason.value if found.reason else None,
        "task_id": found.task_id,
        "asked_at": instant.written(found.asked_at),
        "by_roster": found.by_roster,
    }


def own(found: Signup, before: int | None) -> Answer:
    """The caller's own; `before` is how many wait before them, None for who does not wait."""
    return {
        "signup_id": found.id,
        "state": found.state.value,
        "task_id": found.task_id,
        "asked_at": instant.written(found.asked_at),
        "waiting_before": before,
    }


def own_line(found: Signup, title: str) -> Answer:
    """The caller's own among several, with its activity as it was told."""
    return {
        "signup_id": found.id,
        "activity_id": found.activity_id,
        "title": title,
        "begins": instant.written(found.begins),
        "ends": instant.written(found.ends),
        "place": found.place,
        "state": found.state.value,
        "reason": found.reason.value if found.reason else None,
        "task_id": found.task_id,
    }
