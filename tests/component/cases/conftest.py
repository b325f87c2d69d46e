"""The service's stores on a real MongoDB, and the service class without its container."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from nameko.testing.services import worker_factory
from pymongo.database import Database

from cases.act import Act
from cases.assets.store import AssetStore
from cases.case import Source
from cases.casework import Casework
from cases.category import BOOK
from cases.compound_pages.store import CompoundPageStore
from cases.deadline import LOCAL
from cases.indicators.figure_store import FigureStore
from cases.indicators.recount_store import RecountStore
from cases.indicators.store import IndicatorStore
from cases.intake_sessions.store import IntakeSessionStore
from cases.keys import pseudonym
from cases.ledger.store import LedgerStore
from cases.match_lists.store import MatchListStore
from cases.mechanisms.store import MechanismStore
from cases.open311.store import Open311Store
from cases.place import Compound, Place, Point
from cases.policies.store import PolicyStore, opened
from cases.releases.store import ReleaseStore
from cases.routing import Unit
from cases.service import CasesService
from cases.store import CaseStore, ContactStore, LeaverStore, PhotoStore, PlaceStore, RetentionStore
from cases.summons.store import SummonsStore
from cases.surveys.store import SurveyStore
from cases.trend.store import TrendStore
from chassis.audit.store import AuditStore
from chassis.mongo import Home
from chassis.setup import indexed
from dev.ports import HOST, free_port
from dev.servers.object_store import ObjectStore
from tests.certificates import Authority
from tests.component.cases.indicating import RATED, Kept, found
from tests.component.cases.staging import MembersDouble, demo_grids
from tests.component.cases.test_case_store import entry
from tests.component.set_clock import SetClock
from tests.component.stored import SEALER, emptied_database, stored
from tests.unit.cases import play as stage
from tests.unit.cases.play import AT, ELSEWHERE, GRID, OTHER_DISTRICT, RESIDENT, Play

Stored = Database[dict[str, Any]]

database = emptied_database()

cases = stored(CaseStore)
photos = stored(PhotoStore)
contacts = stored(ContactStore)


@pytest.fixture(scope="session")
def object_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    """An S3 store for this run alone, which a test may pause, kill and start again; at its second port under TLS."""
    directory = tmp_path_factory.mktemp("objects")
    store = ObjectStore(directory, [free_port() for _ in range(9)], Authority(directory).files(HOST))
    try:
        store.start()
        yield store
    finally:
        store.stop()


@pytest.fixture
def places(database: Stored) -> PlaceStore:
    """The copy, with the 18 demo grids, one compound and three units."""
    store = indexed(database, PlaceStore)
    for grid in demo_grids():
        store.put_grid(grid, 1)
    spot = Point(115.0058, 25.8672)
    store.put_compound(Compound("c-dongyuan", "东源胜景小区", GRID, spot, True, False, None), 1)
    for id, unit_type in (("u-committee", "COMMUNITY"), ("u-lighting", "LIGHTING_OFFICE"), ("u-property", "PROPERTY")):
        store.put_unit(Unit(id, id, unit_type, (GRID,)), 1)
    return store


@pytest.fixture
def clock() -> SetClock:
    return SetClock(AT)


@pytest.fixture
def members() -> MembersDouble:
    return MembersDouble()


@pytest.fixture
def casework(cases: CaseStore, places: PlaceStore, photos: PhotoStore, members: MembersDouble) -> Casework:
    return Casework(cases, places, photos, members)


match_lists = stored(MatchListStore)


@pytest.fixture
def policies(database: Stored) -> Iterator[PolicyStore]:
    """The versions of districts, and this process knows of them."""
    yield opened(indexed(database, PolicyStore))
    BOOK.open(None)


@pytest.fixture
def service(
    cases: CaseStore,
    places: PlaceStore,
    photos: PhotoStore,
    contacts: ContactStore,
    match_lists: MatchListStore,
    policies: PolicyStore,
    members: MembersDouble,
    clock: SetClock,
    database: Stored,
) -> CasesService:
    made: CasesService = worker_factory(
        CasesService,
        cases_kept=cases,
        audit=indexed(database, AuditStore),
        assets_kept=indexed(database, AssetStore),
        places=places,
        photos=photos,
        contacts=contacts,
        ledgers=indexed(database, LedgerStore),
        trends=TrendStore(Home(database)),
        indicators_kept=indexed(database, IndicatorStore),
        figures_kept=FigureStore(Home(database)),
        recounts_kept=RecountStore(Home(database)),
        match_lists=match_lists,
        intake_sessions=indexed(database, IntakeSessionStore, SEALER),
        mechanisms_kept=indexed(database, MechanismStore),
        summons_kept=indexed(database, SummonsStore),
        surveys_kept=indexed(database, SurveyStore),
        policies_kept=policies,
        compound_pages=indexed(database, CompoundPageStore),
        open311_kept=indexed(database, Open311Store),
        releases=indexed(database, ReleaseStore),
        members=members,
        leavers=indexed(database, LeaverStore),
        clock=clock,
        seal=SEALER,
        retention_kept=indexed(database, RetentionStore),
        pseudonym=partial(pseudonym, b"the key of tests"),
    )
    return made


@pytest.fixture
def indicators(database: Stored) -> IndicatorStore:
    return indexed(database, IndicatorStore)


@pytest.fixture
def recounts(database: Stored, indicators: IndicatorStore) -> RecountStore:
    return RecountStore(Home(database))


@pytest.fixture
def keep(cases: CaseStore) -> Kept:
    """Keep the case of a play as it stands, with photos and number of its own."""

    def keep(play: Play, grid: str | None = None) -> Play:
        case = play.case
        remarks = tuple(replace(each, photos=(), before_photos=()) for each in case.remarks)
        place = Place(grid) if grid else case.place
        play.case = replace(case, number=f"number-{case.id}", remarks=remarks, place=place)
        cases.add(play.case, entry(play, f"command-{case.id}"))
        # As kept: what is added has one entry in its history, whatever was played before.
        play.case = cases.load(case.id, None).case
        return play

    return keep


@pytest.fixture
def march(service: CasesService, keep: Kept, clock: SetClock) -> list[Play]:
    """Three closed cases, one of them in another grid; one open, one rejected; all of it counted."""
    rated = [stage.closed().do(Act.RATE, RESIDENT, **RATED) for _ in range(2)]
    plays = [*(keep(play) for play in rated), keep(stage.closed(), ELSEWHERE)]
    plays += [keep(stage.dispatched()), keep(stage.rejected())]
    service.count_indicators()
    clock.moment = datetime(2026, 3, 31, 18, tzinfo=LOCAL)
    return plays


@pytest.fixture
def patrolled(service: CasesService, keep: Kept, clock: SetClock) -> None:
    """A grid in which a patrol has found something in March, one in which none has, one of another district."""
    for source, grid, day in (
        (Source.PATROL, GRID, "03-12"),
        (Source.APP, GRID, "03-12"),
        (Source.HOTLINE, GRID, "03-20"),
        (Source.SESSION, GRID, "03-20"),
        (Source.APP, GRID, "02-10"),
        (Source.APP, ELSEWHERE, "03-12"),
        (Source.PATROL, ELSEWHERE, "02-10"),
        (Source.PATROL, OTHER_DISTRICT, "03-12"),
    ):
        keep(found(source, day), grid)
    keep(found(Source.APP, "03-20", "0601"), GRID)
    service.count_indicators()
    clock.moment = datetime(2026, 3, 31, 18, tzinfo=LOCAL)
