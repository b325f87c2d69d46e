"""Reads indicators: sums of counters, and the cases that a number is made of."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel

from cases.deadline import LOCAL
from cases.indicators.counter import Cut
from cases.indicators.documents import BAR, counts_of, from_till, within
from cases.indicators.rates import FOUND, MISSED, OVERDUE, Sums, cohort_of
from cases.indicators.selection import SPANS, By, Selection, beginning, local_day
from cases.indicators.store import COUNTERS, LINES, PATROL_FINDINGS, PATROLLED
from cases.place import AREA_DIGITS
from cases.tally import Count
from chassis.mongo import Home
from chassis.outbox import Document
from chassis.paging import After, following

LATE_BEFORE = "late_before"
"""In a sum, what was pending on days that are over."""

TENANT = AREA_DIGITS[0]

PARTS: Mapping[By | None, Any] = {
    None: "",
    By.DISTRICT: "$tenant",
    By.COMMUNITY: {"$substrBytes": ["$grid", 0, AREA_DIGITS[2]]},
    By.GRID: "$grid",
    By.UNIT: {"$ifNull": ["$unit", ""]},
    By.CATEGORY: {"$ifNull": ["$category", ""]},
}
"""What tells the parts of a sum apart, but for days and months, which counters and lines have otherwise."""


COUNTED_FOR: Mapping[str, tuple[Count, ...]] = {
    OVERDUE: (Count.LATE, Count.PENDING),
    MISSED: (Count.FOUND_BY_OTHERS,),
    FOUND: (Count.FOUND_ON_PATROL, Count.FOUND_BY_OTHERS),
}
"""For what cases count of which a number is made that no counter holds; each has a condition besides."""


class FigureStore:
    """Its indexes are those of `IndicatorStore`."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {}

    def __init__(self, home: Home) -> None:
        self._lines = home.collection(LINES)
        self._counters = home.collection(COUNTERS)

    def sums(self, asked: Selection, now: datetime) -> dict[str, Sums]:
        """The sums of each part in which anything counts, by its code: of the whole, the one part ""."""
        today, patrolled = local_day(now).isoformat(), self._patrolled(asked)
        found = list(self._counters.aggregate(summed(asked, today, patrolled), hint="by_day"))
        late, missed = self._late_today(asked, now), self._missed(asked, patrolled)
        return {row["_id"]: _sums(row, late.get(row["_id"], 0), missed.get(row["_id"], 0)) for row in found}

    def answers(self, district: str, first: date, last: date) -> dict[str, dict[str, int]]:
        """How many of whom were called back have answered, of cases closed on these days, by month and grid."""
        span = {"$gte": first.isoformat(), "$lte": last.isoformat()}
        which = {"cut": Cut.GRID.value, "tenant": district, "day": span}
        month = {"$substrBytes": ["$day", 0, SPANS[By.MONTH]]}
        summed = {"_id": {"month": month, "grid": "$grid"}, "n": {"$sum": f"$n.{Count.ANSWERED}"}}
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for row in self._counters.aggregate([{"$match": which}, {"$group": summed}], hint="by_day"):
            found[row["_id"]["month"]][row["_id"]["grid"]] = row["n"]
        return found

    def page(self, asked: Selection, number: str, now: datetime, after: After | None, limit: int) -> list[Document]:
        """The lines of the cases that a number is made of, `{_id, at}`, those that came first first."""
        cohort = cohort_of(number)
        patrolled = self._patrolled(asked) if number in {MISSED, FOUND} else ()
        which: list[Document] = [{"$match": lines(asked, number, now, after, patrolled)}]
        ordered: list[Document] = [{"$sort": {f"{cohort}.at": ASCENDING, "_id": ASCENDING}}, {"$limit": limit}]
        told: Document = {"$project": {"at": f"${cohort}.at"}}
        return list(self._lines.aggregate([*which, *ordered, told], hint=f"by_{cohort}"))

    def _patrolled(self, asked: Selection) -> list[str]:
        """The grids of the area in which a patrol has found anything in the period, of whichever kind."""
        span = {"$gte": asked.first.isoformat(), "$lte": asked.last.isoformat()}
        area = _where(replace(asked, unit=None, category=None))
        which = {"cut": Cut.GRID.value, **area, "day": span, PATROL_FINDINGS: {"$gt": 0}}
        found = self._counters.aggregate([{"$match": which}, {"$group": {"_id": "$grid"}}], hint=PATROLLED)
        return sorted(row["_id"] for row in found)

    def _missed(self, asked: Selection, patrolled: Sequence[str]) -> dict[str, int]:
        """How many were missed, part by part, where the counters of whole districts do not tell grids apart."""
        if asked.cut is not Cut.DISTRICT or not patrolled:
            return {}
        which = {
            **_where(asked),
            "grid": {"$in": list(patrolled)},
            "reported.at": from_till(asked.begins, asked.ends),
            "reported.counts": _counts_for(Count.FOUND_BY_OTHERS),
        }
        day = {"$dateToString": {"date": "$reported.at", "format": "%Y-%m-%d", "timezone": str(LOCAL)}}
        grouped = {"$group": {"_id": _part(asked.by, day), "n": {"$sum": 1}}}
        return {row["_id"]: row["n"] for row in self._lines.aggregate([{"$match": which}, grouped], hint="by_reported")}

    def _late_today(self, asked: Selection, now: datetime) -> dict[str, int]:
        """How many are pending whose time was over today, part by part: of these no counter tells the hour."""
        begins, ends = max(beginning(local_day(now)), asked.begins), min(now, asked.ends)
        if begins > ends:
            return {}
        which = {
            **_where(asked),
            "due.at": {"$gte": begins, "$lt": ends},
            "due.counts": _counts_for(Count.PENDING),
        }
        grouped = {"$group": {"_id": _part(asked.by, {"$literal": local_day(now).isoformat()}), "n": {"$sum": 1}}}
        return {row["_id"]: row["n"] for row in self._lines.aggregate([{"$match": which}, grouped], hint="by_due")}


