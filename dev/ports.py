"""Which local ports are free; knows nothing of who will listen there."""

import random
import socket
from collections.abc import Mapping

# Below 32768, where Linux begins to hand out ports to clients: a client that keeps trying such a port
# on its own machine can end up connected to itself.
LOWEST, HIGHEST = 20_000, 32_000

HOST = "127.0.0.1"
"""Where everything in development listens."""


_GIVEN: set[int] = set()


class PortTaken(Exception):
    """A port that is needed is in use; the message names it and says how to choose another one."""


def is_free(port: int) -> bool:
    """Whether nothing listens on 127.0.0.1 at this port and one could."""
    with socket.socket() as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A free port, chosen at random so that runs side by side seldom meet; no port twice in a process.

    Whoever was given one may be about to listen there.
    """
    dice = random.SystemRandom()
    while (port := dice.randrange(LOWEST, HIGHEST)) in _GIVEN or not is_free(port):
        pass
    _GIVEN.add(port)
    return port


def require_free(ports: Mapping[str, int], advice: str) -> None:
    """Raise `PortTaken` for the first of `ports` (by what wants it) that is in use."""
    for wanted_by, port in ports.items():
        if not is_free(port):
            raise PortTaken(f"Port {port}, wanted by {wanted_by}, is taken. {advice}")
