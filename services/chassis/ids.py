"""Identifiers that sort by time of creation and that no two processes share."""

from datetime import UTC, datetime

from uuid_utils import uuid7


def new_id() -> str:
    """A new UUIDv7 (RFC 9562) in its canonical text form."""
    return str(uuid7())


def earliest_id(at: datetime) -> str:
    """A text that sorts before each id made at `at` or later, to the millisecond, and after all made earlier."""
    milliseconds = f"{int(at.timestamp() * 1000):012x}"
    return f"{milliseconds[:8]}-{milliseconds[8:]}"


def made_at(id: str) -> datetime:
    """When an id of `new_id` was made, to the millisecond; raises ValueError for anything else."""
    return datetime.fromtimestamp(int(id.replace("-", "")[:12], 16) / 1000, UTC)
