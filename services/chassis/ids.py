"""Identifiers that sort by time of creation and that no two processes share."""

from datetime import UTC, datetime
from uuid import UUID

from uuid_utils import uuid7


def new_id() -> str:
    """A new UUIDv7 (RFC 9562) in its canonical text form."""
    return str(uuid7())


def id_at(at: datetime, chance: int) -> str:
    """The UUIDv7 of that instant, to the millisecond, with 74 bits of `chance`: for what is told of another time."""
    high, low = (chance >> 62) & 0xFFF, chance & (1 << 62) - 1
    return str(UUID(int=int(at.timestamp() * 1000) << 80 | 7 << 76 | high << 64 | 0b10 << 62 | low))


def earliest_id(at: datetime) -> str:
    """A text that sorts before each id made at `at` or later, to the millisecond, and after all made earlier."""
    milliseconds = f"{int(at.timestamp() * 1000):012x}"
    return f"{milliseconds[:8]}-{milliseconds[8:]}"


def made_at(id: str) -> datetime:
    """When an id of `new_id` was made, to the millisecond; raises ValueError for anything else."""
    return datetime.fromtimestamp(int(id.replace("-", "")[:12], 16) / 1000, UTC)
