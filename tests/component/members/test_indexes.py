"""No query of this service scans a collection: whatever the stores send is explained by the server itself."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pymongo
import pytest
from bson import json_util
from pymongo.database import Database
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from chassis.caller import Caller, Grant
from chassis.command import Asked
from chassis.mongo import Home
from chassis.outbox import Entry
from chassis.records import Outcome, carried_out
from chassis.setup import indexed
from dev.servers import Mongod
from members.accounts.account import Account, Limit
from members.accounts.factor_store import FactorStore
from members.accounts.one_time_code import OneTimeCode, quotas
from members.accounts.second_factor import SecondFactor
from members.accounts.session import opened
from members.accounts.store import AccountStore
from members.activities.store import ActivityStore
from members.api_keys.store import ApiKeyStore
from members.attendance.attendance import Attendance, Stint
from members.attendance.store import AttendanceStore
from members.bookings.booking import Booking
from members.bookings.store import BookingStore
from members.buildings.store import BuildingStore
from members.calendars.calendar import Calendar
from members.calendars.store import CalendarStore
from members.calls.call import Call
from members.calls.call import lists as lists_of
from members.calls.store import CallStore
from members.certificates.certificate import Certificate as CertificateOfHours
from members.certificates.certificate import Line
from members.certificates.store import CertificateStore
from members.coverage.store import CoverageStore
from members.demo.territory import areas, service_grids
from members.drawing.redrawing import Redrawing, Stage
from members.drawing.store import DistrictMap, DrawingStore, drawn
from members.evaluations.store import EvaluationStore
from members.feedback.feedback import Feedback, feedback_id
from members.feedback.store import FeedbackStore
from members.force.store import ForceStore
from members.hours.ledger import Row
from members.hours.record import Kind as Served
from members.hours.record import Record
from members.hours.store import HoursStore
from members.identity_providers.begun import Binding, begun
from members.identity_providers.begun_store import BegunStore
from members.identity_providers.linked_identity import LinkedIdentity
from members.identity_providers.store import LinkedIdentityStore
from members.imports.store import ImportStore
from members.matching.engagement import Engagement
from members.matching.engagements import EngagementStore
from members.matching.pool import PoolStore
from members.matching.ranking import Helper, Task
from members.needs.need import Need, Progress, Source
from members.needs.store import NeedStore
from members.organisations.store import UnitStore
from members.party_groups.party_group import PartyGroup
from members.party_groups.store import PartyGroupStore
from members.patrols.finding import Finding
from members.patrols.patrol import Patrol
from members.patrols.store import PatrolStore
from members.patrols.track import Point
from members.people.person import Person
from members.people.store import PeopleStore
from members.policies.store import PolicyStore
from members.posts.post import Post
from members.posts.store import PostStore
from members.registrations.registration import Kind
from members.registrations.store import RegistrationStore
from members.registry.sight import ROWS
from members.registry.store import RevealStore, RollStore
from members.reminders.store import ReminderStore
from members.rosters.record import Roster
from members.rosters.store import RosterStore
from members.rotation.crew import Crew
from members.rotation.plan import unmade
from members.rotation.served import DayServed, Visit
from members.rotation.store import RotationStore
from members.rounds.round import Address, Round
from members.rounds.store import RoundStore
from members.series.store import SeriesStore
from members.service_points.store import PointsStore
from members.signups.signup import State, asked_for, seated
from members.signups.store import SignupStore
from members.stars.star import Book
from members.stars.store import BookStore
from members.stations.store import Guest, StationUseStore
from members.territory.compound import Compound
from members.territory.grid import Level
from members.territory.store import TerritoryStore
from members.venues.store import VenueStore
from members.venues.venue import Venue
from members.workers.census import Estimate
from members.workers.store import WorkerStore
from members.workers.worker import registered
from tests.unit.members.test_series import SERIES
from tests.unit.members.test_signups import CLEAN_UP

NOW = datetime(2040, 1, 1, tzinfo=UTC)
EXPLAINED = ("find", "aggregate", "distinct", "update", "delete", "findAndModify")
BOOKKEEPING = ("lsid", "txnNumber", "writeConcern", "readConcern", "$db", "$clusterTime", "startTransaction", "ordered")

GRID = service_grids()[2]
XIE = Person("p-1", "360704", "谢测001", (Grant("volunteer", "360704"),), unit_id="u-1")
TASK = Task(GRID.code, NOW, (115.0058, 25.8672), frozenset({"electrician"}), frozenset({"low_voltage_electrician"}))
CODE = OneTimeCode("begun", "print", "hash", NOW)
QUOTA = quotas("print", "place", familiar=False)[0]
DAY = date(2026, 3, 12)
ASKED = Asked(Caller("p-1"), "k", "digest", NOW)
SESSION, _ = opened("s-1", "a-1", "p-1", "secret", NOW)


class Recorder(CommandListener):
    """Keeps every command that reads or selects something."""

    def __init__(self) -> None:
        self.commands: list[dict[str, Any]] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name in EXPLAINED:
            self.commands.append(dict(event.command))

    def succeeded(self, event: CommandSucceededEvent) -> None:
        pass

    def failed(self, event: CommandFailedEvent) -> None:
        pass


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def watched(
    mongod: Mongod, database: Database[dict[str, Any]], recorder: Recorder
) -> Iterator[Database[dict[str, Any]]]:
    """The test's database, seen through a client that records its commands."""
    with pymongo.MongoClient[dict[str, Any]](mongod.uri, tz_aware=True, event_listeners=[recorder]) as client:
        yield client[database.name]


