"""The demo's cases on a real database: the published numbers, each case behind them, and nothing twice."""

import json
import logging
import re
from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pymongo
import pytest
import structlog
from pymongo.database import Database

from cases.case import Case
from cases.demo.district import district
from cases.demo.docket import Docket
from cases.demo.loading import load, load_once
from cases.demo.plan import Planner
from cases.demo.player import Player
from cases.demo.story import NOW, OPENS
from cases.indicators.recount_store import RecountStore
from cases.service import CasesService
from cases.store import CaseStore
from cases.store.cases import Step
from cases.store.past import PastStore
from chassis.mongo import Home
from chassis.outbox import Entry
from chassis.records import carried_out
from chassis.setup import create_indexes
from gateway.open311.arguments import listed
from tests.component.cases.indicating import recounted
from tests.component.set_clock import SetClock
from tests.component.stored import SEALER
from tests.published import COUNTS, PERIOD, RATES
from tests.unit.cases.play import DISPATCHER, caller

Stored = Database[dict[str, Any]]

OPEN311 = Path(__file__).parents[3] / "docs/open311.md"

AUDITOR = caller("p-auditor", "auditor", scope="360704").dump()
OVERDUE = 18 + 21
"""Open past their due time, and closed after it."""


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    yield
    structlog.reset_defaults()


@pytest.fixture
def home(database: Stored) -> Home:
    create_indexes(database, CasesService)
    return Home(database, sealer=SEALER)


@pytest.fixture(scope="module")
def played() -> Player:
    """All of it, once for the tests of this file."""
    with pymongo.MongoClient[dict[str, Any]](connect=False) as client:
        player = Player(Home(client["unread"]), district())
        player.play(Planner(district()).plan())
        return player


@pytest.fixture
def loaded(home: Home, clock: SetClock, played: Player) -> str:
    clock.moment = NOW
    return load(home, played)


def published(service: CasesService, **asked: Any) -> dict[str, Any]:
    total: dict[str, Any] = service.indicators(AUDITOR, **PERIOD, **asked)["total"]
    return total


def numbers(service: CasesService, count: str) -> list[str]:
    """The case numbers behind a count, page by page."""
    found, after = [], None
    while True:
        page = service.indicator_cases(AUDITOR, **PERIOD, count=count, after=after, limit=200)
        found += [item["number"] for item in page["items"]]
        if (after := page["next"]) is None:
            return found


def test_the_board_shows_the_numbers_of_the_domain_and_the_cases_behind_them(
    loaded: str, home: Home, service: CasesService, database: Stored
) -> None:
    assert loaded == "added 150 intake sessions and 684 cases, and counted 684"
    told = published(service)
    assert {name: told["rates"][name] for name in RATES} == RATES
    assert {name: told["counts"][name] for name in COUNTS} == COUNTS
    assert told["counts"]["overdue"] == OVERDUE
    # F34: exactly the cases of the number that was published.
    solved = numbers(service, "closed")
    assert (len(solved), len(set(solved))) == (622, 622)
    assert set(solved) == set(database.cases.distinct("number", {"status": "CLOSED"}))
    assert recounted(RecountStore(home)) == {"cases": 684, "lines": 0, "counters": 0}


def test_nobody_hears_of_what_is_long_over_but_members_of_the_sessions(loaded: str, database: Stored) -> None:
    assert database.cases.count_documents({"unrelayed": True}) == 0
    assert database.cases.count_documents({"$expr": {"$ne": ["$relayed", "$version"]}}) == 0
    # Nor does whoever asks what was written lately, because a queue was gone.
    assert database.cases.count_documents({"written_at": {"$gt": NOW.astimezone(UTC)}}) == 0
    assert database.intake_sessions.count_documents({"unrelayed": True}) == 150


def test_the_clock_has_nothing_to_do_by_then(loaded: str, service: CasesService) -> None:
    assert service.cases_kept.alarmed(NOW, 10) == []
    assert len(service.cases_kept.alarmed(NOW + timedelta(days=3), 100)) > 20


