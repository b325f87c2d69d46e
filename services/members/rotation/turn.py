"""What a plan of one service day is made of, and what it is made from; it decides nothing (docs/domain.md, F45)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

BOUND = 12
"""Within how many service days each compound has a visit (F45, H8)."""

MOST_OVERRIDES = 6
"""Turns of a day that may go to compounds in need before those that have waited longer (F45)."""


class Why(StrEnum):
    """Why a compound has its turn, in the order in which a plan lists them."""

    OVERDUE = "overdue"
    HEAD = "head"
    AT_BOUND = "at_bound"
    ORDERED = "ordered"
    NEED = "need"
    LONGEST = "longest"


@dataclass(frozen=True)
class Team:
    """A team of the service day, bound to no grid, and how many people it has.

    `coming` says how many of them come on a day for which that is known; None: all.
    """

    id: str
    name: str
    people: int
    coming: int | None = None

    @property
    def size(self) -> int:
        """How many people of it come."""
        return self.people if self.coming is None else self.coming


@dataclass(frozen=True)
class DayAhead:
    """A service day to come: the teams as they come on it, and what organisers ordered for it."""

    day: date
    teams: Sequence[Team]
    orders: Sequence["Order"] = ()


@dataclass(frozen=True)
class Waiting:
    """A compound before a service day.

    `waited` counts the service days since its last visit (or since it was registered) up to and with this one, so it is
    1 at the earliest. `displaced` says that another had its last turn instead; `visits` counts those of the last year;
    `needs` is the severity of each open hygiene case by its id.
    """

    compound_id: str
    waited: int
    displaced: bool = False
    last_team: str | None = None
    visits: int = 0
    needs: Mapping[str, str] = field(default_factory=dict)

    @property
    def left(self) -> int:
        """Within how many service days, this one included, it has to be visited; below 1 it is too late."""
        return BOUND - self.waited + 1


@dataclass(frozen=True)
class Term:
    """One part of a score: its name, how often it was found, and the points for it."""

    name: str
    count: int
    points: int


@dataclass(frozen=True)
class Order:
    """What an organiser ordered for a day: this compound has a turn, instead of another if one is named."""

    compound_id: str
    instead_of: str | None
    reason: str


@dataclass(frozen=True)
class Turn:
    """A compound's turn: which team comes, why, and how its score is made up.

    `same_team` says that the team was there the last time too, because nobody else could come.
    """

    compound_id: str
    team_id: str
    why: Why
    terms: tuple[Term, ...]
    case_ids: tuple[str, ...] = ()
    same_team: bool = False

    @property
    def score(self) -> int:
        """The sum of the points."""
        return sum(term.points for term in self.terms)


@dataclass(frozen=True)
class Displaced:
    """A compound whose turn went to another one: it heads the next service day."""

    compound_id: str
    by: str
    why: Why
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Shortfall:
    """The bound cannot be kept: after how many service days it breaks (0: on this one), where first, and what would do.

    `keeps` is the bound that this many teams can keep, in service days; None where there is no team at all.
    """

    breaks_in: int
    compound_ids: tuple[str, ...]
    teams: int
    teams_needed: int
    keeps: int | None


@dataclass(frozen=True)
class Broken:
    """A compound that waits too long for an order: it has no visit on the day, the how manieth from 0, that it needs.

    `day` is None where the service days are not known as far as that.
    """

    compound_id: str
    nth: int
    day: date | None


@dataclass(frozen=True)
class DayPlan:
    """The plan of one service day."""

    day: date
    turns: tuple[Turn, ...]
    displaced: tuple[Displaced, ...]
    shortfall: Shortfall | None
