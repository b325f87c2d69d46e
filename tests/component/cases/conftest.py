"""The service's stores on a real MongoDB, and the service class without its container."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from nameko.testing.services import worker_factory
from pymongo.database import Database

from cases.assets.store import AssetStore
from cases.casework import Casework
from cases.category import BOOK
from cases.compound_pages.store import CompoundPageStore
from cases.indicators.figure_store import FigureStore
from cases.indicators.recount_store import RecountStore
from cases.indicators.store import IndicatorStore
from cases.intake_sessions.store import IntakeSessionStore
from cases.keys import pseudonym
from cases.ledger.store import LedgerStore
from cases.match_lists.store import MatchListStore
from cases.mechanisms.store import MechanismStore
from cases.place import Compound, Point
from cases.policies.store import PolicyStore, opened
from cases.routing import Unit
from cases.service import CasesService
from cases.store import CaseStore, ContactStore, LeaverStore, PhotoStore, PlaceStore, RetentionStore
from cases.summons.store import SummonsStore
from cases.surveys.store import SurveyStore
from cases.trend.store import TrendStore
from chassis.audit.store import AuditStore
from chassis.mongo import Home
from chassis.setup import indexed
from tests.component.cases.staging import MembersDouble, demo_grids
from tests.component.set_clock import SetClock
from tests.component.stored import SEALER, emptied_database, stored
from tests.unit.cases.play import AT, GRID

Stored = Database[dict[str, Any]]

database = emptied_database()

cases = stored(CaseStore)
photos = stored(PhotoStore)
contacts = stored(ContactStore)


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
        members=members,
        leavers=indexed(database, LeaverStore),
        clock=clock,
        seal=SEALER,
        retention_kept=indexed(database, RetentionStore),
        pseudonym=partial(pseudonym, b"the key of tests"),
    )
    return made