def use_territory(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, TerritoryStore)
    store.grids.add([GRID], NOW)
    store.grids_around(115.0058, 25.8672, Level.SERVICE, ["360704"], NOW)
    store.grids_around(115.0058, 25.8672, Level.SERVICE, None, NOW)
    store.grid(GRID.code)
    store.compounds.add([Compound("c-1", "x", GRID.code, (115.0, 25.8))], NOW)
    store.compounds.versioned("c-1", ["360704"])
    store.check_open([GRID.code], "360704", NOW)
    store.add_areas(areas([GRID]), NOW)
    store.area("360704")
    store.service_area("360704", NOW)
    store.in_force([GRID.code], "360704", NOW)
    store.areas_within(["360704"], "360704100", NOW, "360704100001", 5)
    store.grids_meeting((115.0, 25.8, 115.1, 25.9), [Level.SERVICE, Level.BASE], NOW, 5)
    store.grids_within(["360704"], "360704100", [Level.SERVICE], NOW, GRID.code, 5)
    store.grids_of([GRID.code], "360704")
    store.grids_below([GRID.code], NOW)
    store.taken([GRID.code])
    store.compound("c-1", ["360704"])
    store.compounds_in([GRID.code], "360704")
    store.compounds_within(["360704"], "360704100", "c-0", 5)
    store.compounds.answer_of("c-1", "k", "digest")
    store.grids.after("", 10)
    store.compounds.after("c-0", 10)


def use_drawings(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, DrawingStore)
    asked = Asked(Caller("p-1"), "k", "digest", NOW)
    plan = Redrawing("r-1", "360704", NOW, (GRID.code,), (GRID,), NOW)
    store.redrawings.open(asked, Outcome(plan, "redrawing.planned", {}, "district_admin"))
    drawn([store.next_version(asked, store.map_of("360704"), Outcome(DistrictMap("360704"), "map.drawn", {}, "x"))])
    store.maps.answered(asked)
    store.planned("360704")
    store.closing(GRID.code, NOW)
    store.due(NOW, 5)
    store.page(["360704"], None, (NOW, "r-2"), 5)
    store.page(["360704"], Stage.PLANNED, None, 5)


def use_buildings(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, BuildingStore)
    store.of("c-1", NOW)
    store.records.answered(Asked(Caller("p-1"), "k", "digest", NOW))


def use_organisations(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, UnitStore)
    store.units_of(["u-1"], "360704")
    store.units_of(["u-1"])
    store.units.after("", 10)
    store.of_district("360704")
    store.tied_within("360704100002")
    store.codes_taken(["91360704000000001X"], "360704")
    store.page(["360704"], {}, None, 10)
    store.page(["360704100", GRID.code], {"unit_type": "ENTERPRISE", "name": "x"}, ("x", "u-1"), 10)
    store.turning(NOW, 10)
    store.with_ties_to(["360704100002001"], "360704")


