"""The same matter again: how often a kind of case came up at one place in 90 days, and what is then suggested."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.place import Place, within

WINDOW = timedelta(days=90)
"""How far back a case is compared with others (docs/domain.md §2.2)."""

NEAR_M = 100
"""Metres within which cases outside all compounds are about one spot."""

OFTEN = 3
"""From the third on it is worth looking for the cause."""

OPEN_PROJECT = "open_project"

MOST_NAMED = 20
"""Of how many earlier cases the case keeps who they are, the latest; all of them are counted."""


@dataclass(frozen=True)
class Earlier:
    """A registered case of the same category at about the same place."""

    case_id: str
    number: str
    place: Place


@dataclass(frozen=True)
class Repeat:
    """The how-many-th case of its kind at its place it is, with the latest of the others; 1 is the first."""

    count: int
    earlier: tuple[Earlier, ...] = ()

    @property
    def suggestion(self) -> str | None:
        """What to do about it besides this case: a project from the third on (F28)."""
        return OPEN_PROJECT if self.count >= OFTEN else None


def since(reported_at: datetime) -> datetime:
    """From when on other cases count."""
    return reported_at - WINDOW


def repeated(place: Place, others: Iterable[Earlier]) -> Repeat:
    """How often it has been, from the registered cases of its category around it, the latest first."""
    same = [other for other in others if _same_spot(place, other.place)]
    return Repeat(1 + len(same), tuple(same[:MOST_NAMED]))


def _same_spot(one: Place, other: Place) -> bool:
    if one.compound_id is not None:
        return one.compound_id == other.compound_id
    return one.grid_code == other.grid_code and within(one.point, other.point, NEAR_M) is True
