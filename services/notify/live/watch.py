"""What somebody may hear, in clauses that the owner of it has written; no rule of its own."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Clause:
    """What has the mark `key` and none of the marks in `none` is heard."""

    key: str
    none: frozenset[str]

    def admits(self, marks: Collection[str]) -> bool:
        """Whether what has these marks is heard."""
        return self.key in marks and self.none.isdisjoint(marks)


def clauses(dumped: Iterable[Mapping[str, Any]]) -> tuple[Clause, ...]:
    """The clauses as they travel."""
    return tuple(Clause(each["key"], frozenset(each["none"])) for each in dumped)


def hears(watch: Iterable[Clause], marks: Collection[str]) -> bool:
    """Whether what has these marks is heard by who has this watch."""
    return any(clause.admits(marks) for clause in watch)
