"""Lines and counters as documents: a line says what is counted of one case, a counter how many cases are."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from cases.case import Case
from cases.exclusion import Ground
from cases.indicators.counter import Counted, Counts, Cut, Key
from cases.place import tenant_of
from cases.tally import Cohort, Count, Mark, Open, Tally, tally
from chassis.outbox import Document

OPEN = "open"
"""What of a line says how its case is open."""

BAR = "|"
"""Between the counts of a mark, which are one text so that an index can hold them beside its day."""


def line_of(case: Case, grounds: Collection[Ground]) -> Document:
    """What is counted of the case at its version, where cases are left out on these grounds."""
    found = tally(case, grounds)
    marks = {cohort.value: {"at": mark.at, "counts": _text(mark.counts)} for cohort, mark in found.marks.items()}
    standing = {OPEN: _text(found.open)} if found.open else {}
    return {
        "_id": case.id,
        "version": case.version,
        "tenant": tenant_of(found.grid_code),
        "grid": found.grid_code,
        "unit": found.unit,
        "category": found.category,
        **marks,
        **standing,
    }


def tally_of(line: Mapping[str, Any]) -> Tally:
    """What a line says."""
    marks = {cohort: _mark_of(line[cohort.value]) for cohort in Cohort if cohort.value in line}
    return Tally(line["grid"], line["unit"], line["category"], marks, frozenset(map(Open, _words(line.get(OPEN, "")))))


def _mark_of(row: Mapping[str, Any]) -> Mark:
    return Mark(row["at"], frozenset(map(Count, _words(row["counts"]))))


def _text(counts: Iterable[Counted]) -> str:
    return f"{BAR}{BAR.join(sorted(count.value for count in counts))}{BAR}"


def _words(text: str) -> list[str]:
    return [word for word in text.split(BAR) if word]


def increments(counts: Counts) -> dict[str, int]:
    """The fields that change by so much."""
    return {f"n.{count.value}": n for count, n in counts.items()}


def identity(key: Key) -> Document:
    """What a counter keeps of its key."""
    return {
        "cut": key.cut.value,
        "tenant": key.tenant,
        "day": key.day,
        "grid": key.grid_code,
        "unit": key.unit,
        "category": key.category,
    }


def key_of(document: Mapping[str, Any]) -> Key:
    """The key of a counter."""
    return Key(Cut(document["cut"]), document["day"], document["grid"], document["unit"], document["category"])


def counts_of(document: Mapping[str, Any]) -> Counter[Counted]:
    """What a counter says; a name that nothing is counted for any more is none of it."""
    known: dict[str, Counted] = {count.value: count for count in (*Count, *Open)}
    return Counter({known[name]: n for name, n in document["n"].items() if name in known and n})


def within(area: str) -> Document:
    """The grids of an area."""
    return {"$gte": area, "$lte": f"{area}~"}


def from_till(begins: datetime, ends: datetime) -> Document:
    """A half-open span."""
    return {"$gte": begins, "$lt": ends}
