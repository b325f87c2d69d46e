"""Makes the broker have what partners need and nothing else; doing it again changes nothing."""

import secrets
from collections.abc import Collection

import structlog

from notify.partner_queues.management import Management
from notify.partner_queues.rights import (
    LIMITS,
    QUEUE,
    VHOST,
    Rights,
    filler,
    keeper,
    password_hash,
    queue_name,
    reader,
    user_name,
)

log = structlog.get_logger()

SALT_BYTES = 4


class Provisioning:
    """The virtual host of partners, their users and their queues; each method raises `ManagementFailed`."""

    def __init__(self, management: Management, filler_user: str) -> None:
        """`filler_user` is as whom the service publishes."""
        self._management = management
        self._filler_user = filler_user
        self.prepared = False

    def prepare(self) -> None:
        """The virtual host, and what the service's own users may there; `prepared` once that was done here."""
        self._management.put("vhosts", VHOST)
        fills = self._management.user == self._filler_user
        self._grant(self._management.user, keeper(fills=fills))
        if not fills:
            self._grant(self._filler_user, filler())
        self.prepared = True

    def admit(self, partner_id: str, password: str, subscriptions: Collection[str], ended: Collection[str]) -> None:
        """Let the partner read the queues of these subscriptions, by ids; those of the ended ones go.

        The rights come last: whoever can read has everything to read.
        """
        user = user_name(partner_id)
        self._keep_queues(partner_id, subscriptions, ended)
        hashed = password_hash(password, secrets.token_bytes(SALT_BYTES))
        self._management.put("users", user, body={"password_hash": hashed, "tags": ""})
        for name, value in LIMITS.items():
            self._management.put("user-limits", user, name, body={"value": value})
        self._grant(user, reader(partner_id))
        log.info("partner queues kept", partner=partner_id, queues=len(subscriptions))

    def dismiss(self, partner_id: str, ended: Collection[str]) -> None:
        """Remove the partner's user, with which its connections go, and the queues of the ended subscriptions."""
        self._management.delete("users", user_name(partner_id))
        self._keep_queues(partner_id, (), ended)
        log.info("partner queues removed", partner=partner_id)

    def cut(self, partner_id: str) -> None:
        """End the partner's connections, which outlive a password that has been replaced."""
        self._management.delete("connections", "username", user_name(partner_id))

    def lying(self, partner_id: str, subscription_id: str) -> list[str]:
        """The ids of what lies in the queue of a subscription, and stays there."""
        return self._management.lying(VHOST, queue_name(partner_id, subscription_id), QUEUE["x-max-length"])

    def empty(self, partner_id: str, subscription_id: str) -> None:
        """Take all out of the queue of a subscription that no consumer has been handed."""
        self._management.delete("queues", VHOST, queue_name(partner_id, subscription_id), "contents")

    def _keep_queues(self, partner_id: str, subscriptions: Collection[str], ended: Collection[str]) -> None:
        there = set(self._management.queues(VHOST))
        wanted = {queue_name(partner_id, each) for each in subscriptions}
        over = {queue_name(partner_id, each) for each in ended}
        for name in sorted(there & over):
            self._management.delete("queues", VHOST, name)
        for name in sorted(wanted - there):
            self._management.put("queues", VHOST, name, body={"durable": True, "arguments": dict(QUEUE)})

    def _grant(self, user: str, rights: Rights) -> None:
        self._management.put("permissions", VHOST, user, body=rights)
