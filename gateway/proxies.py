"""Proxies of ours in front: whose address they name, and whether it came to them under TLS."""

from collections.abc import Iterable
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

SCHEMES = frozenset({"http", "https"})
"""All that an address of ours begins with; one may pass on what a client has written."""


def believe(app: Flask, number: int) -> None:
    """Believe so many proxies, one behind the other, and nobody besides."""
    if number:
        app.wsgi_app = ProxyFix(_OfSchemes(app.wsgi_app), x_for=number, x_proto=number)  # type: ignore[method-assign]


class _OfSchemes:
    """Another scheme is as good as none."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["wsgi.url_scheme"] not in SCHEMES:
            environ["wsgi.url_scheme"] = environ["werkzeug.proxy_fix.orig"]["wsgi.url_scheme"]
        answer: Iterable[bytes] = self._app(environ, start_response)
        return answer
