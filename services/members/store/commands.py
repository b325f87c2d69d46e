"""Commands that change something: how one is recognised when it is repeated, and what it answered the first time."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from chassis.caller import Caller
from chassis.errors import Refusal
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


def digest_of(body: Mapping[str, Any]) -> str:
    """What tells one content of a command from another."""
    return sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def answer_of(outbox: Outbox, id: str, command: str, digest: str) -> Mapping[str, Any] | None:
    """The answer kept with the command, None if it is new; refuses `command_id_reused` for another content."""
    kept = {"history": {"$elemMatch": {"command": command}}}
    found = outbox.collection.find_one({"_id": id, "history.command": command}, kept)
    if found is None:
        return None
    entry = found["history"][0]
    if entry["digest"] != digest:
        raise Refusal("command_id_reused")
    answer: Mapping[str, Any] = entry["answer"]
    return answer
