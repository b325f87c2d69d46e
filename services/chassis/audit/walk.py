"""Going over the trail from its beginning: what was altered, left out, put in or cut off; a rule without a database."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chassis.audit.row import HASH, Place, follows, hash_of

Heads = Mapping[tuple[str, int], frozenset[str]]
"""The hashes that were carried outside for each place of the trail: one, unless the file was written on."""


class Kind(StrEnum):
    """What can be wrong."""

    ALTERED = "altered row"
    MISSING = "missing row"
    INSERTED = "inserted row"
    CUT_OFF = "cut-off tail"
    MISSING_DAY = "missing day"
    HEAD_DIFFERS = "head that differs"
    NOT_THE_BEGINNING = "not the beginning"
    NO_HEADS = "no heads"
    LOST = "lost rows"


@dataclass(frozen=True)
class Flaw:
    """Something that is wrong, where, and how it shows."""

    kind: Kind
    day: str
    seq: Any
    why: str

    def __str__(self) -> str:
        where = f" {self.day}" + (f"/{self.seq}" if self.seq else "") if self.day else ""
        return f"{self.kind}{where}: {self.why}"


class Walk:
    """One way through the rows in their order; `rows` counts them, `last` is the place of the newest."""

    def __init__(self, begins: Place, heads: Heads) -> None:
        """`begins` is what the first row has to follow: the anchor, or `row.BEGINNING`."""
        self.rows, self.last = 0, begins
        self._begins, self._heads = begins, heads
        self._met: set[tuple[str, int]] = set()
        self._ends: dict[str, int] = {}

    def over(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[Flaw]:
        """Every flaw, in the order of the trail; those that only the heads tell of come last."""
        for row in rows:
            self.rows += 1
            yield from self._step(row)
        yield from self._unmet()

    def _step(self, row: Mapping[str, Any]) -> Iterator[Flaw]:
        day, seq, after = row.get("day"), row.get("seq"), row.get("after")
        if not isinstance(after, Mapping) or not follows(day, seq, after):
            yield Flaw(Kind.INSERTED, str(day), seq, "its number does not follow that of the row that it names")
            return
        if hash_of(row) != row.get(HASH):
            yield Flaw(Kind.ALTERED, row["day"], seq, "its content has another hash")
        if (row["day"], row["seq"]) <= (self.last.day, self.last.seq):
            yield Flaw(Kind.INSERTED, row["day"], seq, "another row has its place")
            return
        if dict(after) != self.last.dump():
            yield self._break(row, Place(after["day"], after["seq"], str(after.get(HASH))))
        yield from self._step_on(Place(row["day"], row["seq"], str(row.get(HASH))))

    def _break(self, row: Mapping[str, Any], named: Place) -> Flaw:
        """Why a row does not follow the one before it."""
        last = self.last
        if last is self._begins:
            return Flaw(Kind.NOT_THE_BEGINNING, row["day"], row["seq"], "the trail began before it")
        if (named.day, named.seq) == (last.day, last.seq):
            return Flaw(Kind.ALTERED, last.day, last.seq, "the row after it names another hash")
        if named < last:
            return Flaw(Kind.INSERTED, last.day, last.seq, f"{row['day']}/{row['seq']} follows {_at(named)}")
        if named.day != last.day:
            return Flaw(Kind.MISSING_DAY, named.day, None, f"{row['day']}/{row['seq']} follows {_at(named)}")
        kind = Kind.MISSING if row["day"] == last.day else Kind.CUT_OFF
        return Flaw(kind, last.day, last.seq + 1, f"{row['day']}/{row['seq']} follows {_at(named)}")

    def _step_on(self, place: Place) -> Iterator[Flaw]:
        self.last = place
        self._ends[place.day] = place.seq
        if carried := self._heads.get((place.day, place.seq)):
            self._met.add((place.day, place.seq))
            if carried != {place.hash}:
                yield Flaw(Kind.HEAD_DIFFERS, place.day, place.seq, "another hash was carried outside")

    def _unmet(self) -> Iterator[Flaw]:
        """The heads of rows that are not there, one flaw for each day; those before the beginning were dropped."""
        unmet: dict[str, int] = {}
        for day, seq in sorted(self._heads.keys() - self._met):
            if day > self._begins.day:
                unmet[day] = seq
            elif (day, seq) == (self._begins.day, self._begins.seq):
                if self._heads[day, seq] != {self._begins.hash}:
                    yield Flaw(Kind.HEAD_DIFFERS, day, seq, "the anchor has another hash than was carried outside")
            elif day == self._begins.day and seq > self._begins.seq:
                yield Flaw(Kind.CUT_OFF, day, self._begins.seq + 1, "the anchor is not the last of its day")
        for day, seq in unmet.items():
            if day not in self._ends:
                yield Flaw(Kind.MISSING_DAY, day, None, f"its row {seq} was carried outside")
            elif seq > self._ends[day]:
                yield Flaw(Kind.CUT_OFF, day, self._ends[day] + 1, f"its row {seq} was carried outside")
            else:
                yield Flaw(Kind.MISSING, day, seq, "it was carried outside")


def _at(place: Place) -> str:
    return f"{place.day}/{place.seq}"
