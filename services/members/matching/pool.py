"""Those among the people in the database whom a task may be offered to."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import product

from pymongo import IndexModel

from chassis.mongo import Home
from chassis.outbox import Document
from members.area import tenant_of
from members.matching.ranking import Task
from members.people.documents import read
from members.people.person import LOCAL, Person
from members.people.store import FACTS
from members.territory.compound import Point

POOL = 100
"""How many of the nearest are looked at for each wanted skill, among the free and among all."""


class PoolStore:
    """Reads people by where they live, what they can and when they are free."""

    INDEXES: Mapping[str, Sequence[IndexModel]] = {}
    """None of its own: those of the people are used."""

    def __init__(self, home: Home) -> None:
        self._people = home.collection("people")

    def nearest(self, task: Task, around: Point) -> list[Person]:
        """The nearest who may suit the task: for each wanted skill, the free ones and then anyone.

        After them, likewise, those whose home nobody knows: `$nearSphere` finds none of them.
        """
        skills: list[str | None] = [*sorted(task.skills)] or [None]
        found: dict[str, Person] = {}
        for place, skill, free in product((_near(around), None), skills, (True, False)):
            query = {**_suited(task, skill), **(_free(task.at) if free else {}), "location": place}
            found |= {person.id: person for person in self._nearest(query)}
        return list(found.values())

    def _nearest(self, query: Document) -> Iterator[Person]:
        return (read(document) for document in self._people.find(query, FACTS).limit(POOL))


def _suited(task: Task, skill: str | None) -> Document:
    """The part of the matching rule that the database can answer."""
    day = task.at.astimezone(LOCAL).date().isoformat()
    licences = [
        {"certificates": {"$elemMatch": {"kind": kind, "valid_until": {"$gte": day}}}}
        for kind in sorted(task.certificates)
    ]
    return {
        "tenant": tenant_of(task.grid_code),
        "serves": True,
        "_id": {"$nin": sorted(task.exclude)},
        **({"unit_id": {"$nin": sorted(task.exclude_units)}} if task.exclude_units else {}),
        **({"skills": skill} if skill else {}),
        **({"$and": licences} if licences else {}),
    }


def _free(moment: datetime) -> Document:
    local = moment.astimezone(LOCAL)
    now = f"{local:%H:%M}"
    return {"free_times": {"$elemMatch": {"weekday": local.weekday(), "start": {"$lte": now}, "end": {"$gt": now}}}}


def _near(point: Point) -> Document:
    return {"$nearSphere": {"$geometry": {"type": "Point", "coordinates": list(point)}}}
