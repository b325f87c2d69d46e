"""A roster as it was drawn up: who was to be asked in which order, and who comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from members.area import tenant_of

PLANNED, FILLED = "roster.planned", "roster.filled"
"""Entries of histories; nobody outside hears of them, for whoever comes hears of the place."""


@dataclass(frozen=True)
class Roster:
    """The plan of one roster, and what came of it (`filled`, None until all were asked).

    `shares` are the places of each pool, `order` its people in the order in which they are asked, `plan` is how it was
    explained. It is kept before anybody is asked, so that a repetition goes on with it.
    """

    id: str
    activity_id: str
    grid_code: str
    task_id: str | None
    needed: int
    shares: Mapping[str, int]
    order: Mapping[str, tuple[str, ...]]
    plan: Mapping[str, Any]
    filled: Mapping[str, Any] | None = None

    @property
    def tenant(self) -> str:
        """The district."""
        return tenant_of(self.grid_code)
