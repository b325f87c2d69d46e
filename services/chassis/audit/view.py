"""How a row of the trail is shown to who reads it."""

from collections.abc import Mapping
from typing import Any

from chassis.instant import written

SHOWN = ("day", "seq", "who", "role", "act", "what", "reason", "details", "request", "hash")

Words = tuple[str, str]
"""A name in Chinese and in English."""

OWN = ("role", "act", "what", "reason", "details")


def own(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row as it is shown to whose act it was, in the own copy (docs/domain.md §5)."""
    return {"id": row["_id"], "at": written(row["at"])} | {name: row[name] for name in OWN}


def shown(row: Mapping[str, Any], acts: Mapping[str, Words]) -> dict[str, Any]:
    """The row without its links: ids, codes and masked reasons, as they are kept; with what its act is called."""
    # Rows stay for years: one may be about an act that has no name any more.
    zh, en = acts.get(row["act"], (row["act"],) * 2)
    told = {"id": row["_id"], "at": written(row["at"]), "called": {"zh": zh, "en": en}}
    return told | {name: row[name] for name in SHOWN}
