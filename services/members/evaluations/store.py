"""Where evaluations are kept: found by whom they are about, by unit, by community, and by when they become final."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel
from pymongo.errors import BulkWriteError, DuplicateKeyError

from chassis.command import Asked
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.mongo import Home
from chassis.outbox import Document, Entry
from chassis.records import COMMANDS, Kept, Records
from members.evaluations.documents import read, written
from members.evaluations.evaluation import DRAFTED, EVENT_TYPES, Evaluation, Status, Subject, told

BY_ID = (("_id", ASCENDING),)
DUPLICATE = 11000
"""MongoDB's code for a key that is there already."""


def _index(name: str, *keys: str, **options: Any) -> IndexModel:
    return IndexModel([(key, ASCENDING) for key in keys], name=name, **options)


class EvaluationStore:
    """Reads and writes evaluations, each once for a rule, a period and a subject."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "evaluations": [
            COMMANDS,
            _index("subject", "subject_id", "_id"),
            _index("unit", "unit_id", "status", "_id"),
            _index("community", "tenant", "community", "period", "_id"),
            _index("lapsing", "object_until", partialFilterExpression={"status": Status.SHOWN.value}),
        ],
        "evaluation_commands": [],
    }

    def __init__(self, home: Home) -> None:
        self._asked = home.collection("evaluation_commands")
        self._outbox = home.outbox("evaluations", subject="evaluation", published=EVENT_TYPES)
        self.records = Records(self._outbox, written, read, lambda: Refusal("evaluation_not_found"))

    def check_new(self, asked: Asked) -> None:
        """Refuses `command_id_reused` where the command came with another content before."""
        if self._asked.find_one({"_id": {"$in": asked.keys}, "digest": {"$ne": asked.digest}}, {"_id": True}):
            raise Refusal("command_id_reused")

    def note(self, asked: Asked) -> None:
        """Keep what a command about many asked for, which leaves no other trace where it finds none of them.

        Refuses `command_id_reused` where the same id came meanwhile with another content.
        """
        with suppress(DuplicateKeyError):
            self._asked.insert_one({"_id": asked.key, "digest": asked.digest})
        self.check_new(asked)

    def draft(self, drafts: Iterable[Evaluation], at: datetime, by: Mapping[str, str]) -> None:
        """Keep those that are new; one that is there stays as it is, under the version by which it was drafted."""
        documents = [self._drafted(each, at, by) for each in drafts]
        if not documents:
            return
        try:
            self._outbox.collection.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            if any(each["code"] != DUPLICATE for each in error.details["writeErrors"]):
                raise

    def drafts(self, community: str, period: str, metric: str, limit: int) -> list[Kept[Evaluation]]:
        """So many of those of a community that nobody else has seen yet, at most."""
        drafted = self._batch(community, period, metric) | {"status": Status.DRAFTED.value}
        return self.records.find(drafted, BY_ID, limit)

    def counts(self, community: str, period: str, metric: str) -> dict[str, int]:
        """How many of a community there are of each status."""
        rows = self._outbox.collection.aggregate(
            [
                {"$match": self._batch(community, period, metric)},
                {"$group": {"_id": "$status", "n": {"$sum": 1}}},
            ]
        )
        return {row["_id"]: row["n"] for row in rows}

    def about(self, person_ids: Iterable[str]) -> list[Kept[Evaluation]]:
        """All that were ever made of a member, under whichever id."""
        members = {"subject_id": {"$in": sorted(person_ids)}, "subject": Subject.MEMBER.value}
        return self.records.find(members, BY_ID)

    def lapsing(self, now: datetime, limit: int) -> list[Kept[Evaluation]]:
        """Those shown to which nobody can object any more, that have been so the longest first."""
        query = {"status": Status.SHOWN.value, "object_until": {"$lt": now}}
        return self.records.find(query, [("object_until", ASCENDING)], limit)

    def page(
        self, tenants: Iterable[str], wanted: Mapping[str, Any], after: str | None, limit: int
    ) -> list[Kept[Evaluation]]:
        """The first that are wanted in these districts, by id, after the one of that id; `seen`: without drafts."""
        query: Document = {
            "tenant": {"$in": sorted(tenants)},
            **{name: value for name, value in wanted.items() if name not in {"area", "seen"}},
            **({"_id": {"$gt": after}} if after else {}),
        }
        if "seen" in wanted:
            query |= {"$nor": [{"status": Status.DRAFTED.value}]}
        if "area" in wanted:
            area = wanted["area"][:12]
            query |= {"tenant": area[:6], "community": {"$gte": area, "$lt": f"{area}:"}}
        return self.records.find(query, BY_ID, limit)

    def _batch(self, community: str, period: str, metric: str) -> Document:
        place = {"tenant": community[:6], "community": community}
        return {**place, "period": period, "measure.metric": metric}

    def _drafted(self, found: Evaluation, at: datetime, by: Mapping[str, str]) -> Document:
        entry = Entry(new_id(), DRAFTED, at, told(found), by=by)
        return self._outbox.sealed(written(found), [entry])
