"""Everybody's book of hours in the database: what the ledger comes to, the star, and whether it is public."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel

from chassis.command import Asked
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Document
from chassis.paging import After, following
from chassis.records import COMMANDS, Kept, Outcome, Records, Writing
from members.area import DISTRICT_DIGITS
from members.stars.star import OFFERED, Book, Consent

RANKED = (("rank", DESCENDING), ("_id", DESCENDING))


class BookStore:
    """Reads and writes books; people hear of a star that is offered to them."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "service_books": [
            COMMANDS,
            IndexModel([("tenant", ASCENDING), *RANKED], name="public", partialFilterExpression={"public": True}),
        ]
    }

    def __init__(self, home: Home) -> None:
        outbox = home.outbox("service_books", subject="book", published=(OFFERED,))
        self.records: Records[Book] = Records(outbox, _written, _read, lambda: Refusal("no_hours"))

    def of(self, person_id: str) -> Kept[Book] | None:
        """The person's book, if anything was ever counted for them."""
        return next(iter(self.records.find({"_id": person_id}, limit=1)), None)

    def noting(self, asked: Asked, kept: Kept[Book], type: str, role: str) -> Writing:
        """The writing of the book's next version, in which nothing else is new: who has read it before is too late."""
        return self.records.changing(asked, kept, Outcome(kept.item, type, {}, role), along=True)

    def of_people(self, person_ids: Iterable[str]) -> list[Kept[Book]]:
        """The books under these ids."""
        return self.records.find({"_id": {"$in": sorted(person_ids)}})

    def public(self, area: str, after: After | None, limit: int) -> list[Kept[Book]]:
        """The books on the public list of an area, the highest star first."""
        query: Document = {"tenant": area[:DISTRICT_DIGITS], "public": True, **following("rank", DESCENDING, after)}
        if len(area) > DISTRICT_DIGITS:
            query["area"] = {"$gte": area, "$lt": f"{area}:"}
        return self.records.find(query, RANKED, limit)


def _written(book: Book) -> Document:
    return {
        "_id": book.person_id,
        "tenant": book.tenant,
        "area": book.area,
        "minutes": book.minutes,
        "accepted": book.accepted,
        "consents": [dict(vars(each)) for each in book.consents],
        "rank": str(book.star),
        "public": book.public,
    }


def _read(found: Mapping[str, Any]) -> Book:
    consents = tuple(Consent(**each) for each in found["consents"])
    return Book(found["_id"], found["area"], found["minutes"], found["accepted"], consents)
