"""The way into queues of partners: nothing counts as delivered until the broker has said that the queue keeps it."""

from collections.abc import Callable, Mapping
from datetime import datetime

import structlog
from amqp.exceptions import NotAllowed
from environs import Env

from chassis import wire
from chassis.link import Link
from chassis.publisher import Outcome, Outgoing, Publisher
from notify.partner_queues.rights import VHOST, queue_name
from notify.settings import read
from notify.webhooks.webhook import Answer

SUCCESS = 200
"""AMQP 0-9-1's own code, reply-success."""

ANSWERS: Mapping[Outcome, Answer] = {
    Outcome.TAKEN: Answer(status=SUCCESS),
    Outcome.RETURNED: Answer(error="queue_missing"),
    Outcome.REFUSED: Answer(error="queue_full"),
    Outcome.UNKNOWN: Answer(error="broker_away"),
}
"""What each outcome is to the delivery log."""

PERSISTENT = 2

log = structlog.get_logger()


class PartnerLink(Link):
    """A connection to the virtual host of partners; without it deliveries wait, and the service is ready."""

    def start(self) -> None:
        """Connect where the installation offers queues."""
        if read(Env()).management_url:
            super().start()

    def _note(self, error: BaseException) -> None:
        if isinstance(error, NotAllowed) and "not found" in str(error):
            # The service makes it itself (`Provisioning.prepare`), after its start; where it cannot, that is warned of.
            log.info("no virtual host of partners yet")
        else:
            super()._note(error)

    def fault(self) -> str | None:
        """None: nothing else depends on it."""
        return None


class PartnerPublisher(Publisher):
    """The held channel to the virtual host of partners."""

    link = PartnerLink("partners", VHOST)


class Filler:
    """Puts events into queues of partners."""

    def __init__(self, publish: Callable[[Outgoing], Outcome]) -> None:
        self._publish = publish

    def put(self, partner_id: str, subscription_id: str, id: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Put one event into the queue of a subscription; never raises for what the broker does."""
        named = {name: value for name, value in headers.items() if name.startswith("ce-")}
        message = wire.message(
            body,
            named,
            message_id=id,
            content_type="application/json",
            delivery_mode=PERSISTENT,
            app_id="notify",
            **_timed(headers),
        )
        return ANSWERS[self._publish(Outgoing("", queue_name(partner_id, subscription_id), message))]


def _timed(headers: Mapping[str, str]) -> dict[str, int]:
    time = headers.get("ce-time")
    return {"timestamp": int(datetime.fromisoformat(time).timestamp())} if time else {}