def summed(asked: Selection, today: str, patrolled: Sequence[str]) -> list[Document]:
    """The pipeline that sums counters."""
    span = {"$gte": asked.first.isoformat(), "$lte": asked.last.isoformat()}
    which = {"cut": asked.cut.value, **_where(asked), "day": span}
    over = {"$cond": [{"$lt": ["$day", today]}, f"$n.{Count.PENDING}", 0]}
    missed = {"$cond": [{"$in": ["$grid", list(patrolled)]}, f"$n.{Count.FOUND_BY_OTHERS}", 0]}
    sums: Document = {count.value: {"$sum": f"$n.{count.value}"} for count in Count}
    derived = {LATE_BEFORE: {"$sum": over}, MISSED: {"$sum": missed}}
    return [{"$match": which}, {"$group": {"_id": _part(asked.by), **sums, **derived}}]


def lines(asked: Selection, number: str, now: datetime, after: After | None, patrolled: Sequence[str] = ()) -> Document:
    """The filter of the lines of a number."""
    cohort = cohort_of(number)
    at = f"{cohort}.at"
    counted = {f"{cohort}.counts": _counts_for(*COUNTED_FOR.get(number) or (Count(number),))}
    which: list[Document] = [_where(asked), {at: from_till(asked.begins, asked.ends)}, following(at, 1, after), counted]
    if number == OVERDUE:
        which.append({"$nor": [{f"{cohort}.counts": _counts_for(Count.PENDING), at: {"$gte": now}}]})
    if number in {MISSED, FOUND}:
        which.append({"grid": {"$in": list(patrolled)}})
    return {"$and": [each for each in which if each]}


def _sums(row: Document, late_today: int, missed: int) -> Sums:
    return Sums(counts_of({"n": row}), row[Count.LATE] + row[LATE_BEFORE] + late_today, row[MISSED] + missed)


def _where(asked: Selection) -> Document:
    area = asked.area
    tenant: Any = area[:TENANT] if len(area) >= TENANT else within(area)
    unit = {} if asked.unit is None else {"unit": asked.unit}
    category = {} if asked.category is None else {"category": asked.category}
    return {"tenant": tenant, "grid": within(area), **unit, **category}


def _part(by: By | None, day: Any = "$day") -> Any:
    """What tells a part of counters apart; of lines, whose local day has to be said."""
    digits = SPANS.get(by)
    return PARTS[by] if digits is None else {"$substrBytes": [day, 0, digits]}


def _counts_for(*counts: Count) -> re.Pattern[str]:
    return re.compile(f"{re.escape(BAR)}({'|'.join(counts)}){re.escape(BAR)}")