def use_imports(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, ImportStore)
    assert store.records.answered(Asked(Caller("p-1"), "k", "digest", NOW)) is None


def use_people(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, PeopleStore)
    store.known(["p-1"])
    store.people(["p-1"], "360704")
    store.versioned("p-1")
    store.answer_of("p-1", "k", "digest")
    store.in_service("u-1")
    store.in_service_at("u-1", NOW)
    store.with_phones(["p-1", "u-1"])
    store.with_phones(["p-1", "u-1"], "360704")
    store.on_duty(GRID.code)
    store.bound_to(GRID.code)
    store.narrowed_since(NOW, "", 10)


def use_registry(database: Database[dict[str, Any]]) -> None:
    indexed(database, PeopleStore).turn(NOW)
    indexed(database, PeopleStore).left_before(NOW, 10)
    roll, reveals = indexed(database, RollStore), indexed(database, RevealStore)
    caller = Caller("p-1", tuple(Grant(row.role, "360704") for row in ROWS), "u-1")
    for row in ROWS:
        for filters in (
            {},
            {"skill": "law"},
            {"role": "rider"},
            {"tag": "veteran"},
            {"registered_with": "360704100002"},
        ):
            roll.page(caller, row, {"active": True, **filters}, "p-0", 10)
    reveals.note("k", "digest", {"person_id": "p-1", "at": NOW})
    reveals.of_person({"p-1"}, {"w-1"})
    reveals.forget_before(NOW)


def use_force(database: Database[dict[str, Any]]) -> None:
    for other in (PeopleStore, RollStore, UnitStore):
        indexed(database, other)
    store = ForceStore(Home(database))
    for area in ("36", "360704", GRID.code):
        store.groups(area, area, NOW)
        store.groups(area, GRID.code, NOW)
        store.units(area)


def use_pool(database: Database[dict[str, Any]]) -> None:
    indexed(database, PeopleStore)
    store = PoolStore(Home(database))
    store.nearest(TASK, (115.0058, 25.8672))
    store.nearest(replace(TASK, skills=frozenset(), certificates=frozenset()), (115.0058, 25.8672))


def use_engagements(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, EngagementStore)
    store.note(Engagement("k-1", 3, ("p-1",), NOW), NOW)
    store.note_asked("k-1", ["p-1"], NOW, NOW)
    assert store.asked_for("k-1") == {"p-1"}
    assert store.helpers([XIE]) == [Helper(XIE, 1, NOW)]


def use_registrations(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, RegistrationStore)
    assert store.next_slip("360704100002", 2026) == "BD-360704100002-2026-000001"
    store.records.answered(ASKED)
    store.holding("p-1")
    store.waits("p-1")
    for filters in ({"area": "360704"}, {"area": "360704100002"}, {"unit_id": "u-1"}, {"person_id": "p-1"}):
        store.page(["360704"], filters, ("2026-03-12", "r-1"), 10)
    store.members_on("u-1", DAY)
    store.units_on("360704", DAY)
    store.unit_on("u-1", DAY)
    store.in_community_on("360704100002", Kind.MEMBER, DAY)


def use_points(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, PointsStore)
    store.of_source(["p-1"], "activity:a-1")
    store.page(["p-1"], ("2026-03-12", "e-1"), 10)
    store.tallies({"p-1": {"p-1"}, "p-2": {"p-2", "p-0"}}, DAY, DAY)


def use_api_keys(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, ApiKeyStore)
    store.records.answered(ASKED)
    store.with_secret("hash")
    store.page(["360704", "360702"], None, 10)
    store.page(["360704"], "k-1", 10)
    store.ended_since(NOW, "", 10)
    store.good_of_unit("u-1")


def use_policies(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, PolicyStore)
    store.around("360704100002001")
    store.page("360704", None, "", 10)
    store.page("360704100002", DAY, "360704-points-year", 10)


def use_evaluations(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, EvaluationStore)
    store.records.answered(ASKED)
    store.drafts("360704100002", "2025", "points", 10)
    store.counts("360704100002", "2025", "points")
    store.lapsing(NOW, 10)
    store.about(["p-1", "p-2"])
    for wanted in ({"area": "360704"}, {"area": "360704100002"}, {"unit_id": "u-1", "status": "final"}):
        store.page(["360704"], wanted, "v-1", 10)
    store.page(["360704"], {"subject_id": "p-1", "seen": True}, "v-1", 10)


