"""Catching up with what a queue missed while it was gone: its publisher is asked for all that it wrote lately."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import eventlet
import structlog
from pymongo.errors import PyMongoError

from chassis.attachment import Attachments
from chassis.errors import Refusal
from chassis.event import Event, Malformed
from chassis.ids import made_at
from chassis.rpc.client import DeadlineExceeded, RemoteFault, RpcClient, Unreachable
from chassis.settings import settings

log = structlog.get_logger()

LATELY = timedelta(days=3)
"""How far back from the loss is asked: what waited in the queue is gone, and a weekend passes before somebody looks."""

PAUSE_SECONDS = 1.0


class Behind(Protocol):
    """A subscription that has something to catch up with."""

    source: str
    client: RpcClient

    def goes_on(self, channel: Any) -> bool:
        """Whether this channel is still the one to work for."""

    def take_missed(self, channel: Any, events: Sequence[Event]) -> bool:
        """Handle the events; False when they have to be taken once more."""


class CatchingUp:
    """One subscription's, for the life of one channel: with the next the notes of what is lost are read anew."""

    def __init__(self, behind: Behind, channel: Any, attachments: Attachments) -> None:
        self._behind, self._channel, self._attachments = behind, channel, attachments

    def with_all(self, lost: Mapping[str, str], types: Sequence[str]) -> bool:
        """Handle what the lost queues, with the tokens of their losses, missed; False when the channel went.

        `types` are those of the lost queues together, none means all.
        """
        log.warning("queues were gone, asking for what they missed", queues=list(lost), publisher=self._behind.source)
        since = min(made_at(token) for token in lost.values()) - LATELY
        taken, cursor = 0, None
        while self._behind.goes_on(self._channel):
            try:
                events, following = _read(self._page(since, types, cursor))
                if self._behind.take_missed(self._channel, events):
                    taken, cursor = taken + len(events), following
                    if cursor is None:
                        self._strike(lost)
                        log.info("caught up", queues=list(lost), events=taken)
                        return self._behind.goes_on(self._channel)  # it may have gone during the last answer
                    continue
            except (Unreachable, DeadlineExceeded, RemoteFault, Refusal, Malformed, PyMongoError) as error:
                log.warning("cannot catch up yet", error=f"{type(error).__name__}: {error}")
            eventlet.sleep(PAUSE_SECONDS)
        return False

    def _strike(self, lost: Mapping[str, str]) -> None:
        for queue, token in lost.items():
            self._attachments.caught_up(queue, token)

    def _page(self, since: datetime, types: Sequence[str], cursor: str | None) -> Any:
        asked = {"since": since.isoformat(), "types": list(types), "cursor": cursor}
        return self._behind.client.ask(self._behind.source, "published", asked, {}, settings.rpc_seconds)


def _read(page: Any) -> tuple[list[Event], str | None]:
    """The events and the next cursor; raises `Malformed`, as where the publisher is of another version."""
    try:
        return [Event.load(each) for each in page["events"]], page["next"]
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed(f"the answer cannot be read: {type(error).__name__}: {error}") from None
