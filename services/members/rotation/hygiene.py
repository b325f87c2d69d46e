"""Which cases call for a service day: open ones of the hygiene categories (docs/domain.md §6.1, F46)."""

CATEGORIES = frozenset({"0301", "0303", "0304", "0305", "0402"})
"""Categories whose skill is cleaning and that may go to members and volunteers (docs/domain.md §6.1)."""

AWAITED = frozenset({"REGISTERED", "DISPATCHED", "ACCEPTED", "IN_PROGRESS", "REOPENED"})
"""Statuses in which somebody is still to clean up; one that is suspended waits for something else than that."""

TOLD_BY = (
    "case.registered",
    "case.corrected",
    "case.suspended",
    "case.resumed",
    "case.resolved",
    "case.reworked",
    "case.closed",
    "case.reopened",
    "case.merged",
    "case.withdrawn",
    "case.answered_directly",
)
"""The events by which a case comes to be awaited, or ceases to."""


def is_need(category: str | None, status: str, complained_unit_id: str | None = None) -> bool:
    """Whether a case of that category and status calls for a service day at its compound.

    A complaint about a unit does not: everybody reads the plan, and to its people there is no such case (§5).
    """
    return category in CATEGORIES and status in AWAITED and complained_unit_id is None
