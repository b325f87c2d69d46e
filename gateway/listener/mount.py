"""Where Flask meets nameko: the application on the container's own web server, its remotes behind a facade.

A request is a managed thread of the container: one that fails must not kill it, and those in flight are let finish.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from logging import Logger, LoggerAdapter, getLogger
from ssl import SSLError
from time import monotonic
from types import SimpleNamespace
from typing import Any

import eventlet
import structlog
from eventlet import tpool, wsgi
from eventlet.semaphore import Semaphore
from flask import Flask
from nameko.containers import WorkerContext
from nameko.extensions import Entrypoint
from nameko.web.server import BindAddress

from chassis.http import ExclusiveServer
from chassis.rpc import Remote
from chassis.settings import settings as shared
from chassis.tls import Certificate, NoHandshake, certificate, secured
from gateway.endings.ended import Ended
from gateway.endings.ending_ear import EndingEar
from gateway.errands import Errands
from gateway.listener import descriptors
from gateway.listener.pace import Allowance, Waits
from gateway.listener.protocol import FaceProtocol
from gateway.live.ear import LiveEar
from gateway.live.hub import Hub
from gateway.settings import Settings

CONNECTIONS = 1_000
"""Besides those that are streams."""

IDLE_SECONDS = 75
SKIPPING_SECONDS = 30.0
PARTING_SECONDS = 2.0
ADDRESS_BYTES = 16 * 1024
ACCEPT_AGAIN_SECONDS = 0.1
FAREWELL_SECONDS = 1.0
UNDER_TLS = {"wsgi.url_scheme": "https", "HTTPS": "on"}
"""What the application is told of each request that came so."""
GONE = ("BrokenPipeError", "ConnectionResetError", "TimeoutError", "ssl.SSLEOFError")

log = structlog.get_logger()

Factory = Callable[[Any, Settings], Flask]


class FaceServer(ExclusiveServer):
    """The public port."""

    address_settings = "GATEWAY_HOST, GATEWAY_PORT"

    def __init__(self, factory: Factory, settings: Callable[[], Settings]) -> None:
        super().__init__()
        self._factory, self._read = factory, settings
        self._free = Semaphore(CONNECTIONS)
        self._certificate: Certificate | None = None

    @property
    def sharing_key(self) -> tuple[type, str]:
        """One server in a process, apart from the one for the internal port."""
        return type(self), "face"

    def bind(self, container: Any) -> Any:
        """Bound by nameko; the settings are read now, so that a missing one ends the start."""
        bound = super().bind(container)
        bound.settings = self._read()
        bound._free = Semaphore(CONNECTIONS + bound.settings.streams)  # noqa: SLF001 - of the same class
        shown = certificate(bound.settings.tls_cert_file, bound.settings.tls_key_file)
        bound._certificate = shown  # noqa: SLF001 - likewise
        return bound

    def start(self) -> None:
        """Listen, and say in the log where the system would not let all in for whom there are places."""
        descriptors.check(descriptors.needed(CONNECTIONS, self.settings.streams))
        super().start()

    @property
    def bind_addr(self) -> Any:
        """Where to listen."""
        return BindAddress(self.settings.host, self.settings.port)

    def get_wsgi_app(self) -> Any:
        """The Flask application over this container's remotes."""
        return self._factory(Facade(self.container, next(iter(self._providers))), self.settings)

    def get_wsgi_server(self, sock: Any, wsgi_app: Any, protocol: Any = FaceProtocol, debug: bool = False) -> Any:
        """Eventlet's server, without its access log, which would show query strings."""
        server = wsgi.Server(
            sock,
            sock.getsockname(),
            wsgi_app,
            protocol=protocol,
            debug=debug,
            log_output=False,
            keepalive=IDLE_SECONDS,
            url_length_limit=ADDRESS_BYTES,
            environ=UNDER_TLS if self._certificate else None,
        )
        server.waits = waits(self.settings)
        server.log = ServerLog()
        return server

    def run(self) -> None:
        """Accept connections, as many as there are places; nothing that happens here ends the process."""
        while self._is_accepting:
            self._free.acquire()
            try:
                connection = self._sock.accept()
            except OSError as error:  # too many open files, or a client gone again
                self._free.release()
                log.warning("connection not accepted", error=str(error))
                eventlet.sleep(ACCEPT_AGAIN_SECONDS)
            else:
                serve = partial(self._serve, *connection)
                thread = self.container.spawn_managed_thread(serve, identifier="http")
                thread.link(lambda _: self._free.release())

    def drain(self, seconds: float) -> None:
        """Take no more connections, end the streams, and wait until every request in flight has its answer."""
        self._is_accepting = False
        self._gt.kill()
        self._sock.close()
        self._serv.keepalive = False
        hub_of(self.container).end_all()
        until = monotonic() + seconds
        while self._serv.outstanding_requests and monotonic() < until:
            eventlet.sleep(0.02)
        if self._serv.outstanding_requests:
            log.warning("requests cut short", count=self._serv.outstanding_requests)

    def _serve(self, connection: Any, address: Any) -> None:
        try:
            connection = self._met(connection)
            self.process_request(connection, address)
        except NoHandshake as reason:
            log.info("no handshake", reason=str(reason))
        except (SSLError, ConnectionError, TimeoutError) as error:
            log.info("client gone", error=type(error).__name__)
            connection.close()
        except Exception as error:  # noqa: BLE001 - a connection that fails harms no other
            log.warning("connection failed", error=type(error).__name__)
            connection.close()

    def _met(self, connection: Any) -> Any:
        """The connection; under TLS after a handshake in the time of a head, which holds up this client alone."""
        if self._certificate is None:
            return connection
        return secured(connection, self._certificate.context(), self.settings.head_seconds)


