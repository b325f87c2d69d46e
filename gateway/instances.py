"""The instances of a service behind its internal URLs: a name that several share stands for each of them."""

import socket
from collections.abc import Iterable
from urllib.parse import urlsplit


def instances(urls: Iterable[str]) -> list[str]:
    """One URL for each instance; a name that cannot be looked up stays as it is, for whoever connects to fail on."""
    found = [each for url in urls for each in _behind(url)]
    return list(dict.fromkeys(found))


def _behind(url: str) -> list[str]:
    parts = urlsplit(url)
    try:
        known = socket.getaddrinfo(parts.hostname, parts.port or 80, type=socket.SOCK_STREAM)
    except OSError:
        return [url]
    return [_written(url, address) for _, _, _, _, (address, *_) in known]


def _written(url: str, address: str | int) -> str:
    parts = urlsplit(url)
    host = f"[{address}]" if ":" in str(address) else str(address)
    return parts._replace(netloc=f"{host}:{parts.port or 80}").geturl()
