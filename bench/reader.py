"""Partners who read their queues: takes whatever comes into them, and does nothing with it.

`python -m bench.reader URI QUEUE…`, in a process of its own, so that its share of the load is known.
"""

import sys
from collections.abc import Sequence

import pika

AHEAD = 200
"""So many messages are on their way to a reader at most."""


def read(uri: str, queues: Sequence[str]) -> None:
    """Take what lies in these queues and what comes, for ever."""
    with pika.BlockingConnection(pika.URLParameters(uri)) as connection, connection.channel() as channel:
        channel.basic_qos(prefetch_count=AHEAD)
        for queue in queues:
            channel.basic_consume(queue, lambda taken, delivery, *_: taken.basic_ack(delivery.delivery_tag))
        channel.start_consuming()


if __name__ == "__main__":
    read(sys.argv[1], sys.argv[2:])
