"""State and event are one write, and a stale writer changes nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from chassis.ids import new_id
from chassis.mongo import Home
from chassis.outbox import UNRELAYED_INDEX, Entry, Outbox, StaleVersion

NOW = datetime(2026, 3, 12, 11, 40, tzinfo=UTC)


def entry(type: str = "thing.given", **fields: Any) -> Entry:
    return Entry(new_id(), type, NOW, {"value": 1}, **fields)


@pytest.fixture
def told() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def outbox(database: Database[dict[str, Any]], told: list[tuple[str, str]]) -> Outbox:
    home = Home(database, lambda collection, id: told.append((collection, id)))
    return home.outbox("things", subject="thing", published={"thing.given"})


def test_a_created_document_holds_its_first_event(outbox: Outbox, told: list[tuple[str, str]]) -> None:
    outbox.create({"_id": "a", "value": 1}, [entry(command="c-1", answer={"version": 1})])
    stored = outbox.collection.find_one({"_id": "a"}) or {}
    assert (stored["version"], stored["relayed"], stored["unrelayed"]) == (1, 0, True)
    assert [(e["n"], e["type"], e["command"], e["at"]) for e in stored["history"]] == [(1, "thing.given", "c-1", NOW)]
    assert told == [("things", "a")]


def test_an_id_is_created_once(outbox: Outbox) -> None:
    outbox.create({"_id": "a"}, [entry()])
    with pytest.raises(DuplicateKeyError):
        outbox.create({"_id": "a"}, [entry()])


def test_a_change_and_its_event_are_one(outbox: Outbox) -> None:
    outbox.create({"_id": "a", "value": 1}, [entry()])
    outbox.append("a", 1, [entry(), entry()], {"$set": {"value": 2}})
    stored = outbox.collection.find_one({"_id": "a"}) or {}
    assert (stored["value"], stored["version"]) == (2, 3)
    assert [e["n"] for e in stored["history"]] == [1, 2, 3]


def test_who_loaded_an_older_version_changes_nothing(outbox: Outbox) -> None:
    outbox.create({"_id": "a", "value": 1}, [entry()])
    outbox.append("a", 1, [entry()], {"$set": {"value": 2}})
    with pytest.raises(StaleVersion):
        outbox.append("a", 1, [entry()], {"$set": {"value": 3}})
    stored = outbox.collection.find_one({"_id": "a"}) or {}
    assert (stored["value"], stored["version"], len(stored["history"])) == (2, 2, 2)


def test_of_many_who_write_at_once_one_succeeds(outbox: Outbox) -> None:
    outbox.create({"_id": "a"}, [entry()])

    def write(n: int) -> bool:
        try:
            outbox.append("a", 1, [entry()], {"$set": {"value": n}})
        except StaleVersion:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(write, range(50))) == 1


def test_what_nobody_hears_is_history_and_not_outbox(outbox: Outbox, told: list[tuple[str, str]]) -> None:
    outbox.create({"_id": "a"}, [entry("thing.noted")])
    stored = outbox.collection.find_one({"_id": "a"}) or {}
    assert (stored["relayed"], stored["unrelayed"]) == (1, False)
    assert told == []


def test_the_relay_finds_its_work_by_an_index(outbox: Outbox, database: Database[dict[str, Any]]) -> None:
    outbox.collection.create_indexes([UNRELAYED_INDEX])
    sweep = outbox.collection.find({"unrelayed": True, "written_at": {"$lt": NOW}}).sort("written_at")
    plan = sweep.explain()["queryPlanner"]["winningPlan"]
    assert "IXSCAN" in str(plan)
    assert "COLLSCAN" not in str(plan)
