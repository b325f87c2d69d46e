"""What a partner's queue and user are called, how much a queue holds, and who may do what; no network, no store."""

import base64
import hashlib
import re
from collections.abc import Mapping
from typing import Any

VHOST = "partners"
"""The virtual host that has nothing but queues of partners."""

PASSWORD_BYTES = 32

QUEUE: Mapping[str, Any] = {
    "x-queue-type": "quorum",
    "x-overflow": "reject-publish",
    "x-max-length": 10_000,
    "x-max-length-bytes": 50_000_000,
    # Explicit, since newer brokers have a small one: an event that was given back so often would be dropped.
    "x-delivery-limit": 1_000,
}
"""Arguments of each queue. What a full one refuses waits in the database."""

LIMITS: Mapping[str, int] = {"max-connections": 10, "max-channels": 50}
"""How much one partner may open at once."""

Rights = dict[str, str]

NOTHING = "^$"


def queue_name(partner_id: str, subscription_id: str) -> str:
    """The queue of one subscription."""
    return f"partner.{_part(partner_id)}.{_part(subscription_id)}"


def user_name(partner_id: str) -> str:
    """The user that reads all queues of one partner."""
    return f"partner.{_part(partner_id)}"


def reader(partner_id: str) -> Rights:
    """What a partner's user may: read its own queues."""
    return {"configure": NOTHING, "write": NOTHING, "read": "^" + re.escape(f"{user_name(partner_id)}.")}


def filler() -> Rights:
    """What the service's user may: publish to queues by their names."""
    return {"configure": NOTHING, "write": r"^amq\.default$", "read": NOTHING}


def keeper(*, fills: bool) -> Rights:
    """What the management API's user may: make, remove, look into and empty queues.

    It may fill them, too, if it is the service's user.
    """
    own = filler() if fills else {"write": NOTHING}
    return {**own, "configure": r"^partner\.", "read": r"^partner\."}


def password_hash(password: str, salt: bytes) -> str:
    """The password as RabbitMQ keeps it (rabbit_password_hashing_sha256), with 4 random bytes of salt."""
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode("ascii")


def _part(id: str) -> str:
    """An id without dots, so that no partner's names begin as another's."""
    return id.replace("%", "%25").replace(".", "%2E")
