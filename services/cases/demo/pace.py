"""When people do things: some way into the time that they have, and by day where they may choose."""

from datetime import datetime, time, timedelta
from random import Random

from cases.deadline import LOCAL

UP, DOWN = time(8), time(21)
SECOND = timedelta(seconds=1)


def within(start: datetime, end: datetime, share: tuple[float, float], chance: Random) -> datetime:
    """An instant between both, such a share of the way; by day where some of the way is."""
    low, high = share
    at = (start + (end - start) * chance.uniform(low, high)).replace(microsecond=0)
    moved = by_day(at, chance)
    return moved if start < moved < end else max(at, start + SECOND)


def soon(start: datetime, end: datetime, most: timedelta, chance: Random) -> datetime:
    """Within so much time, and well before the end."""
    return start + min(most, (end - start) * 0.12) * chance.uniform(0.1, 1)


def by_day(at: datetime, chance: Random) -> datetime:
    """The instant, or within two hours of the morning that follows where people sleep."""
    local = at.astimezone(LOCAL)
    if UP <= local.time() < DOWN:
        return at
    morning = datetime.combine(local.date() + timedelta(days=local.time() >= DOWN), UP, LOCAL)
    return morning + timedelta(seconds=chance.randrange(7200))
