"""What the headers of a command say: which command it is, and which version of the resource it was meant for."""

import re
from hashlib import sha256
from typing import Any

from flask import request

from chassis.errors import Refusal
from chassis.ids import new_id
from gateway.identity import identity

KEY = re.compile(r"[\x21-\x7e]{1,200}")
TAG = r'(W/)?"[^"]*"'
TAGS = re.compile(rf"\*|{TAG}(\s*,\s*{TAG})*")
"""What stands in `If-Match` (RFC 9110 §13.1.1): any version, or tags in their quotes."""
VERSION_TAG = re.compile(r"v(\d{1,9})\.[0-9a-f]+")


def command_id() -> str:
    """The id of this command: the same for the same caller and `Idempotency-Key`, else a new one."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return new_id()
    if not KEY.fullmatch(key):
        raise Refusal("bad_idempotency_key")
    return sha256(f"{identity().id}\0{key}".encode()).hexdigest()[:32]


def command() -> dict[str, Any]:
    """The arguments that every command takes: on whose behalf, and its id."""
    return {"caller": identity().caller, "command_id": command_id()}


def if_version() -> int | None:
    """The version that `If-Match` names, None without the header or for `*`.

    Refuses `bad_if_match`. A tag of no version, or a weak one, matches nothing, so it raises
    `Refusal("stale_version")` (RFC 9110 §13.1.1).
    """
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    if not TAGS.fullmatch(header.strip()):
        raise Refusal("bad_if_match")
    versions = {int(found[1]) for found in map(VERSION_TAG.fullmatch, request.if_match.as_set()) if found}
    if len(versions) != 1:
        raise Refusal("stale_version")
    return versions.pop()
