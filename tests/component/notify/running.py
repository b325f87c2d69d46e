"""notify as it runs, over databases of its own, with a neighbour that it asks."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import kombu
from cryptography.fernet import Fernet

from chassis import topology
from chassis.event import Event
from dev.servers import Broker, Mongod
from notify.calls.call import ISSUED
from notify.notices.case_notice import NOTICES
from notify.notices.match_list_notice import TOLD
from tests.component.instances import Instances

NEIGHBOURS = Path(__file__).parent / "neighbours"


class Running(Instances):
    """Instances of notify, and one of `members`, the neighbour."""

    def __init__(self, broker: Broker, mongod: Mongod, directory: Path, **settings: str) -> None:
        self.console_file = directory / "console.jsonl"
        self._holders_file = directory / "holders.json"
        super().__init__(
            broker,
            mongod,
            directory,
            NEIGHBOURS,
            SECRET_KEY=Fernet.generate_key().decode(),
            CONSOLE_FILE=str(self.console_file),
            HOLDERS_FILE=str(self._holders_file),
            WEBHOOK_NETWORKS="127.0.0.0/8,::1/128",
            **settings,
        )

    def held_by(self, callers: list[dict[str, Any]] | None) -> None:
        """From now on members answers that these hold roles, and nobody else; None: as it was."""
        if callers is None:
            self._holders_file.unlink(missing_ok=True)
        else:
            self._holders_file.write_text(json.dumps(callers), "utf-8")

    def publish(self, events: Iterable[Event], exchange: str = "cases.events") -> None:
        """Put events on the wire as their publisher would, confirmed: else a closing channel may lose some."""
        with kombu.Connection(self.broker.uri, transport_options={"confirm_publish": True}) as connection:
            producer = connection.Producer()
            for event in events:
                producer.publish(
                    event.body,
                    exchange=exchange,
                    routing_key=f"{event.type}.{event.key}",
                    headers=cloud_headers(event),
                    content_type="application/json",
                    content_encoding="utf-8",
                    message_id=event.id,
                )

    def garbage(self, body: bytes, key: str) -> None:
        with kombu.Connection(self.broker.uri) as connection:
            connection.Producer().publish(body, exchange="cases.events", routing_key=key, content_encoding="binary")

    def console(self) -> list[dict[str, Any]]:
        if not self.console_file.exists():
            return []
        return [json.loads(line) for line in self.console_file.read_text("utf-8").splitlines()]

    def stop(self) -> None:
        super().stop()
        self._empty_queues()

    def _empty_queues(self) -> None:
        """The broker is shared by the tests of a run; what one of them leaves must not reach the next."""
        queues = [topology.event_queue("notify", type_) for type_ in (*NOTICES, *TOLD, ISSUED, "subscription.disabled")]
        queues += [topology.ordered_queue("notify", "cases"), topology.dead_queue("notify")]
        with kombu.Connection(self.broker.uri) as connection:
            for queue in queues:
                connection.channel().queue_purge(queue)


def cloud_headers(event: Event) -> dict[str, str]:
    return {
        "ce-specversion": "1.0",
        "ce-id": event.id,
        "ce-source": event.source,
        "ce-type": event.type,
        "ce-subject": event.subject,
        "ce-time": event.time.isoformat(),
        "ce-sequence": str(event.sequence),
    }
