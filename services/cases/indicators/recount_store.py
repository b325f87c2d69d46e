"""Compares what is counted with the cases themselves, and puts right what differs, beside the running service."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel
from pymongo.client_session import ClientSession

from cases.indicators.counter import NO_DAY, Change, Counted, Cut, Key, changed, counted
from cases.indicators.documents import OPEN, counts_of, from_till, key_of, tally_of
from cases.indicators.selection import DAY, beginning, local_day
from cases.indicators.store import COUNTERS, LINES, PRESENT, IndicatorStore
from cases.store import case_document
from cases.store.cases import CASE, UNCOUNTED
from cases.tally import Cohort
from chassis.mongo import Home

LAST = "~"
"""After every id."""


class RecountStore:
    """Reads lines by case and counters by day; its indexes are those of `IndicatorStore`.

    What is `dry` says what is wrong and leaves it as it is.
    """

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {}

    def __init__(self, home: Home) -> None:
        self._cases = home.collection("cases")
        self._lines, self._counters = home.collection(LINES), home.collection(COUNTERS)
        self._kept = IndicatorStore(home)

    def recount_cases(self, after: str, limit: int, *, dry: bool = False) -> dict[str, Any]:
        """Count the cases anew whose ids follow: `{next, cases, lines}`, how many were seen and how many lines wrong.

        A case that merely waits to be counted is no fault. Raises `StaleVersion` as `recount_day` does.
        """
        found = list(
            self._cases.find({"_id": {"$gt": after}}, {**CASE, UNCOUNTED: True}).sort("_id", ASCENDING).limit(limit)
        )
        last = found[-1]["_id"] if len(found) == limit else LAST
        cases = {document["_id"]: case_document.read(document) for document in found}
        waiting = {document["_id"] for document in found if UNCOUNTED in document}
        lines = {line["_id"]: line for line in self._lines.find({"_id": {"$gt": after, "$lte": last}})}
        # Seen without a case, it may have been reported since: only what has none now is gone.
        orphans = sorted(lines.keys() - cases.keys())
        gone = set(orphans) - {each["_id"] for each in self._cases.find({"_id": {"$in": orphans}}, {"_id": True})}
        right = self._kept.lines_of(list(cases.values()))
        wrong = {id for id, line in right.items() if id not in waiting and _differs(lines.get(id), line)}
        if not dry:
            self._kept.count([cases[id] for id in sorted(wrong)], gone=sorted(gone))
        following = last if len(found) == limit else None
        return {"next": following, "cases": len(found), "lines": len(wrong) + len(gone)}

    def next_day(self, tenant: str, day: str) -> tuple[str, str] | None:
        """The district and the day (ISO) that follow these, of those on which something counts; None after all."""
        while tenant:
            if found := self._next_of(tenant, day):
                return tenant, found
            tenant, day = self.next_tenant(tenant), ""
        return None

    def next_tenant(self, tenant: str) -> str:
        """The district that follows; "" after the last."""
        firsts = [
            self._first(self._lines, {"tenant": {"$gt": tenant}, "reported.at": PRESENT}, "tenant", "by_reported"),
            *(
                self._first(self._counters, {"cut": cut.value, "tenant": {"$gt": tenant}}, "tenant", "by_day")
                for cut in Cut
            ),
        ]
        return min((str(each) for each in firsts if each is not None), default="")

    def recount_day(self, tenant: str, day: str, *, dry: bool = False) -> dict[str, Any]:
        """Hold the counters of one day against the lines and put them right: `{counters}`, how many were wrong.

        Raises `StaleVersion` when the service counts the same day at this moment.
        """
        with self._kept.transaction() as session:
            wrong = self._wrong(tenant, day, session)
            if not dry:
                self._kept.add(wrong, session)
        return {"counters": len(wrong)}

    def recount_open(self, tenant: str, *, dry: bool = False) -> dict[str, Any]:
        """The same of what is open in a district."""
        with self._kept.transaction() as session:
            sums = self._told(tenant, NO_DAY, session)
            for line in self._lines.find({"tenant": tenant, OPEN: PRESENT}, session=session).hint(OPEN):
                for key, counts in counted(tally_of(line)).items():
                    if key.cut is Cut.OPEN:
                        sums.setdefault(key, Counter()).update(counts)
            wrong = changed(sums)
            if not dry:
                self._kept.add(wrong, session)
        return {"counters": len(wrong)}

    def _told(self, tenant: str, day: str, session: ClientSession) -> dict[Key, Counter[Counted]]:
        """What the counters of a day say, taken off."""
        which = {"cut": {"$in": [cut.value for cut in Cut]}, "tenant": tenant, "day": day}
        sums: dict[Key, Counter[Counted]] = {}
        for document in self._counters.find(which, session=session):
            sums.setdefault(key_of(document), Counter()).subtract(counts_of(document))
        return sums

    def _wrong(self, tenant: str, day: str, session: ClientSession) -> Change:
        sums = self._told(tenant, day, session)
        begins = beginning(date.fromisoformat(day))
        span = from_till(begins, begins + DAY)
        seen = {
            line["_id"]: line
            for cohort in Cohort
            for line in self._lines.find({"tenant": tenant, f"{cohort}.at": span}, session=session)
        }
        for line in seen.values():
            for key, counts in counted(tally_of(line)).items():
                if key.day == day:
                    sums.setdefault(key, Counter()).update(counts)
        return changed(sums)

    def _next_of(self, tenant: str, day: str) -> str | None:
        days = [
            self._first(self._counters, {"cut": cut.value, "tenant": tenant, "day": {"$gt": day}}, "day", "by_day")
            for cut in Cut
        ]
        later = {"$gte": beginning(date.fromisoformat(day)) + DAY} if day else PRESENT
        for cohort in Cohort:
            at = self._first(self._lines, {"tenant": tenant, f"{cohort}.at": later}, f"{cohort}.at", f"by_{cohort}")
            days.append(local_day(at).isoformat() if at is not None else None)
        return min((each for each in days if each is not None), default=None)

    def _first(self, collection: Any, which: Mapping[str, Any], field: str, index: str) -> Any:
        found: Any = next(collection.find(which, {field: True}).sort(field, ASCENDING).limit(1).hint(index), None)
        for name in field.split(".") if found else ():
            found = found[name]
        return found


def _differs(line: Mapping[str, Any] | None, right: Mapping[str, Any]) -> bool:
    """Whether the line says something else of a case than it should; one of a later version knows better."""
    if line is None:
        return True
    return bool(line["version"] <= right["version"]) and tally_of(line) != tally_of(right)
