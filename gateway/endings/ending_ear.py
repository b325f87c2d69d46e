"""Hears from members what has ended, and asks for it where nothing was heard for a while."""

from math import ceil
from time import monotonic
from typing import Any

from gateway.ear import Ear
from gateway.endings.ended import Ended
from gateway.live.ear import LiveEar

OVERLAP_SECONDS = 60
"""So much longer ago than the last answer is asked for again: what is told twice does no harm."""


class EndingEar(Ear):
    """Injects what has ended, and keeps it up to date."""

    tells = "members"
    looks_seconds = 30.0

    def setup(self) -> None:
        """Nothing has ended that we know of; the first question is about as long as a token lives."""
        self._lifetime = self._read().access_seconds
        self.ended = Ended(self._lifetime)
        self._answered: float | None = None
        super().setup()

    def start(self) -> None:
        """Let open streams end with what they were opened with."""
        hub = next(each.hub for each in self.container.dependencies if isinstance(each, LiveEar))
        self.ended.changed = hub.end_void
        super().start()

    def get_dependency(self, worker_ctx: object) -> Ended:
        """What has ended."""
        return self.ended

    def heard(self, body: dict[str, Any]) -> None:
        """Refuse it from now on."""
        self.ended.hear(body["endings"])

    def catch_up(self) -> None:
        """Ask what has ended since the last answer, at the first time within the life of a token."""
        asked = monotonic()
        within, after = self._within(asked), ""
        while after is not None:
            page = self._service.endings(within=within, after=after)
            self.ended.hear(page["items"])
            after = page["next"]
        self._answered = asked

    def _within(self, now: float) -> int:
        if self._answered is None:
            return self._lifetime
        return min(self._lifetime, ceil(now - self._answered) + OVERLAP_SECONDS)
