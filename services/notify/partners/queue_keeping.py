"""Partners' queues as their subscriptions ask for them: an account goes with the subscriptions."""

import secrets
from functools import partial
from typing import Any

from chassis.sealing import Sealer
from notify.partner_queues.account import receipt
from notify.partner_queues.queues import PartnerQueues
from notify.partner_queues.rights import PASSWORD_BYTES
from notify.partner_queues.store import AccountStore
from notify.partners.subscription import Subscription, Way
from notify.partners.subscription_store import Beside
from notify.real_time import real_now


class QueueKeeping:
    """What is written beside a subscription that has a queue; the broker is told of it afterwards."""

    def __init__(self, accounts: AccountStore, sealer: Sealer, queues: PartnerQueues | None) -> None:
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

    def beginning(self, found: Subscription, version: int) -> Beside | None:
        """What is kept with a new beginning: an account, with a password that nobody was shown if it had gone."""
        if found.way is not Way.AMQP:
            return None
        shown_to = receipt(found.id, version)
        return partial(self._accounts.open, found.recipient, self._password(), shown_to, real_now())

    def moving(self, found: Subscription) -> Beside | None:
        """What is kept with a change after which the broker is to have something else: the end, or other filters."""
        return partial(self._accounts.touch, found.recipient, real_now()) if found.way is Way.AMQP else None

    def password(self, made: Subscription, version: int) -> str | None:
        """The password, if it was made by the command that brought this subscription to this version."""
        account = self._accounts.load(made.recipient)
        if account is None or account.shown_to != receipt(made.id, version):
            return None
        return self._sealer.open(account.password)

    def _password(self) -> str:
        return self._sealer.close(secrets.token_urlsafe(PASSWORD_BYTES))


def connecting(found: Subscription, queues: PartnerQueues | None) -> dict[str, Any] | None:
    """Where the partner finds the queue of this subscription; None for one without."""
    if found.way is not Way.AMQP or queues is None:
        return None
    return queues.connecting(found.recipient, found.id)
