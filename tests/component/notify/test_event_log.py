"""Positions of the event log: gap-free, never shared, and none used up by a duplicate."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from chassis.mongo import Home
from notify.events.logged_event import LoggedEvent
from notify.events.schemas import logged_event
from notify.events.store import EventLog
from notify.real_time import real_now
from tests.component.notify.samples import event
from tests.component.notify.stores import NotifyStores


def logged(id: str) -> LoggedEvent:
    return logged_event(event("case.noted", id=id))


def positions(database: Database[dict[str, Any]]) -> list[int]:
    return [each["_id"] for each in database["event_log"].find().sort("_id")]


def test_events_stand_one_after_the_other_with_their_exact_bytes(store: NotifyStores) -> None:
    odd = event("case.noted", id="e1", number="编号")
    assert store.log.append([logged_event(odd)], real_now()) == [1]
    assert store.log.append([logged("e2")], real_now()) == [2]
    kept = store.log.at([1, 2, 3])
    assert set(kept) == {1, 2}
    assert kept[1] == logged_event(odd)
    assert kept[1].body == odd.body


def test_a_duplicate_keeps_its_position_and_uses_none_up(store: NotifyStores) -> None:
    assert [store.log.append([logged(id)], real_now()) for id in ("e1", "e2", "e1", "e3")] == [[1], [2], [1], [3]]


@pytest.mark.parametrize("known", [(), ("e1",), ("e2",), ("e3",), ("e1", "e2"), ("e3", "e1")])
def test_of_several_events_those_that_are_known_keep_their_positions(
    store: NotifyStores, database: Database[dict[str, Any]], known: tuple[str, ...]
) -> None:
    before = {id: store.log.append([logged(id)], real_now())[0] for id in known}
    ids = ["e1", "e2", "e3"]
    found = dict(zip(ids, store.log.append([logged(id) for id in ids], real_now()), strict=True))
    assert found.items() >= before.items()
    assert positions(database) == sorted(found.values()) == [1, 2, 3]


def test_an_event_that_comes_twice_at_once_has_one_position(store: NotifyStores) -> None:
    assert store.log.append([logged(id) for id in ("e1", "e1", "e2")], real_now()) == [1, 1, 2]


def test_a_lot_with_events_that_are_known_is_written_in_two_goes(
    store: NotifyStores, database: Database[dict[str, Any]]
) -> None:
    def inserts() -> int:
        return int(database.client.admin.command("serverStatus")["metrics"]["commands"]["insert"]["total"])

    assert store.log.append([logged(id) for id in ("e2", "e5", "e6")], real_now()) == [1, 2, 3]
    before = inserts()
    assert store.log.append([logged(f"e{n}") for n in range(1, 9)], real_now()) == [4, 1, 5, 6, 2, 3, 7, 8]
    assert inserts() - before == 2
    assert positions(database) == list(range(1, 9))


def test_a_second_writer_goes_on_where_the_first_has_got_to(
    store: NotifyStores, database: Database[dict[str, Any]]
) -> None:
    other = EventLog(Home(database))
    found = [*store.log.append([logged("e1")], real_now()), *other.append([logged("e2")], real_now())]
    found += [*store.log.append([logged("e3")], real_now()), *other.append([logged("e2")], real_now())]
    assert found == [1, 2, 3, 2]


def test_many_writers_at_once_neither_share_nor_skip_a_position(
    store: NotifyStores, database: Database[dict[str, Any]]
) -> None:
    logs = [EventLog(Home(database)) for _ in range(4)]

    def write(number: int) -> int:
        return logs[number % 4].append([logged(f"e{number // 2}")], real_now())[0]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(write, range(200)))
    assert positions(database) == list(range(1, 101))
    assert sorted(found) == sorted([*range(1, 101)] * 2)


def test_positions_go_on_after_everything_old_was_purged(
    store: NotifyStores, database: Database[dict[str, Any]]
) -> None:
    long_ago = real_now() - timedelta(days=100)
    for number in range(3):
        store.log.append([logged(f"e{number}")], long_ago)
    assert store.log.purge(real_now() - timedelta(days=90)) == 2
    assert EventLog(Home(database)).append([logged("e9")], real_now()) == [4]


def test_a_failed_write_uses_no_position_up(store: NotifyStores, database: Database[dict[str, Any]]) -> None:
    store.log.append([logged("e1")], real_now())
    admin = database.client.admin
    admin.command(
        "configureFailPoint",
        "failCommand",
        mode={"times": 2},
        data={"failCommands": ["insert"], "errorCode": 11601, "namespace": f"{database.name}.event_log"},
    )
    with pytest.raises(Exception, match="failCommand"):
        store.log.append([logged("e2")], real_now())
    admin.command("configureFailPoint", "failCommand", mode="off")
    EventLog(Home(database)).append([logged("e3")], real_now())
    assert store.log.append([logged("e2")], real_now()) == [3]
    assert positions(database) == [1, 2, 3]
