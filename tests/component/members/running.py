"""members as it runs, over a database of its own, with somebody who listens to what it publishes."""

import json
import uuid
from pathlib import Path
from typing import Any

import kombu
from cryptography.fernet import Fernet

from chassis import topology
from dev.servers import Broker, Mongod
from tests.component.instances import Instances


class Running(Instances):
    """Instances of members, which know the demo's staff by the password."""

    password = "a password for tests"

    def __init__(self, broker: Broker, mongod: Mongod, directory: Path) -> None:
        super().__init__(
            broker,
            mongod,
            directory,
            PERSON_KEY=Fernet.generate_key().decode(),
            CODE_KEY="a key for tests",
            DEMO="true",
            DEMO_PASSWORD=self.password,
        )

    def publish(self, sample: dict[str, Any]) -> None:
        """Put an event of cases on the wire as its publisher would."""
        headers = {f"ce-{name}": str(value) for name, value in sample.items() if name != "data"}
        with kombu.Connection(self.broker.uri, transport_options={"confirm_publish": True}) as connection:
            connection.Producer().publish(
                json.dumps(sample["data"]).encode(),
                exchange="cases.events",
                routing_key=f"{sample['type']}.360704100002001.0101",
                headers=headers,
                content_type="application/json",
                content_encoding="utf-8",
                message_id=sample["id"],
            )

    def places(self) -> int:
        """How many grids, compounds, units and areas there are."""
        kept = self.database("members")
        return sum(kept[name].estimated_document_count() for name in ("grids", "compounds", "units", "areas"))


class Listener:
    """A queue with everything that members publishes, from now on."""

    def __init__(self, broker: Broker) -> None:
        self.connection = kombu.Connection(broker.uri)
        self.channel = self.connection.channel()
        exchange = kombu.Exchange(topology.events_exchange("members"), "topic", durable=True)
        self.queue = kombu.Queue(f"listener-{uuid.uuid4().hex}", exchange, "#", exclusive=True, durable=False)
        self.queue(self.channel).declare()

    def heard(self) -> list[tuple[str, dict[str, Any]]]:
        """Subject and data of what has come since it was asked last."""
        found = []
        while message := self.queue(self.channel).get(no_ack=True):
            found.append((str(message.headers["ce-subject"]), json.loads(message.body)))
        return found

    def close(self) -> None:
        self.connection.close()
