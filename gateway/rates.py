"""How often one address may try to sign in; the counters are disposable, and the only thing that the gateway keeps."""

import math
import time

import structlog
from flask import Flask, Response, g, request
from limits import parse
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from chassis.errors import Refusal
from gateway.routes import sessions
from gateway.settings import Settings

log = structlog.get_logger()


def register(app: Flask, settings: Settings) -> None:
    """Count sign-ins by client address, refuse `too_many_requests` above the rate, and say how many are left.

    The guard of a single account is members': this one keeps a flood of guesses off the broker.
    """
    limiter = FixedWindowRateLimiter(storage_from_string(settings.rate_store, wrap_exceptions=True))
    rate = parse(settings.sign_in_rate)

    def count() -> None:
        if request.blueprint != sessions.routes.name:
            return
        who = request.remote_addr or ""
        try:
            within = limiter.hit(rate, "sign-in", who)
            g.rate = limiter.get_window_stats(rate, "sign-in", who)
        except StorageError as error:  # a store that is away keeps nobody from signing in
            log.warning("sign-ins are not counted", error=type(error.storage_error).__name__)
            return
        if not within:
            raise Refusal("too_many_requests", retry_after=math.ceil(g.rate.reset_time - time.time()))

    def tell(response: Response) -> Response:
        if "rate" in g:
            response.headers["X-RateLimit-Limit"] = str(rate.amount)
            response.headers["X-RateLimit-Remaining"] = str(max(0, g.rate.remaining))
            response.headers["X-RateLimit-Reset"] = str(math.ceil(g.rate.reset_time))
        return response

    app.before_request(count)
    app.after_request(tell)
