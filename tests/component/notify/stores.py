"""The stores of notify together, as the service has them."""

from collections.abc import Mapping
from typing import ClassVar

from pymongo import IndexModel

from chassis.mongo import Home
from notify.calls.store import CallsInHand
from notify.events.store import EventLog
from notify.messages.log_store import MessageLog
from notify.messages.store import MessageStore
from notify.names.store import NameStore
from notify.notices.reached_store import ReachedStore
from notify.notices.store import NoticeStore
from notify.partner_queues.store import AccountStore
from notify.partners.courier import Kept
from notify.partners.delivery_store import DeliveryStore
from notify.partners.subscription_store import SubscriptionStore
from notify.preferences.store import PreferenceStore
from notify.templates.store import TemplateStore
from notify.weeks.store import WeeksInHand


class NotifyStores:
    INDEXES: ClassVar[Mapping[str, list[IndexModel]]] = {
        **NoticeStore.INDEXES,
        **CallsInHand.INDEXES,
        **MessageStore.INDEXES,
        **MessageLog.INDEXES,
        **ReachedStore.INDEXES,
        **NameStore.INDEXES,
        **EventLog.INDEXES,
        **DeliveryStore.INDEXES,
        **SubscriptionStore.INDEXES,
        **PreferenceStore.INDEXES,
        **AccountStore.INDEXES,
        **TemplateStore.INDEXES,
        **WeeksInHand.INDEXES,
    }

    def __init__(self, home: Home) -> None:
        self.notices = NoticeStore(home)
        self.calls = CallsInHand(home)
        self.messages = MessageStore(home)
        self.message_log = MessageLog(home)
        self.reached = ReachedStore(home)
        self.names = NameStore(home)
        self.log = EventLog(home)
        self.deliveries = DeliveryStore(home)
        self.preferences = PreferenceStore(home)
        self.templates = TemplateStore(home)
        self.weeks = WeeksInHand(home)
        self.subscriptions = SubscriptionStore(home)
        self.accounts = AccountStore(home)
        self.outboxes = list(home.outboxes.values())

    @property
    def carried(self) -> Kept:
        """What carrying events to partners needs."""
        return Kept(self.subscriptions, self.deliveries, self.log, self.notices, self.accounts)
