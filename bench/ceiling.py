"""The most that py-amqp does in one process: one prepared event, published and confirmed in windows, nothing else.

`python -m bench.ceiling URI EXCHANGE ROUTING_KEY NUMBER WINDOW`, with the body on standard input; prints a JSON object.
"""

import json
import sys
import time
from datetime import UTC, datetime
from typing import Any

import amqp
from amqp.basic_message import Message

from chassis import wire
from chassis.event import Event, packed
from chassis.ids import new_id


class Ceiling:
    """One channel in confirm mode."""

    def __init__(self, uri: str) -> None:
        host, _, port = uri.partition("@")[2].rstrip("/").partition(":")
        self._connection = amqp.Connection(host=f"{host}:{port}")
        self._connection.connect()
        self._channel = self._connection.channel()
        self._open: set[int] = set()
        self._next = 1
        self.returned = 0
        wire.on_return(self._channel, self._came_back)
        wire.confirm(self._channel, self._settled)

    def publish(self, message: Message, exchange: str, key: str, number: int, window: int) -> None:
        """Publish it so many times, each window once the one before is confirmed."""
        for start in range(0, number, window):
            for _ in range(min(window, number - start)):
                self._open.add(self._next)
                self._next += 1
                wire.publish(self._channel, message, exchange, key, mandatory=True)
            while self._open:
                self._connection.drain_events(timeout=10)

    def _settled(self, tag: int, multiple: bool, taken: bool) -> None:
        self._open -= {each for each in self._open if each <= tag} if multiple else {tag}

    def _came_back(self, message: Message) -> None:
        self.returned += 1


def prepared(body: bytes) -> Message:
    """An event as the relay sends it, with all headers."""
    id, now = new_id(), datetime.now(UTC)
    event = Event(id, "note.kept", "/services/clerk", f"note/{id}", 1, now, None, json.loads(body), body, "k")
    return packed(event)


def main() -> None:
    """Publish, and tell how long it took."""
    uri, exchange, key, number, window = sys.argv[1:]
    ceiling, message = Ceiling(uri), prepared(sys.stdin.buffer.read())
    started, cpu = time.monotonic(), time.process_time()
    ceiling.publish(message, exchange, key, int(number), int(window))
    told: dict[str, Any] = {"seconds": time.monotonic() - started, "cpu": time.process_time() - cpu}
    if ceiling.returned:
        sys.exit(f"{ceiling.returned} messages found no queue")
    print(json.dumps(told))


if __name__ == "__main__":
    main()
