"""Stored cases on a real MongoDB: as the service itself would have written them, and each of its own."""

import random
import re
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import bson
import pymongo
import pytest
from bson.codec_options import CodecOptions

from bench.counted import Counted
from bench.played import Player
from bench.stored import Pattern, Variation
from cases.case import Status
from cases.indicators.recount_store import RecountStore
from cases.indicators.recounting import step
from cases.indicators.store import IndicatorStore
from cases.number import PATTERN
from cases.place import Compound, Point
from cases.store import CaseStore, PlaceStore, case_document
from chassis.mongo import Home
from chassis.setup import indexed
from members.demo.district import district
from tests.component.cases.staging import demo_grids

AWARE: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True)


@pytest.fixture
def played(database: pymongo.database.Database[dict[str, Any]]) -> list[dict[str, Any]]:
    """Forty cases as the rules of the service leave them."""
    home = Home(database)
    places = PlaceStore(home)
    for grid in demo_grids():
        places.put_grid(grid, 1)
    for each in district().compounds:
        spot = Point(*each.at)
        places.put_compound(Compound(each.id, each.name, each.grid_code, spot, each.is_old, False, None), 1)
    player = Player(indexed(database, CaseStore), places, random.Random(1))
    for _ in range(40):
        player.play()
    return list(database["cases"].find())


def copy(document: dict[str, Any], running: int) -> dict[str, Any]:
    variation = Variation(running, timedelta(weeks=10), random.Random(running))
    made: dict[str, Any] = bson.decode(Pattern(document).copy(variation).raw, AWARE)
    return made


def test_played_cases_end_in_different_ways(played: list[dict[str, Any]]) -> None:
    assert {Status.CLOSED, Status.REJECTED} <= {Status(document["status"]) for document in played}


def test_a_copy_is_a_case_of_its_own_that_the_service_can_read(played: list[dict[str, Any]]) -> None:
    for running, document in enumerate(played):
        before, after = case_document.read(document), case_document.read(copy(document, running))
        assert after.reported_at == before.reported_at - timedelta(weeks=10)
        assert (after.status, after.version, after.category) == (before.status, before.version, before.category)
        assert after.id != before.id
        assert after.number != before.number
        assert not set(after.photos) & set(before.photos)


def test_a_copy_agrees_with_itself(played: list[dict[str, Any]]) -> None:
    for running, document in enumerate(played):
        made = copy(document, running)
        for entry in made["history"]:
            assert entry["data"]["case_id"] == made["_id"]
            assert entry["data"]["number"] == made["number"]
            assert entry["answer"]["event_id"] == entry["id"]
            assert datetime.fromisoformat(entry["data"]["at"]) == entry["at"]
        assert [entry["command"] for entry in made["history"] if entry["command"]] == made["commands"]
        assert f"reporter:{made['reporter']['id']}" in made["concerned"]


def test_two_copies_share_nothing_that_has_to_be_unique(played: list[dict[str, Any]]) -> None:
    one, other = copy(played[0], 1), copy(played[0], 2)
    for field in ("_id", "number"):
        assert one[field] != other[field]
    for field in ("commands", "photos"):
        assert not set(one.get(field, ())) & set(other.get(field, ()))


def test_numbers_look_like_numbers(played: list[dict[str, Any]]) -> None:
    assert all(re.match(PATTERN, copy(document, running)["number"]) for running, document in enumerate(played))


def test_copies_are_counted_as_the_service_would(
    played: list[dict[str, Any]], database: pymongo.database.Database[dict[str, Any]]
) -> None:
    database.drop_collection("cases")
    store, recounts = indexed(database, IndicatorStore), RecountStore(Home(database))
    variations = [Variation(n, timedelta(weeks=n), random.Random(n)) for n in range(len(played))]
    copies = [Pattern(each).copy(variation) for each, variation in zip(played, variations, strict=True)]
    database["cases"].insert_many(copies)
    counted = Counted(database)
    counted.add(copies)
    counted.finish()
    database["cases"].update_many({}, {"$unset": {"uncounted": True}})
    assert store.waits_since() is None
    after: str | None = ""
    sums = Counter[str]()
    while after is not None:
        found = step(recounts, after)
        after = found.pop("next")
        sums.update(found)
    assert sums == {"cases": len(copies), "lines": 0, "counters": 0}
