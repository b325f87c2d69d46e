"""Which case comes first in a queue: by urgency, whom it weighs on, and what is due next; it moves no due time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cases.alarm import review_at
from cases.case import Case, Status, Tag
from cases.category import Severity

RANKS: Mapping[Severity | None, int] = {
    Severity.EMERGENCY: 0,
    Severity.URGENT: 1,
    Severity.NORMAL: 2,
    None: 2,
    Severity.LOW: 3,
}
"""Emergencies first; a case without a category counts as normal (docs/domain.md §2.2, priority)."""

IMPACT = frozenset({Tag.ELDERLY, Tag.CHILD, Tag.DISABLED})
"""Tags that say on whom it weighs (F27)."""

MOST_TAGS = 9


@dataclass(frozen=True, order=True)
class Priority:
    """Where a case stands among those that wait; the least comes first. `light` is the less, the more tags weigh."""

    rank: int
    light: int
    due: datetime

    @property
    def key(self) -> str:
        """The same order as text, to the second, for an index and a cursor."""
        return f"{self.rank}{self.light}-{int(self.due.timestamp()):012}"


KEY = r"[0-9]{2}-[0-9]{12}\Z"


def priority(case: Case) -> Priority:
    """The place of an open case in its queue."""
    return Priority(RANKS[case.severity], MOST_TAGS - _weight(case), _next_due(case))


def _weight(case: Case) -> int:
    """How many tags raise it; that it is urgent counts only once a dispatcher has let it stand (F33)."""
    judged = case.status not in {Status.REPORTED, Status.VERIFYING}
    counting = IMPACT | ({Tag.URGENT} if judged else set())
    return len(counting & set(case.tags))


def _next_due(case: Case) -> datetime:
    """The earlier deadline that is not met; of a suspended case its review, else the step that is timed."""
    dues = case.dues
    if case.status is Status.SUSPENDED and (review := review_at(case)):
        return review
    unmet = [
        due
        for due, met in ((dues.respond_due, dues.responded_at), (dues.resolve_due, dues.resolved_at))
        if due is not None and met is None
    ]
    return min(unmet or case.timers.values() or [case.reported_at])
