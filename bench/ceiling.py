"""The most that py-amqp does in one process: prepared messages, published and confirmed in windows, nothing else.

`python -m bench.ceiling URI EXCHANGE ROUTING_KEY NUMBER WINDOW`, with the body on standard input; prints a JSON object.
"""

import json
import sys
import time
from typing import Any

import amqp

from chassis import wire


class Ceiling:
    """One channel in confirm mode."""

    def __init__(self, uri: str) -> None:
        host, _, port = uri.partition("@")[2].rstrip("/").partition(":")
        self._connection = amqp.Connection(host=f"{host}:{port}")
        self._connection.connect()
        self._channel = self._connection.channel()
        self._open: set[int] = set()
        self._next = 1
        wire.confirm(self._channel, self._settled)

    def publish(self, body: bytes, exchange: str, key: str, number: int, window: int) -> None:
        """Publish so many, each window once the one before is confirmed."""
        message = wire.message(body, {}, content_type="application/json", delivery_mode=2)
        for start in range(0, number, window):
            for _ in range(min(window, number - start)):
                self._open.add(self._next)
                self._next += 1
                wire.publish(self._channel, message, exchange, key, mandatory=True)
            while self._open:
                self._connection.drain_events(timeout=10)

    def _settled(self, tag: int, multiple: bool, taken: bool) -> None:
        self._open -= {each for each in self._open if each <= tag} if multiple else {tag}


def main() -> None:
    """Publish, and tell how long it took."""
    uri, exchange, key, number, window = sys.argv[1:]
    ceiling, body = Ceiling(uri), sys.stdin.buffer.read()
    started, cpu = time.monotonic(), time.process_time()
    ceiling.publish(body, exchange, key, int(number), int(window))
    told: dict[str, Any] = {"seconds": time.monotonic() - started, "cpu": time.process_time() - cpu}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
