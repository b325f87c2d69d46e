"""What notify answers and listens to: each desk has its entrypoints, which load, decide and store."""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from nameko.timer import timer

from chassis.broadcast import Broadcaster
from chassis.caller import CLOCK
from chassis.sealing import Sealer
from chassis.service import Service
from notify.calls.desk import CallDesk
from notify.channels.port import Channel
from notify.live.desk import LiveDesk
from notify.live.telling import Teller
from notify.messages.desk import MessageDesk
from notify.messages.log_desk import MessageLogDesk
from notify.messages.sending import AtOnce
from notify.names.desk import NameDesk
from notify.notices.inbox_desk import InboxDesk
from notify.notices.telling_desk import TellingDesk
from notify.own_data.desk import OwnDataDesk
from notify.partners.delivery_desk import DeliveryDesk
from notify.partners.post_room import PostRoom
from notify.partners.queue_desk import QueueDesk
from notify.partners.subscription_desk import SubscriptionDesk
from notify.preferences.desk import PreferenceDesk
from notify.providers import (
    AtOnceProvider,
    ChannelsProvider,
    PostRoomProvider,
    PublicUrlProvider,
    SealerProvider,
)
from notify.real_time import real_now
from notify.templates.desk import TemplateDesk
from notify.trail import TrailDesk
from notify.weeks.desk import WeekDesk

log = structlog.get_logger()

EVENTS_KEPT = timedelta(days=90)
INBOX_ORDER_KEPT = timedelta(days=14)
NOTICES_KEPT = timedelta(days=180)
"""docs/domain.md §5, retention: message bodies 180 d; longer than any letter can be parked and replayed."""

PERSONAL = ("notices", "messages", "resendings", "calls", "weeks", "reached")
"""What of it is about people: that it went is in the audit trail."""


class NotifyService(
    NameDesk,
    TellingDesk,
    InboxDesk,
    PreferenceDesk,
    OwnDataDesk,
    CallDesk,
    WeekDesk,
    TemplateDesk,
    MessageDesk,
    MessageLogDesk,
    SubscriptionDesk,
    QueueDesk,
    DeliveryDesk,
    LiveDesk,
    TrailDesk,
    Service,
):
    """Tells people and partners what becomes of what concerns them."""

    name = "notify"

    channels: Sequence[Channel] = ChannelsProvider()
    at_once: AtOnce = AtOnceProvider()
    sealer: Sealer = SealerProvider()
    public_url: str = PublicUrlProvider()
    post_room: PostRoom = PostRoomProvider()
    teller: Teller = Broadcaster(Teller)

    @timer(interval=3600)  # type: ignore[untyped-decorator]  # nameko is untyped
    def purge(self) -> None:
        """Remove what has been kept long enough."""
        now = real_now()
        removed = {
            "events": self.events_kept.purge(now - EVENTS_KEPT),
            "deliveries": self.deliveries_kept.purge(now - EVENTS_KEPT),
            "inbox_log": self.notices_kept.log.purge(now - INBOX_ORDER_KEPT),
            "notices": self.notices_kept.purge(now - NOTICES_KEPT),
            "messages": self.messages_kept.purge(now - NOTICES_KEPT),
            "resendings": self.message_log.purge(now - NOTICES_KEPT),
            "calls": self.calls_in_hand.purge(now - NOTICES_KEPT),
            "weeks": self.weeks_in_hand.purge(now - NOTICES_KEPT),
            "reached": self.reached_kept.purge(now - EVENTS_KEPT),
        }
        self._audit_retention(CLOCK, {name: number for name, number in removed.items() if name in PERSONAL})
        log.info("purged", **removed)
