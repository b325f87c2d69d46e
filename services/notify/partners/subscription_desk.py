"""The entrypoints of subscriptions: opening, pausing, resuming and removing them, and which there are."""

from typing import Any

from chassis.caller import CLOCK
from chassis.event import Event
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from chassis.subscribe import subscribe
from notify.bell import Bell, Ringer, on_bell
from notify.names.schemas import name as named
from notify.partners import schemas, views
from notify.partners.amending import Amending
from notify.partners.asking import Faults
from notify.partners.partner_desk import PartnerDesk
from notify.partners.queue_keeping import QueueKeeping, connecting
from notify.partners.reviewing import Reviewing
from notify.partners.subscription import Subscription
from notify.partners.subscription_store import SubscriptionStore

Answer = dict[str, Any]

THE_CLOCK: Answer = {"id": CLOCK, "grants": [{"role": "district_admin", "scope": ""}], "unit": None}
"""Who acts where nobody has asked: it reaches everywhere."""


class SubscriptionDesk(PartnerDesk):
    """Keeps what partners subscribe to."""

    subscriptions_kept: SubscriptionStore = Store(SubscriptionStore)
    tests_due: Bell = Ringer("tests")
    queues_due: Bell
    deliveries_due: Bell

    @subscribe("members", "unit.closed")
    def end_subscriptions(self, event: Event) -> None:
        """A unit that has closed gets nothing any more; what it was called stays known."""
        unit, name = named(event.type, event.data)
        self.names_kept.learn(unit, name, event.sequence)
        for each in self.subscriptions_kept.of_unit(unit):
            self._subscribing(THE_CLOCK).move(each.id, event.id, "remove")
        self.queues_due.ring()

    @on_bell("reviews", seconds=10.0)
    def review_subscriptions(self) -> None:
        """See whether those who subscribed may still have what they get."""
        room = self.post_room
        queues = QueueKeeping(self.accounts_kept, room.sealer, room.queues)
        Reviewing(self.subscriptions_kept, queues, self.clock, self.members).review_all()

    @rpc
    def open_subscription(self, caller: Answer, command_id: str, **asked: Any) -> Answer:
        """A new subscription: its receipt, that of a webhook with the secret, which is not shown again."""
        faults = Faults()
        asked = faults.readable(schemas.SubscribeSchema(), asked)
        answer = self._subscribing_today(caller).open(command_id, asked, faults)
        self.tests_due.ring()
        return answer

    @rpc
    def subscriptions(self, caller: Answer) -> Answer:
        """The subscriptions that the caller may see: `{items}`."""
        return {"items": [self._shown(each) for each in self._subscribing(caller).all()]}

    @rpc
    def subscription(self, caller: Answer, subscription_id: str) -> Answer:
        """One subscription; refuses `subscription_not_found`."""
        load(schemas.SubscriptionIdSchema(), {"subscription_id": subscription_id})
        return self._shown(self._subscribing(caller).one(subscription_id))

    @rpc
    def change_subscription(self, caller: Answer, command_id: str, subscription_id: str, **asked: Any) -> Answer:
        """Other filters, or another address, to which is posted once it has taken a test event."""
        faults = Faults()
        changes = faults.readable(schemas.ChangeSchema(), {"subscription_id": subscription_id, **asked})
        del changes["subscription_id"]
        answer = self._amending(caller).change(subscription_id, command_id, changes, faults)
        self.tests_due.ring()
        self.queues_due.ring()
        return answer

    @rpc
    def rotate_secret(self, caller: Answer, command_id: str, subscription_id: str, **asked: Any) -> Answer:
        """A new secret, shown in this answer alone; the old one signs beside it for `overlap_hours`."""
        loaded = load(schemas.RotateSchema(), {"subscription_id": subscription_id, **asked})
        answer = self._amending(caller).rotate(subscription_id, command_id, loaded["overlap_hours"])
        self.queues_due.ring()
        return answer

    @rpc
    def end_old_secret(self, caller: Answer, command_id: str, subscription_id: str) -> Answer:
        """What is posted from now on is signed with the new secret alone."""
        load(schemas.SubscriptionIdSchema(), {"subscription_id": subscription_id})
        return self._amending(caller).end_old(subscription_id, command_id)

    @rpc
    def test_subscription(self, caller: Answer, command_id: str, subscription_id: str) -> Answer:
        """Post a test event soon; the subscription's `last` tells what came of it."""
        load(schemas.SubscriptionIdSchema(), {"subscription_id": subscription_id})
        answer = self._amending(caller).test(subscription_id, command_id)
        self.tests_due.ring()
        return answer

    @rpc
    def pause_subscription(self, caller: Answer, command_id: str, subscription_id: str) -> Answer:
        """Send nothing for now; events are kept for it meanwhile."""
        return self._subscribing(caller).move(subscription_id, command_id, "pause")

    @rpc
    def resume_subscription(self, caller: Answer, command_id: str, subscription_id: str) -> Answer:
        """Send again; a subscription that had been disabled is tested first."""
        answer = self._subscribing_today(caller).move(subscription_id, command_id, "resume")
        self.deliveries_due.ring()
        self.tests_due.ring()
        return answer

    @rpc
    def remove_subscription(self, caller: Answer, command_id: str, subscription_id: str) -> Answer:
        """End it; what it was still owed is cancelled, and a queue that it has is removed."""
        answer = self._subscribing(caller).move(subscription_id, command_id, "remove")
        self.queues_due.ring()
        return answer

    def _amending(self, caller: Answer) -> Amending:
        return Amending(self._subscribing_today(caller))

    def _shown(self, found: Subscription) -> Answer:
        return views.subscription(found, connecting(found, self.post_room.queues))
