"""The instances of a service behind its internal URLs: a name that several share stands for each of them."""

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Instance:
    """One process of a service: its address, and the name under which it was looked up."""

    url: str
    name: str


def instances(urls: Iterable[str]) -> list[Instance]:
    """All of them; a name that cannot be looked up stays as it is, for whoever connects to fail on."""
    found = [each for url in urls for each in _behind(url)]
    return list(dict.fromkeys(found))


def _behind(url: str) -> list[Instance]:
    parts = urlsplit(url)
    port, name = parts.port or PORTS.get(parts.scheme, 80), parts.hostname or ""
    try:
        known = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except OSError:
        return [Instance(url, name)]
    return [Instance(_written(url, str(address), port), name) for _, _, _, _, (address, *_) in known]


def _written(url: str, address: str, port: int) -> str:
    host = f"[{address}]" if ":" in address else address
    return urlsplit(url)._replace(netloc=f"{host}:{port}").geturl()
