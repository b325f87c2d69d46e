"""A need: what a worker or a household says is missing; cases makes a demand of it and tells what becomes of that."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from unicodedata import normalize

STATED = "need.stated"

TYPES_IN_GROUP: Mapping[str, int] = {
    "01": 8,
    "02": 5,
    "03": 8,
    "04": 3,
    "05": 7,
    "06": 7,
    "07": 5,
    "08": 7,
    "09": 5,
    "10": 3,
}
"""The groups of the catalogue of cases, each with the number of its types (docs/domain.md §6.1)."""

CATEGORIES = tuple(f"{group}{n:02d}" for group, most in TYPES_IN_GROUP.items() for n in range(1, most + 1))
"""What a need can be about in every district; what else there is in one, its policies say."""

GROUP_OF_WORKERS = "09"
"""What new-employment workers need is of this group."""

USUAL = "0901"
"""What a worker's need is taken for that names no category: what rest stations lack (F08)."""

LONG_NUMBER = re.compile(r"[0-9](?:[ \t.\u2010-\u2015\u2212-]{0,3}[0-9]){6,16}(?:[ \t-]{0,3}[0-9Xx])?")
"""Seven digits or more, whatever stands between them: a phone, an account, an identity number."""


class Source(StrEnum):
    """Where it was stated; the codes are those of the demands that cases makes of needs."""

    WORKER = "RIDER"
    VISIT = "DOOR_KNOCK"


class Progress(StrEnum):
    """What became of it."""

    STATED = "stated"
    LISTED = "listed"
    PLANNED = "planned"
    MET = "met"
    UNMET = "unmet"
    EXPIRED = "expired"


BY_STATUS: Mapping[str, Progress] = {
    "open": Progress.LISTED,
    "matched": Progress.PLANNED,
    "met": Progress.MET,
    "unmet": Progress.UNMET,
    "expired": Progress.EXPIRED,
}
"""What the status of its demand says of it."""


@dataclass(frozen=True)
class Need:
    """One need; `person_id` is the account of who has it, where there is one. It never names anybody."""

    id: str
    tenant: str
    source: Source
    source_id: str
    category: str
    text: str
    grid_code: str
    stated_at: datetime
    compound_id: str | None = None
    person_id: str | None = None


def stated(
    ids: Iterator[str], rows: Sequence[Mapping[str, Any]], source: Source, source_id: str, **where: Any
) -> list[Need]:
    """The needs in the rows `{category, text}`, stated at one place and time, without any number in their words."""
    return [
        Need(
            id=next(ids),
            source=source,
            source_id=source_id,
            category=row.get("category") or USUAL,
            text=without_numbers(row["text"]),
            **where,
        )
        for row in rows
    ]


def announcement(need: Need) -> dict[str, Any]:
    """What is told of a need: codes and ids. Its words are asked for by whoever makes a demand of it."""
    return {
        "source": need.source.value,
        "source_id": need.source_id,
        "category": need.category,
        "grid_code": need.grid_code,
        "compound_id": need.compound_id,
        "person_id": need.person_id,
    }


def without_numbers(text: str) -> str:
    """The text with every number in it masked that could reach or identify somebody (docs/domain.md §5)."""
    plain = "".join(folded if len(folded := normalize("NFKC", each)) == 1 else each for each in text)
    pieces, end = [], 0
    for found in LONG_NUMBER.finditer(plain):
        pieces += [text[end : found.start()], "****"]
        end = found.end()
    return "".join((*pieces, text[end:]))
