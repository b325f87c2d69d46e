"""Posts in the database: found by area, by person and by grid."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel

from chassis.command import Asked
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.mongo import Home
from chassis.outbox import Document, Entry
from chassis.paging import After, following
from chassis.records import COMMANDS, Kept, Records, Writing
from members.area import tenant_of
from members.posts.post import ASSIGNED, Post, areas, told

BY_GRID = (("grid_code", ASCENDING), ("_id", ASCENDING))


class PostStore:
    """Reads and writes posts; their changes are heard by nobody else, so their events stay in their histories."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "posts": [
            COMMANDS,
            IndexModel([("areas", ASCENDING), *BY_GRID], name="area"),
            IndexModel([("person_id", ASCENDING), *BY_GRID], name="person"),
        ]
    }

    def __init__(self, home: Home) -> None:
        self._outbox = home.outbox("posts", subject="post", published=())
        self.records: Records[Post] = Records(self._outbox, _written, _read, lambda: Refusal("post_not_found"))

    def add(self, posts: Iterable[Post], at: datetime) -> int:
        """Insert those whose id is new; how many there were."""
        documents = [_written(post) for post in posts]
        known = set(self._outbox.collection.distinct("_id", {"_id": {"$in": [each["_id"] for each in documents]}}))
        fresh = [each for each in documents if each["_id"] not in known]
        sealed = [self._outbox.sealed(each, [Entry(new_id(), ASSIGNED, at, told(_read(each)))]) for each in fresh]
        if sealed:
            self._outbox.collection.insert_many(sealed, ordered=False)
        return len(sealed)

    def opened(self, asked: Asked, writings: Sequence[Writing]) -> dict[str, Any]:
        """Carry out what opens a post, of which the first answers; a repetition that came meanwhile gets the same."""
        return self.records.carry_out(asked, writings)

    def of_person(self, person_id: str) -> list[Kept[Post]]:
        """Every post that the person ever had or will have."""
        return self.records.find({"person_id": person_id}, BY_GRID)

    def within(self, area: str) -> list[Post]:
        """Every post that was ever held on the grids of an area."""
        return [kept.item for kept in self.records.find({"areas": area}, BY_GRID)]

    def holders(self, on: date, after: str, limit: int) -> list[tuple[str, list[str]]]:
        """Who holds posts on that day, by id after that one in ascending order, each with the codes of their grids."""
        day = on.isoformat()
        held: Document = {"person_id": {"$gt": after}, "since": {"$lte": day}, "until": {"$not": {"$lte": day}}}
        each: Document = {"_id": "$person_id", "grids": {"$addToSet": "$grid_code"}}
        lines: list[Document] = [{"$match": held}, {"$group": each}, {"$sort": {"_id": ASCENDING}}, {"$limit": limit}]
        return [(row["_id"], sorted(row["grids"])) for row in self._outbox.collection.aggregate(lines)]

    def on_grid(self, code: str) -> list[Kept[Post]]:
        """Every post on the grid."""
        return self.records.find({"areas": code}, BY_GRID)

    def page(
        self, scopes: Sequence[str] | None, filters: Mapping[str, Any], after: After | None, limit: int
    ) -> list[Kept[Post]]:
        """The first posts within these areas (None: anywhere) that the filters let through, by grid."""
        query: Document = {name: filters[name] for name in ("person_id", "post") if name in filters}
        if scopes is not None:
            query["areas"] = {"$in": list(scopes)}
        if "as_of" in filters:
            day = filters["as_of"].isoformat()
            query |= {"since": {"$lte": day}, "until": {"$not": {"$lte": day}}}
        return self.records.find(query | following("grid_code", ASCENDING, after), BY_GRID, limit)


def _written(post: Post) -> Document:
    return {
        "_id": post.id,
        "tenant": tenant_of(post.grid_code),
        "areas": areas(post.grid_code),
        "grid_code": post.grid_code,
        "person_id": post.person_id,
        "post": post.post,
        "since": post.since.isoformat(),
        "until": post.until.isoformat() if post.until else None,
    }


def _read(found: Mapping[str, Any]) -> Post:
    return Post(
        id=found["_id"],
        grid_code=found["grid_code"],
        person_id=found["person_id"],
        post=found["post"],
        since=date.fromisoformat(found["since"]),
        until=date.fromisoformat(found["until"]) if found["until"] else None,
    )
