"""Names and declarations of exchanges and queues; none is derived from code, so a rename strands no message."""

from collections.abc import Collection, Mapping
from typing import Any

from amqp.exceptions import NotFound
from kombu import Exchange, Queue

RPC_EXCHANGE = "nameko-rpc"
DEAD_EXCHANGE = "dlx"
RETRY_TIERS: Mapping[str, int] = {"1s": 1_000, "5s": 5_000, "30s": 30_000, "2m": 120_000, "10m": 600_000}
"""Each waiting queue and its time to live in milliseconds."""

_SAFE = {"x-queue-type": "quorum", "x-dead-letter-strategy": "at-least-once", "x-overflow": "reject-publish"}
# Requeues, clean closes and cut sockets all count towards the limit: only the last net, our own count decides.
_DELIVERY_LIMIT = 1_000


def events_exchange(service: str) -> str:
    """The topic exchange on which `service` publishes its events."""
    return f"{service}.events"


def event_queue(subscriber: str, type: str) -> str:
    """The queue of one subscription to one event type."""
    return f"{subscriber}:{type}"


def ordered_queue(subscriber: str, publisher: str) -> str:
    """The queue that takes all events of a publisher in order."""
    return f"{subscriber}:{publisher}.all"


def rpc_queue(service: str) -> str:
    """The queue on which `service` takes requests."""
    return f"rpc-{service}"


def retry_exchange(service: str, tier: str) -> str:
    """The fanout exchange before a waiting queue: it leaves the routing key, which is the origin queue, alone."""
    return f"{service}.retry.{tier}"


def retry_queues(service: str) -> list[str]:
    """The waiting queues of `service`, each named as the exchange before it."""
    return [retry_exchange(service, tier) for tier in RETRY_TIERS]


def return_exchange(service: str) -> str:
    """The direct exchange through which a retried message goes back to its one origin queue."""
    return f"{service}.return"


def dead_queue(service: str) -> str:
    """Where the letters of `service` end that it could not handle."""
    return f"{service}.dead"


def broadcast_exchange(service: str) -> str:
    """The fanout exchange on which `service` tells all who listen at this moment."""
    return f"{service}.live"


def declare_publisher(channel: Any, service: str) -> None:
    """The exchange of the service's own events."""
    _declare(channel, Exchange(events_exchange(service), type="topic", durable=True))


def declare_dead(channel: Any, service: str) -> None:
    """The exchange for dead letters and the service's queue of them."""
    _declare(channel, Exchange(DEAD_EXCHANGE, type="topic", durable=True))
    _declare(channel, Queue(dead_queue(service), queue_arguments={"x-queue-type": "quorum"}))


def bind_dead(channel: Any, service: str, queue: str) -> None:
    """Dead letters of `queue` go to the service's queue of them."""
    channel.queue_bind(dead_queue(service), DEAD_EXCHANGE, queue)


def declare_retries(channel: Any, service: str) -> None:
    """The way back, and the waiting queues."""
    _declare(channel, Exchange(return_exchange(service), type="direct", durable=True))
    for tier, milliseconds in RETRY_TIERS.items():
        exchange = Exchange(retry_exchange(service, tier), type="fanout", durable=True)
        arguments = {
            **_SAFE,
            "x-message-ttl": milliseconds,
            "x-dead-letter-exchange": return_exchange(service),
        }
        _declare(channel, Queue(exchange.name, exchange=exchange, queue_arguments=arguments))


def exists(connection: Any, queue: str) -> bool:
    """Whether the broker has this queue; raises what else py-amqp raises."""
    channel = connection.channel()  # of its own, for the broker closes it with its "no"
    try:
        channel.queue_declare(queue, passive=True)
    except NotFound:
        return False
    channel.close()
    return True


def declare_subscription(
    channel: Any, service: str, queue: str, publisher: str, types: Collection[str], *, ordered: bool
) -> None:
    """One subscriber's queue for these types of events, or all, with its way to the dead letters and back."""
    exchange = Exchange(events_exchange(publisher), type="topic", durable=True)
    arguments = {
        **_SAFE,
        "x-delivery-limit": _DELIVERY_LIMIT,
        "x-dead-letter-exchange": DEAD_EXCHANGE,
        "x-dead-letter-routing-key": queue,
    }
    if ordered:
        arguments["x-single-active-consumer"] = True
    _declare(channel, exchange)
    _declare(channel, Queue(queue, queue_arguments=arguments))
    for pattern in [f"{type_}.#" for type_ in types] or ["#"]:
        channel.queue_bind(queue, exchange.name, pattern)
    channel.queue_bind(queue, return_exchange(service), queue)
    bind_dead(channel, service, queue)


def declare_broadcast(channel: Any, service: str) -> None:
    """The exchange of what `service` tells all who listen."""
    _declare(channel, Exchange(broadcast_exchange(service), type="fanout", durable=True))


def declare_hearing(channel: Any, service: str, most: int) -> str:
    """A queue of this connection alone for what `service` tells, which goes with it, of at most so many messages.

    Its name is the broker's.
    """
    declare_broadcast(channel, service)
    arguments = {"x-max-length": most, "x-overflow": "drop-head"}
    queue: str = channel.queue_declare("", exclusive=True, auto_delete=True, arguments=arguments).queue
    channel.queue_bind(queue, broadcast_exchange(service))
    return queue


def declare_rpc(channel: Any, service: str) -> None:
    """The queue of requests; requests are transient, the queue is not."""
    exchange = Exchange(RPC_EXCHANGE, type="topic", durable=True)
    _declare(channel, Queue(rpc_queue(service), exchange=exchange, routing_key=f"{service}.*", durable=True))
    bind_dead(channel, service, rpc_queue(service))


def _declare(channel: Any, entity: Exchange | Queue) -> None:
    entity(channel).declare()
