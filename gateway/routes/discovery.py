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


def root() -> Response:
    """Where to go from here."""
    return answer(ROOT)


def keys() -> Response:
    """The public keys of the access tokens."""
    return answer(tokens().public_keys(), headers=PUBLIC_FOR_AN_HOUR)


def events() -> Response:
    """The events that partners get, as AsyncAPI has them."""
    return asyncapi.serve()


def events_docs() -> Response:
    """The same as a page."""
    return asyncapi.render()


def register(app: Flask, specification: Specification) -> None:
    """Add the routes, which are not part of the specification that they lead to."""

    def openapi() -> Response:
        return specification.serve()

    def docs() -> Response:
        return specification.render()

    views = {"/": root, "/.well-known/jwks.json": keys, "/openapi.json": openapi, "/docs": docs}
    for path, view in (views | {"/asyncapi.json": events, "/events-docs": events_docs}).items():
        setattr(view, PUBLIC, True)
        app.add_url_rule(path, view.__name__, view)
