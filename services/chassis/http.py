"""The internal port of a process: health, metrics, and what a service serves there itself; never the public's."""

import json
from collections.abc import Callable, Iterable
from socket import AF_INET, AF_INET6
from typing import Any

import eventlet
import structlog
from environs import EnvError
from eventlet import wsgi
from nameko.extensions import DependencyProvider
from nameko.web.handlers import HttpRequestHandler
from nameko.web.server import BindAddress, HttpOnlyProtocol, WebServer
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from werkzeug.wrappers import Response

from chassis.settings import settings
from chassis.tls import certificate, secured

HANDSHAKE_SECONDS = 5.0

log = structlog.get_logger()

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class QuietProtocol(HttpOnlyProtocol):  # type: ignore[misc]  # nameko is untyped
    """HTTP without the name of the server software."""

    def version_string(self) -> str:
        """What stands in the Server header."""
        return "sandan"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the base class would write what came to the standard error, tickets of photos among it."""


class ExclusiveServer(WebServer):  # type: ignore[misc]  # nameko is untyped
    """A web server that shares its port with nobody: stock eventlet would, and requests would go astray."""

    address_settings = "INTERNAL_HOST, INTERNAL_PORT"
    """Which settings say where it listens."""

    _starting: bool

    def start(self) -> None:
        """Listen; raises `environs.EnvError` where it cannot, as when the port is taken, which ends the start."""
        if self._starting:
            return
        self._starting = True
        self._sock = self._listening()
        self._sock.settimeout(None)  # kombu may have changed the default for new sockets
        self._serv = self.get_wsgi_server(self._sock, self.get_wsgi_app())
        self._gt = self.container.spawn_managed_thread(self.run)

    def _listening(self) -> Any:
        host, port = self.bind_addr
        family = AF_INET6 if ":" in host else AF_INET
        try:
            return eventlet.listen((host.strip("[]"), port), family, reuse_port=False)
        except (OSError, UnicodeError) as reason:  # the second for a name that is none
            raise EnvError(f"{self.address_settings}: nobody can listen at {host}:{port} ({reason})") from None


class InternalServer(ExclusiveServer):
    """Answers `/health/live`, `/health/ready` and `/metrics`, and hands everything else to the service's routes."""

    @property
    def bind_addr(self) -> BindAddress:
        """Where to listen, by IPv4 or IPv6."""
        return BindAddress(settings.internal_host, settings.internal_port)

    def start(self) -> None:
        """Listen, under TLS where the settings name a certificate."""
        self._certificate = certificate(settings.internal_cert_file, settings.internal_key_file)
        super().start()

    def process_request(self, sock: Any, address: Any) -> None:
        """Serve one connection; under TLS whatever goes wrong with it is no fault of the process, which would end."""
        if self._certificate is None:
            super().process_request(sock, address)
            return
        try:
            super().process_request(secured(sock, self._certificate.context(), HANDSHAKE_SECONDS), address)
        except OSError as error:
            log.info("internal connection failed", reason=str(error))

    def get_wsgi_app(self) -> Wsgi:
        """The probes before nameko's own application."""
        routes: Wsgi = super().get_wsgi_app()
        probes = {"/health/live": self._live, "/health/ready": self._ready, "/metrics": self._metrics}

        def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            probe = probes.get(environ["PATH_INFO"])
            return probe()(environ, start_response) if probe else routes(environ, start_response)

        return app

    def get_wsgi_server(self, sock: Any, wsgi_app: Any, protocol: Any = QuietProtocol, debug: bool = False) -> Any:
        """Eventlet's server, without its access log: requests are logged where they are understood."""
        return wsgi.Server(sock, sock.getsockname(), wsgi_app, protocol=protocol, debug=debug, log_output=False)

    def _live(self) -> Response:
        return _json({"status": "live"}, 200)

    def _ready(self) -> Response:
        faults = self.faults()
        return _json({"status": "not ready" if faults else "ready", "faults": faults}, 503 if faults else 200)

    def _metrics(self) -> Response:
        return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)

    def faults(self) -> list[str]:
        """What every extension of the container says of itself, where something is wrong."""
        checks = {id(each): each.fault for each in self.container.extensions if hasattr(each, "fault")}
        return sorted(fault for fault in (check() for check in checks.values()) if fault)


class Http(HttpRequestHandler):  # type: ignore[misc]  # nameko is untyped
    """A route on the internal port."""

    server = InternalServer()

    def response_from_exception(self, exc: Exception) -> Response:
        """500 for a fault of ours, whose reason the log has alone."""
        log.error("internal request failed", method=self.method_name, exc_info=exc)
        return Response(status=500)


http = Http.decorator


class Probes(DependencyProvider):  # type: ignore[misc]  # nameko is untyped
    """Opens the internal port for every service, whether or not it has routes of its own."""

    server = InternalServer()

    def setup(self) -> None:
        """Be a provider, so that the server stays until the last moment."""
        self.server.register_provider(self)

    def stop(self) -> None:
        """Let the server close."""
        self.server.unregister_provider(self)

    def get_url_rule(self) -> Any:
        """None of its own: the server answers the probes before it looks at routes."""
        from werkzeug.routing import Rule  # noqa: PLC0415

        return Rule("/", methods=["GET"])


def _json(body: dict[str, Any], status: int) -> Response:
    return Response(json.dumps(body), status=status, content_type="application/json")
