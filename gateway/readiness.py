"""Whether every service says that it is ready: asked on their internal ports, each time anew."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import requests

from gateway.inner_line import InnerLine
from gateway.instances import Instance, instances

SECONDS = 6.0
"""A service whose database does not answer takes some seconds to say so."""

READY = "ready"
NOT_READY = "not_ready"
UNREACHABLE = "unreachable"
BEST_FIRST = (READY, NOT_READY, UNREACHABLE)


@dataclass(frozen=True)
class Told:
    """What an instance says of itself: `ready`, `not_ready` or `unreachable`, and what is wrong."""

    state: str
    faults: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.state} ({'; '.join(self.faults)})" if self.faults else self.state


class Readiness:
    """Asks the services."""

    def __init__(self, urls: Mapping[str, Iterable[str]], ca_file: str = "") -> None:
        """`ca_file` has the authorities of those at `https://`."""
        self._urls, self._ca_file = urls, ca_file

    def states(self) -> dict[str, Told]:
        """What each service says, by name: its best instance."""
        asked = [(name, each) for name, urls in self._urls.items() for each in instances(urls)]
        with ThreadPoolExecutor(len(asked)) as threads:
            told = list(zip(asked, threads.map(self._state, [each for _, each in asked]), strict=True))
        return {
            service: min(
                (said for (name, _), said in told if name == service), key=lambda said: BEST_FIRST.index(said.state)
            )
            for service in self._urls
        }

    def _state(self, instance: Instance) -> Told:
        with InnerLine(self._ca_file) as line:
            try:
                answer = line.to(instance, "GET", "/health/ready", timeout=SECONDS)
            except requests.RequestException:
                return Told(UNREACHABLE)
        return Told(READY) if answer.ok else Told(NOT_READY, _faults(answer))


def _faults(answer: requests.Response) -> tuple[str, ...]:
    try:
        return tuple(str(fault) for fault in answer.json()["faults"])
    except (requests.JSONDecodeError, KeyError, TypeError):
        return ()
