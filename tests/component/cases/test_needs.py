"""A need that members tells of becomes a demand once; what cannot become one is parked with the reason."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from cases.match_lists.hearing import NotYet
from cases.service import CasesService
from cases.store import PlaceStore
from chassis.event import Event, Malformed
from chassis.rpc import Unreachable
from tests.component.cases.staging import MembersDouble
from tests.unit.cases.play import GRID, WORKER

AT = datetime(2026, 3, 12, 12, tzinfo=UTC)


def stated(**told: Any) -> Event:
    data = {
        "need_id": "n-1",
        "version": 1,
        "at": "2026-03-12T12:00:00Z",
        "by": {"id": WORKER.id, "role": "community_worker"},
        "source": "RIDER",
        "source_id": "w-1",
        "category": "0901",
        "grid_code": GRID,
        "compound_id": None,
        "person_id": None,
    }
    return Event("e-1", "need.stated", "/services/members", "need/n-1", 1, AT, None, data | told, b"", "")


@pytest.fixture(autouse=True)
def words(members: MembersDouble, places: PlaceStore) -> None:
    members.words["n-1"] = "夜间充电"


def test_a_need_becomes_a_demand_once_however_often_it_is_told(
    service: CasesService, database: Database[dict[str, Any]]
) -> None:
    with ThreadPoolExecutor(4) as instances:
        list(instances.map(lambda _: service.list_need(stated()), range(8)))
    [demand] = database["demands"].find()
    assert (demand["_id"], demand["text"], demand["category"], demand["status"]) == ("n-1", "夜间充电", "0901", "open")
    assert demand["asker"]["id"] is None
    assert (demand["asker"]["filed_by"], demand["source_id"]) == (WORKER.id, "w-1")
    # Who has no account is told by whoever goes there.
    assert demand["history"][0]["data"]["callback"] == "visit"
    assert service.demand(WORKER.dump(), "n-1")["text"] == "夜间充电"


def test_whoever_has_an_account_asks_in_person(service: CasesService, database: Database[dict[str, Any]]) -> None:
    service.list_need(stated(person_id="p-rider", compound_id="c-dongyuan", source="DOOR_KNOCK"))
    [demand] = database["demands"].find()
    assert (demand["asker"]["id"], demand["place"]["compound_id"]) == ("p-rider", "c-dongyuan")
    assert demand["history"][0]["data"]["callback"] is None


def test_while_members_is_away_nothing_is_opened_and_nothing_lost(
    service: CasesService, members: MembersDouble, monkeypatch: pytest.MonkeyPatch, database: Database[dict[str, Any]]
) -> None:
    def away(**_: Any) -> dict[str, str]:
        raise Unreachable

    with monkeypatch.context() as patched:
        patched.setattr(members, "need_words", away)
        with pytest.raises(Unreachable):
            service.list_need(stated())
    assert database["demands"].count_documents({}) == 0
    service.list_need(stated())
    assert database["demands"].count_documents({}) == 1


@pytest.mark.parametrize(
    ("told", "error", "reason"),
    [
        ({"category": "0999"}, Malformed, "unknown_category"),
        ({"need_id": "n-9"}, Malformed, "need_not_found"),
        ({"source": "APP"}, Malformed, "invalid"),
        ({"grid_code": "360704100099001"}, NotYet, "unknown_grid"),
        ({"compound_id": "c-new"}, NotYet, "unknown_compound"),
    ],
)
def test_what_cannot_become_a_demand_is_parked_with_the_reason(
    service: CasesService, told: dict[str, Any], error: type[Exception], reason: str
) -> None:
    """A refusal would count as an answer, and the event be forgotten."""
    with pytest.raises(error, match=reason):
        service.list_need(stated(**told))


@pytest.mark.parametrize("closed", [AT + timedelta(hours=1), AT - timedelta(hours=1)])
def test_a_need_keeps_the_grid_in_which_it_was_stated(
    service: CasesService, places: PlaceStore, closed: datetime
) -> None:
    """A door of a round, or a worker, may belong to a grid that has been redrawn: the need is not lost for that."""
    grid = places.grid(GRID)
    assert grid
    places.put_grid(replace(grid, closed=closed), 2)
    service.list_need(stated())
    assert service.demand(WORKER.dump(), "n-1")["grid_code"] == GRID


def test_a_need_of_a_compound_without_any_grid_keeps_the_one_that_the_compound_had(
    service: CasesService, places: PlaceStore
) -> None:
    grid = places.grid(GRID)
    assert grid
    places.put_grid(replace(grid, closed=AT - timedelta(hours=1)), 2)
    service.list_need(stated(compound_id="c-dongyuan", source="DOOR_KNOCK"))
    shown = service.demand(WORKER.dump(), "n-1")
    assert (shown["grid_code"], shown["compound_id"]) == (GRID, "c-dongyuan")


def test_another_need_under_the_same_id_is_parked(service: CasesService) -> None:
    service.list_need(stated())
    with pytest.raises(Malformed, match="command_id_reused"):
        service.list_need(replace(stated(category="0902"), id="e-2"))
