"""Whether every service says that it is ready: asked on their internal ports, each time anew."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import requests

SECONDS = 2.0
READY = "ready"
NOT_READY = "not_ready"
UNREACHABLE = "unreachable"


class Readiness:
    """Asks the services."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self._urls = urls

    def states(self) -> dict[str, str]:
        """The state of each service by name: `ready`, `not_ready` or `unreachable`."""
        with ThreadPoolExecutor(len(self._urls)) as threads:
            return dict(zip(self._urls, threads.map(state, self._urls.values()), strict=True))


def state(url: str) -> str:
    """What the service at this internal address says of itself."""
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = session.get(f"{url}/health/ready", timeout=SECONDS)
        except requests.RequestException:
            return UNREACHABLE
    return READY if answer.ok else NOT_READY