def use_accounts(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, AccountStore)
    store.add([Account("a-1", "p-1", "360704", phone_print="print", login="x")], NOW)
    store.taken(["print"])
    store.of_person("p-1")
    store.forget_codes("print")
    store.end_sessions("p-1", "merging", NOW)
    store.known(["a-1"])
    store.account("a-1")
    store.with_phone("print")
    store.with_login("x")
    store.check_login_free("y")
    [mine] = store.of_person("p-1")
    carried_out([store.records.unchanged(mine)], store.one_login("p-1"))
    store.set_password(["a-1"], "hash")
    store.note_sent(QUOTA, store.sent(QUOTA), NOW)
    store.note_sent(QUOTA, store.sent(QUOTA), NOW)
    store.take_back("place", NOW)
    store.keep_code(CODE)
    store.try_code("begun")
    store.spend_code(CODE)
    store.failures(Limit("x", 5))
    store.count_failure(Limit("x", 5), NOW)
    store.forgive(Limit("x", 5), NOW)
    store.is_familiar("x")
    store.welcome("x", NOW)
    store.open_session(SESSION)
    store.rotate(replace(SESSION, generation=1))
    store.end_session("s-1", ["p-1"], "sign_out", NOW)
    store.end_others("s-1", ["p-1"], NOW)
    [kept] = store.of_person("p-1")
    carried_out([store.records.unchanged(kept)], store.ending_others("s-1", ["p-1"], NOW))
    store.sessions_of(["p-1"], NOW)
    assert store.ended_since(NOW, "", 10) == ["s-1"]
    assert store.ended_since(NOW, "s-1", 10) == []
    assert store.session("s-1") is not None


def use_factors(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, FactorStore)
    store.begin(SecondFactor("p-1", "sealed", ("mark",), NOW))
    kept = store.of(["p-1", "p-2"])
    assert kept is not None
    store.confirm(kept, 1, NOW)
    store.spend_step(kept, 2)
    store.spend_recovery(kept, "mark")
    store.end(["p-1"])


def use_linked_identities(database: Database[dict[str, Any]]) -> None:
    store, people = indexed(database, LinkedIdentityStore), indexed(database, PeopleStore)
    people.add([(XIE, None, Entry("e", "person.registered", NOW, {}))])
    linked = LinkedIdentity("i-1", "print", "https://id.example.cn", XIE.id, NOW)
    for beside in (store.adding(linked), store.removing("i-9", lambda _: None), store.ending(["p-9"])):
        carried_out([people.records.unchanged(people.records.load(XIE.id, None))], beside)
    assert store.with_print("print") == linked
    assert store.of([XIE.id, "p-0"]) == [linked]
    store.end([XIE.id])


def use_sign_ins_with_providers(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, BegunStore)
    found = begun(Binding(b"key", "state", "secret"), "district", "https://sandan.example.cn", None, NOW)
    store.keep(found)
    assert store.take(found)
    store.give_back(found)
    assert store.take(found)
    assert store.spend(store.prove(found, "mark", "print"))
    assert store.one(found.id) is not None


def use_workers(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, WorkerStore)
    rider = registered("w-1", {"nickname": "x", "kind": "rider", "platform": "x", "grid_code": GRID.code}, NOW)
    store.add([rider])
    asked = Asked(XIE.caller(), "k", "digest", NOW)
    told = Outcome(rider, "worker.registered", {}, "x")
    store.write(asked, [store.records.opening(asked, replace(told, item=replace(rider, id="w-2")))])
    store.enter(asked, Outcome(Estimate("360704", NOW.date(), 1), "estimate.entered", {}, "x"))
    store.page(["360704"], {"kind": "rider"}, (NOW, "w-9"), 10)
    store.page(["360704", GRID.code], {}, None, 10)
    store.belonging_to(GRID.code)
    store.estimates_until("360704", NOW.date())
    store.of_people(["p-1", "p-2"])
    assert sum(store.counts("360704", NOW).values()) == 2
    assert list(store.outside("360704", NOW, [], [])) == ["w-1", "w-2"]


