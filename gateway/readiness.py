"""Whether every service says that it is ready: asked on their internal ports, each time anew."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import requests

from gateway.instances import instances

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

    def __init__(self, urls: Mapping[str, Iterable[str]]) -> None:
        self._urls = urls

    def states(self) -> dict[str, Told]:
        """What each service says, by name: its best instance."""
        asked = [(name, url) for name, urls in self._urls.items() for url in instances(urls)]
        with ThreadPoolExecutor(len(asked)) as threads:
            told = list(zip(asked, threads.map(state, [url for _, url in asked]), strict=True))
        return {
            service: min(
                (said for (name, _), said in told if name == service), key=lambda said: BEST_FIRST.index(said.state)
            )
            for service in self._urls
        }


def state(url: str) -> Told:
    """What the instance at this internal address says of itself."""
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = session.get(f"{url}/health/ready", timeout=SECONDS)
        except requests.RequestException:
            return Told(UNREACHABLE)
    return Told(READY) if answer.ok else Told(NOT_READY, _faults(answer))


def _faults(answer: requests.Response) -> tuple[str, ...]:
    try:
        return tuple(str(fault) for fault in answer.json()["faults"])
    except (requests.JSONDecodeError, KeyError, TypeError):
        return ()
