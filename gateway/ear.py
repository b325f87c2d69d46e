"""Hears what one service tells all gateways, and asks it for what was missed between; what was heard, others know.

One connection to the broker for a process, and one greenlet for each service that is heard.
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
from gateway.settings import Settings

AGAIN_SECONDS = 1.0
"""After how long a service is asked again that did not answer."""

AWAY = (DeadlineExceeded, RemoteFault, Unreachable)

log = structlog.get_logger()


class Ear(DependencyProvider):  # type: ignore[misc]  # nameko is untyped
    """Keeps hearing a service; who extends it says what is done with what it tells, and how to ask for the rest."""

    link = Link("broadcasts")
    client = RpcClient()

    tells: str
    """The service."""

    looks_seconds: float
    """After so long it is asked what is new in any case: the last broadcast may be lost, with nothing after it."""

    def __init__(self, settings: Callable[[], Settings]) -> None:
        """`settings` are read when the process starts."""
        self._read = settings
        self._stopping = False
        self._behind = Signal()
        self._connected = False

    def setup(self) -> None:
        """Ask to be told when the link is up."""
        self._hearing = Hearing(self.tells, self.heard)
        self._service = Service(self.client, self.tells, {}, shared.rpc_seconds)
        self.link.register(self)

    def start(self) -> None:
        """Begin to look."""
        self.container.spawn_managed_thread(self._keep_up, identifier=f"hearing {self.tells}")

    def stop(self) -> None:
        """Look no further."""
        self._stopping = True
        self.look()

    def link_up(self, connection: Any) -> None:
        """Hear from now on; what was told meanwhile is asked for."""
        self._hearing.begin(connection)
        self._connected = True
        self.look()

    def link_down(self) -> None:
        """Nothing is heard."""
        self._connected = False

    def heard(self, body: dict[str, Any]) -> None:
        """Do with it what is to be done, without waiting for anything."""
        raise NotImplementedError

    def catch_up(self) -> None:
        """Ask for what was not heard; may raise Refusal and what `AWAY` names."""
        raise NotImplementedError

    def look(self) -> None:
        """Something may have been missed."""
        if not self._behind.ready():
            self._behind.send(None)

    def _keep_up(self) -> None:
        while not self._stopping:
            with eventlet.Timeout(self.looks_seconds, exception=False):
                self._behind.wait()
            self._behind = Signal()
            if self._connected:
                self._catch_up()

    def _catch_up(self) -> None:
        try:
            self.catch_up()
        except Refusal as refusal:  # a service of another version
            log.warning("what is told cannot be heard", service=self.tells, code=refusal.code)
        except AWAY as error:
            log.info("what is told is not heard yet", service=self.tells, reason=str(error))
            eventlet.sleep(AGAIN_SECONDS)
            self.look()
