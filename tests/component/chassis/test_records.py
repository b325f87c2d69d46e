"""Records: opened and changed by commands that are safe to repeat, several of them together or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo import IndexModel
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from chassis.caller import Caller
from chassis.command import Asked, digest
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import StaleVersion
from chassis.records import COMMANDS, TRIES, Outcome, Records, carried_out

NOW = datetime(2026, 3, 12, 11, 40, tzinfo=UTC)


@dataclass(frozen=True)
class Thing:
    id: str
    tenant: str = "360704"
    name: str = "one"
    value: int = 0


def written(thing: Thing) -> dict[str, Any]:
    return {"_id": thing.id, "tenant": thing.tenant, "name": thing.name, "value": thing.value}


def read(found: Mapping[str, Any]) -> Thing:
    return Thing(found["_id"], found["tenant"], found["name"], found["value"])


def asked(command: str, who: str = "p-desk", **content: Any) -> Asked:
    return Asked(Caller(who), command, digest(content), NOW)


def outcome(thing: Thing, type: str = "thing.opened") -> Outcome[Thing]:
    return Outcome(thing, type, {"value": thing.value}, "dispatcher", answer={"name": thing.name})


def raised(thing: Thing) -> Outcome[Thing]:
    return outcome(replace(thing, value=thing.value + 1), "thing.raised")


@pytest.fixture
def things(database: Database[dict[str, Any]]) -> Records[Thing]:
    database.things.create_indexes([COMMANDS, IndexModel("name", name="name", unique=True)])
    outbox = Home(database).outbox("things", subject="thing", published={"thing.opened", "thing.raised"})
    return Records(outbox, written, read, lambda: Refusal("thing_not_found"))


def test_an_opened_record_tells_of_itself_and_answers(things: Records[Thing]) -> None:
    answer = things.open(asked("c-1"), outcome(Thing("a", value=3)))
    kept = things.load("a", ["360704"])
    [entry] = (things.outbox.collection.find_one({"_id": "a"}) or {})["history"]
    assert (kept.version, kept.item) == (1, Thing("a", value=3))
    assert answer == {
        "thing_id": "a",
        "version": 1,
        "at": "2026-03-12T11:40:00Z",
        "event_id": entry["id"],
        "name": "one",
    }
    assert entry["data"] == {
        "thing_id": "a",
        "version": 1,
        "at": "2026-03-12T11:40:00Z",
        "by": {"id": "p-desk", "role": "dispatcher"},
        "value": 3,
    }


def test_a_repetition_gets_the_same_answer_and_changes_nothing(things: Records[Thing]) -> None:
    first = things.open(asked("c-1"), outcome(Thing("a")))
    assert things.open(asked("c-1"), outcome(Thing("b"))) == first
    raising = things.change(asked("c-2"), "a", None, raised)
    assert things.change(asked("c-2"), "a", None, raised) == raising
    assert [kept.item.value for kept in things.find({})] == [1]


def test_a_command_that_comes_with_another_content_is_refused(things: Records[Thing]) -> None:
    things.open(asked("c-1"), outcome(Thing("a")))
    another = asked("c-1", other=1)
    with pytest.raises(Refusal, match="command_id_reused"):
        things.open(another, outcome(Thing("b")))
    with pytest.raises(Refusal, match="command_id_reused"):
        things.change(another, "a", None, raised)


def test_the_same_id_of_two_callers_is_two_commands(things: Records[Thing]) -> None:
    things.open(asked("c-1"), outcome(Thing("a")))
    things.open(asked("c-1", "p-other"), outcome(Thing("b", name="two")))
    assert len(things.find({})) == 2


def test_what_another_index_forbids_is_raised(things: Records[Thing]) -> None:
    things.open(asked("c-1"), outcome(Thing("a")))
    with pytest.raises(DuplicateKeyError):
        things.open(asked("c-2"), outcome(Thing("b")))


@pytest.mark.parametrize(("id", "tenants"), [("b", None), ("a", ["360702"]), ("a", [])])
def test_a_record_is_found_within_its_districts_only(things: Records[Thing], id: str, tenants: list[str]) -> None:
    things.open(asked("c-1"), outcome(Thing("a")))
    with pytest.raises(Refusal) as refused:
        things.load(id, tenants)
    assert refused.value.code == "thing_not_found"


def test_somebody_faster_makes_a_command_decide_anew(things: Records[Thing]) -> None:
    things.open(asked("c-1"), outcome(Thing("a")))
    seen: list[int] = []

    def late(thing: Thing) -> Outcome[Thing]:
        if not seen:
            things.change(asked("c-2"), "a", None, raised)
        seen.append(thing.value)
        return raised(thing)

    assert things.change(asked("c-3"), "a", None, late)["version"] == 3
    assert seen == [0, 1]


def test_a_repetition_at_the_same_time_is_answered_also_where_the_rule_would_refuse_a_second_time(
    things: Records[Thing], monkeypatch: pytest.MonkeyPatch
) -> None:
    things.open(asked("c-1"), outcome(Thing("a")))
    load, faster = things.load, list[dict[str, Any]]()

    def once(thing: Thing) -> Outcome[Thing]:
        if thing.value:
            raise Refusal("raised_already")
        return raised(thing)

    def overtaken(id: str, tenants: list[str] | None) -> Any:
        monkeypatch.setattr(things, "load", load)
        faster.append(things.change(asked("c-2"), "a", None, once))
        return load(id, tenants)

    monkeypatch.setattr(things, "load", overtaken)
    assert [things.change(asked("c-2"), "a", None, once)] == faster


def test_a_command_that_meets_itself_on_another_record_is_refused(things: Records[Thing]) -> None:
    for id in ("a", "b"):
        things.open(asked(f"c-{id}"), outcome(Thing(id, name=id)))

    def decide(kept: Thing) -> Outcome[Thing]:
        things.change(asked("c-3", id="b"), "b", ["360704"], raised)
        return raised(kept)

    with pytest.raises(Refusal, match="command_id_reused"):
        things.change(asked("c-3", id="a"), "a", ["360704"], decide)
    assert things.load("a", ["360704"]).version == 1


def test_a_command_that_never_gets_through_says_so(things: Records[Thing]) -> None:
    things.open(asked("c-1"), outcome(Thing("a")))
    tries: list[int] = []

    def overtaken(thing: Thing) -> Outcome[Thing]:
        tries.append(thing.value)
        things.change(asked(f"faster-{len(tries)}"), "a", None, raised)
        return raised(thing)

    with pytest.raises(Refusal) as refused:
        things.change(asked("c-2"), "a", None, overtaken)
    assert (refused.value.code, len(tries)) == ("busy_try_again", TRIES)


def test_several_records_change_together_or_not_at_all(things: Records[Thing]) -> None:
    things.open(asked("c-1"), outcome(Thing("a")))
    stale = things.load("a", None)
    things.change(asked("c-2"), "a", None, raised)
    new = things.opening(asked("c-3"), outcome(Thing("b", name="two")), along=True)
    with pytest.raises(StaleVersion):
        carried_out([new, things.changing(asked("c-3"), stale, raised(stale.item))])
    assert [kept.id for kept in things.find({})] == ["a"]
    now = things.load("a", None)
    carried_out([new, things.changing(asked("c-3"), now, raised(now.item))])
    assert [(kept.id, kept.item.value) for kept in things.find({}, [("_id", 1)])] == [("a", 2), ("b", 0)]
