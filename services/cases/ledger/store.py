"""How many cases stand where in the ledger of an area, part by part."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import ClassVar

from pymongo import ASCENDING, IndexModel
from pymongo.client_session import ClientSession
from pymongo.errors import OperationFailure

from cases.case import PROBLEMS, WAITING, Status
from cases.indicators.counter import NO_DAY, Cut
from cases.indicators.documents import tally_of
from cases.indicators.store import COUNTERS, LINES
from cases.ledger import endings, openings
from cases.ledger.endings import COUNTED_AS, Ending, Span
from cases.ledger.lists import LEFT, Count, part_of
from cases.ledger.openings import Opening
from cases.period import Period, parted
from cases.place import tenant_of
from cases.showing.listing import RUNNING
from cases.store.cases import UNCOUNTED
from cases.tally import Open, Tally
from chassis.errors import Busy
from chassis.mongo import Home
from chassis.outbox import Document

OPEN, ENDED, ABOUT = "ledger_open", "ledger_ended", "about_unit"

COUNTED: Sequence[IndexModel] = (
    IndexModel(
        [("open_in", ASCENDING), ("status", ASCENDING), ("nobody", ASCENDING), ("dues.resolve_due", ASCENDING)],
        name=OPEN,
        partialFilterExpression={"open_in": {"$exists": True}},
    ),
    IndexModel(
        [("tenant", ASCENDING), ("ended_at", ASCENDING), ("place.grid_code", ASCENDING), ("status", ASCENDING)],
        name=ENDED,
        partialFilterExpression={"ended_at": {"$exists": True}},
    ),
    IndexModel(
        [("complained_unit_id", ASCENDING), ("tenant", ASCENDING)],
        name=ABOUT,
        partialFilterExpression={"complained_unit_id": {"$gt": ""}},
    ),
)
"""The first two hold all that is counted, so that no case has to be read for it; of an array no index could say so.

By the third the few cases about a unit are found, which are not counted for its people.
"""


MOST_WAITING = 200
"""When more than so many cases wait to be counted, all is counted from the cases instead."""

TRIES = 3

SNAPSHOT_TOO_OLD = 239
"""The server's code for a moment that is over: it keeps a few seconds of them (`deploy/mongodb`)."""

MOVED = {"status": True, "ended_at": True, "nobody": True, "place.grid_code": True}


@dataclass(frozen=True)
class Uncounted:
    """The cases that wait to be counted, and what is counted of them so far."""

    cases: Sequence[Document]
    tallies: Sequence[Tally]


class LedgerStore:
    """Counts by the counters what is open and what ended on whole days, and the rest by the indexes of the cases.

    All is read as of one moment; what is not counted yet is told of as if it were. What is overdue nobody counts
    beforehand: it becomes so by itself.
    """

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {"cases": COUNTED}

    def __init__(self, home: Home) -> None:
        self._cases = home.collection("cases")
        self._lines = home.collection(LINES)
        self._counters = home.collection(COUNTERS)

    def counts(self, area: str, period: Period, now: datetime, not_about: str | None = None) -> list[Count]:
        """One for each part of the area in which there is anything, by its code, without what is about that unit.

        What is open counts whenever it was reported, what ended if it did so in the period. Refuses `busy_try_again`
        when it took so long again and again that its moment was over.
        """
        for _ in range(TRIES):
            try:
                return self._counts(area, period, now, not_about)
            except OperationFailure as error:
                if error.code != SNAPSHOT_TOO_OLD:
                    raise
        raise Busy

    def _counts(self, area: str, period: Period, now: datetime, not_about: str | None) -> list[Count]:
        rows: dict[str, Counter[str]] = defaultdict(Counter)
        with self._cases.database.client.start_session(snapshot=True) as moment:
            waiting = self._waiting(moment)
            for row in chain(self._opened(area, now, waiting, moment), self._ended(area, period, waiting, moment)):
                rows[row.pop("_id")].update(row)
            for row in self._about(not_about, area, period, now, moment) if not_about else ():
                rows[row.pop("_id")].subtract(row)
        told = {part: +row for part, row in rows.items()}
        return [Count(part, **told[part]) for part in sorted(told) if told[part]]

    def _opened(self, area: str, now: datetime, waiting: Uncounted | None, moment: ClientSession) -> Iterator[Document]:
        if waiting is None:
            yield from self._cases.aggregate(opened(area, now), hint=OPEN, session=moment)
            return
        yield from self._counters.aggregate(counted_open(area), hint="by_day", session=moment)
        yield from openings.differences(map(openings.as_counted, waiting.tallies), map(_opening, waiting.cases), area)
        for row in self._cases.aggregate(overdue(area, now), hint=OPEN, session=moment):
            yield {"_id": row["_id"][: part_of(area)], "overdue": row["overdue"]}

    def _ended(self, area: str, period: Period, waiting: Uncounted | None, moment: ClientSession) -> Iterator[Document]:
        parts = parted(period)
        span = Span(area, *parts.days) if parts.days and waiting is not None else None
        for rest in parts.rest if span else (period,):
            yield from self._cases.aggregate(ended(area, rest), hint=ENDED, session=moment)
        if span and waiting is not None:
            yield from self._counters.aggregate(counted(span), hint="by_day", session=moment)
            yield from endings.differences(map(endings.as_counted, waiting.tallies), map(_ending, waiting.cases), span)

    def _about(self, unit: str, area: str, period: Period, now: datetime, moment: ClientSession) -> Iterator[Document]:
        """What is about a unit, of both kinds."""
        for pipeline in (opened(area, now), ended(area, period)):
            which = {"$match": about(unit, area)}
            yield from self._cases.aggregate([which, *pipeline], hint=ABOUT, session=moment)

    def _waiting(self, moment: ClientSession) -> Uncounted | None:
        """What may count for something else than is counted; None where that is more than are looked at."""
        found = self._cases.find({UNCOUNTED: {"$exists": True}}, MOVED, session=moment)
        cases = list(found.hint(UNCOUNTED).limit(MOST_WAITING + 1))
        if len(cases) > MOST_WAITING:
            return None
        ids = [each["_id"] for each in cases]
        lines = self._lines.find({"_id": {"$in": ids}}, session=moment) if ids else ()
        return Uncounted(cases, [tally_of(line) for line in lines])


