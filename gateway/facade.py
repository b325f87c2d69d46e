"""What the HTTP application sees of the services: their remotes on behalf of one request; knows no transport."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, cast

from flask import current_app, g

from gateway.endings.ended import Ended
from gateway.live.hub import Hub


class ErrandFailed(Exception):
    """A program was not done in time, or ended badly; the text is for the log."""


class Remotes(Protocol):
    """The services, asked on behalf of one request: `remotes.cases.case(caller=..., case_id=...)`."""

    @property
    def cases(self) -> Any:
        """Reports and where each stands."""

    @property
    def members(self) -> Any:
        """Territory, people, accounts and sessions."""

    @property
    def notify(self) -> Any:
        """Notices and subscriptions."""


class Services(Protocol):
    """The way to the services."""

    def on_behalf_of(self, request_id: str) -> Remotes:
        """The remotes for one request, whose id goes along with every call and every event."""

    def apart(self, work: Callable[..., Any], *given: Any) -> Any:
        """What `work` makes of what is given, done where it holds up no other request."""

    def run(self, command: Sequence[str], given: bytes) -> bytes:
        """What a program writes that is given this, in a process of its own, one at a time; raises `ErrandFailed`."""

    @property
    def live(self) -> Hub:
        """What hands to open streams what happens."""

    @property
    def endings(self) -> Ended:
        """Which access tokens are void before their time."""

    def faults(self) -> list[str]:
        """Why the gateway itself is not ready; empty when it is."""


def services() -> Services:
    """The services that the application was made with."""
    return cast(Services, current_app.extensions["services"])


def ask() -> Remotes:
    """The remotes of the present request."""
    if "remotes" not in g:
        g.remotes = services().on_behalf_of(g.request_id)
    return cast(Remotes, g.remotes)
