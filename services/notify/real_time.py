"""The world's clock, by which sending goes; what happens to a case has the clock of the domain."""

from datetime import UTC, datetime


def real_now() -> datetime:
    """The present instant, aware, in UTC, in whole milliseconds (what the database keeps)."""
    instant = datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
