"""Where registrations are kept: by subject, unit and community, and as of any day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel, ReturnDocument
from pymongo.errors import DuplicateKeyError

from chassis.command import Asked
from chassis.errors import Refusal
from chassis.fault import Fault, listed
from chassis.mongo import Home
from chassis.outbox import Document
from chassis.records import COMMANDS, Answer, Kept, Records, Writing, carried_out
from members.area import COMMUNITY_DIGITS
from members.registrations.documents import read, written
from members.registrations.registration import EVENT_TYPES, Kind, Registration, place_of, slip_number

NEWEST = (("submitted_on", DESCENDING), ("_id", DESCENDING))

After = tuple[str, str]
"""A list goes on after the registration that was submitted on that day, and has that id."""


def _index(name: str, *keys: tuple[str, int], **options: Any) -> IndexModel:
    return IndexModel(list(keys), name=name, **options)


class RegistrationStore:
    """Reads and writes registrations; nobody has two that hold, or two that wait."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "registrations": [
            COMMANDS,
            _index("holding", ("subject", ASCENDING), unique=True, partialFilterExpression={"holding": True}),
            _index("waiting", ("subject", ASCENDING), unique=True, partialFilterExpression={"waiting": True}),
            _index("slip", ("slip", ASCENDING), unique=True, partialFilterExpression={"slip": {"$gt": ""}}),
            _index("unit", ("unit_id", ASCENDING), *NEWEST),
            _index("person", ("person_id", ASCENDING), *NEWEST, partialFilterExpression={"person_id": {"$gt": ""}}),
            _index("community", ("tenant", ASCENDING), ("community", ASCENDING), *NEWEST),
            _index("accepted", ("tenant", ASCENDING), ("kind", ASCENDING), ("accepted_on", ASCENDING)),
        ],
        "slips": [],
    }

    def __init__(self, home: Home) -> None:
        outbox = home.outbox("registrations", subject="registration", published=EVENT_TYPES)
        self.records = Records(outbox, written, read, lambda: Refusal("registration_not_found"))
        self._slips = home.collection("slips")

    def next_slip(self, community: str, year: int) -> str:
        """A number for a slip that no other has; one that is not used after all stays unused."""
        found = self._slips.find_one_and_update(
            {"_id": f"{community}-{year}"}, {"$inc": {"last": 1}}, upsert=True, return_document=ReturnDocument.AFTER
        )
        return slip_number(community, year, found["last"] if found else 1)

    def add(self, registrations: Sequence[Registration], at: datetime) -> int:
        """Insert those whose id is new with the slips that they have, which nobody hears of; how many there were."""
        added = self.records.add(registrations, at, "registration.recorded")
        highest: dict[str, int] = {}
        for each in registrations if added else ():
            series, place = place_of(each.slip or "")
            highest[series] = max(place, highest.get(series, 0))
        for series, place in highest.items():
            self._slips.update_one({"_id": series}, {"$max": {"last": place}}, upsert=True)
        return added

    def carry_out(self, asked: Asked, writings: Sequence[Writing]) -> Answer:
        """Write all, or none; what the first answers, or answered when the command was here before.

        Refuses `already_registered` or `already_submitted` when somebody was faster.
        """
        try:
            return carried_out(writings)[0]
        except DuplicateKeyError as error:
            if answer := self.records.answered(asked):
                return answer
            waits = "waiting" in str((error.details or {}).get("errmsg", ""))
            taken = Fault("", "already_submitted") if waits else Fault("", "already_registered")
            raise listed(taken) from None

    def holding(self, *subjects: str) -> Kept[Registration] | None:
        """What the member, under whichever id, or the unit is registered by now."""
        return next(iter(self.records.find({"subject": {"$in": list(subjects)}, "holding": True})), None)

    def unit_on(self, unit_id: str, day: date) -> Registration | None:
        """What the unit was registered by on that local day."""
        found = self.records.find({"unit_id": unit_id, "kind": Kind.UNIT.value, "accepted_on": _until(day)})
        return next((kept.item for kept in found if kept.item.holds_on(day)), None)

    def waits(self, *subjects: str) -> bool:
        """Whether nobody has decided yet on what the member, under whichever id, or the unit has submitted."""
        return bool(self.records.find({"subject": {"$in": list(subjects)}, "waiting": True}, limit=1))

    def not_ended(self, subjects: Iterable[str]) -> list[Kept[Registration]]:
        """What the subjects are registered by, and what nobody has decided yet."""
        whose = {"subject": {"$in": sorted(subjects)}}
        return [kept for stands in ("holding", "waiting") for kept in self.records.find({**whose, stands: True})]

    def page(
        self, tenants: Iterable[str], filters: Mapping[str, Any], after: After | None, limit: int
    ) -> list[Kept[Registration]]:
        """The first registrations of these districts that the filters let through, the newest first."""
        query: Document = {
            "tenant": {"$in": sorted(tenants)},
            **{name: value for name, value in filters.items() if name != "area"},
            **_following(after),
        }
        if isinstance(filters.get("person_id"), Mapping):
            query["person_id"] = {**filters["person_id"], "$gt": ""}  # without it the partial index is passed over
        if "area" in filters:
            query |= {"tenant": filters["area"][:6], "community": _within(filters["area"])}
        return self.records.find(query, NEWEST, limit)

    def members_on(self, unit_id: str, day: date) -> frozenset[str]:
        """The members of the unit who were registered on that local day."""
        return self._subjects({"unit_id": unit_id, "kind": Kind.MEMBER.value}, day)

    def units_on(self, tenant: str, day: date) -> frozenset[str]:
        """The units of the district that were registered on that local day (docs/domain.md §4, H9)."""
        return self._subjects({"tenant": tenant, "kind": Kind.UNIT.value}, day)

    def in_community_on(self, community: str, kind: Kind, day: date) -> list[Registration]:
        """The registrations of that kind that held in the community on that local day."""
        query = {"tenant": community[:6], "community": community, "kind": kind.value, "accepted_on": _until(day)}
        return [kept.item for kept in self.records.find(query) if kept.item.holds_on(day)]

    def _subjects(self, query: Document, day: date) -> frozenset[str]:
        found = self.records.outbox.collection.find(
            {**query, "accepted_on": _until(day)}, {"subject": True, "ended_on": True}
        )
        return frozenset(
            row["subject"] for row in found if row["ended_on"] is None or row["ended_on"] > day.isoformat()
        )


def _until(day: date) -> Document:
    return {"$gt": "", "$lte": day.isoformat()}


def _within(area: str) -> Any:
    """The communities of an area; of a grid, the one that it lies in."""
    community = area[:COMMUNITY_DIGITS]
    return community if len(community) == COMMUNITY_DIGITS else {"$gte": community, "$lt": f"{community}:"}


def _following(after: After | None) -> Document:
    if after is None:
        return {}
    day, id = after
    # Put as what it is not: an `$or` would tempt the planner away from the index that has the order.
    return {"submitted_on": {"$lte": day}, "$nor": [{"submitted_on": day, "_id": {"$gte": id}}]}
