"""Hears what notify tells all gateways, and asks for what was missed between; the only room of streams with a broker.

One connection and one greenlet for a process, however many streams are open.
"""

from collections.abc import Callable
from typing import Any

import eventlet
import structlog
from eventlet.event import Event as Signal
from nameko.extensions import DependencyProvider

from chassis.broadcast import Hearing
from chassis.errors import Refusal
from chassis.link import Link
from chassis.rpc import DeadlineExceeded, RemoteFault, Service, Unreachable
from chassis.rpc.client import RpcClient
from chassis.settings import settings as shared
from gateway.live.hub import Hub, Place
from gateway.settings import Settings

TELLS = "notify"

STRANDS = ("cases", "inbox")
"""What notify tells, each in an order of its own."""

LOOKS_SECONDS = 15.0
"""After so long it is asked what is new in any case: the last broadcast may have been lost with nothing after it."""

AGAIN_SECONDS = 1.0

AWAY = (DeadlineExceeded, RemoteFault, Unreachable)

log = structlog.get_logger()


class Ear(DependencyProvider):  # type: ignore[misc]  # nameko is untyped
    """Injects the hub of this process, and keeps it hearing."""

    link = Link("broadcasts")
    client = RpcClient()

    def __init__(self, settings: Callable[[], Settings]) -> None:
        """`settings` are read when the process starts."""
        self._read = settings
        self._stopping = False
        self._behind = Signal()

    def setup(self) -> None:
        """Make the hub, and ask to be told when the link is up."""
        found = self._read()
        self.hub = Hub(found.streams, found.streams_of_one)
        self._hearing = Hearing(TELLS, self._heard)
        self._notify = Service(self.client, TELLS, {}, shared.rpc_seconds)
        self.link.register(self)

    def start(self) -> None:
        """Begin to look."""
        self.container.spawn_managed_thread(self._keep_up, identifier="live")

    def stop(self) -> None:
        """Look no further."""
        self._stopping = True
        self._look()

    def get_dependency(self, worker_ctx: object) -> Hub:
        """The hub."""
        return self.hub

    def link_up(self, connection: Any) -> None:
        """Hear from now on; what was told meanwhile is asked for."""
        self._hearing.begin(connection)
        self.hub.connected = True
        self._look()

    def link_down(self) -> None:
        """Nobody joins; who listens stays, and is told later what comes now."""
        self.hub.connected = False

    def _heard(self, body: dict[str, Any]) -> None:
        if not self.hub.hear(body["strand"], body["updates"]):
            self._look()

    def _look(self) -> None:
        if not self._behind.ready():
            self._behind.send(None)

    def _keep_up(self) -> None:
        while not self._stopping:
            with eventlet.Timeout(LOOKS_SECONDS, exception=False):
                self._behind.wait()
            self._behind = Signal()
            if self.hub.connected:
                self._catch_up()

    def _catch_up(self) -> None:
        try:
            for strand in STRANDS:
                self._catch_up_with(strand)
        except Refusal as refusal:  # a notify of another version
            log.warning("what happens cannot be heard", code=refusal.code)
        except AWAY as error:
            log.info("what happens is not heard yet", reason=str(error))
            eventlet.sleep(AGAIN_SECONDS)
            self._look()

    def _catch_up_with(self, strand: str) -> None:
        """Hand on what was not heard; a strand that is another one than it was begins anew."""
        while (place := self.hub.place(strand)) is not None:
            try:
                page = self._notify.updates(strand=strand, after=place.cursor)
            except Refusal as refusal:
                log.warning("the strand is another one", strand=strand, code=refusal.code)
                self.hub.lose(strand)
                break
            self.hub.hear(strand, page["updates"])
            if not page["more"]:
                break
        if self.hub.place(strand) is None:
            page = self._notify.updates(strand=strand)
            self.hub.begin(strand, Place(page["position"], page["cursor"]))
