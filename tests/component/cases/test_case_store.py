"""Cases on a real database: what is written is read, one place goes to one of fifty, and every query has its index."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pymongo
import pytest
from pymongo.database import Database
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from cases.act import Act
from cases.casework import Casework
from cases.likeness import Sketch
from cases.place import Place, Point
from cases.showing.listing import wanted
from cases.showing.sight import Sight, sight
from cases.store import PlaceStore, case_document
from cases.store.cases import CaseStore, NumberTaken, Repeated, Step
from chassis.caller import Caller
from chassis.command import Asked, digest
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Entry, StaleVersion
from tests.component.cases.staging import MembersDouble
from tests.unit.cases import play as stage
from tests.unit.cases.play import AT, DISPATCHER, GRID, KNOWN, Play, caller
from tests.unit.cases.test_moves import ROLES, STAGES

Stored = Database[dict[str, Any]]


def entry(play: Play, command: str = "command") -> Entry:
    last = play.last
    return Entry(last.id, last.type, last.at, last.data, last.key, last.by, command, "digest", {"done": True})


def kept(store: CaseStore, play: Play, command: str = "command") -> None:
    store.add(replace(play.case, number=f"number-{play.case.id}"), entry(play, command))


def asked(who: Caller, command_id: str) -> Asked:
    return Asked(who, command_id, digest({}), AT)


@pytest.mark.parametrize("build", STAGES.values(), ids=[status.value for status in STAGES])
def test_a_case_is_read_as_it_was_written(cases: CaseStore, database: Stored, build: Callable[[], Play]) -> None:
    case = build().case
    database.cases.insert_one({"_id": case.id, "version": case.version, **case_document.written(case)})
    assert cases.load(case.id, None).case == case


def test_an_older_case_whose_year_was_presumed_tells_that_of_its_deadline() -> None:
    document = case_document.written(stage.registered().case) | {"_id": "c-1", "version": 2}
    dues = {name: value for name, value in document["dues"].items() if name != "presumed_years"}
    for presumed, years in ((True, (2026,)), (False, ())):
        older = {**document, "dues": {**dues, "presumed": presumed}}
        assert case_document.read(older).dues.presumed_years == years


def test_only_what_changed_is_written(cases: CaseStore) -> None:
    play = stage.registered()
    before = play.case
    after = play.do(Act.NOTE, stage.DISPATCHER).case
    assert set(case_document.changes(before, after)["$set"]) == {"remarks"}
    gone = case_document.changes(stage.offered().case, stage.offered().do(Act.ACCEPT, stage.ELECTRICIAN).case)
    assert set(gone["$unset"]) == {"nobody", "offered_in"}


def test_the_case_moves_with_its_event_and_only_from_the_version_that_was_read(cases: CaseStore) -> None:
    play = stage.opened()
    kept(cases, play)
    before = play.case
    after = play.do(Act.REGISTER, DISPATCHER).case
    cases.save(Step(before, after, entry(play, "second")))
    found, history = cases.with_history(before.id, ["360704"])
    assert (found.version, [event.type for event in history]) == (2, ["case.reported", "case.registered"])
    with pytest.raises(StaleVersion):
        cases.save(Step(before, after, entry(play, "third")))


def test_what_a_command_answered_is_found_again(cases: CaseStore) -> None:
    play = stage.opened()
    kept(cases, play, "first")
    cases.save(Step(play.case, play.do(Act.REGISTER, DISPATCHER).case, entry(play, "second")))
    assert [row["command"] for row in cases.load(play.case.id, None, ["second"]).earlier] == ["second"]
    assert cases.load(play.case.id, None, "never").earlier == ()
    for command in ("first", "second"):
        assert [row["command"] for row in cases.made_by([command])] == [command]
    assert cases.made_by(["never"]) == []


def test_a_number_and_a_command_open_one_case(cases: CaseStore) -> None:
    one, other = stage.opened(), stage.opened()
    cases.add(one.case, entry(one, "first"))
    with pytest.raises(Repeated):
        cases.add(replace(other.case, number="another"), entry(other, "first"))
    with pytest.raises(NumberTaken):
        cases.add(other.case, entry(other, "second"))


def test_another_cases_photo_is_refused_by_the_write_itself(cases: CaseStore) -> None:
    kept(cases, stage.opened(photos=["f-1"]), "first")
    with pytest.raises(Refusal) as refused:
        kept(cases, stage.opened(photos=["f-1"]), "second")
    assert refused.value.code == "unknown_photo"


def test_cases_of_other_districts_are_not_found(cases: CaseStore) -> None:
    play = stage.opened()
    kept(cases, play)
    with pytest.raises(Refusal) as refused:
        cases.load(play.case.id, ["360702"])
    assert refused.value.code == "case_not_found"


@pytest.mark.parametrize("places", [1, 3])
def test_of_fifty_at_once_as_many_win_as_there_are_places(
    cases: CaseStore, casework: Casework, monkeypatch: pytest.MonkeyPatch, places: int
) -> None:
    crowd = [caller(f"p-{n}", "in_service_member", scope="360704") for n in range(50)]
    electrician = KNOWN["p-electrician"]
    for one in crowd:
        monkeypatch.setitem(KNOWN, one.id, replace(electrician, id=one.id))
    play = stage.offered(places=places)
    kept(cases, play)
    version = cases.load(play.case.id, None).case.version
    start = Barrier(len(crowd))

    def claim(who: Caller) -> str:
        start.wait()
        try:
            return str(casework.move(asked(who, "claim"), play.case.id, Act.ACCEPT, {})["status"])
        except Refusal as refused:
            return refused.code

    with ThreadPoolExecutor(len(crowd)) as pool:
        outcomes = list(pool.map(claim, crowd))
    assert (outcomes.count("ACCEPTED"), outcomes.count("places_taken")) == (places, 50 - places)
    case = cases.load(play.case.id, None).case
    winners = [who.id for who, outcome in zip(crowd, outcomes, strict=True) if outcome == "ACCEPTED"]
    assert sorted(case.assignment.ids) == sorted(winners)
    assert case.version == version + places


def test_the_same_claim_many_times_at_once_is_one_claim(cases: CaseStore, casework: Casework) -> None:
    play = stage.offered(places=3)
    kept(cases, play)

    def claim(_: int) -> dict[str, Any]:
        return casework.move(asked(stage.ELECTRICIAN, "claim"), play.case.id, Act.ACCEPT, {})

    with ThreadPoolExecutor(10) as pool:
        receipts = list(pool.map(claim, range(10)))
    assert all(receipt == receipts[0] for receipt in receipts)
    assert cases.load(play.case.id, None).case.assignment.ids == ("p-electrician",)


def test_one_report_many_times_at_once_is_one_case(casework: Casework, database: Stored) -> None:
    fields = {"text": "灯不亮", "location": {"lon": 115.0058, "lat": 25.8672}}

    def report(_: int) -> dict[str, Any]:
        return casework.report(asked(stage.RESIDENT, "report"), fields)

    with ThreadPoolExecutor(10) as pool:
        receipts = list(pool.map(report, range(10)))
    assert len({receipt["case_id"] for receipt in receipts}) == 1
    assert database.cases.count_documents({}) == 1


def test_a_case_that_moves_under_every_try_is_given_up_with_a_word(
    cases: CaseStore, casework: Casework, monkeypatch: pytest.MonkeyPatch
) -> None:
    play = stage.opened()
    kept(cases, play)

    def overtaken(*_: Any) -> None:
        raise StaleVersion

    monkeypatch.setattr(cases, "save", overtaken)
    with pytest.raises(Refusal) as refused:
        casework.move(asked(DISPATCHER, "register"), play.case.id, Act.REGISTER, {"category": "0101"})
    assert refused.value.code == "busy_try_again"


class Overheard(CommandListener):
    """Keeps every query that is sent."""

    def __init__(self) -> None:
        self.finds: list[dict[str, Any]] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name == "find":
            wanted = ("find", "filter", "sort", "limit", "projection", "hint")
            self.finds.append({name: event.command[name] for name in wanted if name in event.command})

    def succeeded(self, event: CommandSucceededEvent) -> None:
        pass

    def failed(self, event: CommandFailedEvent) -> None:
        pass


@pytest.fixture
def overheard(mongo_uri: str, database: Stored) -> Iterator[tuple[Overheard, Stored]]:
    listener = Overheard()
    with pymongo.MongoClient[dict[str, Any]](mongo_uri, tz_aware=True, event_listeners=[listener]) as client:
        yield listener, client[database.name]


def stages_of(plan: Any) -> set[str]:
    if isinstance(plan, dict):
        own = {plan["stage"]} if "stage" in plan else set()
        return own.union(*(stages_of(value) for value in plan.values()))
    return set[str]().union(*(stages_of(value) for value in plan)) if isinstance(plan, list) else set()


def test_no_query_scans_a_collection_or_sorts_in_memory(
    cases: CaseStore, places: PlaceStore, overheard: tuple[Overheard, Stored]
) -> None:
    for n in range(30):
        kept(cases, stage.opened(photos=[f"f-{n}"]), f"command-{n}")
    listener, database = overheard
    store, copy = CaseStore(Home(database)), PlaceStore(Home(database))
    ask_everything(store)
    with pytest.raises(Refusal, match="tracked_report_not_found"):
        store.tracked("digest")
    copy.grids_around(Point(115.0058, 25.8672))
    copy.grid(stage.GRID)
    copy.compound("c-dongyuan")
    copy.unit("u-committee")
    copy.units_serving(stage.GRID, ["COMMUNITY"])
    assert len(listener.finds) > 25
    for find in listener.finds:
        plan = database.command({"explain": find, "verbosity": "queryPlanner"})["queryPlanner"]["winningPlan"]
        assert not {"COLLSCAN", "SORT"} & stages_of(plan), (find, plan)


def indexes_of(plan: Any) -> set[str]:
    if isinstance(plan, dict):
        own = {plan["indexName"]} if "indexName" in plan else set()
        return own.union(*(indexes_of(value) for value in plan.values()))
    return set[str]().union(*(indexes_of(value) for value in plan)) if isinstance(plan, list) else set()


def test_a_case_is_found_by_its_number_and_only_where_the_caller_looks(
    cases: CaseStore, overheard: tuple[Overheard, Stored]
) -> None:
    for n in range(30):
        kept(cases, stage.opened(), f"command-{n}")
    listener, database = overheard
    play = stage.opened()
    kept(cases, play, "told")
    filters, store = {"number": f"number-{play.case.id}"}, CaseStore(Home(database))

    def found(who: Caller) -> list[str]:
        return [case.id for case in store.page(wanted(filters, who, AT), None, 10)]

    assert found(DISPATCHER) == found(stage.RESIDENT) == [play.case.id]
    assert found(caller("p-other", "resident", scope="360704")) == []
    assert found(caller("p-far", "dispatcher", scope="360702")) == []
    assert found(caller("p-near", "community_worker", scope="360704100001")) == []
    for find in listener.finds:
        explained = database.command({"explain": find, "verbosity": "executionStats"})
        assert indexes_of(explained["queryPlanner"]["winningPlan"]) == {"number"}
        assert explained["executionStats"]["totalDocsExamined"] <= 1


FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"status": "REPORTED"},
    {"overdue": True},
    {"category": "0101", "tag": "elderly", "source": "APP"},
    {"compound_id": "c-dongyuan"},
    {"reported_by": "me"},
    {"assignee": "me"},
    {"offered": True},
    {"grid": stage.GRID},
    {"number": "360704-20260312-7K3F9Q"},
    {"external_number": "GZ1234567"},
)


def assorted() -> Iterator[Play]:
    """Cases in every status: sensitive, without a category, about a unit, offered to whom they are about."""
    yield from (build() for build in STAGES.values())
    yield from (stage.registered(category="0801"), stage.opened(category=None), stage.joined())
    for about in (None, "u-lighting"):
        yield from (stage.opened(complained_unit_id=about), stage.dispatched(complained_unit_id=about))
        yield from (stage.offered(places=2, complained_unit_id=about, category=code) for code in ("0303", "0801"))


def everybody() -> Iterator[Caller]:
    """Every role, of a unit that cases are about and of none, here and elsewhere."""
    for role in ROLES:
        for unit in (None, "u-lighting"):
            yield from (caller("p-electrician", role, scope=scope, unit=unit) for scope in ("360704", stage.ELSEWHERE))
            yield caller("p-xie", "volunteer", role, scope=stage.GRID, unit=unit)


def test_what_is_to_be_left_out_is_listed_without_looking_at_what_is_not(
    cases: CaseStore, overheard: tuple[Overheard, Stored]
) -> None:
    for n in range(30):
        kept(cases, stage.opened(), f"command-{n}")
    play = stage.proposed()
    kept(cases, play, "told")
    listener, database = overheard
    store = CaseStore(Home(database))
    near = caller("p-near", "grid_worker", "dispatcher", scope=stage.GRID)
    for state, ids in (("proposed", [play.case.id]), ("approved", [])):
        for who in (DISPATCHER, near):
            assert [case.id for case in store.page(wanted({"exclusion": state}, who, AT), None, 10)] == ids
    for find in listener.finds:
        explained = database.command({"explain": find, "verbosity": "executionStats"})
        assert indexes_of(explained["queryPlanner"]["winningPlan"]) == {"exclusion"}
        assert "SORT" not in stages_of(explained["queryPlanner"]["winningPlan"])
        assert explained["executionStats"]["totalDocsExamined"] <= 1


def test_no_list_tells_a_reporter_that_a_case_is_left_out() -> None:
    for who, filters in ((stage.RESIDENT, {}), (DISPATCHER, {"reported_by": "me"}), (stage.CONTACT, {})):
        with pytest.raises(Refusal) as refused:
            wanted({"exclusion": "approved", **filters}, who, AT)
        assert refused.value.details["errors"][0]["pointer"] == "/exclusion"


def test_no_list_reaches_a_case_that_the_caller_may_not_see(cases: CaseStore) -> None:
    for n, play in enumerate(assorted()):
        play.case = replace(play.case, remarks=())  # a photo belongs to one case
        kept(cases, play, f"command-{n}")
    for filters in (*FILTERS, {"offered": True, "grid": "360704"}, {"offered": True, "status": "DISPATCHED"}):
        for who in everybody():
            found = cases.page(wanted(filters, who, AT), None, 100)
            assert all(sight(case, who) for case in found), (filters, who)


@pytest.mark.parametrize("besides", [{}, {"offered": True}, {"status": "REPORTED"}], ids=["all", "offers", "reports"])
def test_no_case_is_found_by_a_compound_that_its_outline_does_not_show(
    cases: CaseStore, besides: dict[str, Any]
) -> None:
    for n, play in enumerate(assorted()):
        play.case = replace(play.case, remarks=(), place=replace(play.case.place, compound_id="c-dongyuan"))
        kept(cases, play, f"command-{n}")
    for who in everybody():
        every = cases.page(wanted(besides, who, AT), None, 100)
        found = cases.page(wanted({**besides, "compound_id": "c-dongyuan"}, who, AT), None, 100)
        told = [case.id for case in every if sight(case, who) > Sight.OUTLINE]
        assert [case.id for case in found] == told, who


@pytest.mark.parametrize("scope", ["360704100007", GRID, "360704"])
@pytest.mark.parametrize("filters", [{}, {"assignee": "me"}, {"unit_id": "u-lighting"}], ids=["own", "given", "unit"])
def test_what_the_unit_has_is_in_the_list_of_who_speaks_for_it_there(
    cases: CaseStore, filters: dict[str, Any], scope: str
) -> None:
    """A program of the unit has an area, too; what was given to oneself is wherever it lies."""
    units = stage.registered().do(Act.DISPATCH, DISPATCHER, assignees=["u-lighting"])
    theirs = stage.registered().do(Act.DISPATCH, DISPATCHER, assignees=["p-electrician"])
    for n, play in enumerate((units, theirs)):
        kept(cases, play, f"command-{n}")
    contact = caller("p-electrician", "unit_contact", scope=scope, unit="u-lighting")
    found = {case.id for case in cases.page(wanted(filters, contact, AT), None, 10)}
    assert found == {case.id for case in (theirs.case, units.case) if sight(case, contact)}
    assert (theirs.case.id in found, units.case.id in found) == (True, GRID.startswith(scope))


def ask_everything(store: CaseStore) -> None:
    now = datetime.now(UTC)
    after = (AT, "case-9")
    helper = caller("p-1", "in_service_member", "unit_contact", scope="360704", unit="u-1")
    for filters in FILTERS:
        for who in (DISPATCHER, stage.WORKER, helper, stage.RESIDENT):
            store.page(wanted(filters, who, now), None, 10)
            store.page(wanted(filters, who, now), after, 10)
    with suppress(Refusal):
        store.load("case-1", ["360704"], ["command"])
    store.made_by(["command"])
    store.alarmed(now, 10)
    store.open_with(["p-1", "p-2"], 10)
    for place in (stage.LAMP, Place(stage.GRID, stage.LAMP.point), Place(stage.GRID)):
        store.like(stage.registered().case, "0101", place)
        for category in ("0101", None):
            store.around(Sketch(place, AT, category))
    store.with_photo("f-1", ["360704"])


def test_the_copy_of_a_place_is_never_older_than_what_is_kept(places: PlaceStore) -> None:
    compound = places.compound("c-dongyuan")
    assert compound
    places.put_compound(replace(compound, has_property_mgmt=True), 3)
    places.put_compound(replace(compound, name="old"), 2)
    places.put_compound(replace(compound, name="same"), 3)
    found = places.compound("c-dongyuan")
    assert found
    assert (found.name, found.has_property_mgmt) == ("东源胜景小区", True)


def test_the_newest_of_many_copies_at_once_stays(places: PlaceStore) -> None:
    compound = places.compound("c-dongyuan")
    assert compound
    newcomer = replace(compound, id="c-new")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: places.put_compound(replace(newcomer, name=str(n)), n), range(1, 40)))
    found = places.compound("c-new")
    assert found
    assert found.name == "39"


def test_a_members_double_says_what_members_says() -> None:
    assert {"id", "kind", "roles", "unit_id", "certificates", "active", "grid_codes"} == set(
        MembersDouble().assignees(ids=["p-worker"], tenant="360704")[0]
    )
