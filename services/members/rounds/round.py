"""A door-knock round: its doors, what each visit came to, and how much of it is done (F07, docs/domain.md §4, H7)."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any
from unicodedata import normalize

from chassis.errors import Refusal

OPENED, CLOSED, VISITED = "round.opened", "round.closed", "address.visited"
"""Entries of histories; nobody outside hears of them."""

NOTE_KEPT = timedelta(days=365)
"""How long a private note of a visit is kept (docs/domain.md §5)."""

AHEAD = timedelta(minutes=5)
"""How far the clock of a phone may be ahead."""

ROOM = re.compile(r"室|房|户|[0-9]{3,}(?![0-9]*[号弄巷栋幢])")
"""What names a flat, where a building alone may be named (docs/domain.md §5)."""


class Result(StrEnum):
    """What one visit came to."""

    VISITED = "visited"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"


class Standing(StrEnum):
    """How far a door is."""

    UNTOUCHED = "untouched"
    NO_ANSWER_ONCE = "no_answer_once"
    NO_ANSWER_TWICE = "no_answer_twice"
    REFUSED = "refused"
    VISITED = "visited"


@dataclass(frozen=True)
class Round:
    """One round over listed doors, in an area; open until it is closed."""

    id: str
    title: str
    area: str
    listed: int
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None = None


@dataclass(frozen=True)
class Visit:
    """One knock at a door."""

    id: str
    result: Result
    at: datetime
    by: str


@dataclass(frozen=True)
class Address:
    """A door of a round, by building and a running number in it: no flat and nobody's name."""

    id: str
    round_id: str
    number: int
    grid_code: str
    building: str
    door: int
    compound_id: str | None = None
    visits: tuple[Visit, ...] = ()

    @property
    def standing(self) -> Standing:
        """How far it is now."""
        return standing(visit.result for visit in self.visits)


@dataclass(frozen=True)
class Tally:
    """How many doors of a round stand how (H7)."""

    round_id: str
    area: str
    counts: Mapping[Standing, int]

    @property
    def listed(self) -> int:
        """All of its doors."""
        return sum(self.counts.values())

    @property
    def coverage(self) -> str | None:
        """Visited of a hundred listed, two decimals; who refused was not visited. None where none is listed."""
        if not self.listed:
            return None
        share = Decimal(100 * self.counts[Standing.VISITED]) / Decimal(self.listed)
        return str(share.quantize(Decimal("0.01"), ROUND_HALF_UP))


def standing(results: Iterable[Result]) -> Standing:
    """How far a door is, after visits with these results: who was met once was met."""
    found = Counter(results)
    if found[Result.VISITED]:
        return Standing.VISITED
    if found[Result.REFUSED]:
        return Standing.REFUSED
    if found[Result.NO_ANSWER] > 1:
        return Standing.NO_ANSWER_TWICE
    return Standing.NO_ANSWER_ONCE if found[Result.NO_ANSWER] else Standing.UNTOUCHED


def tally(round_: Round, results: Iterable[tuple[Sequence[Result], int]]) -> Tally:
    """The tally of a round, of how many doors have each sequence of results."""
    counts = dict.fromkeys(Standing, 0)
    for sequence, number in results:
        counts[standing(sequence)] += number
    return Tally(round_.id, round_.area, counts)


def doors(
    round_id: str, rows: Sequence[Mapping[str, Any]], grid_of: Mapping[str, str], open_grids: frozenset[str]
) -> list[Address]:
    """The doors in the rows, in order; `grid_of` has the grid of each compound, `open_grids` are those in use.

    Refuses `invalid` with every fault of every row: no such compound, no such open grid, a compound in another grid
    than the one that is named, a door that is listed twice.
    """
    found, faults = [], []
    seen: dict[tuple[str, str, int], int] = {}
    for n, row in enumerate(rows):
        compound, named = row.get("compound_id"), row.get("grid_code")
        grid = named if compound is None else grid_of.get(compound)
        if grid is None:
            faults.append(_fault(n, "compound_id", "No such compound in this district."))
            continue
        if named not in {None, grid}:
            faults.append(_fault(n, "grid_code", "The compound lies in another grid."))
        elif grid not in open_grids:
            faults.append(_fault(n, "grid_code", "No such grid in use in this district."))
        key = (compound or grid, folded(row["building"]), row["door"])
        if key in seen:
            faults.append(_fault(n, "door", "Listed twice."))
        seen.setdefault(key, n)
        found.append(Address(f"{round_id}-{n + 1:05d}", round_id, n + 1, grid, row["building"], row["door"], compound))
    if faults:
        raise Refusal("invalid", errors=faults)
    return found


def folded(building: str) -> str:
    """The building without differences that nobody sees: full-width digits and letters, blanks around it."""
    return normalize("NFKC", building).strip()


def area_of(addresses: Sequence[Address], digits: Sequence[int]) -> str:
    """The smallest area that holds all the doors."""
    codes = {address.grid_code for address in addresses}
    return next(min(codes)[:n] for n in sorted(digits, reverse=True) if len({code[:n] for code in codes}) == 1)


def closed(round_: Round, now: datetime) -> Round:
    """The round is over; refuses `round_closed`."""
    check_open(round_)
    return replace(round_, closed_at=now)


def check_open(round_: Round) -> None:
    """Refuses `round_closed`: a visit counts while its round is open."""
    if round_.closed_at is not None:
        raise Refusal("round_closed")


def visited(address: Address, visit: Visit, round_: Round, now: datetime) -> Address:
    """The door after a visit; refuses `round_closed`, and `visit_out_of_time` for one before the round or to come."""
    check_open(round_)
    if not round_.opened_at <= visit.at <= now + AHEAD:
        raise Refusal("visit_out_of_time")
    return replace(address, visits=tuple(sorted((*address.visits, visit), key=lambda each: (each.at, each.id))))


def _fault(row: int, field: str, detail: str) -> dict[str, str]:
    return {"pointer": f"/addresses/{row}/{field}", "detail": detail}
