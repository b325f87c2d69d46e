"""Which access tokens are void before their time, in memory: what has ended, for as long as such a token may live."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from prometheus_client import Gauge

from chassis.errors import Refusal
from gateway.tokens import Identity, to_program

KEPT = Gauge("sandan_endings_kept", "Endings before which access tokens are refused, by kind.", ["kind"])

MARGIN_SECONDS = 60
"""A token may be written a little after what it tells was read."""

Kept = dict[str, tuple[int, float]]
"""How often something ended, and until when that has to be known; the oldest first."""

NOTHING = (0, 0.0)


class Ended:
    """What has ended of late: sessions, and from whom something was taken how often; nothing is asked of a service."""

    def __init__(self, lifetime: float, now: Callable[[], float] = time.monotonic) -> None:
        """`lifetime` is that of an access token, in seconds."""
        self._seconds, self._now = lifetime + MARGIN_SECONDS, now
        self._sessions: Kept = {}
        self._people: Kept = {}
        self.changed: Callable[[], None] = _nobody
        """Called when something new has ended, for whoever holds on to a token."""

    def hear(self, items: Iterable[Mapping[str, Any]]) -> None:
        """Keep what members tells: `{id, narrowed}`, as often as it is told."""
        until, new = self._now() + self._seconds, False
        for each in items:
            kept, count = (self._sessions, 1) if each["narrowed"] is None else (self._people, each["narrowed"])
            if count > kept.get(each["id"], NOTHING)[0]:
                kept.pop(each["id"], None)
                kept[each["id"]] = (count, until)
                new = True
        self._forget()
        if new:
            self.changed()

    def end_session(self, id: str) -> None:
        """This session was ended through us, and we do not wait to be told."""
        self.hear([{"id": id, "narrowed": None}])

    def check(self, who: Identity) -> None:
        """Refuse `token_revoked` where the session is over, `token_outdated` where something was taken since."""
        if who.session_id in self._sessions:
            raise Refusal("token_revoked", **to_program(who.caller))
        if who.narrowed < self._people.get(who.id, NOTHING)[0]:
            raise Refusal("token_outdated")

    def _forget(self) -> None:
        now = self._now()
        for kind, kept in (("session", self._sessions), ("person", self._people)):
            while kept and next(iter(kept.values()))[1] <= now:
                del kept[next(iter(kept))]
            KEPT.labels(kind).set(len(kept))


def _nobody() -> None:
    """Nobody holds on to a token."""
