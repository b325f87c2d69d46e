"""What a command answered the first time, read from the history entry that it caused."""

from collections.abc import Mapping
from typing import Any

from chassis.errors import Refusal
from chassis.outbox import Outbox


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
