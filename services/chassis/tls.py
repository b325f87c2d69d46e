"""TLS: whom a process believes, what it shows of itself, and a server's connection under it.

Nothing below TLS 1.2 is spoken. All files are named by operators; what cannot be used is told at once.
"""

import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import eventlet
import structlog

log = structlog.get_logger()

LOWEST = ssl.TLSVersion.TLSv1_2

RECORD_BYTES = 16 * 1024
"""What one record of TLS holds at most (RFC 8446 §5.1)."""

ENCRYPTED = "is encrypted, and nobody is there to type its password"


class Unusable(Exception):
    """A file of TLS cannot be used; the text names it and says why."""


class NoHandshake(OSError):
    """Somebody who connected did not come under TLS; the text is for the log."""


@dataclass(frozen=True)
class Trust:
    """Whom a client believes, and what it shows of itself to a server that asks.

    `ca_file` has the certificates of the authorities, PEM, one after the other ("": those of the system). `cert_file`
    and `key_file` are shown ("": nothing is). Raises `Unusable` when one of them cannot be used.
    """

    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""

    def __post_init__(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if self.ca_file:
            _believe(context, self.ca_file)
        if self.cert_file or self.key_file:
            _show(context, self.cert_file, self.key_file)

    def __bool__(self) -> bool:
        """Whether anything was named."""
        return bool(self.ca_file or self.cert_file or self.key_file)

    def towards(self, uri: str) -> dict[str, Any] | None:
        """What kombu is told of TLS with the broker at this address; None where it has to be without (`amqp://`).

        The certificate has to be of the host in the address, which kombu by itself does not look at.
        """
        parts = urlsplit(uri)
        if parts.scheme != "amqps":
            return None
        return {
            "server_hostname": parts.hostname,
            "cert_reqs": ssl.CERT_REQUIRED,
            "tls_minimum_version": LOWEST,
            "ca_certs": self.ca_file or None,
            "certfile": self.cert_file or None,
            "keyfile": self.key_file or None,
        }


class Certificate:
    """What a server shows of itself; taken anew once its files have changed, so that a renewal needs no restart."""

    def __init__(self, cert_file: str, key_file: str) -> None:
        """`cert_file` has the certificate and those between it and its authority, PEM. Raises `Unusable`."""
        self._files = (cert_file, key_file)
        self._state = _state(self._files)
        self._context = served(cert_file, key_file)

    def context(self) -> ssl.SSLContext:
        """For the next connection; while new files do not fit each other yet, what was shown before."""
        state = _state(self._files)
        if state != self._state:
            self._state = state
            self._renew()
        return self._context

    def _renew(self) -> None:
        try:
            self._context = served(*self._files)
        except Unusable as reason:
            log.warning("certificate not renewed", reason=str(reason))
        else:
            log.info("certificate renewed")


def certificate(cert_file: str, key_file: str) -> Certificate | None:
    """What a server shows that was given these files, None when neither is named; raises `Unusable`."""
    return Certificate(cert_file, key_file) if cert_file or key_file else None


def served(cert_file: str, key_file: str) -> ssl.SSLContext:
    """What a server needs that shows this certificate; raises `Unusable`."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = LOWEST
    context.options |= ssl.OP_NO_RENEGOTIATION  # a client could have us compute for it as often as it likes
    context.set_alpn_protocols(["http/1.1"])
    _show(context, cert_file, key_file)
    return context


class Secured:
    """A connection of a server under TLS; each wait has its end.

    Below it a record that comes byte by byte would be waited for anew at each byte, and a long text is one write
    however many records it takes: so a timeout is one of the whole call, and a call writes one record.
    """

    def __init__(self, connection: Any) -> None:
        """`connection` is eventlet's, with the handshake behind it."""
        self._connection = connection
        self._seconds: float | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def settimeout(self, seconds: float | None) -> None:
        """How long each further call may take."""
        self._seconds = seconds

    def recv_into(self, buffer: Any) -> int:
        """How many bytes came into the buffer, 0 at the end; raises TimeoutError or another OSError."""
        return int(self._in_time(self._connection.recv_into, buffer))

    def send(self, data: Any) -> int:
        """How many bytes were taken, those of one record at most; raises likewise."""
        return int(self._in_time(self._connection.send, memoryview(data)[:RECORD_BYTES]))

    def shutdown(self, how: int) -> None:
        """Say that nothing follows."""
        self._take_leave()
        self._connection.shutdown(how)

    def close(self) -> None:
        """Say so and close."""
        self._take_leave()
        self._connection.close()

    def _in_time(self, move: Callable[[Any], Any], data: Any) -> Any:
        with eventlet.Timeout(self._seconds, TimeoutError("timed out")):
            return move(data)

    def _take_leave(self) -> None:
        """Tell the other side that this was all (RFC 8446 §6.1), without waiting until it tells the same."""
        with suppress(OSError, ValueError):  # there may be nobody any more, or nothing to take leave of
            self._connection.setblocking(False)
            self._connection.unwrap()
        self._connection.setblocking(True)


def secured(connection: Any, context: ssl.SSLContext, seconds: float) -> Secured:
    """The connection that a server has accepted, after a handshake of at most `seconds`.

    Raises `NoHandshake`, and has closed it, when there is none.
    """
    wrapped = context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
    wrapped.settimeout(None)  # kombu may have changed the default for new sockets
    try:
        with eventlet.Timeout(seconds, TimeoutError):
            wrapped.do_handshake()
    except OSError as error:
        wrapped.close()
        raise NoHandshake(getattr(error, "reason", None) or type(error).__name__) from None
    return Secured(wrapped)


def _believe(context: ssl.SSLContext, ca_file: str) -> None:
    _look_into(ca_file)
    try:
        context.load_verify_locations(ca_file)
    except ssl.SSLError as error:
        raise Unusable(f"{ca_file} has no certificates of authorities ({error.reason or error})") from None


def _show(context: ssl.SSLContext, cert_file: str, key_file: str) -> None:
    if not (cert_file and key_file):
        raise Unusable("a certificate and its key are named together, or neither is")
    for file in (cert_file, key_file):
        _look_into(file)

    def no_password() -> str:
        raise Unusable(f"{key_file} {ENCRYPTED}")

    try:
        context.load_cert_chain(cert_file, key_file, no_password)
    except ssl.SSLError as error:
        raise Unusable(f"{cert_file} is no certificate for the key in {key_file} ({error.reason or error})") from None


def _look_into(file: str) -> None:
    try:
        Path(file).read_bytes()
    except OSError as error:
        raise Unusable(f"{file} cannot be read ({error.strerror})") from None


def _state(files: tuple[str, ...]) -> tuple[object, ...]:
    """What tells a file from the one that was there before; a file that is gone for a moment is another state too."""
    return tuple(_stamp(Path(file)) for file in files)


def _stamp(file: Path) -> tuple[int, ...]:
    try:
        found = file.stat()
    except OSError:
        return ()
    # The last tells of the rights too: a file that nobody could read yet is another one once somebody can.
    return found.st_mtime_ns, found.st_ino, found.st_size, found.st_ctime_ns
