"""What histories owe the trail: the change and the debt are one write, and a row is entered under its entry's id."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pymongo import ASCENDING
from pymongo.read_concern import ReadConcern

from chassis.audit.row import Act
from chassis.audit.store import AuditStore
from chassis.caller import CLOCK
from chassis.crash import crash_point
from chassis.outbox import Audited, Outbox

OWED = {"unaudited": True}


class Debts:
    """Enters what is owed, whichever process wrote it; entering it twice gives one row."""

    def __init__(self, trail: AuditStore, outboxes: Iterable[Outbox]) -> None:
        self._trail = trail
        self._outboxes = [(each, each.audited) for each in outboxes if each.audited]

    def enter(self, limit: int) -> int:
        """Enter what at most so many documents of each kind owe, the oldest first; how many documents it was."""
        return sum(self._enter(outbox, audited, limit) for outbox, audited in self._outboxes)

    def _enter(self, outbox: Outbox, audited: Audited, limit: int) -> int:
        # An entry that could still roll back must not be told, hence majority.
        kept = outbox.collection.with_options(read_concern=ReadConcern("majority"))
        found = list(kept.find(OWED).sort("written_at", ASCENDING).limit(limit))
        for document in found:
            for act in acts(outbox.subject, audited, document):
                self._trail.append(act)
            crash_point("before-audited")
            # Whoever has written it meanwhile may owe more: then it is gone over once more.
            settled = {"_id": document["_id"], "version": document["version"]}
            outbox.collection.update_one(
                settled, {"$set": {"audited": document["version"]}, "$unset": {"unaudited": ""}}
            )
        return len(found)


def acts(subject: str, audited: Audited, document: Mapping[str, Any]) -> Iterator[Act]:
    """What the document's history has that the trail has not."""
    for entry in document["history"]:
        if entry["n"] > document.get("audited", 0) and audited.owed(entry["type"], entry["data"]):
            data, by = entry["data"], entry["by"] or {}
            yield Act(
                key=entry["id"],
                act=entry["type"],
                at=entry["at"],
                who=by.get("id") or CLOCK,
                role=by.get("role") or ", ".join(by.get("roles", ())) or None,
                kind=subject,
                id=audited.of(document),
                within=tuple(audited.within(document)),
                reason=data.get("reason") or audited.why(document, entry["id"]),
                details={name: data[name] for name in audited.types[entry["type"]] if name in data},
                request=entry["correlation"],
            )
