"""Partners' queues as their subscriptions ask for them: an account goes with the subscriptions, the broker follows."""

import secrets
from functools import partial
from typing import Any

import structlog

from notify.partner_queues.account import AGAIN, LEASE, Account, receipt
from notify.partner_queues.management import ManagementFailed
from notify.partner_queues.queues import PartnerQueues
from notify.partner_queues.rights import PASSWORD_BYTES
from notify.partner_queues.store import AccountStore
from notify.partners.subscription import Subscription, Way
from notify.partners.subscription_store import Beside, SubscriptionStore
from notify.real_time import real_now
from notify.sealing import Sealer

log = structlog.get_logger()


class QueueKeeping:
    """What is written beside a subscription that has a queue, and telling the broker of it."""

    def __init__(
        self, subscriptions: SubscriptionStore, accounts: AccountStore, sealer: Sealer, queues: PartnerQueues | None
    ) -> None:
        self._subscriptions = subscriptions
        self._accounts = accounts
        self._sealer = sealer
        self._queues = queues

    @property
    def offered(self) -> bool:
        """Whether this installation has queues for partners."""
        return self._queues is not None

    def opening(self, new: Subscription) -> Beside | None:
        """What is kept with a new subscription: the partner's account, with a password if it has none yet."""
        if new.way is not Way.AMQP:
            return None
        shown_to = receipt(new.id, new.version)
        return partial(self._accounts.open, new.recipient, self._password(), shown_to, real_now())

    def replacing(self, new: Subscription) -> Beside:
        """What is kept with a command that replaces the password, which brings the subscription to `new.version`."""
        shown_to = receipt(new.id, new.version)
        return partial(self._accounts.replace_password, new.recipient, self._password(), shown_to, real_now())

    def moving(self, found: Subscription) -> Beside | None:
        """What is kept with a move after which the broker is to have something else: the end, or a new beginning."""
        return partial(self._accounts.touch, found.recipient, real_now()) if found.way is Way.AMQP else None

    def password(self, made: Subscription, version: int) -> str | None:
        """The password, if it was made by the command that brought this subscription to this version."""
        account = self._accounts.load(made.recipient)
        if account is None or account.shown_to != receipt(made.id, version):
            return None
        return self._sealer.open(account.password)

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
        self._accounts.settled(account, real_now())

    def _password(self) -> str:
        return self._sealer.seal(secrets.token_urlsafe(PASSWORD_BYTES))


def connecting(found: Subscription, queues: PartnerQueues | None) -> dict[str, Any] | None:
    """Where the partner finds the queue of this subscription; None for one without."""
    if found.way is not Way.AMQP or queues is None:
        return None
    return queues.connecting(found.recipient, found.id)
