"""What stands for the broadcasts of a service: it keeps what was sent."""

from collections.abc import Mapping
from typing import Any


class Wire:
    """What was sent to all gateways; it takes nothing while it is down."""

    def __init__(self) -> None:
        self.sent: list[Mapping[str, Any]] = []
        self.up = True

    def send(self, body: Mapping[str, Any]) -> bool:
        if self.up:
            self.sent.append(body)
        return self.up

    def told(self, what: str) -> list[Mapping[str, Any]]:
        """All of it, whatever came in one message."""
        return [each for body in self.sent for each in body[what]]