def use_rounds(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, RoundStore)
    asked = Asked(XIE.caller(), "k", "digest", NOW)
    made = Round("r-1", "x", GRID.code, 1, NOW, "p-1")
    store.list_doors([Address("a-1", "r-1", 1, GRID.code, "1", 1)])
    store.records.open(asked, Outcome(made, "round.opened", {}, "x"))
    store.page(["360704"], (NOW, "r-9"), 10)
    store.doors("r-1", None, 0, 10)
    store.doors("r-1", "untouched", 0, 10)
    store.note("v-1")
    assert [each.listed for each in store.tallies("360704", NOW)] == [1]


def use_needs(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, NeedStore)
    asked = Asked(XIE.caller(), "k", "digest", NOW)
    need = Need("n-1", "360704", Source.WORKER, "w-1", "0901", "x", GRID.code, NOW)
    carried_out(store.writings(asked, [need], "x"))
    store.note("n-1", 1, "open")
    store.note("n-9", 1, "open")
    assert store.of_person(["p-1", "p-0"]) == []
    assert store.of(["w-1"])["w-1"] == [(need, Progress.LISTED)]


def use_coverage(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, CoverageStore)
    store.note_session("s-1", GRID.code, NOW.date())
    store.note_reached("p-1", NOW.date())
    store.sessions([GRID.code[:12]], "360704", NOW.date())
    store.reached(["p-1"], NOW.date())


def use_posts(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, PostStore)
    store.add([Post("a", GRID.code, "p-1", "union_cadre", NOW.date())], NOW)
    store.of_person("p-1")
    store.within("360704100")
    store.on_grid(GRID.code)
    after = (GRID.code, "a")
    for filters in ({}, {"post": "union_cadre", "as_of": NOW.date()}, {"person_id": "p-1"}):
        store.page(["360704", "360704100002"], filters, after, 10)
    store.page(None, {"person_id": "p-1"}, after, 10)


def use_party_groups(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, PartyGroupStore)
    store.add([PartyGroup(GRID.code, NOW.date())], NOW)
    store.within("360704100")
    store.of(GRID.code)
    store.with_person("p-1")
    store.page(["360704"], NOW.date(), (GRID.code, GRID.code), 10)


def use_venues(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, VenueStore)
    store.add([Venue("v-1", "x", "rest_station", GRID.code, (115.0, 25.8), NOW.date())], NOW)
    store.open_on("360704100", "rest_station", NOW.date())
    store.lasting(GRID.code, NOW.date())
    store.one("v-1", ["360704"])
    for filters in ({}, {"kind": "rest_station"}, {"facility": "water"}):
        store.page(["360704"], filters, NOW.date(), (GRID.code, "v-1"), 10)


def use_bookings(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, BookingStore)
    hour = timedelta(hours=1)
    venues = indexed(database, VenueStore)
    venues.add([Venue("v-1", "x", "rest_station", GRID.code, (115.0, 25.8), NOW.date())], NOW)
    venue = venues.records.unchanged(venues.one("v-1", ["360704"]))
    store.make(ASKED, Booking("b-1", "v-1", GRID.code, NOW, NOW + hour, 1, "p-1", activity_id="a-1"), venue, "x")
    store.written_unless(venue, "v-1", NOW, list.clear)
    assert store.taken("v-1", (NOW, NOW + hour)) == [(NOW, NOW + hour)]
    assert store.taken("v-1", (NOW, NOW + hour), ["a-1"]) == []
    assert list(store.of_activities(["a-1", "a-2"])) == ["a-1"]
    store.page("v-1", NOW, None, 5)
    store.page("v-1", NOW, (NOW, "b-0"), 5)
    store.one("b-1", ["360704"])


def use_activities(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, ActivityStore)
    store.add([CLEAN_UP], NOW)
    store.of_series("s-1")
    store.between("360704100", NOW, NOW)
    store.lasting(GRID.code, NOW)
    assert store.titles([CLEAN_UP.id]) == {CLEAN_UP.id: CLEAN_UP.title}
    days = {"first_day": DAY, "last_day": DAY}
    for filters in ({}, days, {"kind": "activity", **days}):
        store.page(["360704", "360704100002"], filters, (NOW, "a-1"), 10)


