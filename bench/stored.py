"""Fills the database of cases with many of them, as if the service had taken them in over the last two years."""

import math
import random
import re
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import bson
from bson.raw_bson import RawBSONDocument
from pymongo.write_concern import WriteConcern

from bench.counted import Counted
from bench.people import signed_in
from bench.played import SEED, played
from bench.stage import Document, Stage
from cases.number import CHANCES, number
from cases.store.cases import UNCOUNTED
from dev.client import Client
from dev.suite import Suite
from members.demo.district import district

PATTERNS = 200
WEEKS = 104
UNDER_WAY = timedelta(weeks=2)
"""Of older cases all have ended: no office leaves one in twelve open for years."""
BATCH = 1_000
CHECKED = 20
STRIDE = 104_729
"""A prime, so that running numbers give case numbers that are all different and in no order."""
MEMBERS = (5, 3000)
"""Running numbers of the demo's in-service members, who report as residents."""
AXES = ("lon", "lat")
MOVED = 0.0002
"""Degrees by which a copy lies beside its pattern, about 20 m."""

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
COMMAND = re.compile(r"[0-9a-f]{32}")
NUMBER = re.compile(r"\d{6}-\d{8}-\w{6}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
MEMBER = re.compile(r"p-member-\d{4}")
ALIKE: Mapping[str, re.Pattern[str]] = {
    "uuid": UUID, "command": COMMAND, "number": NUMBER, "instant": INSTANT, "member": MEMBER
}  # fmt: skip


@dataclass(frozen=True)
class Variation:
    """What makes one copy differ from its pattern: which it is, how much earlier, and chance."""

    running: int
    earlier: timedelta
    dice: random.Random


class Pattern:
    """One played case as bytes, cut where a copy has something of its own."""

    def __init__(self, document: Document) -> None:
        self._tenant, self._at = document["tenant"], document["reported_at"]
        self.ended = "ended_at" in document
        self._slots = {token: (kind, value) for kind, value, token in _own(document)}
        cut = re.compile(b"(" + b"|".join(map(re.escape, sorted(self._slots, key=len, reverse=True))) + b")")
        self._parts = cut.split(bson.encode(document))

    def copy(self, variation: Variation) -> RawBSONDocument:
        """Another case: ids, number, commands, reporter, place and times of its own; all else as it was played."""
        own = {token: self._fresh(kind, value, variation) for token, (kind, value) in self._slots.items()}
        return RawBSONDocument(b"".join(own.get(part, part) for part in self._parts))

    def _fresh(self, kind: str, value: Any, variation: Variation) -> bytes:
        if kind == "number":
            chance = variation.running * STRIDE % CHANCES
            return number(self._tenant, self._at - variation.earlier, chance).encode()
        if kind == "uuid":
            return _uuid(self._at - variation.earlier, variation.dice).encode()
        return FRESH[kind](value, variation)


@cache
def _moved_day(day: str, earlier: timedelta) -> str:
    return f"{date.fromisoformat(day) - earlier:%Y-%m-%d}"


FRESH: Mapping[str, Callable[[Any, Variation], bytes]] = {
    "command": lambda _, variation: f"{variation.dice.getrandbits(128):032x}".encode(),
    "instant": lambda text, variation: _moved_day(text[:10], variation.earlier).encode() + text[10:].encode(),
    "member": lambda _, variation: f"p-member-{variation.dice.randint(*MEMBERS):04d}".encode(),
    "time": lambda at, variation: _time(at - variation.earlier),
    "degrees": lambda degrees, variation: _degrees(degrees + variation.dice.uniform(-MOVED, MOVED)),
}


def fill(stage: Stage, wanted: int, weeks: int = WEEKS) -> None:
    """Add cases of so many weeks until there are `wanted`; the same ones on every machine but for their ids."""
    cases = stage.client["cases"].get_collection("cases", write_concern=WriteConcern(1))
    present = cases.estimated_document_count()
    if present >= wanted:
        return
    patterns, dice = _patterns(stage), random.Random(f"{SEED} {present}")  # noqa: S311 - data, no secret
    counted = Counted(stage.client["cases"])
    for done, batch in _batches(patterns, present, wanted, weeks, dice):
        cases.insert_many(batch, ordered=False)
        counted.add(batch)
        if done % 100_000 < BATCH:
            stage.told(f"{done:,} cases stored")
    counted.finish()


@contextmanager
def unindexed(stage: Stage) -> Iterator[None]:
    """Cases have no index inside, which nobody but `fill` should meet, and behind it those that they had.

    An index is built of many cases at once, instead of entering each by itself.
    """
    database = stage.client["cases"]
    kept = [each for each in database["cases"].list_indexes() if each["name"] != "_id_"]
    database["cases"].drop_indexes()
    yield
    database.command("createIndexes", "cases", indexes=kept)


def check(stage: Stage, suite: Suite) -> None:
    """Read some of them back as the office does; raises AssertionError when the interface shows something else."""
    dispatcher = next(each for each in district().people if each.login == "dispatcher")
    client = Client(suite.url, signed_in(suite, {"dispatcher": dispatcher})["dispatcher"])
    for found in stage.client["cases"]["cases"].aggregate([{"$sample": {"size": CHECKED}}]):
        answer = client.get(f"/v1/cases/{found['_id']}")
        shown = {name: answer.json().get(name) for name in ("number", "status", "version")}
        if shown != {name: found[name] for name in shown}:
            raise AssertionError(f"{found['_id']}: {answer.status_code} {shown}")


def _batches(
    patterns: list[Pattern], present: int, wanted: int, weeks: int, dice: random.Random
) -> Iterator[tuple[int, list[RawBSONDocument]]]:
    """The oldest first, as they would have come in."""
    missing, ended = wanted - present, [each for each in patterns if each.ended]
    for start in range(0, missing, BATCH):
        numbers = range(start, min(start + BATCH, missing))
        variations = [_variation(present + n, weeks - math.floor(n / missing * weeks), dice) for n in numbers]
        fit = [ended if each.earlier > UNDER_WAY else patterns for each in variations]
        yield (
            present + numbers.stop,
            [dice.choice(among).copy(each) for among, each in zip(fit, variations, strict=True)],
        )


def _variation(running: int, weeks_ago: int, dice: random.Random) -> Variation:
    return Variation(running, timedelta(weeks=weeks_ago), dice)


def _patterns(stage: Stage) -> list[Pattern]:
    """Cases that were played, as the relay leaves them."""
    # What lay for years has been told and counted: a clock that came upon all of it at once would be measured too.
    told = {"$set": {"relayed": "$version", "unrelayed": False}}
    with played(stage, PATTERNS) as cases:
        cases.update_many({}, [told, {"$unset": ["alarm_at", UNCOUNTED]}])
        return [Pattern(document) for document in cases.find()]


def _own(document: Document) -> Iterator[tuple[str, Any, bytes]]:
    """What a copy has to have of its own: kind, value, and the bytes that it has in the pattern."""
    yield from (
        ("degrees", value, _degrees(value)) for name, value in document["place"]["point"].items() if name in AXES
    )
    for value in _leaves(document):
        if isinstance(value, datetime):
            yield "time", value, _time(value)
        elif isinstance(value, str):
            yield from ((kind, value, value.encode()) for kind, like in ALIKE.items() if like.fullmatch(value))


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    else:
        yield value


def _time(at: datetime) -> bytes:
    return struct.pack("<q", round((at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1)))


def _degrees(value: float) -> bytes:
    return struct.pack("<d", value)


def _uuid(at: datetime, dice: random.Random) -> str:
    """A UUIDv7 of that moment."""
    moment, chance = f"{int(at.timestamp() * 1000):012x}", f"{dice.getrandbits(72):018x}"
    return f"{moment[:8]}-{moment[8:]}-7{chance[:3]}-{dice.choice('89ab')}{chance[3:6]}-{chance[6:]}"
