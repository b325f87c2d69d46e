"""What the headers of a command say: which command it is, and which version of the resource it was meant for."""

import re
from hashlib import sha256
from typing import Any

from flask import request

from chassis.errors import Refusal
from chassis.ids import new_id
from gateway.compression import MARK
from gateway.identity import identity

KEY = re.compile(r"[\x21-\x7e]{1,200}")
TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
"""An entity tag (RFC 9110 §8.8.3)."""
TAGS = re.compile(rf"{TAG}(?:[ \t]*,[ \t]*{TAG})*")
VERSION_TAG = re.compile(rf'"v(\d{{1,9}})\.[0-9a-f]+(?:{MARK})?"')


def command_id() -> str:
    """The id of this command: the same for the same caller and `Idempotency-Key`, else a new one."""
    key = request.headers.get("Idempotency-Key")
    return new_id() if key is None else keyed(key)


def anybodys_command_id() -> str:
    """The same of somebody who is not signed in: whoever sends the same key is taken for the same."""
    key = request.headers.get("Idempotency-Key")
    return new_id() if key is None else _keyed("", key)


def programs_command_id(program: str) -> str:
    """The same of a program that has shown its key; `program` is who it is."""
    key = request.headers.get("Idempotency-Key")
    return new_id() if key is None else _keyed(program, key)


def part_of(command_id: str, part: str) -> str:
    """The id of a command that is carried out for another one, and comes again when that does."""
    return sha256(f"{command_id}\0{part}".encode()).hexdigest()[:32]


def keyed(key: str) -> str:
    """The id of the caller's command with that key; refuses `bad_idempotency_key`."""
    return _keyed(identity().id, key)


def _keyed(caller: str, key: str) -> str:
    if not KEY.fullmatch(key):
        raise Refusal("bad_idempotency_key")
    return sha256(f"{caller}\0{key}".encode()).hexdigest()[:32]


def command() -> dict[str, Any]:
    """The arguments that every command takes: on whose behalf, and its id."""
    return {"caller": identity().caller, "command_id": command_id()}


def if_version() -> int | None:
    """The version that `If-Match` names, None without the header or for `*`, with which any version will do.

    A tag of no version matches nothing, nor does a weak one (RFC 9110 §13.1.1): `Refusal("stale_version")`. What is no
    list of tags at all, such as a tag without its quotes, is `Refusal("bad_if_match")`.
    """
    wanted = request.headers.get("If-Match", "*").strip(" \t")
    if wanted == "*":
        return None
    if not TAGS.fullmatch(wanted):
        raise Refusal("bad_if_match")
    versions = {int(found[1]) for found in map(VERSION_TAG.fullmatch, re.findall(TAG, wanted)) if found}
    if len(versions) != 1:
        raise Refusal("stale_version")
    return versions.pop()
