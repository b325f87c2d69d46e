"""Telling the broker what partners have there, until it knows; one instance at a time for each partner."""

import structlog

from chassis.sealing import Sealer
from notify.events.store import EventLog
from notify.partner_queues.account import AGAIN, LEASE, Account
from notify.partner_queues.management import ManagementFailed
from notify.partner_queues.queues import PartnerQueues
from notify.partner_queues.store import AccountStore
from notify.partners.delivery_store import DeliveryStore
from notify.partners.owing import owed
from notify.partners.subscription import Subscription
from notify.partners.subscription_store import SubscriptionStore
from notify.real_time import real_now

log = structlog.get_logger()


class QueueTelling:
    """Makes the broker have what the accounts and subscriptions say."""

    def __init__(
        self,
        subscriptions: SubscriptionStore,
        accounts: AccountStore,
        deliveries: DeliveryStore,
        events: EventLog,
        sealer: Sealer,
        queues: PartnerQueues | None,
    ) -> None:
        self._subscriptions = subscriptions
        self._accounts = accounts
        self._deliveries = deliveries
        self._events = events
        self._sealer = sealer
        self._queues = queues

    def settle_due(self) -> None:
        """Tell the broker of every account of which it does not know yet; first of the virtual host of them all."""
        if self._queues and not self._queues.provisioning.prepared:
            self._prepare(self._queues)
        while self._queues and (account := self._accounts.claim(real_now(), LEASE)):
            self._settle(self._queues, account)

    def settled(self, partner_id: str) -> bool:
        """Tell the broker of this account, if it does not know yet; whether it knows."""
        if self._queues and (account := self._accounts.claim(real_now(), LEASE, partner_id)):
            self._settle(self._queues, account)
        return self._accounts.is_settled(partner_id)

    def _prepare(self, queues: PartnerQueues) -> None:
        try:
            queues.provisioning.prepare()
        except ManagementFailed as error:
            log.warning("broker not told", error=str(error))

    def _settle(self, queues: PartnerQueues, account: Account) -> None:
        try:
            self._tell(queues, account)
        except ManagementFailed as error:
            log.warning("broker not told", partner=account.id, error=str(error))
            self._accounts.postpone(account, real_now() + AGAIN, real_now())

    def _tell(self, queues: PartnerQueues, account: Account) -> None:
        broker = queues.provisioning
        wanted, ended = self._subscriptions.with_queues(account.id)
        broker.prepare()
        if not wanted:
            broker.dismiss(account.id, ended)
            self._accounts.ended(account, real_now())
            return
        broker.admit(account.id, self._sealer.open(account.password), wanted, ended)
        if account.cut:
            broker.cut(account.id)
        while unfit := self._subscriptions.unfit(account.id):
            for each in unfit:
                self._refit(queues, each)
        self._accounts.settled(account, real_now())

    def _refit(self, queues: PartnerQueues, subscription: Subscription) -> None:
        """Empty the queue, after what lies in it and is still for the partner is owed anew.

        In this order, so that what breaks off loses nothing: done again it owes the same, once.
        """
        there = queues.provisioning.lying(subscription.recipient, subscription.id)
        events = self._events.at(list(self._events.positions(there).values()))
        again = owed(events, [subscription.from_the_beginning()])
        number = self._deliveries.replay_all(again, f"refit:{subscription.id}:{subscription.version}", real_now())
        queues.provisioning.empty(subscription.recipient, subscription.id)
        self._subscriptions.fit(subscription)
        log.info("queue refilled", subscription=subscription.id, taken_out=len(there), owed_again=number)
