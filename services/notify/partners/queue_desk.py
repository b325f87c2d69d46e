"""The rounds of partners' queues: the broker is told what has changed, until it knows."""

from chassis.desk import Desk
from chassis.store import Store
from notify.bell import Bell, Ringer, on_bell
from notify.events.store import EventLog
from notify.partner_queues.store import AccountStore
from notify.partners.delivery_store import DeliveryStore
from notify.partners.post_room import PostRoom
from notify.partners.queue_telling import QueueTelling
from notify.partners.subscription_store import SubscriptionStore


class QueueDesk(Desk):
    """Keeps the broker as the subscriptions say."""

    accounts_kept: AccountStore = Store(AccountStore)
    queues_due: Bell = Ringer("queues")
    subscriptions_kept: SubscriptionStore
    deliveries_kept: DeliveryStore
    events_kept: EventLog
    deliveries_due: Bell
    post_room: PostRoom

    @on_bell("queues", seconds=5.0)
    def keep_queues(self) -> None:
        """Make and remove what partners have at the broker."""
        room = self.post_room
        QueueTelling(
            self.subscriptions_kept,
            self.accounts_kept,
            self.deliveries_kept,
            self.events_kept,
            room.sealer,
            room.queues,
        ).settle_due()
        self.deliveries_due.ring()
