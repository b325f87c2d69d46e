"""Stays: when each member of a team came and left, which together are that member's time on the case."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chassis.instant import written

ON_SITE_M = 200
"""Metres from the case within which a check-in counts as on the spot (docs/domain.md §7 F23)."""

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Stay:
    """One stay of an assignee; `on_site` is None when no position was given."""

    assignee_id: str
    arrived_at: datetime
    left_at: datetime | None = None
    on_site: bool | None = None

    @property
    def length(self) -> timedelta:
        """How long it was; nothing while it lasts."""
        return timedelta(0) if self.left_at is None else self.left_at - self.arrived_at


def present(stays: tuple[Stay, ...], assignee_id: str) -> bool:
    """Whether the assignee has come and not left."""
    return any(stay.assignee_id == assignee_id and stay.left_at is None for stay in stays)


def ended(stays: tuple[Stay, ...], now: datetime, assignee_id: str | None = None) -> tuple[Stay, ...]:
    """The stays with those that last, of one assignee or of all, ended now."""
    return tuple(
        replace(stay, left_at=now) if stay.left_at is None and assignee_id in {None, stay.assignee_id} else stay
        for stay in stays
    )


def minutes(stays: tuple[Stay, ...]) -> dict[str, int]:
    """Each assignee's whole minutes on the case, with no planned end to cap them (docs/domain.md §2.2)."""
    totals: dict[str, timedelta] = {}
    for stay in stays:
        totals[stay.assignee_id] = totals.get(stay.assignee_id, timedelta(0)) + stay.length
    return {assignee_id: total // MINUTE for assignee_id, total in totals.items()}


def told(stays: tuple[Stay, ...]) -> list[dict[str, str]]:
    """Every stay that has ended, for whoever counts the hours of volunteers: of two at once no minute counts twice."""
    return [
        {"assignee_id": stay.assignee_id, "arrived_at": written(stay.arrived_at), "left_at": written(stay.left_at)}
        for stay in stays
        if stay.left_at is not None
    ]
