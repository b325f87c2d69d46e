"""What every desk of partners has: the stores of theirs, and the subscriptions as one caller may use them."""

from collections.abc import Mapping
from typing import Any

from chassis.caller import Caller
from chassis.desk import Desk
from notify.names.store import NameStore
from notify.partner_queues.store import AccountStore
from notify.partners.delivery_store import DeliveryStore
from notify.partners.post_room import PostRoom
from notify.partners.subscribing import Means, Subscribing
from notify.partners.subscription_store import SubscriptionStore


class PartnerDesk(Desk):
    """A desk that looks after subscriptions or what is owed to them."""

    subscriptions_kept: SubscriptionStore
    deliveries_kept: DeliveryStore
    accounts_kept: AccountStore
    names_kept: NameStore
    post_room: PostRoom
    members: Any

    def _subscribing(self, caller: Mapping[str, Any]) -> Subscribing:
        """The commands and questions of `caller` (as dumped)."""
        means = Means(
            self.subscriptions_kept,
            self.deliveries_kept,
            self.accounts_kept,
            self.names_kept,
            self.clock,
            self.post_room,
        )
        return Subscribing(means, caller)

    def _subscribing_today(self, caller: Mapping[str, Any]) -> Subscribing:
        """The same in the roles of this moment: a token says for minutes what was, and would undo its own end."""
        ids = Caller.load(caller).ids
        own = (each for each in self.members.holders(ids=list(ids)) if {each["id"], *each.get("former", ())} & {*ids})
        return self._subscribing(next(own, {**caller, "grants": []}))
