"""Where to find what: the pointer at the root, the specifications, their pages, and the keys of the tokens."""

from collections.abc import Callable
from functools import partial

from flask import Flask, Response

from gateway import asyncapi
from gateway.answers import answer
from gateway.identity import PUBLIC, tokens
from gateway.lasting import UNTIL_A_RELEASE, LastingText
from gateway.openapi import PAGE_POLICY, Specification

ROOT = {
    "name": "Sandan",
    "docs": "/docs",
    "openapi": "/openapi.json",
    "events": "/events-docs",
    "asyncapi": "/asyncapi.json",
    "keys": "/.well-known/jwks.json",
    "health": "/health/ready",
}
PUBLIC_FOR_AN_HOUR = {"Cache-Control": "public, max-age=3600"}
JSON, HTML = "application/json", "text/html; charset=utf-8"
PAGE = {"Content-Security-Policy": PAGE_POLICY}


def root() -> Response:
    """Where to go from here."""
    return answer(ROOT, headers=UNTIL_A_RELEASE)


def keys() -> Response:
    """The public keys of the access tokens."""
    return answer(tokens().public_keys(), headers=PUBLIC_FOR_AN_HOUR)


def register(app: Flask, specification: Specification) -> None:
    """Add the routes, which are not part of the specification that they lead to."""
    views: dict[str, tuple[str, Callable[[], Response]]] = {
        "/": ("root", root),
        "/.well-known/jwks.json": ("keys", keys),
        "/openapi.json": ("openapi", LastingText(specification.text, JSON).answer),
        "/docs": ("docs", LastingText(specification.page, HTML, PAGE).answer),
        "/asyncapi.json": ("events", LastingText(asyncapi.text, JSON).answer),
        "/events-docs": ("events_docs", LastingText(asyncapi.page, HTML, PAGE).answer),
    }
    for path, (name, view) in views.items():
        shown = partial(view)
        setattr(shown, PUBLIC, True)
        app.add_url_rule(path, name, shown)
