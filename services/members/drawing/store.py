"""Maps of districts, of which each drawing is a version, and redrawings in the database."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import DuplicateKeyError, WriteError

from chassis.command import Asked
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Audited, Document, StaleVersion
from chassis.paging import After, following
from chassis.records import COMMANDS, Kept, Outcome, Records, Writing, again_when_stale, carried_out
from members.area import areas_around_all, tenant_of
from members.drawing.feature import MapFault
from members.drawing.redrawing import Redrawing, Stage
from members.permission import tenants
from members.territory import documents

NO_GEO_KEYS = 16755
"""MongoDB's code for a polygon whose edges cross as geodesics."""

DRAWN = "map.drawn"

PLANNED = "redrawing.planned"
CANCELLED, CARRIED_OUT = "redrawing.cancelled", "redrawing.carried_out"

OPENED = Audited({DRAWN: ("grid_codes", "from")}, lambda document: (document["tenant"],))
"""Grids that were opened from a file; of what a redrawing draws its own history tells."""

REDRAWN = Audited(
    {PLANNED: ("closes", "opens", "for"), CANCELLED: (), CARRIED_OUT: ("closed", "opened")},
    lambda document: areas_around_all(document["closes"]) or (document["tenant"],),
)

Answer = dict[str, Any]

LATEST = (("at", DESCENDING), ("_id", DESCENDING))


@dataclass(frozen=True)
class DistrictMap:
    """The map of a district; whoever draws on it makes its next version, so that no two drawings cross unseen."""

    tenant: str


class DrawingStore:
    """Reads and writes maps and redrawings."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "maps": [COMMANDS],
        "redrawings": [
            COMMANDS,
            IndexModel([("stage", ASCENDING), ("at", ASCENDING)], name="due"),
            IndexModel([("tenant", ASCENDING), *LATEST], name="latest"),
            IndexModel([("tenant", ASCENDING), ("stage", ASCENDING), *LATEST], name="stage"),
        ],
    }

    def __init__(self, home: Home) -> None:
        maps = home.outbox("maps", subject="map", published=(), audited=OPENED)
        self.maps: Records[DistrictMap] = Records(maps, _from_map, _map, lambda: Refusal("map_not_found"))
        redrawings = home.outbox("redrawings", subject="redrawing", published=(), audited=REDRAWN)
        self.redrawings: Records[Redrawing] = Records(
            redrawings, _from_redrawing, _redrawing, lambda: Refusal("redrawing_not_found")
        )

    def map_of(self, tenant: str) -> Kept[DistrictMap] | None:
        """The map of the district as it is now; None while nothing was drawn."""
        return next(iter(self.maps.find({"_id": tenant})), None)

    def next_version(
        self, asked: Asked, kept: Kept[DistrictMap] | None, outcome: Outcome[DistrictMap], *, along: bool = False
    ) -> Writing:
        """The writing of the map's next version, to be carried out with what is drawn."""
        if kept is None:
            return self.maps.opening(asked, outcome, along=along)
        return self.maps.changing(asked, kept, outcome, along=along)

    def draw(self, asked: Asked, decide: Callable[[], tuple[str, str, Answer, list[Writing]]]) -> Answer:
        """Write what `decide` draws together with the map's next version; a repetition gets the same answer.

        `decide` gives the district, the role in which the caller draws, what the answer tells, and the writings. Two
        drawings of one district never cross unseen: the later one is decided anew.
        """

        def once() -> Answer:
            # The map is read first: what `decide` sees is no older than the version that it follows.
            maps = {kept.id: kept for kept in self.maps.find({"_id": {"$in": sorted(tenants(asked.caller))}})}
            if answer := self.maps.answered(asked):
                return answer
            tenant, role, told, writings = decide()
            outcome = Outcome(DistrictMap(tenant), DRAWN, told, role, answer=told)
            return drawn([self.next_version(asked, maps.get(tenant), outcome), *writings])

        return again_when_stale(once)

    def planned(self, tenant: str) -> list[Redrawing]:
        """The redrawings of the district that are still to come."""
        return [kept.item for kept in self.redrawings.find({"tenant": tenant, "stage": Stage.PLANNED.value})]

    def closing(self, grid_code: str, at: datetime) -> Redrawing | None:
        """What is planned to close the grid by that moment, if anything is."""
        query = {"tenant": tenant_of(grid_code), "stage": Stage.PLANNED.value, "at": {"$lte": at}, "closes": grid_code}
        return next((kept.item for kept in self.redrawings.find(query, LATEST, 1)), None)

    def due(self, now: datetime, limit: int) -> list[Kept[Redrawing]]:
        """The planned ones whose date has come, the earliest first."""
        query = {"stage": Stage.PLANNED.value, "at": {"$lte": now}}
        return self.redrawings.find(query, [("at", ASCENDING)], limit)

    def page(
        self, tenants: Iterable[str], stage: Stage | None, after: After | None, limit: int
    ) -> list[Kept[Redrawing]]:
        """The redrawings of these districts, the latest dates first, after the position."""
        query: Document = {"tenant": {"$in": sorted(tenants)}, **following("at", DESCENDING, after)}
        if stage is not None:
            query["stage"] = stage.value
        return self.redrawings.find(query, LATEST, limit)


def drawn(writings: Sequence[Writing]) -> dict[str, Any]:
    """Write all of them, or none: what the first answers; raises StaleVersion when somebody else drew meanwhile.

    Refuses `map_not_valid` for a polygon that the index cannot hold after all.
    """
    try:
        return carried_out(writings)[0]
    except DuplicateKeyError as error:
        raise StaleVersion from error
    except WriteError as error:
        if error.code != NO_GEO_KEYS:
            raise
        raise Refusal("map_not_valid", errors=[MapFault("ring_too_narrow", None, "/features").dump()]) from error


def _from_map(kept: DistrictMap) -> Document:
    return {"_id": kept.tenant, "tenant": kept.tenant}


def _map(found: Mapping[str, Any]) -> DistrictMap:
    return DistrictMap(found["_id"])


def _from_redrawing(kept: Redrawing) -> Document:
    return {
        "_id": kept.id,
        "tenant": kept.tenant,
        "at": kept.at,
        "closes": list(kept.closes),
        "opens": [documents.from_grid(grid) for grid in kept.opens],
        "planned_at": kept.planned_at,
        "stage": kept.stage.value,
    }


def _redrawing(found: Mapping[str, Any]) -> Redrawing:
    return Redrawing(
        id=found["_id"],
        tenant=found["tenant"],
        at=found["at"],
        closes=tuple(found["closes"]),
        opens=tuple(documents.grid(each) for each in found["opens"]),
        planned_at=found["planned_at"],
        stage=Stage(found["stage"]),
    )
