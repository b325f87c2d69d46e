"""How long what is personal is kept in cases, and from when on it is over; a rule that knows no store."""

from collections.abc import Mapping
from datetime import datetime

from cases.case import Case, Status
from cases.rating import WINDOW
from chassis.term import Term, over_at

TERMS: Mapping[str, Term] = {
    "cases": Term(3, "docs/domain.md §5, after the case ended"),
    "rejected": Term(1, "docs/domain.md §5, after a report was rejected"),
    "sessions": Term(1, "docs/domain.md §5, raw notes of visits, after the session was held"),
    "notes": Term(1, "docs/domain.md §5, raw notes of visits, after a demand that somebody wrote down ended"),
    "demands": Term(3, "docs/domain.md §5, as a case, after a demand that people made themselves ended"),
    "reveals": Term(3, "docs/domain.md §5, the audit log, after somebody was told"),
}


def case_over_at(case: Case) -> datetime | None:
    """When what is personal in the case has to go; None while it is open, and once it has gone.

    Where the reporter was deleted, the rest goes when the case can no more be reopened by a mark.
    """
    ended = case.ended_at
    if ended is None or (case.forgotten_at is not None and case.forgotten_at >= ended):
        return None
    if case.reporter.deleted:
        return ended + WINDOW
    return over_at(ended, TERMS["rejected" if case.status is Status.REJECTED else "cases"])
