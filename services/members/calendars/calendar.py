"""What a calendar shows of an activity, and the secret link by which somebody subscribes to their own sign-ups."""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from chassis.errors import Refusal
from chassis.instant import written, written_or_none
from chassis.privacy import masked_text
from members.activities.activity import Activity
from members.activities.activity import State as Standing
from members.signups.signup import State

OPENED, REVOKED = "calendar.opened", "calendar.revoked"

SINCE, UNTIL = timedelta(days=30), timedelta(days=366)
"""How far a calendar reaches back and ahead."""

MOST_ENTRIES = 1_000
MOST_CALENDARS = 10
"""How many links somebody may have that are not revoked."""

SECRET_LETTERS = 32
"""Of the secret in a link: 128 bits."""

STATUSES = {State.IN: "CONFIRMED", State.WAITING: "TENTATIVE", State.LEFT: "CANCELLED"}
"""What a sign-up is in a calendar (RFC 5545 §3.8.1.11)."""


@dataclass(frozen=True)
class Calendar:
    """A link to the sign-ups of one person, for as long as it is not revoked."""

    id: str
    tenant: str
    person_id: str
    opened_at: datetime
    revoked_at: datetime | None = None


def token(key: bytes, calendar_id: str) -> str:
    """What stands in the link: the calendar's id and what only this service can say of it."""
    return f"{calendar_id}-{hmac.new(key, calendar_id.encode(), sha256).hexdigest()[:SECRET_LETTERS]}"


def calendar_of(key: bytes, shown: str) -> str:
    """Which calendar a link leads to; refuses `calendar_not_found` for one that was not made here."""
    id = shown.rpartition("-")[0]
    if not hmac.compare_digest(token(key, id).encode(), shown.encode()):
        raise Refusal("calendar_not_found")
    return id


def revoked(calendar: Calendar, now: datetime) -> Calendar:
    """The calendar when its link leads nowhere any more; refuses `calendar_revoked`."""
    if calendar.revoked_at is not None:
        raise Refusal("calendar_revoked")
    return replace(calendar, revoked_at=now)


def shown(calendar: Calendar) -> dict[str, Any]:
    """The calendar as its person sees it in the list, without the secret."""
    return {
        "calendar_id": calendar.id,
        "opened_at": written(calendar.opened_at),
        "revoked_at": written_or_none(calendar.revoked_at),
    }


def entry(activity: Activity, version: int, signup: tuple[State, int] | None = None) -> dict[str, Any]:
    """An activity in a calendar, with the state and version of the sign-up in one's own.

    Its `uid` stays the same and its `sequence` grows with each change, so that programs take the newest of it; what is
    called off or left stays, as cancelled, so that they take it out. Phones in what was announced are masked.
    """
    state, changes = signup or (State.IN, 1)
    lon, lat = activity.muster
    return {
        "uid": f"activity-{activity.id}",
        "sequence": version + changes - 2,
        "status": "CANCELLED" if activity.state is Standing.CANCELLED else STATUSES[state],
        "begins": written(activity.begins),
        "ends": written(activity.ends),
        "title": masked_text(activity.title),
        "text": masked_text(activity.text),
        "place": masked_text(activity.place),
        "lon": lon,
        "lat": lat,
    }
