"""How often one address may sign in, read, or count a use; the counters are all that the gateway keeps."""

import math
import time

import structlog
from flask import Flask, Response, g, request
from limits import parse
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from chassis.errors import Refusal
from gateway.routes import (
    calendar_feeds,
    certificate_checks,
    compound_pages,
    identity_providers,
    open311,
    programs,
    public_photos,
    sessions,
    station_uses,
    unsubscribing,
)
from gateway.settings import Settings

log = structlog.get_logger()


def register(app: Flask, settings: Settings) -> None:
    """Count requests by client address, refuse `too_many_requests` above the rate, and say how many are left.

    Those to sign in, those for pages that are read without, and those that count uses have a rate each.

    The guard of a single account is members': this one keeps a flood of guesses off the broker.
    """
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
    }

    def count() -> None:
        if request.blueprint not in limited:
            return
        (kind, rate), who = limited[request.blueprint], request.remote_addr or ""
        try:
            within = limiter.hit(rate, kind, who)
            g.rate, g.rate_limit = limiter.get_window_stats(rate, kind, who), rate.amount
        except StorageError as error:  # a store that is away keeps nobody out
            log.warning("requests are not counted", kind=kind, error=type(error.storage_error).__name__)
            return
        if not within:
            raise Refusal("too_many_requests", retry_after=math.ceil(g.rate.reset_time - time.time()))

    def tell(response: Response) -> Response:
        if "rate" in g:
            response.headers["X-RateLimit-Limit"] = str(g.rate_limit)
            response.headers["X-RateLimit-Remaining"] = str(max(0, g.rate.remaining))
            response.headers["X-RateLimit-Reset"] = str(math.ceil(g.rate.reset_time))
        return response

    app.before_request(count)
    app.after_request(tell)
