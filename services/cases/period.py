"""A period that something is counted in: from an instant on, and before another."""

from datetime import UTC, datetime, timedelta

from cases.deadline import LOCAL
from chassis.errors import Refusal

Period = tuple[datetime, datetime]

USUAL = timedelta(days=30)
"""How far back is counted, unless another period is asked for."""

EARLIEST = datetime.min.replace(tzinfo=UTC) + 2 * USUAL
"""What ends before has no such beginning in the calendar."""


def spanning(since: datetime | None, until: datetime | None, now: datetime) -> Period:
    """From `since` until `until`, or the last 30 days up to the end of today in local time; refuses `invalid`."""
    tomorrow = (now.astimezone(LOCAL) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    ends = until or tomorrow
    begins = since or max(ends, EARLIEST) - USUAL
    if begins >= ends:
        fault = {"pointer": "/until", "detail": "Not after `since`."}
        raise Refusal("invalid", errors=[fault])
    return begins, ends
