"""The database `notify`: notices and whom they reached, the log of events, subscriptions, deliveries, names."""

from collections.abc import Mapping
from typing import ClassVar

from pymongo import IndexModel

from chassis.mongo import Home
from notify.store.deliveries import DeliveryStore
from notify.store.event_log import EventLog
from notify.store.names import NameStore
from notify.store.notices import NoticeStore
from notify.store.reached import ReachedStore
from notify.store.subscriptions import SubscriptionStore


class NotifyStore:
    """All that the service keeps, by noun."""

    INDEXES: ClassVar[Mapping[str, list[IndexModel]]] = {
        **NoticeStore.INDEXES,
        **ReachedStore.INDEXES,
        **NameStore.INDEXES,
        **EventLog.INDEXES,
        **DeliveryStore.INDEXES,
        **SubscriptionStore.INDEXES,
    }

    def __init__(self, home: Home) -> None:
        self.notices = NoticeStore(home)
        self.reached = ReachedStore(home)
        self.names = NameStore(home)
        self.log = EventLog(home)
        self.deliveries = DeliveryStore(home)
        self.subscriptions = SubscriptionStore(home)
