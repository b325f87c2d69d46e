"""The most that kombu publishes in one process: events that are at hand, confirmed in windows, nothing else.

`python -m bench.ceiling URI EXCHANGE ROUTING_KEY NUMBER WINDOW`, with the body on standard input; prints a JSON object.
"""

import json
import sys
import time
from typing import Any

from amqp.basic_message import Message
from kombu import Connection, Producer

from chassis import wire
from chassis.event import CONTENT_TYPE
from chassis.ids import new_id


class Ceiling:
    """One channel in confirm mode, and kombu's own producer on it."""

    def __init__(self, uri: str) -> None:
        self._connection = Connection(uri)
        channel = self._connection.channel()
        self._producer = Producer(channel, auto_declare=False)
        self._open: set[int] = set()
        self._next = 1
        self.returned = 0
        wire.on_return(channel, self._came_back)
        wire.confirm(channel, self._settled)

    def publish(self, body: bytes, exchange: str, key: str, number: int, window: int) -> None:
        """Publish so many events with that body, each window once the one before is confirmed."""
        for start in range(0, number, window):
            for _ in range(min(window, number - start)):
                self._open.add(self._next)
                self._next += 1
                self._send(body, exchange, key)
            while self._open:
                self._connection.drain_events(timeout=10)

    def _send(self, body: bytes, exchange: str, key: str) -> None:
        """One event with the headers that the relay sends, an id of its own among them."""
        id = new_id()
        self._producer.publish(
            body,
            routing_key=key,
            exchange=exchange,
            mandatory=True,
            delivery_mode=2,
            content_type=CONTENT_TYPE,
            content_encoding="utf-8",
            headers={"ce-id": id, "ce-type": "note.kept", "ce-subject": f"note/{id}", "ce-sequence": "1"},
            message_id=id,
            correlation_id=id,
        )

    def _settled(self, tag: int, multiple: bool, taken: bool) -> None:
        self._open -= {each for each in self._open if each <= tag} if multiple else {tag}

    def _came_back(self, message: Message) -> None:
        self.returned += 1


def main() -> None:
    """Publish, and tell how long it took."""
    uri, exchange, key, number, window = sys.argv[1:]
    ceiling, body = Ceiling(uri), sys.stdin.buffer.read()
    started, cpu = time.monotonic(), time.process_time()
    ceiling.publish(body, exchange, key, int(number), int(window))
    told: dict[str, Any] = {"seconds": time.monotonic() - started, "cpu": time.process_time() - cpu}
    if ceiling.returned:
        sys.exit(f"{ceiling.returned} messages found no queue")
    print(json.dumps(told))


if __name__ == "__main__":
    main()
