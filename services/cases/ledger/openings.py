"""What is open: as a case says it, as it is counted, and by how much the ones that wait to be counted differ."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cases.case import Status
from cases.ledger.lists import part_of
from cases.tally import Open, Tally, open_as


@dataclass(frozen=True)
class Opening:
    """What a case of a grid counts for while it is open; nothing once it has ended."""

    grid_code: str
    counts: frozenset[Open]


def as_it_stands(status: Status, grid_code: str, *, nobody: bool) -> Opening:
    """What a case counts for now, where `nobody` has it."""
    return Opening(grid_code, open_as(status, nobody=nobody))


def as_counted(found: Tally) -> Opening:
    """What is counted of it."""
    return Opening(found.grid_code, found.open)


def differences(before: Iterable[Opening], after: Iterable[Opening], area: str) -> Iterator[dict[str, Any]]:
    """What is to be added to the counters of an area, as rows like theirs."""
    for sign, openings in ((-1, before), (1, after)):
        yield from (
            {"_id": each.grid_code[: part_of(area)], **{count.value: sign for count in each.counts}}
            for each in openings
            if each.counts and each.grid_code.startswith(area)
        )
