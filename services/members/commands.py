"""Commands that change something: how one is recognised when it is repeated, and what it answered the first time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.caller import Caller
from chassis.command import earlier_answer
from chassis.ids import new_id
from chassis.outbox import Entry, Outbox


@dataclass(frozen=True)
class Change:
    """A command to change something: which act on what, by whom, under which id and with which content."""

    act: str
    id: str
    command_id: str
    digest: str
    caller: Caller

    def entry(self, type: str, at: datetime, data: Mapping[str, Any], answer: Mapping[str, Any]) -> Entry:
        """The history entry that the change becomes, with what it answers."""
        return Entry(
            id=new_id(),
            type=type,
            at=at,
            data=data,
            by={"id": self.caller.id, "roles": sorted(self.caller.roles)},
            command=self.command_id,
            digest=self.digest,
            answer=answer,
        )


def answer_of(outbox: Outbox, id: str, command: str, content_digest: str) -> Mapping[str, Any] | None:
    """The answer kept with the command, None if it is new; refuses `command_id_reused` for another content."""
    kept = {"history": {"$elemMatch": {"command": command}}}
    found = outbox.collection.find_one({"_id": id, "history.command": command}, kept)
    return earlier_answer(found["history"], command, content_digest) if found else None
