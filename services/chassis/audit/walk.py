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
    """One way through the rows in their order.

    `rows` counts them, `last` is the place of the newest, `days` are all that they are of.
    """

    def __init__(self, begins: Place, heads: Heads) -> None:
        """`begins` is what the first row has to follow: the anchor, or `row.BEGINNING`."""
        self.rows, self.last, self.days = 0, begins, set[str]()
        self._begins, self._heads = begins, heads
        self._met: set[tuple[str, int]] = set()

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
        if row["seq"] <= self.last.seq:
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
        if named.seq == last.seq:
            return Flaw(Kind.ALTERED, last.day, last.seq, "the row after it names another hash")
        return Flaw(
            Kind.MISSING,
            named.day,
            named.seq,
            f"{row['day']}/{row['seq']} follows it, and the one before that is {_at(last)}",
        )

    def _step_on(self, place: Place) -> Iterator[Flaw]:
        self.last = place
        self.days.add(place.day)
        if carried := self._heads.get((place.day, place.seq)):
            self._met.add((place.day, place.seq))
            if carried != {place.hash}:
                yield Flaw(Kind.HEAD_DIFFERS, place.day, place.seq, "another hash was carried outside")

    def _unmet(self) -> Iterator[Flaw]:
        """The heads of rows that are not there; of those after the last row the last.

        Those before the beginning were dropped.
        """
        after: tuple[str, int] | None = None
        for day, seq in sorted(self._heads.keys() - self._met, key=lambda place: place[1]):
            if seq > self.last.seq:
                after = day, seq
            elif seq > self._begins.seq:
                yield Flaw(Kind.MISSING, day, seq, "it was carried outside")
            elif seq == self._begins.seq and not self._is_the_beginning(day, seq):
                yield Flaw(Kind.HEAD_DIFFERS, day, seq, "the anchor has another hash than was carried outside")
        if after:
            yield Flaw(Kind.CUT_OFF, *after, f"it was carried outside, and the trail ends at {_at(self.last)}")

    def _is_the_beginning(self, day: str, seq: int) -> bool:
        return day == self._begins.day and self._heads[day, seq] == {self._begins.hash}


def _at(place: Place) -> str:
    return f"{place.day}/{place.seq}" if place.seq else "its beginning"