def use_signups(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, SignupStore)
    seat = Outcome(seated(asked_for(CLEAN_UP, "p-1", NOW), 1, None), "signup.seated", {}, "x")
    store.enter(ASKED, seat.item.id, lambda _: seat)
    store.change(ASKED, store.own(CLEAN_UP.id, ["p-1", "p-0"])[0], seat)
    store.of_activity(CLEAN_UP.id)
    store.count_inside(CLEAN_UP.id)
    store.first_waiting(CLEAN_UP.id, 5)
    store.of_person(["p-1", "p-0"], NOW, NOW)
    store.of_person(["p-1"], until=NOW, ending_after=NOW, states=(State.IN,))
    assert store.taken(CLEAN_UP.id).inside == 1
    assert store.before(seat.item) == 0
    store.page(CLEAN_UP.id, None, (NOW, "s-1"), 10)
    store.page(CLEAN_UP.id, "left", (NOW, "s-1"), 10)
    store.page_of_person(["p-1", "p-0"], {"first_day": DAY, "state": "in"}, (NOW, "s-1"), 10)


def use_stations(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, StationUseStore)
    store.count("u-1", "v-1", GRID.code, DAY)
    store.welcome(Guest("p-1", GRID.code, "2026Q1", DAY, "2026-03", NOW))
    assert store.by_day("v-1", DAY, DAY, None, 5) == [(DAY.isoformat(), 1)]
    store.by_day("v-1", DAY, DAY, DAY.isoformat(), 5)
    assert store.uses(GRID.code[:12], DAY, DAY) == 1
    assert store.guests("360704", "2026Q1") == [("p-1", GRID.code[:12], DAY)]
    assert len(store.of_person(["p-1"])) == 1
    assert store.forget(["p-1", "p-0"]) == 1
    venues, points = indexed(database, VenueStore), indexed(database, PointsStore)
    venues.add([Venue("v-1", "x", "rest_station", GRID.code, (115.0, 25.8), DAY)], NOW)
    assert list(venues.nearest(["360704"], {"kind": "rest_station"}, DAY, (115.0, 25.8), (0.0, "v-0")))
    points.last_day(["p-1", "p-2"], DAY, DAY)
    indexed(database, HoursStore).last_day(["p-1", "p-2"], DAY, DAY)
    indexed(database, AttendanceStore).last_day(["p-1", "p-2"], DAY, DAY)
    indexed(database, PatrolStore).last_day(["p-1", "p-2"], DAY, DAY)


def use_series(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, SeriesStore)
    store.records.open(ASKED, Outcome(replace(SERIES, next_at=NOW), "series.opened", {}, "x"))
    assert [kept.id for kept in store.due(NOW, 5)] == ["s"]
    assert store.one("s", ["360704"]).item.rule == SERIES.rule
    assert store.running(SERIES.pattern.grid_code) == store.of_grid(SERIES.pattern.grid_code) != []
    store.page(["360704"], "r", 5)


def use_attendance(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, AttendanceStore)
    came = Attendance("a-1:p-1", "a-1", "p-1", "360704", stints=(Stint(NOW, None, "scan"),))

    def decide(found: Attendance) -> Outcome[Attendance]:
        return Outcome(came, "attendance.came", {}, "x")

    for key in ("k", "other"):
        store.begin(replace(ASKED, command_id=key), came, decide)
    assert store.known_as("a-1", ["p-2", "p-1"]) == "p-1"
    assert store.of_activity("a-1") == store.of_person("p-1", NOW, NOW + timedelta(hours=1)) == [came]
    store.page_of_activity("a-1", "a-1:p-0", 5)
    assert store.known("a-1", ["p-0", "p-1"]) == came
    store.page_of_person(["p-1", "p-2"], (NOW, "a-0:p-1"), 5)


def use_reminders(database: Database[dict[str, Any]]) -> None:
    activities, store = indexed(database, ActivityStore), indexed(database, ReminderStore)
    activities.beginning(NOW, NOW + timedelta(days=2))
    store.remind("r-1", {"people": []}, NOW)
    assert store.known(["r-1", "r-2"]) == {"r-1"}


def use_feedback(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, FeedbackStore)
    store.give(ASKED, Feedback(feedback_id("a-1", "p-1"), "a-1", "360704", "p-1", 5, "x", NOW), "x")
    assert store.said("a-1", ["p-0", "p-1"])
    assert [each.mark for each in store.of_activity("a-1")] == [5]
    store.forget_words(["p-1"])
    assert [each.text for each in store.of_people(["p-1"])] == [None]


