"""Around every request: its id, one line in the log, the counters and the headers that protect; never its content."""

import re
from time import perf_counter

import structlog
from flask import Flask, Response, g, request
from prometheus_client import Counter, Histogram
from werkzeug.exceptions import BadRequest, NotFound, RequestURITooLarge

from chassis.ids import new_id

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
ADDRESS_LIMIT = 8_000
"""Of the bytes of a path, unquoted, and of a query as it came."""
UNMATCHED = "unmatched"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER = "other"
"""Any other method in the log and the counters: a client may make up as many as it likes."""
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
PROTECTION = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-site",
}
UNDER_TLS = {"Strict-Transport-Security": "max-age=31536000"}
"""Besides, to who came under TLS: for a year nothing else will do. Other names of the domain are not ours to say."""

REQUESTS = Counter("sandan_http_requests_total", "Requests answered, by route.", ["method", "route", "status"])
SECONDS = Histogram("sandan_http_seconds", "Time from taking a request to its answer.", ["method", "route"])

log = structlog.get_logger()


def register(app: Flask) -> None:
    """Watch every request of the application."""
    app.before_request(begin)
    app.after_request(end)


def begin() -> None:
    """Give the request its id, which goes into every log line, call and event that it causes."""
    g.began = perf_counter()
    asked = request.headers.get("X-Request-ID", "")
    g.request_id = asked if REQUEST_ID.fullmatch(asked) else new_id()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)
    # As it came: an address whose bytes are no UTF-8 cannot be decoded.
    _check(request.environ["PATH_INFO"], request.query_string)


def _check(path: str, query: bytes) -> None:
    """Raises what an address is answered with that leads nowhere, before anybody takes it for another one."""
    if len(path) + len(query) > ADDRESS_LIMIT:
        raise RequestURITooLarge
    if CONTROL.search(path):  # no id of ours has one, and a header that repeats it would break
        raise BadRequest
    if not path.startswith("/") or path.startswith("//"):  # routes are looked up without what stands before them
        raise NotFound


def end(response: Response) -> Response:
    """Write the log line, count, and add the headers."""
    route = request.url_rule.rule if request.url_rule else UNMATCHED
    method = request.method if request.method in METHODS else OTHER
    seconds = perf_counter() - g.began
    log.info(
        "answered",
        method=method,
        route=route,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
    )
    REQUESTS.labels(method, route, response.status_code).inc()
    SECONDS.labels(method, route).observe(seconds)
    response.headers["X-Request-ID"] = g.request_id
    for name, value in protection(under_tls=request.is_secure).items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def protection(*, under_tls: bool) -> dict[str, str]:
    """The headers that protect, of every answer that has no others of the kind."""
    return PROTECTION | UNDER_TLS if under_tls else PROTECTION
