"""The entrypoints of subscriptions: opening, pausing, resuming and removing them, and which there are."""

from typing import Any

from chassis.desk import Desk
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from notify.bell import Bell, Ringer
from notify.partners import schemas, views
from notify.partners.delivery_store import DeliveryStore
from notify.partners.post_room import PostRoom
from notify.partners.subscribing import Subscribing
from notify.partners.subscription_store import SubscriptionStore

Answer = dict[str, Any]


class SubscriptionDesk(Desk):
    """Keeps what partners subscribe to."""

    subscriptions_kept: SubscriptionStore = Store(SubscriptionStore)
    tests_due: Bell = Ringer("tests")
    deliveries_kept: DeliveryStore
    deliveries_due: Bell
    post_room: PostRoom

    @rpc
    def subscribe_webhook(
        self, caller: Answer, command_id: str, url: str, types: list[str], grid_prefix: str | None = None
    ) -> Answer:
        """A new subscription: its receipt with the secret, which is not shown again."""
        asked = load(schemas.SubscribeSchema(), {"url": url, "types": types, "grid_prefix": grid_prefix})
        answer = self._of(caller).open(command_id, asked)
        self.tests_due.ring()
        return answer

    @rpc
    def subscriptions(self, caller: Answer) -> Answer:
        """The subscriptions that the caller may see: `{items}`."""
        return {"items": [views.subscription(each) for each in self._of(caller).all()]}

    @rpc
    def subscription(self, caller: Answer, subscription_id: str) -> Answer:
        """One subscription; refuses `subscription_not_found`."""
        load(schemas.SubscriptionIdSchema(), {"subscription_id": subscription_id})
        return views.subscription(self._of(caller).one(subscription_id))

    @rpc
    def pause_subscription(self, caller: Answer, command_id: str, subscription_id: str) -> Answer:
        """Send nothing for now; events are kept for it meanwhile."""
        return self._of(caller).move(subscription_id, command_id, "pause")

    @rpc
    def resume_subscription(self, caller: Answer, command_id: str, subscription_id: str) -> Answer:
        """Send again; a subscription that had been disabled is tested first."""
        answer = self._of(caller).move(subscription_id, command_id, "resume")
        self.deliveries_due.ring()
        self.tests_due.ring()
        return answer

    @rpc
    def remove_subscription(self, caller: Answer, command_id: str, subscription_id: str) -> Answer:
        """End it; what it was still owed is cancelled."""
        return self._of(caller).move(subscription_id, command_id, "remove")

    def _of(self, caller: Answer) -> Subscribing:
        return Subscribing(self.subscriptions_kept, self.deliveries_kept, self.clock, self.post_room, caller)
