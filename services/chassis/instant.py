"""How instants are written on the wire: RFC 3339, in UTC, ending in Z."""

from datetime import UTC, datetime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""Before everything: an index of what has a time at all begins here."""

FIRST, LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
"""What lies within can be shown on every clock of the world."""


def written(at: datetime) -> str:
    """The instant as text, in milliseconds when it has any."""
    text = at.astimezone(UTC).isoformat(timespec="milliseconds" if at.microsecond else "seconds")
    return text.replace("+00:00", "Z")


def written_or_none(at: datetime | None) -> str | None:
    """The instant as text, or None where there is none."""
    return None if at is None else written(at)
