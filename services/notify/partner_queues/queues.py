"""All that the service does with the broker for partners, where an installation offers them queues."""

from dataclasses import dataclass

from notify.partner_queues.filling import Filler
from notify.partner_queues.provisioning import Provisioning


@dataclass(frozen=True)
class PartnerQueues:
    """Making queues, filling them, and the `url` at which partners reach them, empty where that was not told."""

    provisioning: Provisioning
    filler: Filler
    url: str
