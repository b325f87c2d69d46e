"""The trail in a database: one chain whoever appends, nothing lost, and whatever is done behind its back is found."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pymongo
import pytest
from pymongo.database import Database
from pymongo.monitoring import CommandListener

from chassis.audit.carrier import Carrier
from chassis.audit.checking import check
from chassis.audit.debts import Debts
from chassis.audit.heads import carried
from chassis.audit.row import BEGINNING, Act, Place, hash_of
from chassis.audit.store import AuditStore, within
from chassis.audit.witnesses import unheard
from chassis.ids import new_id
from chassis.mongo import Home
from chassis.outbox import Addition, Audited, Entry, Outbox
from chassis.setup import indexed
from dev.servers import Mongod

NOON = datetime(2026, 3, 29, 4, tzinfo=UTC)
NOW = datetime(2026, 4, 2, 4, tzinfo=UTC)
THREE_YEARS_ON = datetime(2029, 3, 31, 4, tzinfo=UTC)
DAYS = ("2026-03-29", "2026-03-30", "2026-03-31")

Row = dict[str, Any]
Rows = Database[Row]


@pytest.fixture
def trail(database: Rows) -> AuditStore:
    return indexed(database, AuditStore)


def act(key: str, at: datetime = NOON, **fields: Any) -> Act:
    return Act(key, "contact.revealed", at, "p-1", "dispatcher", "case", "c-1", ("360704", "360704100"), **fields)


def filled(trail: AuditStore) -> None:
    """Three rows, one, and two, on three days."""
    for n, day in enumerate((0, 0, 0, 1, 2, 2)):
        trail.append(act(f"k{n}", NOON + timedelta(days=day, minutes=n)))


def checked(database: Rows, heads: Path | None = None, now: datetime = NOW) -> list[str]:
    said: list[str] = []
    check(database, "cases", [heads] if heads else [], now, said.append)
    return said


def test_an_act_is_a_row_once_however_often_it_is_told(database: Rows, trail: AuditStore) -> None:
    assert trail.append(act("a"))
    assert not trail.append(act("a"))
    assert not trail.append(act("a", NOON + timedelta(days=1)))
    assert [(row["_id"], row["day"], row["seq"]) for row in database.audit.find()] == [("a", "2026-03-29", 1)]


def test_many_who_append_at_once_make_one_chain(database: Rows) -> None:
    """Stores of their own meet as processes do; each act is told by two of them, around midnight."""
    stores = [indexed(database, AuditStore) for _ in range(4)]
    midnight = datetime(2026, 3, 29, 16, tzinfo=UTC)

    def tell(n: int) -> None:
        at = midnight + timedelta(seconds=(n % 7) - 3)
        for store in (stores[n % 4], stores[(n + 1) % 4]):
            store.append(act(f"k{n}", at))

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(tell, range(120)))
    assert database.audit.count_documents({}) == 120
    assert checked(database) == []


APPEND = """
import sys
from datetime import datetime, timedelta, UTC
from chassis.audit.row import Act
from chassis.audit.store import AuditStore
from chassis.mongo import Home, connect
from chassis.settings import settings
name, whose = sys.argv[1:]
store = AuditStore(Home(connect(settings, "cases")[name]))
for n in range(30):
    at = datetime(2026, 3, 29, 15, 59, 45, tzinfo=UTC) + timedelta(seconds=n)
    store.append(Act(f"{whose}-{n}", "act", at, whose, None, "thing", None))
    print(n, flush=True)
