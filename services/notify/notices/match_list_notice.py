"""Who is told what becomes of a demand or a resource: one table from event to notices; no names, texts or channels."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from notify.notices.audience import Audience
from notify.notices.notice import NoticeDraft, about_no_case
from notify.notices.rule import Reach


class To(StrEnum):
    """Who a notice is for, by their part in it."""

    ASKER = "asker"
    CALLERS = "callers"
    """Who tells an asker by hand that has no account: the grid workers, else the dispatchers."""

    OWNER = "owner"


@dataclass(frozen=True)
class Row:
    """One row of the table; a `mandatory` one ignores opt-outs."""

    to: To
    template: str
    reach: Reach = Reach.OUTSIDE
    mandatory: bool = False


TOLD: Mapping[str, tuple[Row, ...]] = {
    "demand.matched": (Row(To.ASKER, "demand_matched"),),
    "demand.met": (
        Row(To.ASKER, "demand_met", mandatory=True),
        Row(To.CALLERS, "demand_met_by_hand", mandatory=True),
    ),
    "demand.unmet": (
        Row(To.ASKER, "demand_unmet", mandatory=True),
        Row(To.CALLERS, "demand_unmet_by_hand", mandatory=True),
    ),
    "demand.expired": (Row(To.ASKER, "demand_expired"),),
    "demand.reopened": (Row(To.ASKER, "demand_reopened"),),
    "resource.reserved": (Row(To.OWNER, "resource_reserved"),),
    "resource.released": (Row(To.OWNER, "resource_released"),),
    "resource.used": (Row(To.OWNER, "resource_used", Reach.INBOX),),
}
"""Every message about demands and resources (docs/domain.md §2.1, F09)."""

BY_HAND: Mapping[str, str] = {"demand_met": "demand_met_by_hand", "demand_unmet": "demand_unmet_by_hand"}
"""What becomes of a message that could not be sent: a task to call; the others are not worth a call."""

UNTOLD: Mapping[str, str] = {
    "demand.opened": "who asked has the answer in hand, or the one who wrote it down does",
    "resource.offered": "who offers it has just done so",
    "resource.changed": "likewise",
    "resource.withdrawn": "likewise",
    "project.planned": "its demands and resources tell the people whom it is about",
    "project.started": "shown in the project",
    "project.completed": "its demands and resources tell the people whom it is about",
    "project.cancelled": "likewise",
}
"""Events that cause no notice, each with the reason; together with TOLD they are all events of the match lists."""


GIVEN_UP = "given_up"


@dataclass(frozen=True)
class MatchListEvent:
    """What a notice needs of an event; `facts` are the codes that its text may use."""

    id: str
    type: str
    at: datetime
    by_id: str | None = None
    grid_code: str | None = None
    asker_id: str | None = None
    callback: str | None = None
    owner_id: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def calls_by_hand(event: MatchListEvent) -> bool:
    """Whether somebody has to be found who tells the asker by hand; who gave it up himself need not be told."""
    wanted = any(row.to is To.CALLERS for row in TOLD[event.type])
    return wanted and bool(event.callback) and event.facts.get("reason") != GIVEN_UP


def notices(event: MatchListEvent, audience: Audience) -> list[NoticeDraft]:
    """The messages that the event causes; whoever did it himself knows."""
    return [
        _draft(event, row, recipient)
        for row in TOLD[event.type]
        for recipient in _recipients(event, row.to, audience)
        if recipient != event.by_id or row.to is To.CALLERS
    ]


def _recipients(event: MatchListEvent, to: To, audience: Audience) -> Iterator[str]:
    if to is To.ASKER and event.asker_id:
        yield event.asker_id
    if to is To.OWNER and event.owner_id:
        yield event.owner_id
    if to is To.CALLERS and calls_by_hand(event):
        yield from audience.grid_workers or audience.dispatchers


def _draft(event: MatchListEvent, row: Row, recipient: str) -> NoticeDraft:
    named = (event.id, event.at, recipient, row.template, row.reach, event.facts)
    return about_no_case(*named, mandatory=row.mandatory, grid_code=event.grid_code)
