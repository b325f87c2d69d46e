"""A door-knock round: doors without flats, visits in their time, and what counts as covered."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from marshmallow import Schema, ValidationError, fields

from chassis.errors import Refusal
from members.rounds import round as rules
from members.rounds.purpose import PURPOSES
from members.rounds.round import Address, Result, Round, Standing, Visit, area_of, doors, standing, tally, visited
from members.rounds.schemas import AddressSchema, VisitSchema
from members.rounds.store import DIGITS

GRID, OTHER = "360704100002001", "360704100002002"
NOW = datetime(2026, 3, 12, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ROUND = Round("r-1", "三月敲门", GRID, 400, NOW, "p-1")
V, N, R = Result.VISITED, Result.NO_ANSWER, Result.REFUSED


def door(number: int = 1, **told: object) -> dict[str, object]:
    return {"grid_code": GRID, "building": "3号楼", "door": number, **told}


def visit(result: Result, at: datetime = NOW) -> Visit:
    return Visit("v-1", result, at, "p-1")


def test_f07_380_of_400_visited_are_95_percent() -> None:
    """F07: 380 visited, 12 no answer twice, 8 untouched of 400: coverage 95.00, and 8 stand untouched."""
    found = tally(ROUND, [([V], 300), ([N, V], 80), ([N, N], 12), ([], 8)])
    assert (found.listed, found.coverage, found.counts[Standing.UNTOUCHED]) == (400, "95.00", 8)
    assert found.counts[Standing.NO_ANSWER_TWICE] == 12
    assert tally(ROUND, []).coverage is None


@pytest.mark.parametrize(
    ("results", "stands"),
    [
        ([], Standing.UNTOUCHED),
        ([N], Standing.NO_ANSWER_ONCE),
        ([N, N], Standing.NO_ANSWER_TWICE),
        ([N, N, R], Standing.REFUSED),
        ([R, N, V], Standing.VISITED),
    ],
)
def test_who_was_met_once_was_met_in_whatever_order(results: list[Result], stands: Standing) -> None:
    assert {standing(each) for each in permutations(results)} == {stands}


def test_who_refused_was_not_visited() -> None:
    assert tally(ROUND, [([V], 1), ([R], 1)]).coverage == "50.00"


@pytest.mark.parametrize("building", ["3号楼501室", "2栋", "东门平房302", "5户", "3单元二楼东房"])
def test_an_address_goes_down_to_the_building(building: str) -> None:
    told = {"grid_code": GRID, "building": building, "door": 1}
    if building == "2栋":
        assert AddressSchema().load(told)
        return
    with pytest.raises(ValidationError, match="building"):
        AddressSchema().load(told)


@pytest.mark.parametrize("building", ["红金大道128号", "12栋", "A座", "三单元"])
def test_numbers_of_houses_are_no_flats(building: str) -> None:
    assert AddressSchema().load({"grid_code": GRID, "building": building, "door": 1})


def test_every_fault_of_every_door_is_told_at_once() -> None:
    rows = [
        door(1),
        door(1),
        door(2, grid_code=OTHER),
        {"compound_id": "c-none", "building": "1号楼", "door": 1},
        {"compound_id": "c-1", "building": "1号楼", "door": 1},
    ]
    with pytest.raises(Refusal) as refused:
        doors("r-1", rows, {"c-1": GRID}, frozenset({GRID}))
    assert [each["pointer"] for each in refused.value.details["errors"]] == [
        "/addresses/1/door",
        "/addresses/2/grid_code",
        "/addresses/3/compound_id",
    ]


def test_the_area_of_a_round_is_the_smallest_that_holds_its_doors() -> None:
    one = doors("r-1", [door(1)], {}, frozenset({GRID}))
    two = doors("r-1", [door(1), door(2, grid_code=OTHER)], {}, frozenset({GRID, OTHER}))
    assert (area_of(one, DIGITS), area_of(two, DIGITS)) == (GRID, "360704100002")
    assert [each.id for each in two] == ["r-1-00001", "r-1-00002"]


def test_visits_are_kept_in_the_order_of_their_times() -> None:
    [first] = doors("r-1", [door(1)], {}, frozenset({GRID}))
    second = visited(first, Visit("b", N, NOW + 2 * MINUTE, "p"), ROUND, NOW + 3 * MINUTE)
    third = visited(second, Visit("a", N, NOW + MINUTE, "p"), ROUND, NOW + 3 * MINUTE)
    assert [each.id for each in third.visits] == ["a", "b"]
    assert third.standing is Standing.NO_ANSWER_TWICE


def test_a_visit_lies_within_its_round() -> None:
    address = Address("a", "r-1", 1, GRID, "3号楼", 1)
    for at in (NOW - MINUTE, NOW + 10 * MINUTE):
        with pytest.raises(Refusal, match="visit_out_of_time"):
            visited(address, visit(V, at), ROUND, NOW)
    over = rules.closed(ROUND, NOW + MINUTE)
    for late in (lambda: visited(address, visit(V), over, NOW + MINUTE), lambda: rules.closed(over, NOW)):
        with pytest.raises(Refusal, match="round_closed"):
            late()


def asked(schema: Schema) -> set[str]:
    found = set(schema.fields)
    for field in schema.fields.values():
        if isinstance(field, fields.List) and isinstance(field.inner, fields.Nested):
            found |= asked(field.inner.schema)
    return found


def test_every_field_of_the_form_has_its_purpose_and_nothing_else_is_asked() -> None:
    assert asked(VisitSchema()) == set(PURPOSES)


def test_needs_are_stated_by_who_was_met() -> None:
    need = {"category": "0804", "text": "教用手机"}
    assert VisitSchema().load({"outcome": "visited", "needs": [need]})
    with pytest.raises(ValidationError, match="needs"):
        VisitSchema().load({"outcome": "no_answer", "needs": [need]})
