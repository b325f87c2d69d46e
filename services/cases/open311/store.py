"""Reads of cases what anybody may see of them, and nothing else: no reporter, nobody who handles it, no later word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel

from cases.assignment import UNIT
from cases.case import ENDED, OPEN, Status
from cases.category import open_in, restricted_in
from cases.open311.request import Seen
from cases.place import Place, Point
from chassis.mongo import Home
from chassis.outbox import Document

FIRST_WORDS = {"$arrayElemAt": ["$remarks.text", 0]}
"""Of all that was said, what the report says: the database hands out no other word of a case here."""

SEEN: Mapping[str, Any] = {
    **dict.fromkeys(
        (
            "number",
            "status",
            "reported_at",
            "quiet_since",
            "ended_at",
            "category",
            "category_version",
            "complained_unit_id",
            "place",
            "dues.respond_due",
            "dues.resolve_due",
            "assignment.assignees.id",
            "assignment.assignees.kind",
        ),
        True,
    ),
    "words": FIRST_WORDS,
}

HISTORY = {"history.at": True, "history.data.act": True}

LEFT_OUT_BY = (("status", ASCENDING), ("category", ASCENDING), ("category_version", ASCENDING))
"""At the end of an index, so that what is left out by it is not even read."""

BY_KIND: Mapping[str, frozenset[Status]] = {"open": OPEN, "closed": ENDED}


@dataclass(frozen=True)
class Asked:
    """Which requests of a district: half-open periods in which they were made, or something last happened to them."""

    tenant: str
    codes: tuple[str, ...] | None = None
    made: tuple[datetime | None, datetime | None] = (None, None)
    updated: tuple[datetime | None, datetime | None] = (None, None)
    kinds: tuple[str, ...] = ("open", "closed")

    @property
    def order(self) -> str:
        """By what a list goes, the latest first: by the period that it asks for."""
        return "reported_at" if self.updated == (None, None) else "quiet_since"


class Open311Store:
    """Finds cases by number, or by page in the order of an index."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "cases": [
            IndexModel(
                [("tenant", ASCENDING), (order, DESCENDING), ("_id", DESCENDING), *LEFT_OUT_BY], name=f"open311_{order}"
            )
            for order in ("reported_at", "quiet_since")
        ]
    }

    def __init__(self, home: Home) -> None:
        self._cases = home.collection("cases")

    def numbered(self, tenant: str, numbers: Sequence[str], *, with_history: bool = False) -> list[Seen]:
        """The cases with these numbers, the latest first."""
        which = {"number": {"$in": list(numbers)}, "tenant": tenant}
        found = self._cases.find(which, _fields(with_history=with_history)).hint("number")
        return sorted(map(_seen, found), key=lambda each: each.reported_at, reverse=True)

    def page(self, asked: Asked, skipped: int, limit: int, *, with_history: bool = False) -> list[Seen]:
        """The cases that are asked for and not sensitive, the latest first."""
        found = self._cases.find(_query(asked), _fields(with_history=with_history)).hint(f"open311_{asked.order}")
        ordered = found.sort([(asked.order, DESCENDING), ("_id", DESCENDING)])
        return [_seen(document) for document in ordered.skip(skipped).limit(limit)]


def _fields(*, with_history: bool) -> Document:
    return {**SEEN, **(HISTORY if with_history else {})}


def _query(asked: Asked) -> Document:
    codes = open_in(asked.tenant)
    # Named one by one, for an index does not tell what is in none of several pairs.
    wanted = codes if asked.codes is None else codes & set(asked.codes)
    sensitive = [
        {"category_version": version, "category": {"$in": found}}
        for version, closed in restricted_in((asked.tenant,)).items()
        if (found := sorted(wanted & set(closed)))
    ]
    return {
        "tenant": asked.tenant,
        **_within("reported_at", asked.made),
        **_within("quiet_since", asked.updated),
        "category": {"$in": sorted(wanted)},
        "status": {"$in": sorted(each.value for kind in asked.kinds for each in BY_KIND[kind])},
        "complained_unit_id": None,
        **({"$nor": sensitive} if sensitive else {}),
    }


def _within(field: str, period: tuple[datetime | None, datetime | None]) -> Document:
    begins, ends = period
    bounds = {name: at for name, at in (("$gte", begins), ("$lt", ends)) if at is not None}
    return {field: bounds} if bounds else {}


def _seen(found: Mapping[str, Any]) -> Seen:
    assignees = found["assignment"].get("assignees", ())
    return Seen(
        id=found["_id"],
        number=found["number"],
        status=Status(found["status"]),
        reported_at=found["reported_at"],
        updated_at=found.get("quiet_since") or found["reported_at"],
        ended_at=found.get("ended_at"),
        registered=found["dues"].get("respond_due") is not None,
        category=found["category"],
        category_version=found["category_version"],
        complained_unit_id=found["complained_unit_id"],
        place=_place(found["place"]),
        text=found.get("words"),
        resolve_due=found["dues"].get("resolve_due"),
        units=tuple(one["id"] for one in assignees if one["kind"] == UNIT),
        people=any(one["kind"] != UNIT for one in assignees),
        history=tuple((each["data"]["act"], each["at"]) for each in found.get("history", ()) if "act" in each["data"]),
    )


def _place(row: Mapping[str, Any]) -> Place:
    point = Point(**row["point"]) if row["point"] else None
    return Place(row["grid_code"], point, row["compound_id"], row.get("near_compound_id"))
