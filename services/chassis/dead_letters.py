"""Parked letters: what no handler could take is kept with its reason, listed, and re-queued."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import structlog
from amqp.basic_message import Message
from nameko.extensions import DependencyProvider
from pymongo import ASCENDING, IndexModel
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError, PyMongoError

from chassis import letters, topology, wire
from chassis.crash import crash_point
from chassis.event import DURABLE
from chassis.ids import new_id
from chassis.link import Link, written
from chassis.metrics import DEAD
from chassis.mongo import Mongo
from chassis.outbox import Document
from chassis.publisher import Outcome, Outgoing, Publisher

log = structlog.get_logger()

COLLECTION = "dead_letters"
INDEXES = [IndexModel([("state", ASCENDING), ("parked_at", ASCENDING)])]
PREFETCH = 10


class Parker(DependencyProvider):  # type: ignore[misc]  # nameko is untyped
    """Takes the service's dead letters from the broker into its database; hands them out as `Parked`."""

    link = Link("events")
    mongo = Mongo()
    publisher = Publisher()

    def __init__(self) -> None:
        self._stopping = False

    def setup(self) -> None:
        """Ask to be told when the link is up."""
        self.link.register(self)

    def stop(self) -> None:
        """Leave the rest in the queue."""
        self._stopping = True

    def link_up(self, connection: Any) -> None:
        """Declare the queue and take from it."""
        channel = wire.open_channel(connection, PREFETCH)
        service = self.container.service_name
        topology.declare_dead(channel, service)
        channel.basic_consume(topology.dead_queue(service), "parker", nowait=True, callback=self._arrived)

    def link_down(self) -> None:
        """Unacknowledged letters stay in the queue."""

    def get_dependency(self, worker_ctx: object) -> "Parked":
        """The parked letters."""
        return Parked(self.mongo.database[COLLECTION], self.publisher)

    def _arrived(self, message: Message) -> None:
        if not self._stopping:
            self.container.spawn_managed_thread(lambda: self._park(message), identifier="parker")

    def _park(self, message: Message) -> None:
        letter = parked(message, datetime.now(UTC))
        try:
            self.mongo.database[COLLECTION].insert_one(letter)
            crash_point("after-parking")
        except DuplicateKeyError:
            log.info("letter was parked before", queue=letter["queue"])
        except PyMongoError as error:
            log.warning("letter cannot be parked yet", error=type(error).__name__)
            self.link.drop()  # a new connection brings the letter again, after a pause
            return
        DEAD.labels(letter["queue"]).inc()
        log.error("letter parked", queue=letter["queue"], error_type=letter["error_type"], letter=letter["_id"])
        written(lambda: message.channel.basic_ack(message.delivery_info["delivery_tag"]))


def parked(message: Message, now: datetime) -> Document:
    """The document of a letter; its id is the message's and the queue's, so that parking twice is once."""
    headers = wire.headers(message)
    queue = str(headers.get(letters.ORIGIN_QUEUE) or message.delivery_info["routing_key"])
    message_id = message.properties.get("message_id") or new_id()
    return {
        "_id": f"{queue}/{message_id}/{headers.get(letters.ATTEMPT, 0)}",
        "queue": queue,
        "routing_key": letters.routing_key(message),
        "headers": {name: value for name, value in headers.items() if not name.startswith("x-death")},
        "properties": {
            name: message.properties[name]
            for name in ("message_id", "content_type", "correlation_id")
            if message.properties.get(name)
        },
        "body": bytes(message.body) if not isinstance(message.body, str) else message.body.encode(),
        "error_type": headers.get(letters.ERROR_TYPE, "delivery-limit"),
        "error": headers.get(letters.LAST_ERROR, "given out too often without an answer"),
        "first_failed_at": headers.get(letters.FIRST_FAILED_AT),
        "attempts": letters.failures(message),
        "state": "parked",
        "parked_at": now,
    }


class Parked:
    """The parked letters of one service."""

    def __init__(self, collection: Collection[Document], publisher: Publisher) -> None:
        self._letters = collection
        self._publisher = publisher

    def waiting(self) -> Iterator[Document]:
        """Those that nobody has dealt with, oldest first, without their bodies."""
        return iter(self._letters.find({"state": "parked"}, {"body": False}).sort("parked_at"))

    def replay(self, service: str, id: str) -> bool:
        """Send one letter back to the queue that it came from; whether the broker took it."""
        letter = self._letters.find_one({"_id": id, "state": "parked"})
        if letter is None:
            return False
        outcome = self._publisher.publish(_again(service, letter))
        if outcome is Outcome.TAKEN:
            self._letters.update_one({"_id": id}, {"$set": {"state": "replayed", "at": datetime.now(UTC)}})
        return outcome is Outcome.TAKEN


def _again(service: str, letter: Document) -> Outgoing:
    headers = {name: value for name, value in letter["headers"].items() if name != letters.ATTEMPT}
    headers[letters.ROUTING_KEY] = letter["routing_key"]
    properties = {"message_id": new_id(), **letter["properties"], "delivery_mode": DURABLE}
    message = wire.message(letter["body"], headers, **properties)
    return Outgoing(topology.return_exchange(service), letter["queue"], message)