"""


def appending(mongod: Mongod, name: str, whose: str, crash_at: str | None = None) -> subprocess.Popen[str]:
    more = {"CRASH_AT": crash_at} if crash_at else {}
    environment = {**os.environ, "MONGO_URI": mongod.uri, **more}
    return subprocess.Popen(
        [sys.executable, "-c", APPEND, name, whose], env=environment, stdout=subprocess.PIPE, text=True
    )


def test_processes_that_die_at_any_point_leave_one_chain_with_all_that_was_answered(
    database: Rows, trail: AuditStore, mongod: Mongod
) -> None:
    points = {"a": "before-audit:9", "b": "after-audit:7", "c": None}
    running = {whose: appending(mongod, database.name, whose, point) for whose, point in points.items()}
    answered = {whose: len((each.communicate(timeout=60)[0]).split()) for whose, each in running.items()}
    assert {whose: each.returncode for whose, each in running.items()} == {"a": -9, "b": -9, "c": 0}
    kept = {whose: database.audit.count_documents({"who": whose}) for whose in points}
    # Who died after the write has a row that nobody was told of; nobody was told of a row that is not there.
    assert answered == {"a": kept["a"], "b": kept["b"] - 1, "c": 30}
    assert kept["b"] == 7
    assert checked(database) == []


def altered(rows: Rows, key: str, **changed: Any) -> None:
    rows.audit.update_one({"_id": key}, {"$set": changed})


def altered_with_its_hash(rows: Rows, key: str) -> None:
    row = rows.audit.find_one({"_id": key}) or {}
    rows.audit.update_one({"_id": key}, {"$set": {"who": "p-9", "hash": hash_of(row | {"who": "p-9"})}})


def inserted(rows: Rows) -> None:
    row = (rows.audit.find_one({"_id": "k1"}) or {}) | {"_id": "new", "seq": 2.5}
    row["after"] = row["after"] | {"seq": 1.5}
    rows.audit.insert_one(row | {"hash": hash_of(row)})


def inserted_in_a_place_that_is_taken(rows: Rows) -> None:
    rows.audit.drop_indexes()
    rows.audit.insert_one((rows.audit.find_one({"_id": "k1"}) or {}) | {"_id": "new"})


def forged(rows: Rows, seq: Any) -> None:
    rows.audit.insert_one((rows.audit.find_one({"_id": "k1"}) or {}) | {"_id": "new", "who": "p-forged", "seq": seq})


TAMPERED: list[tuple[str, Callable[[Rows], object], str]] = [
    ("altered", lambda rows: altered(rows, "k1", who="p-9"), "altered row 2026-03-29/2"),
    ("a reason taken out", lambda rows: altered(rows, "k4", reason="x"), "altered row 2026-03-31/5"),
    ("altered with its hash", lambda rows: altered_with_its_hash(rows, "k1"), "altered row 2026-03-29/2"),
    (
        "the newest altered with its hash",
        lambda rows: altered_with_its_hash(rows, "k5"),
        "head that differs 2026-03-31/6",
    ),
    ("missing", lambda rows: rows.audit.delete_one({"_id": "k1"}), "missing row 2026-03-29/2"),
    ("inserted", inserted, "inserted row 2026-03-29/2.5"),
    ("inserted in a place", inserted_in_a_place_that_is_taken, "inserted row 2026-03-29/2"),
    ("inserted before all", lambda rows: forged(rows, -5), "inserted row 2026-03-29/-5"),
    ("inserted as none", lambda rows: forged(rows, 0), "inserted row 2026-03-29"),
    ("inserted without a number", lambda rows: forged(rows, None), "inserted row 2026-03-29"),
    ("inserted with a text", lambda rows: forged(rows, "7"), "inserted row 2026-03-29/7"),
    ("cut off", lambda rows: rows.audit.delete_one({"_id": "k5"}), "cut-off tail 2026-03-31/6"),
    ("missing at the end of a day", lambda rows: rows.audit.delete_one({"_id": "k2"}), "missing row 2026-03-29/3"),
    ("a day gone", lambda rows: rows.audit.delete_many({"day": DAYS[1]}), "missing row 2026-03-30/4"),
    ("the last day gone", lambda rows: rows.audit.delete_many({"day": DAYS[2]}), "cut-off tail 2026-03-31/6"),
    ("the first day gone", lambda rows: rows.audit.delete_many({"day": DAYS[0]}), "not the beginning 2026-03-30/4"),
    ("all gone", lambda rows: rows.audit.delete_many({}), "cut-off tail 2026-03-31/6"),
]


@pytest.mark.parametrize(("done", "said"), [each[1:] for each in TAMPERED], ids=[each[0] for each in TAMPERED])
def test_whatever_is_done_behind_the_service_is_found(
    database: Rows, trail: AuditStore, tmp_path: Path, done: Callable[[Rows], object], said: str
) -> None:
    filled(trail)
    Carrier("cases", tmp_path / "heads").carry(trail)
    assert checked(database, tmp_path / "heads") == []
    done(database)
    assert any(line.startswith(f"cases: {said}:") for line in checked(database, tmp_path / "heads"))


@pytest.mark.parametrize("seq", [-5, 0, None, "7"])
def test_a_row_without_a_number_of_the_trail_is_not_shown_and_stops_nothing(
    database: Rows, trail: AuditStore, seq: Any
) -> None:
    filled(trail)
    before = [row["_id"] for row in trail.page({}, None, 10)]
    forged(database, seq)
    assert [row["_id"] for row in trail.page({}, None, 10)] == before
    assert trail.of_who(["p-forged"]) == []
    assert trail.append(act("later", NOON + timedelta(days=9)))
    assert trail.last().seq == len(before) + 1


def test_what_should_have_been_dropped_is_not_shown(database: Rows, trail: AuditStore) -> None:
    filled(trail)
    stays = database.audit.find_one({"_id": "k1"}) or {}
    trail.drop_to(Place.of(database.audit.find_one({"_id": "k3"}) or {}))
    database.audit.insert_one(stays)
    assert [row["_id"] for row in trail.page({}, None, 10)] == ["k5", "k4"]


def test_days_that_somebody_drops_before_their_term_are_found(database: Rows, trail: AuditStore) -> None:
    filled(trail)
    trail.drop_to(Place.of(database.audit.find_one({"_id": "k3"}) or {}))
    assert checked(database) == ["cases: not the beginning 2026-03-30/4: its term is not over, and it was dropped\n"]


def test_days_whose_term_is_over_leave_an_anchor(database: Rows, trail: AuditStore, tmp_path: Path) -> None:
    filled(trail)
    Carrier("cases", tmp_path / "heads").carry(trail)
    last = trail.last_before(DAYS[2], DAYS[2])
    assert last is not None
    assert trail.drop_to(last) == 4
    assert trail.drop_to(Place(DAYS[0], 3, "1" * 64)) == 0, "an anchor never goes back"
    assert trail.anchor() == last
    assert checked(database, tmp_path / "heads", THREE_YEARS_ON) == []
    database.audit.delete_one({"_id": "k4"})
    assert checked(database, tmp_path / "heads", THREE_YEARS_ON) == [
        "cases: not the beginning 2026-03-31/6: the trail began before it\n"
    ]


def test_after_everything_was_dropped_the_trail_goes_on(database: Rows, trail: AuditStore) -> None:
    filled(trail)
    trail.drop_to(trail.last())
    trail.append(act("next", THREE_YEARS_ON + timedelta(days=3)))
    assert checked(database, now=THREE_YEARS_ON + timedelta(days=3)) == []


def test_what_is_left_of_days_that_were_dropped_is_no_part_of_the_trail(database: Rows, trail: AuditStore) -> None:
    """Who drops them dies after the anchor was put."""
    filled(trail)
    last = trail.last_before(DAYS[2], DAYS[2])
    assert last is not None
    database.audit_anchors.insert_one({"_id": "anchor"} | last.dump())
    assert checked(database, now=THREE_YEARS_ON) == []
    assert trail.drop_to(last) == 4


def test_the_head_of_each_day_is_carried_once_and_goes_on_after_a_start(
    trail: AuditStore, tmp_path: Path, database: Rows
) -> None:
    file, carrier = tmp_path / "heads", Carrier("cases", tmp_path / "heads")
    assert carrier.carry(trail) == []
    filled(trail)
    assert [(each.day, each.seq) for each in carrier.carry(trail)] == [(DAYS[0], 3), (DAYS[1], 4), (DAYS[2], 6)]
    assert carrier.carry(trail) == []
    trail.append(act("k6", NOON + timedelta(days=2, hours=1)))
    trail.append(act("k7", NOON + timedelta(days=3)))
    another = Carrier("cases", file)
    assert [(each.day, each.seq) for each in another.carry(trail)] == [(DAYS[2], 7), ("2026-04-01", 8)]
    assert len(file.read_text().splitlines()) == 5
    assert checked(database, file) == []


def test_a_line_that_somebody_was_cut_short_in_keeps_no_head_from_being_carried(
    trail: AuditStore, tmp_path: Path
) -> None:
    file = tmp_path / "heads"
    trail.append(Act("k-1", "a", NOON, "p-1", None, "case", "c-1"))
    file.write_text('{"service": "members", "day"')
    assert [each.seq for each in Carrier("cases", file).carry(trail)] == [1]
    spoilt, head = file.read_text().splitlines()
    assert (spoilt, '"hash"' in head) == ('{"service": "members", "day"', True)
    trail.append(Act("k-2", "a", NOON, "p-1", None, "case", "c-1"))
    assert [each.seq for each in Carrier("cases", file).carry(trail)] == [2]
    assert len(file.read_text().splitlines()) == 3
    with pytest.raises(ValueError, match="heads:1 is no head"):
        list(carried([file], "cases"))


def test_a_trail_without_any_head_in_its_file_is_a_fault(database: Rows, trail: AuditStore, tmp_path: Path) -> None:
    filled(trail)
    assert [line.split(":")[1] for line in checked(database, tmp_path / "none")] == [" no heads"]


GIVEN = Audited({"thing.given": ("to",)}, lambda document: (document["tenant"],))


@pytest.fixture
def things(database: Rows) -> Outbox:
    return Home(database).outbox("things", "thing", published=(), audited=GIVEN)


def given(type: str = "thing.given", **data: Any) -> Entry:
    return Entry(
        new_id(), type, NOON, {"to": "p-2", "more": 1, "reason": "搬家", **data}, by={"id": "p-1", "role": "desk"}
    )


def test_a_change_owes_its_row_in_the_same_write(database: Rows, trail: AuditStore, things: Outbox) -> None:
    things.create({"_id": "t", "tenant": "360704"}, [given("thing.made"), given()])
    things.create({"_id": "u", "tenant": "360704"}, [given("thing.made")])
    assert [row["_id"] for row in database.things.find({"unaudited": True})] == ["t"]
    assert Debts(trail, [things]).enter(10) == 1
    [row] = database.audit.find()
    told = {name: row[name] for name in ("act", "who", "role", "what", "within", "reason", "details")}
    assert told == {
        "act": "thing.given",
        "who": "p-1",
        "role": "desk",
        "what": {"kind": "thing", "id": "t"},
        "within": ["360704"],
        "reason": "搬家",
        "details": {"to": "p-2"},
    }
    assert Debts(trail, [things]).enter(10) == 0


def test_whoever_dies_while_entering_is_followed_by_another(database: Rows, trail: AuditStore, things: Outbox) -> None:
    things.create({"_id": "t", "tenant": "360704"}, [given(), given()])
    Debts(trail, [things]).enter(10)
    # As if it had died between the rows and the mark.
    database.things.update_one({"_id": "t"}, {"$set": {"unaudited": True}, "$unset": {"audited": ""}})
    things.append_to_all([Addition("t", 2, [given()])])
    assert Debts(trail, [things]).enter(10) == 1
    assert database.audit.count_documents({}) == 3
    assert checked(database) == []


WHOLE_TRAIL_GONE = "cases: lost rows: 2 of things were entered and have no row, as t has none\n"


def two_that_were_entered(database: Rows, trail: AuditStore) -> Outbox:
    indexed(database, _Things)
    things = Home(database).outbox("things", "thing", published=(), audited=GIVEN)
    for id in ("t", "u"):
        things.create({"_id": id, "tenant": "360704"}, [given("thing.made"), given()])
    assert Debts(trail, [things]).enter(10) == 2
    return things


def test_a_trail_that_is_gone_with_its_heads_is_missed_by_what_was_entered(
    database: Rows, trail: AuditStore, tmp_path: Path
) -> None:
    things = two_that_were_entered(database, trail)
    things.create({"_id": "v", "tenant": "360704"}, [given("thing.made"), given()])
    assert checked(database) == [], "what is still owed has no row yet"
    database.audit.drop()
    assert checked(database) == [WHOLE_TRAIL_GONE]
    assert [line.split(":")[1] for line in checked(database, tmp_path / "gone")] == [" lost rows"]


def test_a_new_trail_in_the_place_of_one_that_is_gone_is_no_better(database: Rows, trail: AuditStore) -> None:
    things = two_that_were_entered(database, trail)
    database.audit.drop()
    indexed(database, AuditStore)
    trail.append(act("new"))
    assert checked(database) == [WHOLE_TRAIL_GONE]
    things.append_to_all([Addition("u", 2, [given()])])
    Debts(trail, [things]).enter(10)
    assert checked(database) == [WHOLE_TRAIL_GONE.replace("2 of", "1 of")]


def test_rows_that_were_dropped_at_their_term_are_missed_by_nobody(database: Rows, trail: AuditStore) -> None:
    two_that_were_entered(database, trail)
    trail.append(act("later", NOON + timedelta(days=1)))
    last = trail.last_before(DAYS[1], DAYS[2])
    assert last is not None
    trail.drop_to(last)
    assert checked(database, now=THREE_YEARS_ON) == []


FAR_AHEAD = datetime(2099, 1, 1, 4, tzinfo=UTC)
AHEAD = "cases: rows of 2099-01-01, which is still to come: a clock was ahead (no flaw)\n"


def jumped(trail: AuditStore) -> None:
    """Two rows, one while the clock was far ahead, one more and one of the day after."""
    for n, at in enumerate((NOON, NOON, FAR_AHEAD, NOON, NOON + timedelta(days=1))):
        trail.append(act(f"k{n}", at))


def test_a_clock_that_jumped_ahead_and_came_back_ends_no_day(database: Rows, trail: AuditStore, tmp_path: Path) -> None:
    file, carrier = tmp_path / "heads", Carrier("cases", tmp_path / "heads")
    trail.append(act("first"))
    assert [(each.day, each.seq) for each in carrier.carry(trail)] == [(DAYS[0], 1)]
    jumped(trail)
    assert [(each.day, each.seq) for each in carrier.carry(trail)] == [("2099-01-01", 4), (DAYS[0], 5), (DAYS[1], 6)]
    assert carrier.carry(trail) == []
    assert [row["_id"] for row in trail.page({"day": DAYS[0]}, None, 9)] == ["k3", "k1", "k0", "first"]
    assert checked(database, file) == [AHEAD]
    trail.append(act("last", NOON + timedelta(days=1)))
    assert [(each.day, each.seq) for each in Carrier("cases", file).carry(trail)] == [(DAYS[1], 7)]
    database.audit.delete_one({"day": "2099-01-01"})
    assert [line.split(":")[1] for line in checked(database, file)] == [" missing row 2099-01-01/4"] * 2


def test_rows_of_a_clock_that_was_ahead_go_with_those_around_them(
    database: Rows, trail: AuditStore, tmp_path: Path
) -> None:
    jumped(trail)
    Carrier("cases", tmp_path / "heads").carry(trail)
    assert trail.last_before(DAYS[0], DAYS[2]) is None
    last = trail.last_before(DAYS[1], DAYS[2])
    assert last is not None
    assert (last.day, last.seq) == (DAYS[0], 4)
    assert trail.drop_to(last) == 4
    assert checked(database, tmp_path / "heads", THREE_YEARS_ON) == []


def test_a_clock_that_was_behind_drops_nothing_that_was_entered_before(trail: AuditStore) -> None:
    trail.append(act("k0"))
    trail.append(act("k1", NOON - timedelta(days=9_000)))
    trail.append(act("k2"))
    assert trail.last_before(DAYS[0], DAYS[2]) is None


def test_after_a_backup_was_restored_heads_are_carried_again(trail: AuditStore, database: Rows, tmp_path: Path) -> None:
    carrier = Carrier("cases", tmp_path / "heads")
    filled(trail)
    carrier.carry(trail)
    database.audit.delete_many({"day": DAYS[2]})
    assert [(each.day, each.seq) for each in carrier.carry(trail)] == [(DAYS[0], 3), (DAYS[1], 4)]
    trail.append(act("k6", NOON + timedelta(days=2)))
    assert [(each.day, each.seq) for each in carrier.carry(trail)] == [(DAYS[2], 5)]


class Finds(CommandListener):
    """The questions that were sent."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def started(self, event: Any) -> None:
        if event.command_name in {"find", "distinct"}:
            kept = ("find", "distinct", "key", "query", "filter", "sort", "limit", "projection", "hint")
            self.asked.append({name: event.command[name] for name in kept if name in event.command})

    def succeeded(self, event: Any) -> None: ...

    def failed(self, event: Any) -> None: ...


