"""Whether every service says that it is ready: asked on their internal ports, each time anew."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

import requests

from gateway.instances import instances

SECONDS = 2.0
READY = "ready"
NOT_READY = "not_ready"
UNREACHABLE = "unreachable"
BEST_FIRST = (READY, NOT_READY, UNREACHABLE)


class Readiness:
    """Asks the services."""

    def __init__(self, urls: Mapping[str, Iterable[str]]) -> None:
        self._urls = urls

    def states(self) -> dict[str, str]:
        """The state of each service by name, that of its best instance: `ready`, `not_ready` or `unreachable`."""
        asked = [(name, url) for name, urls in self._urls.items() for url in instances(urls)]
        with ThreadPoolExecutor(len(asked)) as threads:
            told = list(zip(asked, threads.map(state, [url for _, url in asked]), strict=True))
        return {
            service: min((said for (name, _), said in told if name == service), key=BEST_FIRST.index)
            for service in self._urls
        }


def state(url: str) -> str:
    """What the instance at this internal address says of itself."""
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = session.get(f"{url}/health/ready", timeout=SECONDS)
        except requests.RequestException:
            return UNREACHABLE
    return READY if answer.ok else NOT_READY
