"""All that the service does with the broker for partners, where an installation offers them queues."""

from dataclasses import dataclass

from notify.partner_queues.filling import Filler
from notify.partner_queues.provisioning import Provisioning
from notify.partner_queues.rights import queue_name, user_name


@dataclass(frozen=True)
class PartnerQueues:
    """Making queues, filling them, and the `url` at which partners reach them, empty where that was not told."""

    provisioning: Provisioning
    filler: Filler
    url: str

    def connecting(self, partner_id: str, subscription_id: str) -> dict[str, str | None]:
        """Where a partner finds the queue of a subscription, and as whom."""
        return {
            "url": self.url or None,
            "queue": queue_name(partner_id, subscription_id),
            "username": user_name(partner_id),
        }
