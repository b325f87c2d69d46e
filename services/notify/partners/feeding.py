"""Reading the log of events: where a reader goes on, the feed of a subscription, and sending a range of it again."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from chassis.caller import Caller
from chassis.errors import Refusal
from notify.events import cursor
from notify.events.line import Line
from notify.events.logged_event import cloud_event
from notify.events.store import EventLog
from notify.partners.delivery_store import DeliveryStore
from notify.partners.feed import SCANNED, Part, narrowed, page, seen_within
from notify.partners.owing import owed
from notify.partners.subscribing import Subscribing
from notify.partners.subscription import LISTENING, State, Subscription, Way
from notify.permission import reads
from notify.real_time import real_now

Answer = dict[str, Any]

REPLAYED = 500
"""Lines of the log that one command sends again at most."""


class Feeding:
    """What one caller reads of the log."""

    def __init__(self, subscribing: Subscribing, events: EventLog, deliveries: DeliveryStore) -> None:
        self._subscribing = subscribing
        self._events = events
        self._deliveries = deliveries

    def page(self, asked: Mapping[str, Any]) -> Answer:
        """`{events, next}`: events as JSON texts, and the cursor of what follows, None while the log is empty.

        Refuses `feed_not_found`, `feed_ambiguous`, `subscription_state`, `unknown_category`, `outside_subscription`,
        `out_of_scope`; for `after` `invalid_cursor`, `cursor_too_old`, `cursor_of_another_epoch`.
        """
        subscription = self._feed(asked["subscription_id"])
        places = reads(self._subscribing.caller, subscription.unit, subscription.grid_prefix)
        if subscription.state is not State.ACTIVE:
            raise Refusal("subscription_state", act="read", status=subscription.state.value)
        part = Part(asked["type"], asked["grid"], asked["category"])
        if part.category:
            self._subscribing.check_categories({"/category": part.category}, subscription.grid_prefix)
        interest = seen_within(narrowed(subscription.interest, part), places)
        found = page(self._events.after(self._follows(asked["after"]), SCANNED), interest, asked["limit"])
        following = cursor.written(found.last.cursor()) if found.last else asked["after"]
        return {"events": [cloud_event(each) for each in found.events], "next": following}

    def replay(
        self, id: str, command_id: str, asked: Mapping[str, Any], noted: Callable[[Subscription], None]
    ) -> Answer:
        """Send again what the subscription wants of a part of the log: `{subscription_id, replayed, next}`.

        That it is asked for is `noted` first.

        What waits anyway waits on, and is not counted. `next` is the cursor to go on with, None at the end. Refuses
        `subscription_not_found`, `way_unsuited`, `subscription_state`, and for `after` what `page` refuses.
        """
        subscription = self._subscribing.changeable(id)
        if subscription.way is Way.FEED:
            raise Refusal("way_unsuited", act="replay", way=subscription.way.value)
        if subscription.state not in LISTENING:
            raise Refusal("subscription_state", act="replay", status=subscription.state.value)
        lines = self._lines(asked)
        within = [line for line in lines if _before(line, asked["until"])]
        found = owed({line.position: line.event for line in within}, [subscription.from_the_beginning()])
        noted(subscription)
        replayed = self._deliveries.replay_all(found, command_id, real_now())
        more = len(within) == REPLAYED
        following = cursor.written(within[-1].cursor()) if more else None
        return {"subscription_id": id, "replayed": replayed, "next": following}

    def _feed(self, id: str | None) -> Subscription:
        feeds = [each for each in self._subscribing.all() if each.way is Way.FEED]
        if id is None:
            feeds = [each for each in feeds if _is_for(self._subscribing.caller, each)]
        found = [each for each in feeds if id in {None, each.id}]
        if not found:
            raise Refusal("feed_not_found")
        if len(found) > 1:
            raise Refusal("feed_ambiguous", subscription_ids=[each.id for each in found])
        return found[0]

    def _lines(self, asked: Mapping[str, Any]) -> list[Line]:
        if asked["after"]:
            return list(self._events.after(self._follows(asked["after"]), REPLAYED))
        first = self._events.oldest(asked["since"])
        return list(self._events.after(first.position - 1, REPLAYED)) if first else []

    def _follows(self, after: str | None) -> int:
        """The position after which to read.

        Refuses `invalid_cursor`, `cursor_too_old` and, when another event stands there than when it was given,
        `cursor_of_another_epoch`; the latter two name the `oldest` cursor that can be read from.
        """
        if after is None:
            return 0
        place = cursor.read(after)
        line = self._events.line(place.position)
        if line and line.cursor().mark == place.mark:
            return place.follows
        oldest = self._events.oldest()
        told = cursor.written(oldest.cursor(unread=True)) if oldest else None
        if oldest and place.position < oldest.position:
            raise Refusal("cursor_too_old", oldest=told)
        raise Refusal("cursor_of_another_epoch", oldest=told)


def _is_for(caller: Caller, subscription: Subscription) -> bool:
    """Whether it is the caller's own or their unit's, and not only one that they oversee."""
    return caller.is_(subscription.owner_id) or (caller.unit is not None and subscription.unit == caller.unit)


def _before(line: Line, until: datetime | None) -> bool:
    return until is None or line.stored_at < until
