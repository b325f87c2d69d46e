"""Group 7: messages that nobody can read, and handlers that cannot do what they should."""

import random
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import kombu

from tests.chaos.reading import Letter
from tests.chaos.stage import Fault, Stage

JSON = {"content_type": "application/json"}
NESTED = b"[" * 100_000
CE = {
    "ce-specversion": "1.0",
    "ce-id": "0",
    "ce-type": "case.reported",
    "ce-source": "/services/cases",
    "ce-subject": "case/0",
    "ce-sequence": "1",
    "ce-time": "2026-03-31T18:00:00Z",
}

POISONS: Mapping[str, tuple[bytes, dict[str, Any]]] = {
    "bad JSON": (b"{", {**JSON, "headers": CE}),
    "wrong content type": (b"{}", {"content_type": "text/plain", "headers": CE}),
    "unknown content type": (b"\xff\x00", {"content_type": "application/x-unheard-of"}),
    "missing headers": (b"{}", JSON),
    "empty": (b"", {}),
    "unknown version": (b"{}", {**JSON, "headers": CE | {"ce-specversion": "9.9"}}),
    "no field that is needed": (b'{"version": 1}', {**JSON, "headers": CE}),
    "deep nesting": (NESTED, {**JSON, "headers": CE}),
    "15 MiB": (b"x" * 15 * 2**20, {"content_type": "application/json"}),
}
REQUESTS: Mapping[str, tuple[bytes, dict[str, Any]]] = {
    "no reply_to": (b'{"args": [], "kwargs": {}}', JSON),
    "bad request": (b"junk", {**JSON, "reply_to": "nobody"}),
}


def poison(stage: Stage, queue: str, name: str) -> None:
    """Put one poison into a queue, past every exchange."""
    body, properties = {**POISONS, **REQUESTS}[name]
    letter = Letter(queue, str(UUID(int=stage.dice.getrandbits(128))))
    with kombu.Connection(stage.servers.broker.uri) as connection:
        connection.Producer().publish(
            body, exchange="", routing_key=queue, content_encoding="binary", message_id=letter.id, **properties
        )
    stage.poison(letter)


def poison_events(stage: Stage, dice: random.Random) -> None:
    """Every poison into every queue of events that somebody listens to."""
    for queue in stage.subject.event_queues:
        for name in dice.sample(sorted(POISONS), len(POISONS)):
            poison(stage, queue, name)
    time.sleep(1)
    stage.healed()


def poison_requests(stage: Stage, dice: random.Random) -> None:
    """Requests that nobody can answer."""
    for name in REQUESTS:
        poison(stage, stage.subject.request_queue, name)
    time.sleep(2)
    stage.healed()


@contextmanager
def purged(stage: Stage) -> Iterator[None]:
    """What is left in the queue of requests afterwards is thrown away, so that a suite may live that died of it."""
    yield
    with kombu.Connection(stage.servers.broker.uri) as connection:
        connection.default_channel.queue_purge(stage.subject.request_queue)


FAULTS = (
    Fault(7, "poisons in every event queue", poison_events, short=True, stock=True),
    Fault(7, "requests that cannot be read", poison_requests, short=True, stock=True, around=purged),
)
