"""What of an event decides who may have it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """What decides whether an event may go to a partner."""

    type: str
    grid_code: str | None
    restricted: bool
    complained_unit_id: str | None
    registered: bool
    category: str | None = None
    parties: frozenset[str] = frozenset()
    """Who has the case or has just been relieved of it; units among them are taking part."""
