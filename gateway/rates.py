"""How often one address and one person may ask at all, and sign in, read, report or count a use without an account.

The counters are all that the gateway keeps. Of IPv6 an address is its network of 64 bits (`gateway.client`).
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from flask import Flask, Response, g, request
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from chassis.errors import Refusal
from gateway.client import client
from gateway.routes import (
    anonymous_reports,
    calendar_feeds,
    certificate_checks,
    compound_pages,
    health,
    identity_providers,
    open311,
    programs,
    public_photos,
    sessions,
    station_uses,
    tracking,
    unsubscribing,
    words,
)
from gateway.settings import Settings

log = structlog.get_logger()


@dataclass(frozen=True)
class Count:
    """Where one rate stands: how many it allows, how many are left, and when it begins anew (seconds since 1970)."""

    most: int
    left: int
    reset: float

    def check(self) -> None:
        """Refuse `too_many_requests` where more were made than it allows."""
        if self.left < 0:
            raise Refusal("too_many_requests", retry_after=math.ceil(self.reset - time.time()))


class Tally:
    """Counts in windows of fixed length, in this process alone: with each window it forgets the one before.

    It is asked at every request, so it asks nobody: a count takes microseconds, and whoever came in a window is all
    that is remembered (docs/adr/0046).
    """

    def __init__(self, rate: RateLimitItem, now: Callable[[], float] = time.time) -> None:
        self._most, self._seconds, self._now = rate.amount, rate.get_expiry(), now
        self._window = 0
        self._counts: dict[str, int] = {}

    def hit(self, who: str) -> Count:
        """Count one more of this one."""
        window = int(self._now() // self._seconds)
        if window != self._window:
            self._window, self._counts = window, {}
        made = self._counts[who] = self._counts.get(who, 0) + 1
        return Count(self._most, self._most - made, (window + 1) * self._seconds)


def count_addresses(app: Flask, settings: Settings) -> None:
    """Count every request by client address, before anybody looks at its token; refuse `too_many_requests`.

    Whether the suite is healthy can always be asked.
    """
    addresses = Tally(parse(settings.address_rate))

    def count() -> None:
        g.counts = []
        if request.blueprint != health.routes.name:
            _counted(addresses.hit(client()))

    app.before_request(count)


def register(app: Flask, settings: Settings) -> None:
    """Count requests of who is signed in by who it is, and some that are public by client address.

    Those to sign in, those for what is read without, those that report and those that count uses have a rate each, kept
    where `rate_store` says. Refuses `too_many_requests` above a rate; the answer says how many are left of the
    one that is nearest to its end.

    The guard of a single account is members': this one keeps a flood of guesses off the broker.
    """
    persons = Tally(parse(settings.person_rate))
    limiter = FixedWindowRateLimiter(storage_from_string(settings.rate_store, wrap_exceptions=True))
    limited = {
        sessions.routes.name: ("sign-in", parse(settings.sign_in_rate)),
        identity_providers.routes.name: ("sign-in", parse(settings.sign_in_rate)),
        programs.routes.name: ("sign-in", parse(settings.sign_in_rate)),
        compound_pages.routes.name: ("reading", parse(settings.reading_rate)),
        calendar_feeds.routes.name: ("reading", parse(settings.reading_rate)),
        station_uses.routes.name: ("station-use", parse(settings.station_use_rate)),
        certificate_checks.routes.name: ("reading", parse(settings.reading_rate)),
        open311.routes.name: ("reading", parse(settings.reading_rate)),
        public_photos.routes.name: ("reading", parse(settings.reading_rate)),
        unsubscribing.routes.name: ("reading", parse(settings.reading_rate)),
        tracking.routes.name: ("reading", parse(settings.reading_rate)),
        words.routes.name: ("reading", parse(settings.reading_rate)),
        anonymous_reports.routes.name: ("anonymous", parse(settings.anonymous_rate)),
    }

    def count() -> None:
        if "identity" in g:
            _counted(persons.hit(g.identity.id))
        if request.blueprint in limited:
            kind, rate = limited[request.blueprint]
            who = client()
            try:
                within = limiter.hit(rate, kind, who)
                stands = limiter.get_window_stats(rate, kind, who)
            except StorageError as error:  # a store that is away keeps nobody out
                log.warning("requests are not counted", kind=kind, error=type(error.storage_error).__name__)
                return
            _counted(Count(rate.amount, stands.remaining if within else -1, stands.reset_time))

    app.before_request(count)
    app.after_request(_tell)


def _counted(found: Count) -> None:
    g.counts.append(found)
    found.check()


def _tell(response: Response) -> Response:
    if counts := g.get("counts"):
        nearest = min(counts, key=lambda each: each.left)
        response.headers["X-RateLimit-Limit"] = str(nearest.most)
        response.headers["X-RateLimit-Remaining"] = str(max(0, nearest.left))
        response.headers["X-RateLimit-Reset"] = str(math.ceil(nearest.reset))
    return response
