"""When a venue is open: its weekly hours as spans of time; it knows no venue and no booking (§1, F10, F50)."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from members.people.person import LOCAL
from members.venues.venue import Opening

Span = tuple[datetime, datetime]
"""From an instant, included, until another, excluded."""

DAY = timedelta(days=1)


def opening(hours: Iterable[Opening], first: date, last: date) -> list[Span]:
    """The spans in which these hours are open from the first until the last local day, included.

    What is open until midnight and again from midnight on is one span. Who has no hours is never open.
    """
    weekly, day, found = sorted(hours, key=lambda each: each.start), first, list[Span]()
    while day <= last:
        for begins, ends in (_on(each, day) for each in weekly if each.weekday == day.weekday()):
            if found and found[-1][1] == begins:
                found[-1] = (found[-1][0], ends)
            else:
                found.append((begins, ends))
        day += DAY
    return found


def open_until(hours: Iterable[Opening], at: datetime) -> datetime | None:
    """When what is open at that moment closes, looked for until the end of the next day; None where it is closed."""
    day = at.astimezone(LOCAL).date()
    return next((ends for begins, ends in opening(hours, day, day + DAY) if begins <= at < ends), None)


def midnight(day: date) -> datetime:
    """When the local day begins."""
    return datetime.combine(day, time(), LOCAL)


def _on(each: Opening, day: date) -> Span:
    ends = midnight(day + DAY) if each.end == time() else datetime.combine(day, each.end, LOCAL)
    return datetime.combine(day, each.start, LOCAL), ends
