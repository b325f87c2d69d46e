"""Whether every service says that it is ready: asked on their internal ports, each time anew."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import requests
import structlog

from gateway.inner_line import InnerLine, beginning
from gateway.instances import Instance, instances

log = structlog.get_logger()

SECONDS = 6.0
"""A service whose database does not answer takes some seconds to say so."""

READY = "ready"
NOT_READY = "not_ready"
UNREACHABLE = "unreachable"
BEST_FIRST = (READY, NOT_READY, UNREACHABLE)


@dataclass(frozen=True)
class Told:
    """What an instance says of itself: `ready`, `not_ready` or `unreachable`, and what is wrong.

    `reason` is why it is unreachable, for operators alone: everybody may ask whether the suite is ready.
    """

    state: str
    faults: tuple[str, ...] = ()
    reason: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.state} ({'; '.join(self.faults)})" if self.faults else self.state


class Readiness:
    """Asks the services."""

    def __init__(self, urls: Mapping[str, Iterable[str]], ca_file: str = "") -> None:
        """`ca_file` has the authorities of those at `https://`."""
        self._urls, self._ca_file = urls, ca_file
        self._reasons: Mapping[tuple[str, Instance], str] = {}

    def states(self) -> dict[str, Told]:
        """What each service says, by name: its best instance."""
        asked = [(name, each) for name, urls in self._urls.items() for each in instances(urls)]
        with ThreadPoolExecutor(len(asked)) as threads:
            told = list(zip(asked, threads.map(self._state, [each for _, each in asked]), strict=True))
        self._log({whom: said.reason for whom, said in told if said.reason})
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
            except OSError as error:  # what requests raises is one, and so is a file of authorities that went away
                first = beginning(error)
                return Told(UNREACHABLE, reason=f"{type(first).__name__}: {first}")
        return Told(READY) if answer.ok else Told(NOT_READY, _faults(answer))

    def _log(self, reasons: Mapping[tuple[str, Instance], str]) -> None:
        """Say why an instance cannot be reached, once and not at each probe, until it is another reason or none."""
        for (service, instance), reason in reasons.items():
            if self._reasons.get((service, instance)) != reason:
                log.warning("instance unreachable", service=service, url=instance.url, reason=reason)
        self._reasons = reasons


def _faults(answer: requests.Response) -> tuple[str, ...]:
    try:
        return tuple(str(fault) for fault in answer.json()["faults"])
    except (requests.JSONDecodeError, KeyError, TypeError):
        return ()
