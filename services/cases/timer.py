"""Step timers: how long each step of a case may take inside its resolve time; it knows no statuses."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from cases.category import Severity
from cases.deadline import Term, due, term


class Timer(StrEnum):
    """The steps that are timed (docs/domain.md §2.2)."""

    REGISTER = "register"
    VERIFY = "verify"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    INSPECT = "inspect"
    CALLBACK = "callback"


NORMAL: Mapping[Timer, str] = {
    Timer.REGISTER: "30m",
    Timer.VERIFY: "4wh",
    Timer.DISPATCH: "30m",
    Timer.ACCEPT: "2wh",
    Timer.INSPECT: "1wd",
    Timer.CALLBACK: "3wd",
}
"""How long each step may take (docs/domain.md §2.2); the time to verify is our decision."""

SHORTER: Mapping[Severity, Mapping[Timer, str]] = {
    Severity.URGENT: {
        Timer.REGISTER: "10m",
        Timer.VERIFY: "30m",
        Timer.DISPATCH: "5m",
        Timer.ACCEPT: "30m",
    },
    Severity.EMERGENCY: {Timer.REGISTER: "10m", Timer.DISPATCH: "5m", Timer.ACCEPT: "5m"},
}
"""What is shorter for urgent matters and emergencies; an emergency is never verified first."""


def rings_at(timer: Timer, severity: Severity | None, now: datetime, respond_due: datetime | None = None) -> datetime:
    """When the step that begins `now` should be done; a case without a category counts as normal."""
    rings = due(now, length(timer, severity)).at
    halfway = _halfway(now, respond_due)
    if timer is Timer.ACCEPT and halfway is not None and _shorter(timer, severity) is None:
        return min(rings, halfway)
    return rings


def length(timer: Timer, severity: Severity | None) -> Term:
    """How long the step may take; a case without a category counts as normal."""
    return term(_shorter(timer, severity) or NORMAL[timer])


def _shorter(timer: Timer, severity: Severity | None) -> str | None:
    return SHORTER.get(severity, {}).get(timer) if severity else None


def _halfway(now: datetime, respond_due: datetime | None) -> datetime | None:
    """Half of the time left until the first answer is due; None when none is left."""
    if respond_due is None or respond_due <= now:
        return None
    half = (respond_due - now) / 2
    return now + timedelta(milliseconds=half // timedelta(milliseconds=1))