def use_calendars(database: Database[dict[str, Any]]) -> None:
    store, activities = indexed(database, CalendarStore), indexed(database, ActivityStore)
    store.records.open(ASKED, Outcome(Calendar("c-1", "360704", "p-1", NOW), "calendar.opened", {}, "x"))
    assert [kept.id for kept in store.of_person(["p-1"])] == ["c-1"]
    store.forget(["p-1"])
    activities.within("360704", NOW, NOW, 5)
    activities.of_ids(["a-1"])


def use_hours(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, HoursStore)
    stint = (NOW, NOW + timedelta(hours=1))
    record = Record("r-1", Served.CASE, "c-1", "p-1", GRID.code, "x", "x", (), "x", (stint,), "x", NOW, NOW, NOW)
    store.records.open(ASKED, Outcome(record, "x", {}, ""))
    row = Row("w-1", "r-1", "p-1", GRID.code, DAY, 60, 0, "p-2", NOW)
    store.rows.open(ASKED, Outcome(row, "x", {}, ""))
    store.of_source("c-1", Served.CASE)
    store.of_ids(["r-1", "r-2"])
    assert store.asked_by(["p-1", "p-0"]) == []
    store.on_days(["p-1", "p-0"], [DAY])
    assert store.rows_on(["p-1", "p-0"], [DAY]) == [row]
    assert store.rows_between(["p-1", "p-0"], DAY, DAY) == [row]
    assert store.minutes_of(["r-1", "r-2"]) == {"r-1": 60}
    assert store.sum_of(["p-1", "p-0"]) == 60
    assert store.days_of_both(["p-1"], ["p-0"]) == set()
    assert store.by_day({"p-1": ["p-1", "p-0"]}, DAY, DAY) == {"p-1": {DAY: 60}}
    for query in ({"person_id": {"$in": ["p-1"]}}, {"areas": {"$in": [GRID.code[:6]]}}, {"source_id": "c-1"}):
        store.page(query, ("2040-01-01", "r-0"), 10)
    store.ledger(["p-1", "p-0"], ("2040-01-01", "w-0"), 10)


def use_stars(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, BookStore)
    store.records.open(ASKED, Outcome(Book("p-1", GRID.code[:12]), "x", {}, ""))
    assert store.of("p-1") is not None
    assert len(store.of_people(["p-1", "p-0"])) == 1
    store.public(GRID.code[:6], None, 10)
    store.public(GRID.code[:12], ("1", "p-1"), 10)


def use_certificates(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, CertificateStore)
    line = Line("r-1", DAY, "x", GRID.code, 60)
    made = CertificateOfHours("V-1", "code", "p-1", DAY, DAY, (line,), GRID.code[:12], "x", NOW)
    store.records.open(ASKED, Outcome(made, "x", {}, ""))
    assert len(store.superseding(ASKED, ["r-1", "r-2"], "x")) == 1
    store.page(["p-1", "p-0"], (NOW, "V-0"), 10)


def use_rosters(database: Database[dict[str, Any]]) -> None:
    indexed(database, PeopleStore), indexed(database, RollStore), indexed(database, SignupStore)
    store = indexed(database, RosterStore)
    roster = Roster("o-1", "a-1", GRID.code, None, 1, {}, {"volunteer": ("p-1",)}, {})
    store.records.open(ASKED, Outcome(roster, "x", {}, ""))
    store.pools(GRID.code[:12], ["cleaning"])
    store.last_begun(["p-1", "p-0"])
    store.marks(["p-1", "p-0"], 0, 288)
    store.signed_up("a-1")


