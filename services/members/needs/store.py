"""Where needs are kept, and how far their demands have come, as the events of cases tell it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel

from chassis.command import Asked
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.newest import keep_newest
from chassis.outbox import Document
from chassis.records import COMMANDS, Outcome, Records, Writing
from members.needs.need import BY_STATUS, CATEGORIES, STATED, Need, Progress, Source, announcement


class NeedStore:
    """Keeps needs; each is told of once, with the write that keeps it."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "needs": [
            COMMANDS,
            IndexModel([("source_id", ASCENDING), ("_id", ASCENDING)], name="source"),
            IndexModel([("person_id", ASCENDING), ("_id", ASCENDING)], name="person"),
        ]
    }

    def __init__(self, home: Home) -> None:
        outbox = home.outbox("needs", subject="need", published=(STATED,))
        self.records: Records[Need] = Records(outbox, _written, _read, lambda: Refusal("need_not_found"))
        self._progress = home.collection("need_progress")
        self._categories = home.collection("district_categories")

    def writings(self, asked: Asked, needs: Iterable[Need], role: str) -> list[Writing]:
        """The writings of these needs, to be carried out together with what they were stated to.

        Refuses `invalid` for a category that its district has not.
        """
        needs = list(needs)
        self._check_categories(needs)
        return [
            self.records.opening(
                asked,
                Outcome(each, STATED, announcement(each), role, f"{each.grid_code}.{each.category}"),
                along=True,
            )
            for each in needs
        ]

    def learn_categories(self, district: str, codes: Iterable[str], number: int) -> None:
        """Keep which categories a district has by its version of this number."""
        for code in codes:
            keep_newest(self._categories, f"{district}/{code}", number, {})

    def _check_categories(self, needs: Sequence[Need]) -> None:
        others = {f"{each.tenant}/{each.category}" for each in needs if each.category not in CATEGORIES}
        known = {each["_id"] for each in self._categories.find({"_id": {"$in": sorted(others)}})} if others else set()
        faults = [
            {"pointer": f"/needs/{n}/category", "detail": "No category of the catalogue."}
            for n, each in enumerate(needs)
            if f"{each.tenant}/{each.category}" in others - known
        ]
        if faults:
            raise Refusal("invalid", errors=faults)

    def words(self, need_id: str, tenant: str) -> str:
        """What was said; refuses `need_not_found`."""
        return self.records.load(need_id, (tenant,)).item.text

    def of_person(self, person_ids: Iterable[str]) -> list[Need]:
        """What a person stated that they need, under whichever id."""
        query = {"person_id": {"$in": sorted(person_ids)}}
        return [kept.item for kept in self.records.find(query, [("person_id", 1), ("_id", 1)])]

    def note(self, need_id: str, sequence: int, status: str) -> None:
        """Keep in mind where the demand of a need stands, unless it is known later; what is no need is passed over."""
        if self.records.outbox.collection.find_one({"_id": need_id}, {"_id": True}):
            keep_newest(self._progress, need_id, sequence, {"progress": BY_STATUS[status].value})

    def of(self, source_ids: Sequence[str]) -> Mapping[str, list[tuple[Need, Progress]]]:
        """The needs that were stated at each of these, in order, each with what became of it."""
        kept = self.records.find({"source_id": {"$in": list(source_ids)}}, [("source_id", 1), ("_id", 1)])
        come = {row["_id"]: row["progress"] for row in self._progress.find({"_id": {"$in": [one.id for one in kept]}})}
        found: dict[str, list[tuple[Need, Progress]]] = defaultdict(list)
        for one in kept:
            found[one.item.source_id].append((one.item, Progress(come.get(one.id, Progress.STATED))))
        return found


def _written(need: Need) -> Document:
    fields = {name: value for name, value in vars(need).items() if name != "id"}
    return {**fields, "_id": need.id, "source": need.source.value}


def _read(found: Mapping[str, Any]) -> Need:
    names = ("tenant", "source_id", "category", "text", "grid_code", "stated_at", "compound_id", "person_id")
    return Need(id=found["_id"], source=Source(found["source"]), **{name: found[name] for name in names})
