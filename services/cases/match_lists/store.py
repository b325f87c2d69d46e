"""Where demands, resources and projects are kept, and how the board counts and lists them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from cases.assignment import PERSON
from cases.ledger.lists import part_of
from cases.match_lists import demand, documents, project, resource
from cases.match_lists.demand import Demand
from cases.match_lists.lists import Count, List, Wanted
from cases.match_lists.project import Project
from cases.match_lists.resource import Resource
from cases.place import areas_around
from chassis.command import Asked
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Audited, Creation, Document
from chassis.paging import After, following
from chassis.records import COMMANDS, Answer, Kept, Records, Writing, carried_out

NEWEST = (("opened_at", DESCENDING), ("_id", DESCENDING))
OLDEST = (("opened_at", ASCENDING), ("_id", ASCENDING))
LONGEST_IDLE = (("idle_since", ASCENDING), ("_id", ASCENDING))

COUNTED = "counted"

CONSIDERED = 500
"""How many demands or resources one match looks at, at most: those that wait longest."""

FIELDS: Mapping[str, str] = {"skill": "skills", "tag": "tags", "compound_id": "place.compound_id"}
"""The fields that filters look at, where they are not named alike."""


def _index(name: str, *keys: tuple[str, int], **options: Any) -> IndexModel:
    return IndexModel(list(keys), name=name, **options)


def _lists() -> list[IndexModel]:
    """What every one of the three lists is found by."""
    return [
        COMMANDS,
        _index("area", ("areas", ASCENDING), *NEWEST),
        _index("area_status", ("areas", ASCENDING), ("status", ASCENDING), *NEWEST),
        _index(COUNTED, ("areas", ASCENDING), ("area", ASCENDING), ("status", ASCENDING)),
        _index("mine", ("mine", ASCENDING), *NEWEST, partialFilterExpression={"mine": {"$exists": True}}),
    ]


AUDITED = Audited({"demand.forgotten": ()}, lambda document: areas_around(document["place"]["grid_code"]))


class MatchListStore:
    """The three kinds of records, and the queries over them."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "demands": [
            *_lists(),
            _index("waiting", ("areas", ASCENDING), ("status", ASCENDING), *OLDEST),
            _index("forget", ("forget_at", ASCENDING), partialFilterExpression={"forget_at": {"$exists": True}}),
            _index("expiring", ("expires_at", ASCENDING), partialFilterExpression={"status": "open"}),
            _index(
                "origin",
                ("tenant", ASCENDING),
                ("origin", ASCENDING),
                unique=True,
                partialFilterExpression={"origin": {"$exists": True}},
            ),
        ],
        "resources": [
            *_lists(),
            _index("offered_by", ("offered_by", ASCENDING)),
            _index("serves", ("serves", ASCENDING), ("status", ASCENDING), *LONGEST_IDLE),
        ],
        "projects": [*_lists(), _index("moved_by", ("history.by.id", ASCENDING))],
    }

    def __init__(self, home: Home) -> None:
        self.demands: Records[Demand] = Records(
            home.outbox("demands", subject="demand", published=demand.EVENT_TYPES, audited=AUDITED),
            documents.demand_written,
            documents.demand_read,
            lambda: Refusal("demand_not_found"),
        )
        self.resources: Records[Resource] = Records(
            home.outbox("resources", subject="resource", published=resource.EVENT_TYPES),
            documents.resource_written,
            documents.resource_read,
            lambda: Refusal("resource_not_found"),
        )
        self.projects: Records[Project] = Records(
            home.outbox("projects", subject="project", published=project.EVENT_TYPES),
            documents.project_written,
            documents.project_read,
            lambda: Refusal("project_not_found"),
        )
        self._of: Mapping[List, Records[Any]] = {
            List.DEMAND: self.demands,
            List.RESOURCE: self.resources,
            List.PROJECT: self.projects,
        }

    def write(self, asked: Asked, list_: List, writings: Sequence[Writing]) -> Answer:
        """Write all, or none; what the first of them answers, or answered when the command was here before.

        Refuses `command_id_reused`, and `needs_already_listed` when the lines of a visit or a session were listed
        before with other content. Raises chassis' StaleVersion.
        """
        try:
            return carried_out(writings)[0]
        except DuplicateKeyError:
            if answer := self._of[list_].answered(asked) or self._listed(asked, writings):
                return answer
            raise

    def page(self, wanted: Wanted, after: After | None, limit: int) -> list[Kept[Any]]:
        """The first lines that are wanted after the position, the newest first."""
        return self._of[wanted.list].find(_query(wanted, after), NEWEST, limit)

    def counts(self, area: str) -> list[Count]:
        """How many lines of each list have which status, in each part of the area in which there is anything."""
        return [
            Count(list_, row["_id"]["area"], row["_id"]["status"], row["n"])
            for list_, records in self._of.items()
            for row in records.outbox.collection.aggregate(counting(area), hint=COUNTED)
        ]

    def expiring(self, now: datetime, limit: int) -> list[Kept[Demand]]:
        """Open demands whose last day is over, those first that have been so the longest."""
        return self.demands.find({"status": "open", "expires_at": {"$lte": now}}, [("expires_at", ASCENDING)], limit)

    def offered_in_person(self, ids: Sequence[str], limit: int) -> list[Kept[Resource]]:
        """What these people still offer, at most so much; nothing of their units."""
        own = {"mine": {"$in": list(ids)}, "owner_kind": PERSON, "withdrawn": False}
        return self.resources.find(own, NEWEST, limit)

    def offered_for(self, found: Demand) -> list[Resource]:
        """Resources of which something is left and that serve the place of the demand, the longest idle first."""
        serving = {"serves": {"$in": list(found.place.areas)}, "status": "offered"}
        kept = self.resources.find(serving, LONGEST_IDLE, CONSIDERED)
        return [each.item for each in kept]

    def open_in(self, areas: Sequence[str], tenants: Sequence[str]) -> list[Demand]:
        """Open demands in these areas of these districts, those that wait longest first."""
        waiting = {"areas": {"$in": list(areas)}, "status": "open", "tenant": {"$in": sorted(tenants)}}
        kept = self.demands.find(waiting, OLDEST, CONSIDERED)
        return [each.item for each in kept]

    def _listed(self, asked: Asked, writings: Sequence[Writing]) -> Answer | None:
        """What was answered when the same lines were listed by another command."""
        new = [each.change.document for each in writings if isinstance(each.change, Creation)]
        lines = [document for document in new if "origin" in document]
        if not lines:
            return None
        same = {"tenant": lines[0]["tenant"], "origin": {"$in": [each["origin"] for each in lines]}}
        found = self.demands.outbox.collection.find_one({**same, "commands": {"$exists": True}})
        if found is None or found["history"][0]["digest"] != asked.digest:
            raise Refusal("needs_already_listed")
        answer: Answer = dict(found["history"][0]["answer"])
        return answer


def counting(area: str) -> list[Document]:
    """The pipeline that counts an area, of which the index `COUNTED` has everything."""
    part = {"$substrBytes": ["$area", 0, part_of(area)]}
    return [
        {"$match": {"areas": area}},
        {"$group": {"_id": {"area": part, "status": "$status"}, "n": {"$sum": 1}}},
    ]


def _query(wanted: Wanted, after: After | None) -> Document:
    """The filter; it begins with a field that has an index in the order of the list."""
    place = {"areas": wanted.area} if wanted.area else {"mine": {"$in": list(wanted.own or ())}}
    chosen = {FIELDS.get(name, name): value for name, value in wanted.filters.items()}
    if "category" in chosen and wanted.list is List.RESOURCE:
        chosen["categories"] = chosen.pop("category")
    return {**place, **chosen, "tenant": {"$in": sorted(wanted.tenants)}, **following("opened_at", DESCENDING, after)}