@pytest.fixture
def listened(database: Rows, mongod: Mongod) -> Iterator[tuple[Home, Finds]]:
    finds = Finds()
    with pymongo.MongoClient[Row](mongod.uri, event_listeners=[finds], tz_aware=True) as client:
        yield Home(client[database.name]), finds


def stages(plan: Any) -> Iterator[str]:
    if isinstance(plan, dict):
        if "stage" in plan:
            yield plan["stage"]
        for value in plan.values():
            yield from stages(value)
    elif isinstance(plan, list):
        for value in plan:
            yield from stages(value)


DAY = {"day": {"$gte": DAYS[0], "$lte": DAYS[2]}}


@pytest.mark.parametrize(
    "query",
    [{}, DAY, {"who": "p-1"}, {"who": "p-1"} | DAY, {"what.id": "c-1"}, {"act": "contact.revealed"}],
    ids=["all", "days", "who", "who-days", "what", "act"],
)
@pytest.mark.parametrize("after", [None, (DAYS[2], 5)], ids=["first", "next"])
def test_a_page_is_found_by_an_index_in_its_order(
    trail: AuditStore, database: Rows, listened: tuple[Home, Finds], query: Row, after: tuple[str, int] | None
) -> None:
    filled(trail)
    home, finds = listened
    page = AuditStore(home).page(within(["360704"]) | query, after, 3)
    assert [(row["day"], row["seq"]) for row in page] == (
        [(DAYS[2], 6), (DAYS[2], 5), (DAYS[1], 4)] if after is None else [(DAYS[1], 4), (DAYS[0], 3), (DAYS[0], 2)]
    )
    plan = database.command({"explain": finds.asked[-1], "verbosity": "queryPlanner"})["queryPlanner"]["winningPlan"]
    assert not {"SORT", "COLLSCAN"} & set(stages(plan)), plan


def test_nothing_about_the_end_of_the_trail_scans_it(
    trail: AuditStore, things: Outbox, database: Rows, listened: tuple[Home, Finds]
) -> None:
    filled(trail)
    indexed(database, _Things)
    home, finds = listened
    store = AuditStore(home)
    store.append(act("new", NOON + timedelta(days=3)))
    store.append(act("new"))
    store.ends(4)
    store.last_before(DAYS[2], DAYS[2])
    assert store.has(store.last())
    list(store.rows(BEGINNING.seq))
    Debts(store, [Home(home.database).outbox("things", "thing", (), GIVEN)]).enter(10)
    assert list(unheard(home.database, store, *DAYS[::2])) == []
    asked = [each for each in finds.asked if each.get("find") != "audit_anchors"]
    assert len(asked) > 8
    for each in asked:
        plan = database.command({"explain": each, "verbosity": "queryPlanner"})["queryPlanner"]["winningPlan"]
        assert not {"SORT", "COLLSCAN"} & set(stages(plan)), each


class _Things:
    INDEXES: ClassVar[dict[str, list[pymongo.IndexModel]]] = {}

    def __init__(self, home: Home) -> None:
        home.outbox("things", "thing", (), GIVEN)
