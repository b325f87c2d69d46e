"""Commands that are safe to repeat: the id and the digest of what was asked stay in the entry that the command made."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.caller import Caller
from chassis.errors import Refusal


@dataclass(frozen=True)
class Asked:
    """Who asks, when, and the id and digest by which a repetition is recognised."""

    caller: Caller
    command_id: str
    digest: str
    now: datetime

    @property
    def key(self) -> str:
        """The command's id as it is kept: one caller's is never another's, and it does not tell whose it was."""
        return self._key(self.caller.id)

    @property
    def keys(self) -> list[str]:
        """The same for every id of the caller: what was asked under a former one is repeated under the one of today."""
        return [self._key(id) for id in self.caller.ids]

    def answered(self, earlier: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
        """What the command answered before; refuses `command_id_reused`."""
        entries = list(earlier)
        answers = (earlier_answer(entries, key, self.digest) for key in self.keys)
        return next((dict(answer) for answer in answers if answer is not None), None)

    def _key(self, id: str) -> str:
        return hashlib.sha256(f"{id}\0{self.command_id}".encode()).hexdigest()[:32]


def digest(content: Mapping[str, Any]) -> str:
    """A hash of JSON-safe content that does not depend on the order of its keys."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def earlier_answer(history: Iterable[Mapping[str, Any]], command: str, content_digest: str) -> Mapping[str, Any] | None:
    """What the command answered when it was first carried out; None when it has not been.

    Raises `Refusal("command_id_reused")` when the id came with another content.
    """
    for entry in history:
        if entry["command"] == command:
            if entry["digest"] != content_digest:
                raise Refusal("command_id_reused")
            answer: Mapping[str, Any] = entry["answer"] or {}
            return answer
    return None
