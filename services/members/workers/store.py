"""Where the census is kept: workers by place, and the office's estimates."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from chassis.command import Asked
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Document, Outbox
from chassis.paging import following
from chassis.records import COMMANDS, Answer, Kept, Outcome, Records, Writing
from members.area import tenant_of
from members.workers.census import DIGITS, Estimate
from members.workers.worker import Kind, Link, Worker, masked

NEWEST = (("registered_at", DESCENDING), ("_id", DESCENDING))
PLAIN = (
    "nickname",
    "platform",
    "registered_at",
    "phone",
    "phone_print",
    "consented_at",
    "person_id",
    "left_at",
)


def _once(field: str) -> IndexModel:
    """Of the workers who are here, no two have the same."""
    options: dict[str, Any] = {"unique": True, "partialFilterExpression": {field: {"$gt": ""}, "here": True}}
    return IndexModel([("tenant", ASCENDING), (field, ASCENDING)], name=field, **options)


class WorkerStore:
    """Reads and writes workers and estimates; nobody outside hears of them."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "workers": [
            COMMANDS,
            IndexModel([("areas", ASCENDING), ("here", ASCENDING), *NEWEST], name="area"),
            IndexModel([("tenant", ASCENDING), ("registered_at", ASCENDING)], name="known"),
            _once("phone_print"),
            _once("person_id"),
            IndexModel([("person_id", ASCENDING)], name="person", partialFilterExpression={"person_id": {"$gt": ""}}),
        ],
        "worker_estimates": [COMMANDS, IndexModel([("tenant", ASCENDING), ("day", ASCENDING)], name="day")],
    }

    def __init__(self, home: Home) -> None:
        workers = home.outbox("workers", subject="worker", published=())
        self.records: Records[Worker] = Records(workers, _written, _read, lambda: Refusal("worker_not_found"))
        estimates = home.outbox("worker_estimates", subject="estimate", published=())
        self.estimates: Records[Estimate] = Records(
            estimates, _from_estimate, _estimate, lambda: Refusal("estimate_not_found")
        )

    def write(self, asked: Asked, writings: Sequence[Writing]) -> Answer:
        """Write a worker and all that goes with it, or nothing: what the first answers, or answered before.

        Refuses `worker_known` where another worker has the same phone or account, and `command_id_reused`; raises
        chassis' StaleVersion.
        """
        try:
            return self.records.carry_out(asked, writings)
        except DuplicateKeyError:
            raise Refusal("worker_known") from None

    def enter(self, asked: Asked, outcome: Outcome[Estimate]) -> Answer:
        """Keep an estimate, or what corrects it; a repetition gets the same. Refuses `command_id_reused`."""
        given = outcome.item
        return self.estimates.enter(asked, estimate_id(given), [tenant_of(given.area)], given, lambda _: outcome)

    def page(
        self, areas: Sequence[str], filters: Mapping[str, Any], after: tuple[datetime, str] | None, limit: int
    ) -> list[Kept[Worker]]:
        """The workers in these areas that the filters let through, the newest first, after the position."""
        query = {
            "areas": {"$in": list(areas)},
            "here": not filters.get("left", False),
            **{name: filters[name] for name in ("kind", "platform", "station_id") if name in filters},
            **following("registered_at", DESCENDING, after),
        }
        return self.records.find(query, NEWEST, limit)

    def belonging_to(self, grid_code: str) -> list[Kept[Worker]]:
        """The workers who are here and belong to that grid."""
        return self.records.find({"areas": grid_code, "here": True})

    def estimates_until(self, tenant: str, day: date) -> list[Estimate]:
        """The estimates for parts of the district that are of no later day."""
        return [kept.item for kept in self.estimates.find({"tenant": tenant, "day": {"$lte": day.isoformat()}})]

    def known(
        self, districts: Iterable[str], phone_print: str | None, person_ids: Iterable[str], besides: str = ""
    ) -> set[str]:
        """Those of `phone` and `person_id` that a worker has who is here, `besides` the one of that id."""
        where = {"tenant": {"$in": sorted(districts)}, "here": True, "_id": {"$ne": besides}}
        asked = {"phone": ("phone_print", [phone_print or ""]), "person_id": ("person_id", sorted(person_ids))}
        return {
            name
            for name, (field, values) in asked.items()
            if self.records.find({**where, field: {"$in": values, "$gt": ""}}, limit=1)
        }

    def of_people(self, person_ids: Iterable[str]) -> list[Kept[Worker]]:
        """The workers who are these people."""
        return self.records.find({"person_id": {"$in": sorted(person_ids), "$gt": ""}})

    def add(self, workers: Iterable[Worker]) -> int:
        """Insert those whose ids are new, without any event; how many there were."""
        return _added(self.records.outbox, map(_written, workers))

    def add_estimates(self, estimates: Iterable[Estimate]) -> int:
        """Insert those that are new, likewise."""
        return _added(self.estimates.outbox, map(_from_estimate, estimates))

    def counts(self, tenant: str, at: datetime) -> dict[str, int]:
        """How many were known then in each grid."""
        stages = [*_known(tenant, at), {"$sortByCount": "$links.grid_code"}]
        found = self.records.outbox.collection.aggregate(stages)
        return {row["_id"]: row["count"] for row in found}

    def outside(self, area: str, at: datetime, grids: Iterable[str], stations: Iterable[str]) -> dict[str, str]:
        """Who was known then in the area and belonged to none of these grids and stations: masked nicknames by id."""
        beyond = {
            "links.grid_code": {"$gte": area, "$lte": f"{area}~", "$nin": sorted(grids)},
            "links.station_id": {"$nin": sorted(stations)},
        }
        stages = [
            *_known(tenant_of(area), at),
            {"$match": beyond},
            {"$sort": {"_id": 1}},
            {"$project": {"nickname": 1}},
        ]
        found = self.records.outbox.collection.aggregate(stages)
        return {row["_id"]: masked(row["nickname"]) for row in found}


