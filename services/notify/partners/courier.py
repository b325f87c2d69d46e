"""Carries owed events to partners: claims what is due, posts it, notes what it came to; any number may run at once."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import structlog

from chassis.clock import Clock
from chassis.ids import new_id
from chassis.outbox import Entry, StaleVersion
from notify.events.logged_event import LoggedEvent, cloud_headers, partner_body
from notify.events.store import EventLog
from notify.notices.notice import about_subscription
from notify.notices.store import NoticeStore
from notify.partner_queues.store import AccountStore
from notify.partners.delivery import Claim, End, Lane, Ruling, State, ruling, ruling_on_test
from notify.partners.delivery_store import DeliveryStore
from notify.partners.owing import Owed, at_once, owed
from notify.partners.post_room import Place, PostRoom
from notify.partners.queue_ruling import AWAY, OURS, UNTOLD, queue_ruling, queue_ruling_on_test
from notify.partners.queue_telling import QueueTelling
from notify.partners.standing import still_wants
from notify.partners.subscription import MOVES, TESTED, Subscription, Way, in_force, wants
from notify.partners.subscription import State as Standing
from notify.partners.subscription_store import DISABLED, SubscriptionStore
from notify.permission import BY_CLOCK
from notify.real_time import real_now
from notify.webhooks.attempt import Try, seen
from notify.webhooks.webhook import Answer, signed_headers

log = structlog.get_logger()

LEASE = timedelta(seconds=90)
"""Longer than a post can take: look-up, connections and its time limit together."""

TEST_EVENT = "subscription.test"
OVERTAKEN = "subscription.overtaken"


@dataclass(frozen=True)
class Kept:
    """The stores that carrying needs."""

    subscriptions: SubscriptionStore
    deliveries: DeliveryStore
    events: EventLog
    notices: NoticeStore
    accounts: AccountStore


class Courier:
    """Owes events, and walks one round of deliveries; what either begins goes on after it."""

    def __init__(self, kept: Kept, clock: Clock, room: PostRoom) -> None:
        self._kept = kept
        self._clock = clock
        self._room = room
        self._telling = QueueTelling(
            kept.subscriptions, kept.accounts, kept.deliveries, kept.events, room.sealer, room.queues
        )

    def owe(self, events: Mapping[int, LoggedEvent]) -> None:
        """Keep to whom the events, by their positions, are owed, and begin to post what may go at once."""
        with self._room.turn:
            listening = self._kept.subscriptions.listening()
            if found := owed(events, listening):
                self._keep(found, events, {one.id: one for one in listening if one.takes_events})

    def deliver(self) -> None:
        """Begin to post what waits and is due to active subscriptions, as far as there is room."""
        with self._room.turn:
            active = {one.id: one for one in self._kept.subscriptions.active()}
            if lanes := self._claim(active):
                self._begin_owed(active, lanes)

    def test(self) -> None:
        """Begin to post a test event to each subscription that is due for one, or whose owner has asked for it."""
        while subscription := self._kept.subscriptions.claim_untested(real_now(), LEASE):
            self._room.begin(subscription.id, partial(self._test, subscription))
        while subscription := self._kept.subscriptions.claim_asked(real_now(), LEASE):
            self._room.begin(subscription.id, partial(self._test, subscription))

    def _keep(
        self, found: Sequence[Owed], events: Mapping[int, LoggedEvent], active: Mapping[str, Subscription]
    ) -> None:
        free, now = self._room.free(active), real_now()
        first = at_once(found, free, self._room.room())
        claim = Claim(new_id(), now + LEASE, frozenset(each.id for each in first))
        for lane in self._kept.deliveries.add(found, now, claim):
            self._begin(active[lane.subscription_id], lane, events[lane.queue[0]])
        wanting = {each.subscription_id for each in found}
        self._room.expect(free, wanting, Counter(each.subscription_id for each in first))

    def _claim(self, active: Mapping[str, Subscription]) -> list[Lane]:
        free, now = self._room.free(active), real_now()
        if not free or self._room.room() <= 0:
            return []
        claim = Claim(new_id(), now + LEASE)
        lanes = self._kept.deliveries.claim(free, claim, now, self._room.room())
        self._room.expect(free, active, Counter(lane.subscription_id for lane in lanes))
        return lanes

    def _begin_owed(self, active: Mapping[str, Subscription], lanes: Sequence[Lane]) -> None:
        still = self._kept.deliveries.owed(lanes)
        events = self._kept.events.at([lane.queue[0] for lane in lanes])
        unwanted = [lane for lane in lanes if lane.id in still and not _wanted(active, lane, events)]
        if unwanted:
            self._kept.deliveries.cancel(unwanted)
        done = [lane for lane in lanes if lane.id not in still or lane in unwanted]
        for lane in lanes:
            if lane not in done:
                self._begin(active[lane.subscription_id], lane, events[lane.queue[0]])
        if done and self._kept.deliveries.advance(done, real_now()):
            self._room.ring()

    def _begin(self, subscription: Subscription, lane: Lane, event: LoggedEvent) -> None:
        self._room.begin(subscription.id, partial(self._carry, subscription, lane, event))

    def _carry(self, subscription: Subscription, lane: Lane, event: LoggedEvent, place: Place) -> None:
        answer = self._post(subscription, event.id, cloud_headers(event), partner_body(event))
        found = self._ruling(subscription, lane, answer)
        last = seen(answer, real_now())
        self._judge(subscription, found, last)
        place.leave()  # what is noted in lots makes no partner wait
        self._settle(subscription, lane, last, found)
        self._note(subscription, event.id, answer, found)

    def _ruling(self, subscription: Subscription, lane: Lane, answer: Answer) -> Ruling:
        now = real_now()
        if subscription.way is not Way.AMQP:
            self._room.heard(subscription.id, answered=answer.status is not None)
            return ruling(lane.tries + 1, subscription.failing_since, answer, now, self._room.chance())
        found = queue_ruling(subscription.failing_since, answer, now)
        if found.due_at:
            self._room.hold(subscription.id, (found.due_at - now).total_seconds())
        return found

    def _settle(self, subscription: Subscription, lane: Lane, last: Try, found: Ruling) -> None:
        if found.state is State.PENDING:
            self._kept.deliveries.retry(lane, last, found.due_at or last.at)
        else:
            if found.state is State.PARKED:
                self._report(subscription, lane)
            self._room.ends.add(End(lane, found.state, last), self._finish)

    def _finish(self, ends: Sequence[End]) -> None:
        if self._kept.deliveries.finish(ends, real_now()):
            self._room.ring()

    def _judge(self, subscription: Subscription, found: Ruling, last: Try) -> None:
        """What the try means for the subscription; before the lane is let go, or one more post could slip out."""
        if found.state is State.DELIVERED:
            if subscription.failing_since:
                self._kept.subscriptions.succeeded(subscription.id)
            return
        if last.error not in OURS:
            self._kept.subscriptions.failed(subscription.id, last.at)
        if found.disable:
            self._move(subscription, "disable", found.disable, last)

    def _report(self, subscription: Subscription, lane: Lane) -> None:
        facts = {"subscription_id": subscription.id}
        told = about_subscription(lane.head, subscription.recipient, "delivery_parked", self._clock.now(), facts)
        self._kept.notices.add([told], real_now())

    def _test(self, subscription: Subscription, _: Place) -> None:
        body = json.dumps({"type": TEST_EVENT, "subscription_id": subscription.id}).encode()
        headers = {"content-type": "application/json", "ce-type": TEST_EVENT}
        answer = self._post(subscription, f"test_{subscription.id}_{subscription.version}", headers, body)
        now = real_now()
        if subscription.way is Way.AMQP:
            found = queue_ruling_on_test(answer, now)
        else:
            found = ruling_on_test(subscription.test_tries + 1, answer, now, self._room.chance())
        last = seen(answer, now)
        self._note(subscription, TEST_EVENT, answer, found)
        if subscription.test_asked_at:
            self._kept.subscriptions.tried(subscription.id, last)
        if subscription.state not in TESTED:
            return
        if found.state is State.DELIVERED:
            self._move(subscription, "activate", None, last)
        elif found.disable:
            self._move(subscription, "disable", found.disable, last)
        else:
            self._kept.subscriptions.retest(subscription.id, found.due_at or now, last)

    def _post(self, subscription: Subscription, id: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if subscription.way is Way.AMQP:
            return self._put(subscription, id, headers, body)
        secrets = [self._room.sealer.open(sealed) for sealed in in_force(subscription, real_now())]
        signed = signed_headers(id, real_now(), body, secrets)
        return self._room.channel.post(subscription.url, {**headers, **signed}, body)

    def _put(self, subscription: Subscription, id: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if self._room.queues is None:
            return Answer(error=UNTOLD)
        if subscription.state in TESTED and not self._telling.settled(subscription.recipient):
            return Answer(error=UNTOLD)
        answer = self._room.queues.filler.put(subscription.recipient, subscription.id, id, headers, body)
        in_queue = answer.status is not None or answer.error == AWAY  # or may be
        if in_queue and subscription.state not in TESTED and self._overtaken(subscription):
            return Answer(error=UNTOLD)
        return answer

    def _overtaken(self, put: Subscription) -> bool:
        """Whether the subscription lost something while an event was on its way into its queue, which is emptied anew.

        It may have come in after the queue had been emptied, and not be for it any more, or have been taken out unseen.
        """
        found = self._kept.subscriptions.load(put.id)
        if found is None or found.state is Standing.REMOVED or still_wants(found, put):
            return False
        told = {"subscription_id": found.id}
        entry = Entry(new_id(), OVERTAKEN, self._clock.now(), told, key=found.grid_prefix, by=BY_CLOCK)
        beside = partial(self._kept.accounts.touch, found.recipient, real_now())
        try:
            self._kept.subscriptions.amend(found, replace(found, unfit=True), entry, real_now(), beside)
        except StaleVersion:
            return self._overtaken(put)
        return True

    def _move(self, tried: Subscription, act: str, reason: str | None, last: Try) -> None:
        """Activate or disable, unless somebody has moved it to where that is no longer right, or to another address.

        What was on its way when the owner let it go on says nothing about what comes after.
        """
        subscription = self._kept.subscriptions.load(tried.id)
        if subscription is None or subscription.url != tried.url or (subscription.state, act) not in MOVES:
            return
        if act == "disable" and self._kept.subscriptions.resumed_since(tried):
            return
        entry = self._entry(subscription, act, reason)
        state = MOVES[subscription.state, act]
        if act == "activate" and subscription.state is Standing.PENDING:
            subscription = replace(subscription, heard_after=self._kept.events.last())
        try:
            self._kept.subscriptions.judged(subscription, entry, state, reason, last)
        except StaleVersion:
            self._move(tried, act, reason, last)

    def _entry(self, subscription: Subscription, act: str, reason: str | None) -> Entry:
        now = self._clock.now()
        data = {
            "subscription_id": subscription.id,
            "recipient": subscription.recipient,
            "reason": reason,
            "at": now.isoformat().replace("+00:00", "Z"),
        }
        type_ = DISABLED if act == "disable" else f"subscription.{act}d"
        return Entry(new_id(), type_, now, data, key=subscription.grid_prefix, by=BY_CLOCK)

    def _note(self, subscription: Subscription, event_id: str, answer: Answer, found: Ruling) -> None:
        log.info(
            "posted",
            subscription=subscription.id,
            event_id=event_id,
            status=answer.status,
            error=answer.error,
            state=found.state.value,
            disable=found.disable,
        )


def _wanted(active: Mapping[str, Subscription], lane: Lane, events: Mapping[int, LoggedEvent]) -> bool:
    """Whether the head of the lane is still kept, and for the subscription with the filters that it has today."""
    event = events.get(lane.queue[0])
    return event is not None and wants(active[lane.subscription_id].interest, event.seen_as())
