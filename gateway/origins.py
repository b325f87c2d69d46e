"""Cross-origin requests of a web front end, from the origins that the operator lists and from no other."""

from collections.abc import Collection

from flask import Flask, Response, request

ALLOWED_HEADERS = (
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-ID, Accept-Language, "
    "Last-Event-ID"
)
EXPOSED_HEADERS = (
    "Content-Disposition, Content-Language, ETag, Link, Location, Retry-After, X-Request-ID, X-RateLimit-Limit, "
    "X-RateLimit-Remaining, X-RateLimit-Reset, WWW-Authenticate"
)
"""What a page may read besides what every page may: of files their names, and all that `/openapi.json` promises."""
REMEMBER_SECONDS = "600"


def register(app: Flask, origins: Collection[str]) -> None:
    """Let pages of these origins (`http://host[:port]` or `https://…`) read the answers."""

    def allow(response: Response) -> Response:
        origin = request.headers.get("Origin")
        if origins:
            response.vary.add("Origin")  # of every answer, or a cache would hand a page what is for none
        if origin is not None and origin in origins:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = EXPOSED_HEADERS
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
            if "Access-Control-Request-Method" in request.headers:
                response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET")
                response.headers["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
                response.headers["Access-Control-Max-Age"] = REMEMBER_SECONDS
        return response

    app.after_request(allow)