def use_rotation(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, RotationStore)
    store.crews.open(ASKED, Outcome(Crew("360704100", DAY), "x", {}, "r"))
    store.crew("360704100")
    store.looked_at_least(5)
    store.looked_at("360704100", NOW)
    store.plans.open(ASKED, Outcome(unmade("360704100", DAY), "x", {}, "r"))
    store.plan("360704100", DAY)
    (plan,) = store.plans_from("360704100", DAY, 5)
    store.versions(plan)
    store.served.open(ASKED, Outcome(DayServed("a-1", "360704100", DAY, (Visit("c-1"),)), "x", {}, "r"))
    assert store.seen("360704100", DAY)
    assert store.served_on("360704100", [DAY]) == {"c-1"}
    told = {"compound_id": "c-1", "near_compound_id": None, "severity": "N", "service_day_id": "a-1"}
    store.note_case("k-1", 1, "360704100", told, awaited=True)
    assert store.needs("360704100") == {"c-1": {"k-1": "N"}}
    assert store.unplaced("360704100", ["c-2"]) == ["k-1"]
    assert store.resolved_on("a-1") == ["k-1"]
    assert store.served_by("a-1")
    indexed(database, SignupStore)
    indexed(database, RosterStore)
    assert (store.signed_up(["a-1"]), store.rostered(["a-1"])) == (0, set())


def use_patrols(database: Database[dict[str, Any]]) -> None:
    store = indexed(database, PatrolStore)
    patrol = Patrol("r-1", "p-1", GRID.code, "360704", NOW, "2026-03")
    store.begin(ASKED, Outcome(patrol, "patrol.started", {}, "rider"))
    assert store.latest(["p-1"])
    assert store.running(["p-1", "p-0"])
    assert store.running_since(NOW, 5)
    assert store.of_person(["p-1"], NOW, NOW + timedelta(days=1))
    assert store.all_of(["p-1"])
    assert store.page({"areas": {"$in": [GRID.code[:12]]}}, (NOW + timedelta(1), "r-0"), 5)
    assert store.page({"person_id": {"$in": ["p-1"]}}, None, 5)
    store.add("r-1", [Point(NOW, "1", 115.0, 25.8)])
    assert store.around("r-1", [Point(NOW, "2", 115.0, 25.8)])[1] == 1
    assert store.points("r-1")
    store.cut("r-1")
    assert store.tracked_before(NOW + timedelta(1), 5) == ["r-1"]
    store.reduce("r-1", [(1, 2)])
    store.note(Finding("c-1", "r-1", "p-1", NOW))
    store.merged("c-1", "c-2")
    store.void("c-1")
    assert store.findings(["p-1"], (NOW + timedelta(1), "c-0"), 5)
    store.reveal("k", "d", {"person_id": "p-1", "at": NOW})
    assert store.revealed(["p-1"])
    store.forget_reveals(NOW)
    store.forget(["p-1"])


def use_hours_of_an_area(database: Database[dict[str, Any]]) -> None:
    indexed(database, HoursStore).served(GRID.code[:12], DAY, DAY)


def use_calls(database: Database[dict[str, Any]]) -> None:
    indexed(database, RollStore)
    store = indexed(database, CallStore)
    call = Call("c-1", "360704", (GRID.code,), ("medic",), "x", NOW, "p-1", NOW)
    assert store.called(("360704", [GRID.code], [])) == 0
    assert store.audience(("360704", [GRID.code], ["medic"])) == []
    lists = [Outcome(each, "call.listed", {}, "x") for each in lists_of(call, ["p-1", "p-2"])]
    store.issue(ASKED, Outcome(call, "call.issued", {}, "x"), lists)
    assert store.page("c-1", "p-0", 5) == ["p-1", "p-2"]
    assert store.is_called("c-1", ["p-2", "p-0"])
    assert not store.is_called("c-1", ["p-0", "p-9"])
    assert store.counts("c-1") == {}
    assert store.answered_as("c-1", ["p-1", "p-0"]) is None
    assert store.of_person(["p-1", "p-0"]) == []


USES = [each for name, each in list(globals().items()) if name.startswith("use_")]


@pytest.mark.parametrize("use", USES)
def test_no_query_scans_a_collection(
    use: Callable[[Database[dict[str, Any]]], None],
    watched: Database[dict[str, Any]],
    database: Database[dict[str, Any]],
    recorder: Recorder,
) -> None:
    use(watched)
    assert recorder.commands
    for command in recorder.commands:
        asked = {name: value for name, value in command.items() if name not in BOOKKEEPING}
        plan = database.command("explain", asked, verbosity="queryPlanner")
        shown = json.dumps(asked, default=json_util.default)
        assert "COLLSCAN" not in json.dumps(plan, default=json_util.default), shown
