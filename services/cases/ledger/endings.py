"""What has ended: as a case says it, as it is counted, and by how much the ones that wait to be counted differ."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cases.case import Status
from cases.deadline import LOCAL
from cases.ledger.lists import part_of
from cases.tally import Cohort, Count, Tally

COUNTED_AS: Mapping[str, Count] = {"completion": Count.CLOSED, "left": Count.LEFT}
"""What the ledger calls those that ended, and as what they are counted day by day."""


@dataclass(frozen=True)
class Span:
    """Whole local days, both included, of an area."""

    area: str
    first: date
    last: date

    def holds(self, ending: "Ending") -> bool:
        """Whether it ended there and then."""
        return ending.grid_code.startswith(self.area) and self.first <= ending.day <= self.last


@dataclass(frozen=True)
class Ending:
    """That a case of a grid has ended, when, and under which name of `COUNTED_AS`."""

    grid_code: str
    at: datetime
    name: str

    @property
    def day(self) -> date:
        """The local day on which it ended."""
        return self.at.astimezone(LOCAL).date()


def as_it_stands(status: Status, ended_at: datetime | None, grid_code: str) -> Ending | None:
    """How a case has ended; None while it is open."""
    name = "completion" if status is Status.CLOSED else "left"
    return None if ended_at is None else Ending(grid_code, ended_at, name)


def as_counted(found: Tally) -> Ending | None:
    """How a case has ended by what is counted of it."""
    mark = found.marks.get(Cohort.CLOSED)
    if mark is None:
        return None
    return Ending(found.grid_code, mark.at, next(name for name, count in COUNTED_AS.items() if count in mark.counts))


def differences(
    before: Iterable[Ending | None], after: Iterable[Ending | None], span: Span
) -> Iterator[dict[str, Any]]:
    """What is to be added to the counters of the span, as rows like theirs."""
    for sign, endings in ((-1, before), (1, after)):
        yield from (
            {"_id": each.grid_code[: part_of(span.area)], each.name: sign}
            for each in endings
            if each is not None and span.holds(each)
        )
