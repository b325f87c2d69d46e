"""Whether those who subscribed may still have it: asked of members again and again, for roles end without a word."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from chassis.caller import Caller
from chassis.clock import Clock
from chassis.ids import new_id
from chassis.instant import written
from chassis.outbox import Entry, StaleVersion
from notify.partners.queue_keeping import QueueKeeping
from notify.partners.standing import Standing, standing
from notify.partners.subscription import NO_HOLDER, Subscription
from notify.partners.subscription_store import DISABLED, SubscriptionStore
from notify.permission import BY_CLOCK, held

log = structlog.get_logger()

REVIEWED = "subscription.reviewed"

AT_ONCE = 200
"""Subscriptions about which members is asked in one go, with an owner and a unit each."""

GRID_DIGITS = 15


@dataclass(frozen=True)
class Reviewing:
    """Holds every subscription against the roles that members knows of today."""

    subscriptions: SubscriptionStore
    queues: QueueKeeping
    clock: Clock
    members: Any

    def review_all(self) -> None:
        """Take from each subscription what nobody who holds it may see, and disable those that nobody holds."""
        kept = self.subscriptions.kept()
        for lot in (kept[n : n + AT_ONCE] for n in range(0, len(kept), AT_ONCE)):
            ids = {id for each in lot for id in (each.owner_id, each.unit) if id}
            callers = [Caller.load(each) for each in self.members.holders(ids=sorted(ids))]
            for each in lot:
                self._review(each, callers)

    def _review(self, found: Subscription, callers: Sequence[Caller]) -> None:
        after = standing(found, callers)
        if after is None:
            return
        version = found.version + 1
        entry = self._entry(found, version, after, callers)
        # A queue is emptied or removed, or made anew.
        beside = self.queues.moving(found) if after.ends or after.narrower else None
        try:
            self.subscriptions.reviewed(found, entry, after, beside)
        except StaleVersion:
            return  # somebody has just changed it; the next round looks again
        log.info("subscription reviewed", subscription=found.id, scopes=after.scopes, ends=after.ends)

    def _entry(self, found: Subscription, version: int, after: Standing, callers: Iterable[Caller]) -> Entry:
        now = self.clock.now()
        data: dict[str, Any] = {"subscription_id": found.id, "version": version, "at": written(now)}
        if after.ends:
            told = list(self._told(found, callers)) or [found.recipient]
            data |= {"recipient": told[0], "recipients": told, "reason": NO_HOLDER}
        return Entry(new_id(), DISABLED if after.ends else REVIEWED, now, data, found.grid_prefix, BY_CLOCK)

    def _told(self, found: Subscription, callers: Iterable[Caller]) -> Iterator[str]:
        """Who is told of the end: the unit, while anybody speaks for it anywhere, or the offices of its district."""
        if found.unit is not None and any(held(each, found.unit, found.owner_id) for each in callers):
            yield found.unit
        elif found.grid_prefix:
            # Whoever oversees an area oversees each of its grids: of those the one with nothing but noughts will do.
            yield from self.members.responsible(grid_code=found.grid_prefix.ljust(GRID_DIGITS, "0"))["office"]