def _ending(case: Document) -> Ending | None:
    return endings.as_it_stands(Status(case["status"]), case.get("ended_at"), case["place"]["grid_code"])


def _opening(case: Document) -> Opening:
    return openings.as_it_stands(Status(case["status"]), case["place"]["grid_code"], nobody=bool(case.get("nobody")))


def about(unit: str, area: str) -> Document:
    """What is about a unit, in the district of an area."""
    return {"complained_unit_id": unit, "tenant": tenant_of(area)}


def opened(area: str, now: datetime) -> list[Document]:
    """The pipeline that counts what is open in an area, of which the index `OPEN` has everything."""
    problem, running = _stands(PROBLEMS), _stands(RUNNING & PROBLEMS)
    late: list[Document] = [{"$lt": ["$dues.resolve_due", now]}, {"$ne": ["$dues.resolve_due", None]}]
    sums = {
        "waiting": _sum(_stands(WAITING)),
        "problem": _sum(problem),
        "unassigned": _sum(problem, {"$eq": ["$nobody", True]}),
        "overdue": _sum(running, *late),
    }
    return [{"$match": {"open_in": _within(area)}}, _grouped("$open_in", area, sums)]


def overdue(area: str, now: datetime) -> list[Document]:
    """The pipeline that counts what is overdue, grid by grid: of the index `OPEN` it reads no more than that.

    By whole grids, since the server is quicker in adding up whole fields.
    """
    which = {
        "open_in": _within(area),
        "status": {"$in": _values(RUNNING & PROBLEMS)},
        "dues.resolve_due": {"$lt": now},
    }
    return [{"$match": which}, {"$group": {"_id": "$open_in", "overdue": {"$sum": 1}}}]


def counted_open(area: str) -> list[Document]:
    """The pipeline that adds up what is open."""
    which = {"cut": Cut.OPEN.value, "tenant": tenant_of(area), "day": NO_DAY, "grid": _within(area)}
    return [{"$match": which}, _grouped("$grid", area, {each.value: {"$sum": f"$n.{each.value}"} for each in Open})]


def ended(area: str, period: Period) -> list[Document]:
    """The pipeline that counts what ended in an area in a period, of which the index `ENDED` has everything."""
    sums = {"completion": _sum(_stands({Status.CLOSED})), "left": _sum(_stands(LEFT))}
    which = {
        "tenant": tenant_of(area),
        "ended_at": {"$gte": period[0], "$lt": period[1]},
        "place.grid_code": _within(area),
    }
    return [{"$match": which}, _grouped("$place.grid_code", area, sums)]


def counted(span: Span) -> list[Document]:
    """The pipeline that adds up what was counted on whole days."""
    which = {
        "cut": Cut.GRID.value,
        "tenant": tenant_of(span.area),
        "day": {"$gte": span.first.isoformat(), "$lte": span.last.isoformat()},
        "grid": _within(span.area),
    }
    sums = {name: {"$sum": f"$n.{count.value}"} for name, count in COUNTED_AS.items()}
    return [{"$match": which}, _grouped("$grid", span.area, sums)]


def _within(area: str) -> Document:
    return {"$gte": area, "$lte": f"{area}~"}


def _grouped(grid_code: str, area: str, sums: Document) -> Document:
    return {"$group": {"_id": {"$substrBytes": [grid_code, 0, part_of(area)]}, **sums}}


def _stands(statuses: Iterable[Status]) -> Document:
    return {"$in": ["$status", _values(statuses)]}


def _sum(*conditions: Document) -> Document:
    return {"$sum": {"$cond": [{"$and": list(conditions)}, 1, 0]}}


def _values(statuses: Iterable[Status]) -> list[str]:
    return sorted(each.value for each in statuses)
