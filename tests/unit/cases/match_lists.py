"""A small stage for the match lists: demands, resources and projects that rules are played on, and their events."""

from datetime import datetime
from typing import Any, TypeVar, cast

from cases.match_lists import demand as demands
from cases.match_lists import project as projects
from cases.match_lists import resource as resources
from cases.match_lists.demand import Demand
from cases.match_lists.project import Project
from cases.match_lists.resource import Resource
from cases.place import Place, Point
from chassis.caller import Caller
from chassis.command import Asked, digest
from chassis.errors import Refusal
from chassis.outbox import Entry, Outbox
from chassis.records import Kept, Outcome, Records
from tests.unit.cases.play import AT, RESIDENT, caller

STATION = "360704100007001"
PLACE = Place(STATION, Point(115.0062, 25.8601))
UNIT = caller("p-contact", "unit_contact", scope="360704", unit="u-lighting")

Item = TypeVar("Item")


def asked_for(who: Caller = RESIDENT, id: str = "demand-1", place: Place = PLACE, **fields: Any) -> Demand:
    """A demand for somewhere to charge, with other fields if they are given."""
    return demands.draft(id, {"text": "夜间充电", "category": "0901", **fields}, who, place, AT)


def offered(who: Caller = UNIT, id: str = "resource-1", **fields: Any) -> Resource:
    """A charging cabinet for the community of the station."""
    body = {"kind": "equipment", "text": "充电柜", "serves": [STATION[:12]], "categories": ["0901"], **fields}
    return resources.draft(id, body, who, AT)


def planned(id: str = "project-1", **fields: Any) -> Project:
    """A project that is about one demand."""
    body = {"title": "增设充电柜", "demands": ["demand-1"], "resources": ["resource-1"], **fields}
    return projects.draft(id, body, "p-desk", (STATION,), AT)


def told(subject: str, version: int, who: Caller, outcome: Outcome[Any], at: datetime = AT) -> Entry:
    """The entry that chassis' records would write; nothing is written."""
    records = Records(
        Outbox(cast(Any, None), subject, (), print), _written, lambda _: outcome.item, lambda: Refusal("none")
    )
    kept = Kept(outcome.item.id, version - 1, outcome.item)
    [entry] = records.changing(Asked(who, "command", digest({}), at), kept, outcome).change.entries
    return entry


def _written(item: Any) -> dict[str, Any]:
    return {"_id": item.id, "tenant": "360704"}
