"""State and event are one write, and a stale writer changes nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from chassis.ids import new_id
from chassis.mongo import Home
from chassis.outbox import (
    UNRELAYED_INDEX,
    WRITTEN_INDEX,
    Addition,
    Creation,
    Entry,
    Outbox,
    StaleVersion,
    written_together,
)
from chassis.relay import IN_ORDER, after

NOW = datetime(2026, 3, 12, 11, 40, tzinfo=UTC)
LONG_AGO = datetime(2026, 3, 1, tzinfo=UTC)


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


def test_what_is_over_is_nobodys_news_and_was_written_when_it_ended(outbox: Outbox) -> None:
    outbox.collection.insert_one(outbox.past({"_id": "a"}, [entry(), entry()]))
    stored = outbox.collection.find_one({"_id": "a"}) or {}
    assert (stored["version"], stored["relayed"], stored["unrelayed"]) == (2, 2, False)
    assert stored["written_at"] == NOW
    outbox.append("a", 2, [entry()])
    stored = outbox.collection.find_one({"_id": "a"}) or {}
    assert (stored["version"], stored["relayed"], stored["unrelayed"]) == (3, 2, True)


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


def stored(outbox: Outbox, id: str) -> tuple[Any, ...]:
    found = outbox.collection.find_one({"_id": id}) or {}
    return found.get("value"), found["version"], found["unrelayed"], [entry["n"] for entry in found["history"]]


def addition(id: str, version: int = 1, value: int = 2) -> Addition:
    return Addition(id, version, [entry()], {"$set": {"value": value}})


def test_what_changes_together_is_written_with_the_event_of_each_and_told_afterwards(
    outbox: Outbox, told: list[tuple[str, str]]
) -> None:
    for id in ("a", "b"):
        outbox.create({"_id": id, "value": 1}, [entry("thing.noted")])
    outbox.append_to_all([addition("b"), addition("a")])
    assert stored(outbox, "a") == stored(outbox, "b") == (2, 2, True, [1, 2])
    assert told == [("things", "a"), ("things", "b")]


@pytest.mark.parametrize("stale", ["a", "b"])
def test_what_changes_together_does_not_change_when_one_of_it_has_moved_on(
    outbox: Outbox, told: list[tuple[str, str]], stale: str
) -> None:
    for id in ("a", "b"):
        outbox.create({"_id": id, "value": 1}, [entry("thing.noted")])
    with pytest.raises(StaleVersion):
        outbox.append_to_all([addition(id, version=7 if id == stale else 1) for id in ("a", "b")])
    assert stored(outbox, "a") == stored(outbox, "b") == (1, 1, False, [1])
    assert told == []


def test_an_error_in_one_of_several_documents_changes_none_of_them(outbox: Outbox) -> None:
    outbox.collection.create_index("value", unique=True)
    for id in ("a", "b"):
        outbox.create({"_id": id, "value": id}, [entry()])
    with pytest.raises(DuplicateKeyError):
        outbox.append_to_all([addition("a", value=9), addition("b", value=9)])
    assert (stored(outbox, "a")[:2], stored(outbox, "b")[:2]) == (("a", 1), ("b", 1))


def test_many_new_documents_are_written_together_or_none_of_them(outbox: Outbox, told: list[tuple[str, str]]) -> None:
    def created(*ids: str) -> list[tuple[Outbox, Creation]]:
        return [(outbox, Creation({"_id": id, "value": 1}, [entry()])) for id in ids]

    written_together(created("a", "b", "c"))
    stored = {found["_id"]: found["unrelayed"] for found in outbox.collection.find()}
    assert (stored, told) == ({"a": True, "b": True, "c": True}, [("things", id) for id in "abc"])
    with pytest.raises(DuplicateKeyError) as refused:
        written_together(created("d", "b", "e"))
    assert (refused.value.details or {})["keyPattern"] == {"_id": 1}
    assert outbox.collection.count_documents({}) == 3
    assert len(told) == 3


def test_of_many_who_change_the_same_documents_together_one_succeeds_and_the_others_know(outbox: Outbox) -> None:
    for id in ("a", "b", "c"):
        outbox.create({"_id": id}, [entry()])

    def write(n: int) -> bool:
        pair = [("a", "b"), ("b", "a"), ("b", "c")][n % 3]
        try:
            outbox.append_to_all([addition(id, value=n) for id in pair])
        except StaleVersion:
            return False
        return True

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(write, range(48))) == 1
    assert [stored(outbox, id)[1] for id in ("a", "b", "c")].count(2) == 2


def test_a_document_that_another_transaction_is_writing_counts_as_moved_on(outbox: Outbox) -> None:
    for id in ("a", "b"):
        outbox.create({"_id": id}, [entry()])
    with outbox.collection.database.client.start_session() as session, session.start_transaction():
        outbox.collection.update_one({"_id": "a"}, {"$set": {"value": 5}}, session=session)
        with pytest.raises(StaleVersion):
            outbox.append_to_all([addition("a"), addition("b")])
        outbox.append("b", 1, [entry()])
    assert (stored(outbox, "a")[:2], stored(outbox, "b")[1]) == ((5, 1), 2)


def test_what_nobody_hears_is_history_and_not_outbox(outbox: Outbox, told: list[tuple[str, str]]) -> None:
    outbox.create({"_id": "a"}, [entry("thing.noted")])
    stored = outbox.collection.find_one({"_id": "a"}) or {}
    assert (stored["relayed"], stored["unrelayed"]) == (1, False)
    assert told == []


@pytest.mark.parametrize("further", [{}, after({"written_at": NOW, "_id": "a"})])
def test_the_relay_finds_its_work_in_order_by_an_index(outbox: Outbox, further: dict[str, Any]) -> None:
    outbox.collection.create_indexes([UNRELAYED_INDEX, WRITTEN_INDEX])
    old = [outbox.sealed({"_id": f"old-{n}"}, [entry("thing.noted")]) for n in range(50)]
    outbox.collection.insert_many([{**document, "written_at": LONG_AGO} for document in old])
    outbox.collection.insert_one({**outbox.sealed({"_id": "waiting"}, [entry()]), "written_at": LONG_AGO})
    sweep = outbox.collection.find({"unrelayed": True, "written_at": {"$lt": NOW}, **further}).sort(IN_ORDER)
    plan = str(sweep.explain()["queryPlanner"]["winningPlan"])
    assert "IXSCAN" in plan
    assert "unrelayed_in_order" in plan  # the other one with these keys holds all that was ever written
    assert "COLLSCAN" not in plan
    assert "'SORT'" not in plan
