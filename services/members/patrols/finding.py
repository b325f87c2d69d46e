"""What patrols found: each is a case, and each matter counts once for who found it, however often it was reported."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis import instant
from members.patrols.patrol import AHEAD, UPLOADED_WITHIN, Patrol

REPORTED, MERGED = "case.reported", "case.merged"
VOID = ("case.rejected", "case.withdrawn")
"""What ends a case that was none."""

TOLD_BY = (REPORTED, MERGED, *VOID)
"""What tells of findings."""


@dataclass(frozen=True)
class Finding:
    """A case that somebody reported on a patrol.

    `merged_into` are the cases that it came to be, however many mergers later; one that is `void` was
    rejected or withdrawn.
    """

    case_id: str
    patrol_id: str
    person_id: str
    found_at: datetime
    merged_into: frozenset[str] = frozenset()
    void: bool = False

    @property
    def matter(self) -> frozenset[str]:
        """Every case that is about the same."""
        return self.merged_into | {self.case_id}


def belongs(patrol: Patrol, person_ids: Iterable[str], at: datetime) -> bool:
    """Whether what one of these ids reported then may have been found on the patrol: a phone may have kept it."""
    mine = patrol.person_id in set(person_ids)
    return mine and patrol.started_at - AHEAD <= at <= patrol.over + UPLOADED_WITHIN


def chain(into: Mapping[str, str], case_id: str) -> Iterator[str]:
    """The cases that a case came to be, each merged into the next; one that leads back ends it."""
    seen = {case_id}
    while (case_id := into.get(case_id, "")) and case_id not in seen:
        seen.add(case_id)
        yield case_id


def credited(findings: Iterable[Finding]) -> int:
    """How many matters there are among one person's findings: those that came to be one case count once."""
    matters: list[frozenset[str]] = []
    for each in findings:
        if not each.void:
            same = [matter for matter in matters if matter & each.matter]
            others = [matter for matter in matters if not matter & each.matter]
            matters = [*others, each.matter.union(*same)]
    return len(matters)


def shown(found: Finding) -> dict[str, Any]:
    """The finding as its person sees it."""
    return {
        "case_id": found.case_id,
        "patrol_id": found.patrol_id,
        "found_at": instant.written(found.found_at),
        "merged": bool(found.merged_into),
        "counts": not found.void,
    }
