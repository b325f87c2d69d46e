"""How far documents have come is written so that it only grows, also when they have moved on meanwhile."""

from typing import Any

import pytest
from pymongo.collection import Collection
from pymongo.database import Database

from chassis.carrier import Journey, mark
from chassis.publisher import Outcome

Things = Collection[dict[str, Any]]


@pytest.fixture
def things(database: Database[dict[str, Any]]) -> Things:
    return database["things"]


def come(id: str, relayed: int, to: int) -> Journey:
    journey = Journey({"_id": id, "relayed": relayed, "history": [{"n": n} for n in range(relayed + 1, to + 1)]})
    while journey.entry():
        journey.note(Outcome.TAKEN)
    return journey


def state(things: Things) -> dict[str, tuple[int, bool]]:
    return {each["_id"]: (each["relayed"], each["unrelayed"]) for each in things.find()}


def test_documents_that_have_come_equally_far_and_others_are_marked(things: Things) -> None:
    for id, version in {"a": 1, "b": 1, "c": 2, "d": 3}.items():
        things.insert_one({"_id": id, "version": version, "relayed": 0, "unrelayed": True})
    mark(things, [come("a", 0, 1), come("b", 0, 1), come("c", 0, 2), come("d", 0, 1)])
    assert state(things) == {"a": (1, False), "b": (1, False), "c": (2, False), "d": (1, True)}


@pytest.mark.parametrize("number", [1, 3])
def test_who_comes_later_with_less_lowers_nothing(things: Things, number: int) -> None:
    ids = [f"t{each}" for each in range(number)]
    things.insert_many([{"_id": id, "version": 5, "relayed": 4, "unrelayed": True} for id in ids])
    mark(things, [come(id, 0, 2) for id in ids])
    assert state(things) == dict.fromkeys(ids, (4, True))


def test_what_has_not_come_further_is_not_written(things: Things) -> None:
    things.insert_one({"_id": "a", "version": 1, "relayed": 0, "unrelayed": False})
    mark(things, [come("a", 0, 0)])
    assert state(things) == {"a": (0, False)}