def _known(tenant: str, at: datetime) -> list[Document]:
    """The workers who were known then, each with the one link of then."""
    then, ahead = {"$lte": at}, {"$not": {"$lte": at}}
    return [
        {"$match": {"tenant": tenant, "registered_at": then, "left_at": ahead}},
        {"$unwind": "$links"},
        {"$match": {"links.since": then, "links.until": ahead}},
    ]


def _added(outbox: Outbox, written: Iterable[Document]) -> int:
    documents = [outbox.sealed(each, []) for each in written]
    known = set(outbox.collection.distinct("_id", {"_id": {"$in": [each["_id"] for each in documents]}}))
    fresh = [each for each in documents if each["_id"] not in known]
    if fresh:
        outbox.collection.insert_many(fresh, ordered=False)
    return len(fresh)


def estimate_id(estimate: Estimate) -> str:
    """Under which id it is kept: one for an area and a day."""
    return f"{estimate.area}:{estimate.day.isoformat()}"


def _written(worker: Worker) -> Document:
    here = worker.left_at is None
    whole = {
        "_id": worker.id,
        "tenant": worker.tenant,
        "areas": [worker.link.grid_code[:digits] for digits in DIGITS],
        "kind": worker.kind.value,
        "links": [dict(vars(link)) for link in worker.links],
        "station_id": worker.link.station_id,
        "here": here,
    }
    return whole | {name: getattr(worker, name) for name in PLAIN}


def _read(found: Mapping[str, Any]) -> Worker:
    links = tuple(Link(**link) for link in found["links"])
    return Worker(id=found["_id"], kind=Kind(found["kind"]), links=links, **{name: found[name] for name in PLAIN})


def _from_estimate(estimate: Estimate) -> Document:
    return {
        "_id": estimate_id(estimate),
        "tenant": tenant_of(estimate.area),
        "area": estimate.area,
        "day": estimate.day.isoformat(),
        "number": estimate.number,
    }


def _estimate(found: Mapping[str, Any]) -> Estimate:
    return Estimate(found["area"], date.fromisoformat(found["day"]), found["number"])
