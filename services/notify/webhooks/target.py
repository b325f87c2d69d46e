"""The address a partner names for its webhook, taken apart and checked for form; no look-ups."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

LENGTH = 2_000
PORTS = {"https": 443, "http": 80}


UNWELCOME: Mapping[str, str] = {
    "malformed": "Not an absolute URL of ASCII characters, of at most 2000.",
    "port": "A port is a number from 1 to 65535.",
    "scheme": "Only https can be posted to.",
    "user_info": "A URL with a user or a password is not accepted.",
    "fragment": "A URL with a fragment is not accepted.",
    "address_refused": "The host has an address that is not public.",
    "https_required": "Without TLS only networks that the operator listed can be posted to.",
    "name_not_found": "The name of the host cannot be resolved.",
}
"""Why a URL can be no webhook's, by its stable code."""


class BadUrl(Exception):
    """The URL can be no webhook's; the text is a stable code that says why."""


@dataclass(frozen=True)
class Target:
    """Where to connect and what to ask for there."""

    scheme: str
    host: str
    port: int
    path: str


def target(url: str) -> Target:
    """The parts of `url`; raises `BadUrl`."""
    if len(url) > LENGTH or not url.isprintable() or " " in url:
        raise BadUrl("malformed")
    if "#" in url:
        raise BadUrl("fragment")
    try:
        parts = urlsplit(url)
        return Target(_scheme(parts), _host(parts), _port(parts), _path(parts))
    except ValueError:
        raise BadUrl("malformed") from None


def _scheme(parts: SplitResult) -> str:
    if parts.scheme not in PORTS:
        raise BadUrl("scheme")
    return parts.scheme


def _host(parts: SplitResult) -> str:
    if parts.username is not None or parts.password is not None:
        raise BadUrl("user_info")
    if not parts.hostname:
        raise BadUrl("malformed")
    # UnicodeError, which is a ValueError, when the name cannot be one of the DNS.
    return parts.hostname.encode("idna").decode("ascii")


def _port(parts: SplitResult) -> int:
    try:
        port = PORTS[parts.scheme] if parts.port is None else parts.port
    except ValueError:
        raise BadUrl("port") from None
    if port == 0:
        raise BadUrl("port")
    return port


def _path(parts: SplitResult) -> str:
    path = parts.path or "/"
    if not (path + parts.query).isascii():
        raise BadUrl("malformed")
    return f"{path}?{parts.query}" if parts.query else path
