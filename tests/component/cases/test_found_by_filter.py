"""By what a sensitive case is found: never by what its outline does not show (docs/domain.md §5)."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from cases.indicators.counting import count_what_waits
from cases.ledger.lists import List
from cases.service import CasesService
from tests.component.cases.test_confidential import AUDITOR, CADRE, GRID_WORKER, LEADER, MARCH, PARTY
from tests.component.cases.test_service import Desk
from tests.component.set_clock import SetClock
from tests.unit.cases.play import ADMIN, DISPATCHER, GRID, INSPECTOR, WORKER, caller

COMPOUND, OUTSIDE, UNIT = "c-dongyuan", "GZ20260312001", "u-property"
ORDINARY, SENSITIVE = "0303", "0806"
CONTACT = caller("p-property", "unit_contact", "union_leader", unit=UNIT)

Found = Callable[[CasesService, dict[str, Any]], dict[str, Any]]


def _list(**filters: Any) -> Found:
    return lambda service, who: service.cases(who, filters=filters, limit=1)


def _ledger(**filters: Any) -> Found:
    return lambda service, who: service.ledger(who, area=GRID, list=List.RESPONSIBILITY, filters=filters, limit=1)


FOUND: Mapping[str, Found] = {
    "list by compound": _list(compound_id=COMPOUND),
    "list by number outside": _list(external_number=OUTSIDE),
    "ledger by compound": _ledger(compound_id=COMPOUND),
    "ledger by unit": _ledger(unit_id=UNIT),
    "drill-down by unit": lambda service, who: service.indicator_cases(
        who, area=GRID, count="registered", unit_id=UNIT, limit=1, **MARCH
    ),
}
"""Whatever asks by something that no outline shows."""

OFFICES = {
    "dispatcher": DISPATCHER,
    "inspector": INSPECTOR,
    "worker": WORKER,
    "grid_worker": GRID_WORKER,
    "union_leader": LEADER,
    "union_cadre": CADRE,
    "party_office": PARTY,
    "admin": ADMIN,
    "auditor": AUDITOR,
    "contact of the unit": CONTACT,
}
HANDLE = {"dispatcher", "inspector", "contact of the unit"}


@pytest.fixture
def desk(service: CasesService, clock: SetClock) -> Desk:
    return Desk(service, clock)


def given_to_the_unit(desk: Desk, category: str) -> None:
    """What the hotline has transferred, which a unit has."""
    desk.report(DISPATCHER, source="12345", external_number=OUTSIDE, category=category)
    desk.do(DISPATCHER, "register", category=category)
    desk.do(DISPATCHER, "dispatch", assignees=[UNIT])
    count_what_waits(desk.service.indicators_kept)


@pytest.mark.parametrize("way", FOUND)
def test_who_is_told_an_outline_finds_no_case_by_what_it_does_not_show(desk: Desk, way: str) -> None:
    for category, finders in ((SENSITIVE, HANDLE), (ORDINARY, set(OFFICES))):
        given_to_the_unit(desk, category)
        found = {name: FOUND[way](desk.service, who.dump()) for name, who in OFFICES.items()}
        ids = {name: [row["case_id"] for row in page["items"]] for name, page in found.items()}
        assert {name for name, rows in ids.items() if rows == [desk.case_id]} == finders
        assert all(ids[name] == [] and found[name]["next"] is None for name in set(OFFICES) - finders)
        desk.service.cases_kept.outbox.collection.delete_many({})
        desk.service.indicators_kept.lines.delete_many({})


def test_a_reader_of_outlines_is_still_told_of_the_case_where_nothing_hidden_is_asked(desk: Desk) -> None:
    given_to_the_unit(desk, SENSITIVE)
    for filters in ({}, {"category": SENSITIVE}, {"grid": GRID}, {"status": "DISPATCHED"}, {"tag": "elderly"}):
        assert [row["case_id"] for row in _list(**filters)(desk.service, AUDITOR.dump())["items"]] == [desk.case_id]
    ledger = _ledger(category=SENSITIVE)(desk.service, AUDITOR.dump())
    assert ([row["case_id"] for row in ledger["items"]], ledger["totals"]["problem"]) == ([desk.case_id], 1)


def test_a_catalogue_that_this_process_has_not_read_yet_hides_no_less(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_to_the_unit(desk, SENSITIVE)
    monkeypatch.setattr("cases.store.case_query.restricted_in", lambda _: {})
    for way in ("list by compound", "ledger by compound", "ledger by unit"):
        found = FOUND[way](desk.service, AUDITOR.dump())
        assert (found["items"], found["next"]) == ([], None)