class ServerLog(LoggerAdapter[Logger]):
    """What eventlet writes to: a client that has gone, as readers of streams do all day, is one short line."""

    def __init__(self) -> None:
        super().__init__(getLogger("gateway.http"))

    def info(self, msg: object, *args: object, **kwargs: Any) -> None:
        """What eventlet tells, which is mostly a traceback."""
        last = str(msg).rstrip().rpartition("\n")[2]
        if last.startswith(GONE):
            log.info("client gone", error=last.partition(":")[0])
        else:
            super().info(msg, *args, **kwargs)


def waits(settings: Settings) -> Waits:
    """How long the server waits for its clients."""
    return Waits(
        idle=Allowance(IDLE_SECONDS),
        head=Allowance(settings.head_seconds),
        body=Allowance(settings.body_seconds, settings.body_rate),
        skipping=Allowance(SKIPPING_SECONDS),
        parting=Allowance(PARTING_SECONDS),
    )


class Face(Entrypoint):  # type: ignore[misc]  # nameko is untyped
    """The entrypoint that all HTTP requests come through."""

    def __init__(self, factory: Factory, settings: Callable[[], Settings], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.server = FaceServer(factory, settings)

    def setup(self) -> None:
        """Keep the server until the last request is answered."""
        self.server.register_provider(self)

    def stop(self) -> None:
        """Let the requests in flight finish, while the remotes still work."""
        self.server.drain(max(0.0, shared.grace_seconds - FAREWELL_SECONDS))
        self.server.unregister_provider(self)


def hub_of(container: Any) -> Hub:
    """The streams of this container."""
    return next(each.hub for each in container.dependencies if isinstance(each, LiveEar))


class Facade:
    """The remotes of a container, for one request at a time."""

    def __init__(self, container: Any, entrypoint: Entrypoint) -> None:
        self._container, self._entrypoint = container, entrypoint
        self._errands = Errands()
        self._remotes: Mapping[str, Remote] = {
            each.attr_name: each for each in container.dependencies if isinstance(each, Remote)
        }

    def on_behalf_of(self, request_id: str) -> SimpleNamespace:
        """Each remote, with the request's id in the headers of its calls."""
        ids = {"request_id": request_id, "correlation_id": request_id}
        worker = WorkerContext(self._container, None, self._entrypoint, data=ids)
        return SimpleNamespace(**{name: each.get_dependency(worker) for name, each in self._remotes.items()})

    def apart(self, work: Callable[..., Any], *given: Any) -> Any:
        """What `work` makes of what is given, in a thread of the operating system."""
        return tpool.execute(work, *given)

    def run(self, command: Sequence[str], given: bytes) -> bytes:
        """What a program writes that is given this."""
        return self._errands.run(command, given)

    @property
    def live(self) -> Hub:
        """What hands to open streams what happens."""
        return hub_of(self._container)

    @cached_property
    def endings(self) -> Ended:
        """Which access tokens are void before their time; asked for at every request."""
        return next(each.ended for each in self._container.dependencies if isinstance(each, EndingEar))

    def faults(self) -> list[str]:
        """Why this process is not ready."""
        checks = [each.fault for each in self._container.extensions if hasattr(each, "fault")]
        return sorted({fault for fault in (check() for check in checks) if fault})
