"""Hears what notify tells all gateways of what happens, and asks for what was missed between, however many listen."""

from typing import Any

import structlog

from chassis.errors import Refusal
from gateway.ear import Ear
from gateway.live.hub import Hub, Place

STRANDS = ("cases", "inbox")
"""What notify tells, each in an order of its own."""

log = structlog.get_logger()


class LiveEar(Ear):
    """Injects the hub of this process, and keeps it hearing."""

    tells = "notify"
    looks_seconds = 15.0

    def setup(self) -> None:
        """Make the hub."""
        found = self._read()
        self.hub = Hub(found.streams, found.streams_of_one)
        super().setup()

    def get_dependency(self, worker_ctx: object) -> Hub:
        """The hub."""
        return self.hub

    def link_up(self, connection: Any) -> None:
        """Who comes may join."""
        super().link_up(connection)
        self.hub.connected = True

    def link_down(self) -> None:
        """Nobody joins; who listens stays, and is told later what comes now."""
        super().link_down()
        self.hub.connected = False

    def heard(self, body: dict[str, Any]) -> None:
        """Hand it on; where something between is missing, it is asked for first."""
        if not self.hub.hear(body["strand"], body["updates"]):
            self.look()

    def catch_up(self) -> None:
        """Hand on what was not heard of each strand."""
        for strand in STRANDS:
            self._catch_up_with(strand)

    def _catch_up_with(self, strand: str) -> None:
        """A strand that is another one than it was begins anew."""
        while (place := self.hub.place(strand)) is not None:
            try:
                page = self._service.updates(strand=strand, after=place.cursor)
            except Refusal as refusal:
                log.warning("the strand is another one", strand=strand, code=refusal.code)
                self.hub.lose(strand)
                break
            self.hub.hear(strand, page["updates"])
            if not page["more"]:
                break
        if self.hub.place(strand) is None:
            page = self._service.updates(strand=strand)
            self.hub.begin(strand, Place(page["position"], page["cursor"]))
