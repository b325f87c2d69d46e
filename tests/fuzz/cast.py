"""Who sends the requests of a run: mostly somebody who may, sometimes anybody or nobody; it knows no schemathesis."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Self
from zlib import crc32

from gateway.tokens import Tokens

EVERYBODY = "whoever is signed in"
RUN_SECONDS = 24 * 3600
STREAM_SECONDS = 2
"""How long a token lives that opens a stream, which ends with it."""


@dataclass(frozen=True)
class Person:
    """Somebody with their roles, signed in."""

    name: str
    roles: tuple[str, ...]
    token: str


@dataclass(frozen=True)
class Cast:
    """Everybody, and the key of the tokens, with which those of streams are made."""

    key: str
    persons: tuple[Person, ...]

    def write(self, file: Path) -> None:
        """Keep it for another process."""
        file.touch(0o600)
        file.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, file: Path) -> Self:
        """What was kept."""
        kept = json.loads(file.read_text(encoding="utf-8"))
        persons = (Person(each["name"], tuple(each["roles"]), each["token"]) for each in kept["persons"])
        return cls(kept["key"], tuple(persons))

    def sender(self, who_may: str, content: str) -> Person | None:
        """Who sends a request with this content, None for nobody: the same for the same, whenever it is asked.

        `who_may` is the sentence of the document about the operation. Of three requests two are by somebody who may.
        """
        dice = crc32(content.encode("utf-8", "replace"))
        able = _able(self.persons, who_may)
        crowd = able if able and dice % 3 else (*self.persons, None)
        return crowd[dice // 3 % len(crowd)]

    def brief(self, person: Person) -> str:
        """Another token of the same session, which ends soon."""
        now = time.time()
        known = Tokens(self.key, STREAM_SECONDS).verify(person.token, now)
        return Tokens(self.key, STREAM_SECONDS).issue(known.session_id, known.caller, now)


@cache
def _able(persons: tuple[Person, ...], who_may: str) -> tuple[Person, ...]:
    """Those whose roles are named, or everybody where all who are signed in may."""
    if EVERYBODY in who_may or not who_may:
        return persons
    words = set(re.findall(r"\w+", who_may))
    return tuple(person for person in persons if words & set(person.roles))


def of_a_run(token: str, key: str) -> str:
    """Another token of the same session, that of a sign-in which stays a recent one for as long as a run goes on."""
    now = int(time.time())
    known = Tokens(key, RUN_SECONDS).verify(token, now)
    return Tokens(key, RUN_SECONDS).issue(known.session_id, known.caller, now, signed_in_at=now + RUN_SECONDS)


def roles_of(token: str, key: str) -> tuple[str, ...]:
    """The roles that a token says."""
    caller: Mapping[str, list[Mapping[str, str]]] = Tokens(key, 0).verify(token, time.time()).caller
    return tuple(sorted({grant["role"] for grant in caller["grants"]}))
