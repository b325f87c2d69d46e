"""The ledger of volunteer minutes: rows are added and never changed; what was wrong is taken back by another."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from chassis import instant

CREDITED, REVERSED = "hours.credited", "hours.reversed"

TOLD = ("row_id", "record_id", "person_id", "grid_code", "day", "minutes", "reverses")

Counted = Mapping[tuple[str, date], int]
"""Minutes by record and local day."""


@dataclass(frozen=True)
class Row:
    """So many minutes to a person for a service on a local day; one that takes another back names it in `reverses`.

    `turn` counts the rows before it of the same record and day.
    """

    id: str
    record_id: str
    person_id: str
    grid_code: str
    day: date
    minutes: int
    turn: int
    entered_by: str
    entered_at: datetime
    reason: str | None = None
    reverses: str | None = None


@dataclass(frozen=True)
class Entering:
    """Who enters rows, when and why, and where their ids come from."""

    by: str
    at: datetime
    reason: str | None
    new_id: Callable[[], str]


def standing(rows: Iterable[Row]) -> dict[tuple[str, date], Row]:
    """The rows that nothing has taken back, by record and day."""
    kept = list(rows)
    reversed_ids = {each.reverses for each in kept if each.reverses}
    return {(each.record_id, each.day): each for each in kept if not each.reverses and each.id not in reversed_ids}


def entries(rows: Iterable[Row], wanted: Counted, of: Mapping[str, tuple[str, str]], entering: Entering) -> list[Row]:
    """The rows to add so that the ledger says what is wanted: a reversal of each that differs, and then the new one.

    `rows` are all that there are of the days in question; `of` names the person and the grid of each record.
    """
    before = list(rows)
    now = standing(before)
    turns: defaultdict[tuple[str, date], int] = defaultdict(int)
    for each in before:
        turns[each.record_id, each.day] += 1
    added: list[Row] = []
    for key in sorted(now.keys() | wanted.keys()):
        found, minutes = now.get(key), wanted.get(key, 0)
        if (found.minutes if found else 0) == minutes:
            continue
        if found:
            added.append(_reversal(found, turns[key], entering))
            turns[key] += 1
        if minutes:
            record_id, day = key
            person_id, grid_code = of[record_id]
            said = (entering.by, entering.at, entering.reason)
            added.append(Row(entering.new_id(), record_id, person_id, grid_code, day, minutes, turns[key], *said))
    return added


def _reversal(found: Row, turn: int, entering: Entering) -> Row:
    return replace(
        found,
        id=entering.new_id(),
        minutes=-found.minutes,
        turn=turn,
        entered_by=entering.by,
        entered_at=entering.at,
        reason=entering.reason,
        reverses=found.id,
    )


def total(rows: Iterable[Row]) -> int:
    """The minutes that they sum up to."""
    return sum(each.minutes for each in rows)


def told(row: Row) -> dict[str, Any]:
    """What its entry in the history tells: no words of anybody."""
    said = shown(row)
    return {name: said[name] for name in TOLD}


def shown(row: Row) -> dict[str, Any]:
    """The row as its person and the offices read it."""
    return {
        "row_id": row.id,
        "record_id": row.record_id,
        "person_id": row.person_id,
        "grid_code": row.grid_code,
        "day": row.day.isoformat(),
        "minutes": row.minutes,
        "entered_by": row.entered_by,
        "entered_at": instant.written(row.entered_at),
        "reason": row.reason,
        "reverses": row.reverses,
    }
