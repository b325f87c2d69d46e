"""The entrypoints of deliveries: which events are owed to whom, carrying them, and what became of each."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chassis.command import Asked
from chassis.event import Event
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from chassis.subscribe import subscribe
from notify.bell import Bell, Ringer, on_bell
from notify.events.schemas import logged_event
from notify.events.store import EventLog
from notify.notices.store import NoticeStore
from notify.partners import schemas, views
from notify.partners.courier import Courier, Kept
from notify.partners.delivery_store import DeliveryStore
from notify.partners.feeding import Feeding
from notify.partners.partner_desk import PartnerDesk
from notify.partners.subscribing import Subscribing
from notify.partners.subscription import Subscription
from notify.real_time import real_now
from notify.trail import TrailDesk

Answer = dict[str, Any]


class DeliveryDesk(PartnerDesk, TrailDesk):
    """Carries the events of cases to partners."""

    deliveries_kept: DeliveryStore = Store(DeliveryStore)
    events_kept: EventLog = Store(EventLog)
    deliveries_due: Bell = Ringer("deliveries")
    live_due: Bell = Ringer("live")
    notices_kept: NoticeStore

    @subscribe("cases", ordered=True)
    def keep_events(self, events: Sequence[Event]) -> None:
        """Log the events of cases, each at the next position, and owe them to each subscription that wants them."""
        logged = [logged_event(event) for event in events if event.subject.startswith("case/")]
        positions = self.events_kept.append(logged, real_now())
        self.live_due.ring()
        self._courier().owe(dict(zip(positions, logged, strict=True)))

    @on_bell("deliveries", seconds=1.0)
    def deliver(self) -> None:
        """Post what waits and is due to partners."""
        self._courier().deliver()

    @on_bell("tests", seconds=2.0)
    def test_subscriptions(self) -> None:
        """Post a test event to each new subscription."""
        self._courier().test()

    @rpc
    def deliveries(
        self,
        caller: Answer,
        subscription_id: str,
        after: int | None = None,
        limit: int = 20,
        state: str | None = None,
    ) -> Answer:
        """What became of each event that this subscription was to get, or of those in a state, newest first."""
        asked = {"subscription_id": subscription_id, "after": after, "limit": limit, "state": state}
        page = load(schemas.DeliveriesSchema(), asked)
        subscription = self._subscribing(caller).readable(subscription_id)
        found = self.deliveries_kept.page(subscription.id, page["after"], page["limit"] + 1, page["state"])
        shown = found[: page["limit"]]
        more = len(found) > len(shown)
        return {
            "items": [views.delivery(each) for each in shown],
            "next": shown[-1].position if more else None,
        }

    @rpc
    def events(self, caller: Answer, limit: int = 100, **asked: Any) -> Answer:
        """A page of the caller's feed: `{events, next}`, each event one JSON text (CloudEvents).

        `after` is the `next` of the page before; `subscription_id` says which feed, where there are several; `type`,
        `grid` and `category` ask for a part of it.
        """
        return self._feeding(self._subscribing(caller)).page(load(schemas.FeedSchema(), {**asked, "limit": limit}))

    @rpc
    def replay_range(self, caller: Answer, command_id: str, subscription_id: str, **asked: Any) -> Answer:
        """Send again what stands in a range of the log, some hundred lines at a time: `{replayed, next}`."""
        loaded = load(schemas.ReplayRangeSchema(), {"subscription_id": subscription_id, **asked})
        subscribing = self._subscribing(caller)
        noted = self._noted(subscribing, self._asked(caller, command_id, asked), asked)
        answer = self._feeding(subscribing).replay(subscription_id, command_id, loaded, noted)
        self.deliveries_due.ring()
        return answer

    @rpc
    def replay_delivery(self, caller: Answer, command_id: str, subscription_id: str, delivery_id: str) -> Answer:
        """Send one event again; doing so twice before it is sent is doing it once."""
        asked = {"subscription_id": subscription_id, "delivery_id": delivery_id}
        load(schemas.ReplaySchema(), asked)
        subscribing = self._subscribing(caller)
        noted = self._noted(subscribing, self._asked(caller, command_id, asked), {"delivery_id": delivery_id})
        found = subscribing.replay(subscription_id, delivery_id, noted)
        self.deliveries_due.ring()
        return views.delivery(found)

    def _courier(self) -> Courier:
        kept = Kept(
            self.subscriptions_kept, self.deliveries_kept, self.events_kept, self.notices_kept, self.accounts_kept
        )
        return Courier(kept, self.clock, self.post_room)

    def _feeding(self, subscribing: Subscribing) -> Feeding:
        return Feeding(subscribing, self.events_kept, self.deliveries_kept)

    def _noted(self, subscribing: Subscribing, asked: Asked, what: Mapping[str, Any]) -> Callable[[Subscription], None]:
        """Enters in the audit trail that something is to be sent to a subscription again, before it is."""

        def noted(found: Subscription) -> None:
            areas = self._audit_areas(found.grid_prefix)
            told = {name: value for name, value in what.items() if value is not None}
            subject = ("subscription", found.id)
            self._audit_asked(asked, "deliveries.replayed", subscribing.role(), subject, areas, **told)

        return noted
