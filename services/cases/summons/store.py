"""Where summons are kept, and how the turnout of units is counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel

from cases.place import Place, tenant_of
from cases.summons.acts import EVENTS
from cases.summons.summons import Kind, Stage, Summoned, Summons, Turnout, next_bell
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Document
from chassis.records import COMMANDS, Kept, Records

NEWEST = (("opened_at", DESCENDING), ("_id", DESCENDING))

AFTER = tuple[datetime, str]
"""Where a list goes on: after the summons that was opened then and has that id."""


@dataclass(frozen=True)
class Wanted:
    """Which summons a list holds: those of the areas and those that call the unit; and of them what is asked for."""

    tenants: tuple[str, ...]
    areas: tuple[str, ...]
    unit_id: str | None
    within: str | None = None
    case_id: str | None = None
    status: str | None = None


def _newest(name: str, field: str) -> IndexModel:
    return IndexModel([(field, ASCENDING), *NEWEST], name=name)


class SummonsStore:
    """Reads and writes summons."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "summons": [
            COMMANDS,
            _newest("area", "areas"),
            _newest("unit", "unit_ids"),
            _newest("case", "case_id"),
            IndexModel([("areas", ASCENDING), ("called_at", ASCENDING)], name="called"),
            IndexModel([("history.by.id", ASCENDING)], name="moved_by"),
            IndexModel([("bell_at", ASCENDING)], name="bell"),
        ]
    }

    def __init__(self, home: Home) -> None:
        outbox = home.outbox("summons", subject="summons", published=set(EVENTS.values()))
        self.records = Records(outbox, _written, _read, lambda: Refusal("summons_not_found"))
        self._summons = outbox.collection

    def page(self, wanted: Wanted, after: AFTER | None, limit: int) -> list[Kept[Summons]]:
        """The newest that are wanted, after the position."""
        conditions: list[Document] = [{"tenant": {"$in": list(wanted.tenants)}}]
        if wanted.within is not None:
            conditions.append({"areas": wanted.within})
        if wanted.case_id is not None:
            conditions.append({"case_id": wanted.case_id})
        if wanted.status is not None:
            conditions.append({"stage": wanted.status})
        if after is not None:
            at, id = after
            # Put as what it is not: an `$or` would tempt the planner away from the index that has the order.
            conditions.append({"opened_at": {"$lte": at}, "$nor": [{"opened_at": at, "_id": {"$gte": id}}]})
        # The `$or` outermost: so each way is read in order from its own index, and they are merged.
        ways = [{"$and": [*conditions, way]} for way in _ways(wanted)]
        return self.records.find(ways[0] if len(ways) == 1 else {"$or": ways}, NEWEST, limit)

    def rings(self, now: datetime, limit: int) -> list[Kept[Summons]]:
        """What the clock has to see to, what waits longest first."""
        return self.records.find({"bell_at": {"$lte": now}}, [("bell_at", ASCENDING)], limit)

    def turnout(self, area: str, period: tuple[datetime, datetime], unit_id: str | None) -> list[Document]:
        """For each unit called in the area and the period how it turned out, and the sum of its scores, by its id."""
        called = {"areas": area, "called_at": {"$gte": period[0], "$lt": period[1]}}
        which = [{"$match": {"units.unit_id": unit_id}}] if unit_id else []
        grouped = {
            "_id": "$units.unit_id",
            "summoned": {"$sum": 1},
            "acknowledged": _count({"$ne": ["$units.acknowledged_at", None]}),
            "arrived": _count({"$eq": ["$units.turnout", Turnout.ARRIVED.value]}),
            "absent": _count({"$eq": ["$units.turnout", Turnout.ABSENT.value]}),
            "scored": _count({"$ne": ["$units.score", None]}),
            "points": {"$sum": "$units.score"},
        }
        rows = self._summons.aggregate(
            [{"$match": called}, {"$unwind": "$units"}, *which, {"$group": grouped}, {"$sort": {"_id": 1}}]
        )
        return [{"unit_id": row.pop("_id"), **row} for row in rows]

    def linked(self, area: str, period: tuple[datetime, datetime]) -> dict[str, int]:
        """How many called in the area and the period are linked to each mechanism, by its id."""
        called = {"areas": area, "called_at": {"$gte": period[0], "$lt": period[1]}, "mechanism_id": {"$ne": None}}
        rows = self._summons.aggregate([{"$match": called}, {"$group": {"_id": "$mechanism_id", "n": {"$sum": 1}}}])
        return {row["_id"]: row["n"] for row in rows}


def _ways(wanted: Wanted) -> list[Document]:
    """What lies in the areas, and what calls the unit."""
    ways: list[Document] = []
    if wanted.areas:
        ways.append({"areas": {"$in": list(wanted.areas)}})
    if wanted.unit_id is not None:
        ways.append({"unit_ids": wanted.unit_id, "called_at": {"$ne": None}})
    return ways


def _count(condition: Document) -> Document:
    return {"$sum": {"$cond": [condition, 1, 0]}}


def _written(summons: Summons) -> Document:
    kept = {name: value for name, value in vars(summons).items() if name != "id"}
    return {
        **kept,
        "_id": summons.id,
        "tenant": tenant_of(summons.grid_code),
        "areas": list(Place(summons.grid_code).areas),
        "unit_ids": list(summons.unit_ids),
        "kind": summons.kind.value,
        "stage": summons.stage.value,
        "units": [vars(each) | {"turnout": each.turnout.value} for each in summons.units],
        "rung": list(summons.rung),
        "bell_at": next_bell(summons),
    }


PLAIN = ("case_id", "grid_code", "due_on_site", "initiator_id", "opened_at", "lead_unit_id", "text", "called_at")
"""Fields that are kept as they are."""


def _read(found: Mapping[str, Any]) -> Summons:
    plain: dict[str, Any] = {name: found[name] for name in PLAIN}
    return Summons(
        **plain,
        id=found["_id"],
        kind=Kind(found["kind"]),
        stage=Stage(found["stage"]),
        units=tuple(Summoned(**{**row, "turnout": Turnout(row["turnout"])}) for row in found["units"]),
        rung=tuple(found["rung"]),
        mechanism_id=found.get("mechanism_id"),
    )
