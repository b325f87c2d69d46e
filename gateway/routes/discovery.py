"""Where to find what: the pointer at the root, the specifications, their pages, and the keys of the tokens."""

from flask import Flask, Response

from gateway import asyncapi
from gateway.answers import answer
from gateway.identity import PUBLIC, tokens
from gateway.openapi import Specification

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
UNTIL_A_RELEASE = "public, max-age=300"
"""It is the same for everybody, and another one only after an upgrade."""


def root() -> Response:
    """Where to go from here."""
    return answer(ROOT, headers={"Cache-Control": UNTIL_A_RELEASE})


def keys() -> Response:
    """The public keys of the access tokens."""
    return answer(tokens().public_keys(), headers=PUBLIC_FOR_AN_HOUR)


def events() -> Response:
    """The events that partners get, as AsyncAPI has them."""
    return _lasting(asyncapi.serve())


def events_docs() -> Response:
    """The same as a page."""
    return _lasting(asyncapi.render())


def register(app: Flask, specification: Specification) -> None:
    """Add the routes, which are not part of the specification that they lead to."""

    def openapi() -> Response:
        return _lasting(specification.serve())

    def docs() -> Response:
        return _lasting(specification.render())

    views = {"/": root, "/.well-known/jwks.json": keys, "/openapi.json": openapi, "/docs": docs}
    for path, view in (views | {"/asyncapi.json": events, "/events-docs": events_docs}).items():
        setattr(view, PUBLIC, True)
        app.add_url_rule(path, view.__name__, view)


def _lasting(response: Response) -> Response:
    response.headers["Cache-Control"] = UNTIL_A_RELEASE
    return response
