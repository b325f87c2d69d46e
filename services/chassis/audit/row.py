"""A row of the trail, its canonical form and its hash, and what may follow it: a rule that knows no database."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from chassis import instant
from chassis.privacy import masked_text
from chassis.working_days import LOCAL

Document = dict[str, Any]

HASH = "hash"
"""The one field of a row that its hash does not cover."""


@dataclass(frozen=True)
class Act:
    """What somebody did that has to be answered for; ids, codes and numbers, and why in their own words.

    `key` makes it a row once, however often it is told. `within` are the codes of the areas that it belongs to, the
    widest first; ("",) belongs to all. `details` are JSON-safe.
    """

    key: str
    act: str
    at: datetime
    who: str
    role: str | None
    kind: str
    id: str | None
    within: tuple[str, ...] = ("",)
    reason: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    request: str | None = None


@dataclass(frozen=True)
class Place:
    """Where a row stands: its local day, its number in the order of entering from 1, and its hash."""

    day: str
    seq: int
    hash: str

    @staticmethod
    def of(document: Mapping[str, Any]) -> "Place":
        """The place of a row as it is kept."""
        return Place(document["day"], document["seq"], document[HASH])

    def dump(self) -> Document:
        """The form in which a row names the one before it, and an anchor the last that was dropped."""
        return {"day": self.day, "seq": self.seq, HASH: self.hash}


OPERATOR = "operator"
"""Who runs a program of the service by hand."""

BEGINNING = Place("", 0, "0" * 64)
"""What the very first row follows."""


def local_day(at: datetime) -> str:
    """The day of the local calendar that the instant lies in, like 2026-03-31."""
    return at.astimezone(LOCAL).date().isoformat()


def following(last: Place, act: Act) -> Document:
    """The row of the act, after the last one, whichever day that is of.

    The day says what the clock showed, and nothing of the order.
    """
    row = {
        "_id": act.key,
        "day": local_day(act.at),
        "seq": last.seq + 1,
        "at": act.at,
        "who": act.who,
        "role": act.role,
        "act": act.act,
        "what": {"kind": act.kind, "id": act.id},
        # What lies nowhere belongs to all: else nobody would ever read it.
        "within": list(act.within) or [""],
        "reason": masked_text(act.reason) if act.reason else None,
        "details": dict(act.details),
        "request": act.request,
        "after": last.dump(),
    }
    return {**row, HASH: hash_of(row)}


def follows(day: Any, seq: Any, after: Mapping[str, Any]) -> bool:
    """Whether a row may stand at this place, by what it says of the one before it."""
    return type(seq) is int and isinstance(day, str) and bool(seq == after.get("seq", 0) + 1)


def hash_of(row: Mapping[str, Any]) -> str:
    """SHA-256 of the row's canonical form, in hexadecimal."""
    return sha256(canonical(row)).hexdigest()


def canonical(row: Mapping[str, Any]) -> bytes:
    """Every field but the hash as JSON in UTF-8: names in order, no blanks, instants in UTC (RFC 3339).

    A field more, or one less, is another form.
    """
    told = {name: value for name, value in row.items() if name != HASH}
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_written).encode()


def _written(value: Any) -> str:
    return instant.written(value) if isinstance(value, datetime) else repr(value)
