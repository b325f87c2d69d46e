"""Identifiers that sort by time of creation and that no two processes share."""

from uuid_utils import uuid7


def new_id() -> str:
    """A new UUIDv7 (RFC 9562) in its canonical text form."""
    return str(uuid7())
