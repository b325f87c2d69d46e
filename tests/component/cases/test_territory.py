"""The copy of the territory follows what members tells: a case lies in the grid that is in force as it is reported."""

import json
from datetime import timedelta
from typing import Any

import pytest

from cases.service import CasesService
from cases.store import PlaceStore
from chassis.errors import Refusal
from chassis.event import Event
from tests.component.set_clock import SetClock
from tests.unit.cases.play import AT, DISPATCHER, GRID, RESIDENT
from tests.unit.cases.samples import FOLDER

SPOT = {"lon": 115.0058, "lat": 25.8672}
NEW = "360704100002003"


def told(type: str, sequence: int, **changes: Any) -> Event:
    sample = json.loads((FOLDER / f"{type}.json").read_text(encoding="utf-8"))
    data = {**sample["data"], **changes}
    return Event("e", type, sample["source"], sample["subject"], sequence, AT, None, data, b"", "")


def report(service: CasesService, **fields: Any) -> str:
    where = fields or {"location": SPOT}
    receipt = service.report(RESIDENT.dump(), str(fields) + str(service.clock.now()), text="路灯不亮", **where)
    return str(service.case(DISPATCHER.dump(), receipt["case_id"])["grid_code"])


@pytest.fixture
def split(service: CasesService, clock: SetClock, places: PlaceStore) -> None:
    """The grid of the lamp closes in an hour, and another one takes its place."""
    date = (clock.now() + timedelta(hours=1)).isoformat()
    service.copy_grid(told("grid.opened", 1, grid_code=NEW, **{"from": date}))
    service.copy_grid(told("grid.closed", 3, to=date, successors=[NEW]))


def test_a_point_lies_in_the_grid_that_is_in_force(service: CasesService, clock: SetClock, split: None) -> None:
    assert report(service) == GRID
    clock.wait(hours=1)
    assert report(service) == NEW


def test_a_compound_whose_grid_was_closed_lies_in_the_one_that_took_its_place(
    service: CasesService, clock: SetClock, split: None
) -> None:
    assert report(service, compound_id="c-dongyuan") == GRID
    clock.wait(hours=1)
    assert report(service, compound_id="c-dongyuan") == NEW


def test_a_closed_grid_is_named_for_no_new_case(service: CasesService, clock: SetClock, split: None) -> None:
    assert report(service, grid_code=GRID) == GRID
    clock.wait(hours=1)
    with pytest.raises(Refusal) as refused:
        report(service, grid_code=GRID)
    assert refused.value.dump() == {"code": "grid_closed", "details": {"grid_codes": [GRID]}}
