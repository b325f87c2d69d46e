"""Commands that are safe to repeat: the id and the digest of what was asked stay in the entry that the command made."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from chassis.errors import Refusal


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