def test_every_photo_that_a_case_shows_is_there(loaded: str, database: Stored) -> None:
    shown = database.cases.distinct("photos")
    assert len(shown) > 400
    assert database.photos.count_documents({"_id": {"$in": shown}, "case_id": {"$ne": None}}) == len(shown)
    assert database.photo_bytes.count_documents({"_id": {"$in": shown}}) == len(shown)


def test_the_page_of_open311_asks_for_cases_that_there_are_whenever_it_is_read(
    loaded: str, service: CasesService, clock: SetClock
) -> None:
    [address] = re.findall(r"curl '(\S+/requests\.json\?\S+)'", OPEN311.read_text(encoding="utf-8"))
    clock.wait(days=1000)
    found = service.public_requests(jurisdiction="360704", **listed(parse_qs(urlsplit(address).query)))["items"]
    assert len(found) == 10
    assert all(each["history"] for each in found)


def test_names_and_phones_are_sealed_and_in_no_event(loaded: str, database: Stored) -> None:
    filed = database.cases.find_one({"reporter.contact.phone": {"$ne": None}})
    assert filed is not None
    assert set(filed["reporter"]["contact"]["phone"]) == {"mask", "sealed"}
    told = [entry["data"] for case in database.cases.find({}, {"history": True}) for entry in case["history"]]
    assert "12000" not in json.dumps(told)


def test_loading_again_adds_only_what_is_missing(
    loaded: str, home: Home, played: Player, service: CasesService, database: Stored, clock: SetClock
) -> None:
    """A first time may have ended early, and somebody may have gone on with a case since."""
    an_open = database.cases.find_one({"status": "IN_PROGRESS"})
    assert an_open is not None
    clock.wait(hours=1)
    receipt = service.move(DISPATCHER.dump(), "note-1", an_open["_id"], "note", {"text": "请尽快处理。"})
    gone = database.cases.distinct("_id", {"status": "REJECTED"})
    database.cases.delete_many({"_id": {"$in": gone}})
    assert load(home, played).startswith("added 0 intake sessions and 20 cases")
    assert database.cases.count_documents({}) == 684
    assert service.cases_kept.load(an_open["_id"], None).case.version == receipt["version"] == an_open["version"] + 1


def test_where_the_last_case_is_nothing_is_played(loaded: str, home: Home, database: Stored) -> None:
    database.cases.delete_many({"status": "CLOSED"})
    assert load_once(home) == "the cases are there already"
    assert database.cases.count_documents({}) == 684 - 622


def test_what_is_loaded_is_what_the_service_would_have_written_step_by_step(
    home: Home, database: Stored, cases: CaseStore
) -> None:
    player = Player(home, district())
    write_along(player.docket, cases)
    player.play(Planner(district()).plan(), until=OPENS + timedelta(days=21))
    stepwise = documents(database)
    database.cases.delete_many({})
    assert PastStore(home).add_cases(player.histories()) == len(stepwise)
    assert documents(database) == stepwise
    assert len(stepwise) > 30


def write_along(docket: Docket, store: CaseStore) -> None:
    """Whatever the play keeps in mind the store of the service writes, too."""
    enter, save = docket.enter, docket.save

    def written(case: Case, entry: Entry) -> None:
        enter(case, entry)
        # What comes up at a session has no command of its own.
        if entry.command is None:
            carried_out([store.opening(case, entry)])
        else:
            store.add(case, entry)

    def saved(*steps: Step) -> None:
        save(*steps)
        store.save(*steps)

    docket.enter, docket.save = written, saved  # type: ignore[method-assign]  # both, for the time of a test


def documents(database: Stored) -> dict[str, Any]:
    """All cases, but for when they were written and relayed, and for what is sealed otherwise each time."""
    late = dict.fromkeys(("written_at", "relayed", "unrelayed", "reporter.contact", "mediation"), False)
    return {each["_id"]: each for each in database.cases.find({}, late)}
