"""Where indicators are kept: a line for each case, counters by day and grid; both change in one transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DeleteOne, IndexModel, ReplaceOne, UpdateOne
from pymongo.client_session import ClientSession
from pymongo.errors import BulkWriteError
from pymongo.read_concern import ReadConcern

from cases.case import Case
from cases.indicators.counter import Change, difference
from cases.indicators.documents import OPEN, identity, increments, line_of, tally_of
from cases.policies.store import ScoringStore
from cases.store import case_document
from cases.store.cases import CASE, UNCOUNTED
from cases.tally import Cohort, Count
from chassis.mongo import Home
from chassis.outbox import DUPLICATE_KEY, Document, StaleVersion, transaction

LINES, COUNTERS = "indicator_lines", "indicator_counters"
PRESENT = {"$exists": True}
PATROLLED, PATROL_FINDINGS = "patrolled", f"n.{Count.FOUND_ON_PATROL}"


def by_cohort(cohort: Cohort) -> IndexModel:
    """In the order in which the cases of a number are listed; what a list leaves out is not even read."""
    fields = ("tenant", f"{cohort}.at", "_id", "grid", "unit", "category", f"{cohort}.counts")
    return IndexModel(
        [(field, ASCENDING) for field in fields],
        name=f"by_{cohort}",
        partialFilterExpression={f"{cohort}.at": {"$exists": True}},
    )


class IndicatorStore:
    """Counts cases, once each version."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "cases": [
            IndexModel([(UNCOUNTED, ASCENDING)], name=UNCOUNTED, partialFilterExpression={UNCOUNTED: {"$exists": True}})
        ],
        LINES: [
            *(by_cohort(cohort) for cohort in Cohort),
            IndexModel(
                [("tenant", ASCENDING), ("grid", ASCENDING)], name=OPEN, partialFilterExpression={OPEN: PRESENT}
            ),
        ],
        COUNTERS: [
            IndexModel([(field, ASCENDING) for field in ("cut", "tenant", "day", "grid", "unit")], name="by_day"),
            # Of the days of grids those on which a patrol has found something, which are few.
            IndexModel(
                [(field, ASCENDING) for field in ("cut", "tenant", "day", "grid", PATROL_FINDINGS)],
                name=PATROLLED,
                partialFilterExpression={PATROL_FINDINGS: {"$gt": 0}},
            ),
        ],
    }

    def __init__(self, home: Home) -> None:
        self._cases = home.collection("cases")
        self._notes = home.notes("cases")
        self.lines = home.collection(LINES)
        self.counters = home.collection(COUNTERS)
        self._scoring = ScoringStore(home)

    def lines_of(self, cases: Sequence[Case]) -> dict[str, Document]:
        """What is to be counted of these cases, by their ids."""
        grounds = self._scoring.grounds(cases)
        return {case.id: line_of(case, grounds.get(case.id, ())) for case in cases}

    def waiting(self, limit: int) -> list[Case]:
        """Cases that count for something else than is counted, those that wait longest first."""
        found = self._cases.find({UNCOUNTED: {"$exists": True}}, CASE).sort(UNCOUNTED, ASCENDING).limit(limit)
        return [case_document.read(document) for document in found.hint(UNCOUNTED)]

    def waits_since(self) -> datetime | None:
        """Since when something waits to be counted; None where nothing does."""
        oldest = self._cases.find({UNCOUNTED: {"$exists": True}}, {UNCOUNTED: True}).sort(UNCOUNTED, ASCENDING)
        found = next(oldest.limit(1).hint(UNCOUNTED), None)
        since: datetime | None = found[UNCOUNTED] if found else None
        return since

    def count(self, cases: Sequence[Case], gone: Sequence[str] = ()) -> int:
        """Count what these cases count for now instead of what they did, in one transaction; how many differ.

        A line of a later version stays. `gone` are ids that have a line and no case. Raises `StaleVersion` when
        somebody else counts one of them at this moment.
        """
        new = self.lines_of(cases)
        with self.transaction() as session:
            ids = [*new, *gone]
            old = {line["_id"]: line for line in self.lines.find({"_id": {"$in": ids}}, session=session)}
            differ = {id: line for id, line in new.items() if _goes_on(old.get(id), line)}
            left = [old[id] for id in gone if id in old]
            before = [*(old[id] for id in differ if id in old), *left]
            self.add(difference(map(tally_of, before), map(tally_of, differ.values())), session)
            writes: list[ReplaceOne[Document] | DeleteOne] = [
                ReplaceOne({"_id": id}, line, upsert=True) for id, line in differ.items()
            ]
            writes += [DeleteOne({"_id": line["_id"]}) for line in left]
            if writes:
                self.lines.bulk_write(writes, session=session, ordered=False)
        return len(differ) + len(left)

    def counted(self, cases: Iterable[Case]) -> None:
        """These versions are counted; a case that has moved on meanwhile waits on."""
        done = [UpdateOne({"_id": case.id, "version": case.version}, {"$unset": {UNCOUNTED: True}}) for case in cases]
        if done:
            self._notes.bulk_write(done, ordered=False)

    def add(self, change: Change, session: ClientSession) -> None:
        """Change counters by so much."""
        writes = [
            UpdateOne({"_id": key.id}, {"$inc": increments(counts), "$setOnInsert": identity(key)}, upsert=True)
            for key, counts in sorted(change.items(), key=lambda each: each[0].id)
        ]
        if writes:
            self.counters.bulk_write(writes, session=session)

    @contextmanager
    def transaction(self) -> Iterator[ClientSession]:
        """All that is read is of one moment, all that is written is kept together; raises `StaleVersion`."""
        try:
            with transaction(self.lines, ReadConcern("snapshot")) as session:
                yield session
        except BulkWriteError as error:
            if _is_taken(error):
                raise StaleVersion from error
            raise


def _goes_on(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> bool:
    """Whether the new line takes the place of the old one: it is as late, and says something else."""
    if old is None:
        return True
    return bool(old["version"] <= new["version"]) and dict(old) != dict(new)


def _is_taken(error: BulkWriteError) -> bool:
    """Whether another transaction has just begun the same counter or line."""
    return any(each["code"] == DUPLICATE_KEY for each in error.details.get("writeErrors", []))
