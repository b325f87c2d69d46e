"""Party groups in the database, one for each grid."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.mongo import Home
from chassis.outbox import Document, Entry
from chassis.paging import After, following
from chassis.records import COMMANDS, Kept, Records
from members.area import tenant_of
from members.party_groups.party_group import FORMED, Meeting, PartyGroup, Seat
from members.posts.post import areas

BY_GRID = (("grid_code", ASCENDING), ("_id", ASCENDING))


class PartyGroupStore:
    """Reads and writes party groups; nobody else hears of them: some capacities tell of a special identity."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "party_groups": [
            COMMANDS,
            IndexModel([("areas", ASCENDING), *BY_GRID], name="area"),
            IndexModel([("seats.person_id", ASCENDING)], name="person"),
        ]
    }

    def __init__(self, home: Home) -> None:
        self._outbox = home.outbox("party_groups", subject="party_group", published=())
        self.records: Records[PartyGroup] = Records(
            self._outbox, _written, _read, lambda: Refusal("party_group_not_found")
        )

    @contextmanager
    def once_each(self) -> Iterator[None]:
        """Refuses `party_group_exists` where the grid has a group already."""
        try:
            yield
        except DuplicateKeyError:
            raise Refusal("party_group_exists") from None

    def add(self, groups: Iterable[PartyGroup], at: datetime) -> int:
        """Insert those whose grid has none; how many there were."""
        documents = [_written(group) for group in groups]
        known = set(self._outbox.collection.distinct("_id", {"_id": {"$in": [each["_id"] for each in documents]}}))
        fresh = [each for each in documents if each["_id"] not in known]
        sealed = [
            self._outbox.sealed(each, [Entry(new_id(), FORMED, at, {"grid_code": each["_id"]})]) for each in fresh
        ]
        if sealed:
            self._outbox.collection.insert_many(sealed, ordered=False)
        return len(sealed)

    def within(self, area: str) -> list[PartyGroup]:
        """Every group that ever was on the grids of an area."""
        return [kept.item for kept in self.records.find({"areas": area}, BY_GRID)]

    def of(self, grid_code: str) -> Kept[PartyGroup] | None:
        """The group of that grid."""
        return next(iter(self.records.find({"_id": grid_code, "tenant": tenant_of(grid_code)})), None)

    def with_person(self, person_id: str) -> list[Kept[PartyGroup]]:
        """The groups in which somebody ever sat."""
        return self.records.find({"seats.person_id": person_id})

    def page(self, scopes: Sequence[str], day: date, after: After | None, limit: int) -> list[PartyGroup]:
        """The first groups of these areas that exist on the day, by grid."""
        written = day.isoformat()
        exists = {"since": {"$lte": written}, "until": {"$not": {"$lte": written}}}
        query = {"areas": {"$in": list(scopes)}, **exists, **following("grid_code", ASCENDING, after)}
        return [kept.item for kept in self.records.find(query, BY_GRID, limit)]


def _written(group: PartyGroup) -> Document:
    return {
        "_id": group.grid_code,
        "tenant": tenant_of(group.grid_code),
        "areas": areas(group.grid_code),
        "grid_code": group.grid_code,
        "since": group.since.isoformat(),
        "until": _day(group.until),
        "seats": [vars(seat) | {"since": seat.since.isoformat(), "until": _day(seat.until)} for seat in group.seats],
        "meetings": [
            {"id": each.id, "held_on": each.held_on.isoformat(), "attended": list(each.attended)}
            for each in group.meetings
        ],
    }


def _read(found: Mapping[str, Any]) -> PartyGroup:
    return PartyGroup(
        grid_code=found["_id"],
        since=date.fromisoformat(found["since"]),
        until=_read_day(found["until"]),
        seats=tuple(_seat(row) for row in found["seats"]),
        meetings=tuple(
            Meeting(row["id"], date.fromisoformat(row["held_on"]), tuple(row["attended"])) for row in found["meetings"]
        ),
    )


def _seat(row: Mapping[str, Any]) -> Seat:
    since, until = date.fromisoformat(row["since"]), _read_day(row["until"])
    return Seat(row["id"], row["person_id"], row["capacity"], since, until)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _read_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
