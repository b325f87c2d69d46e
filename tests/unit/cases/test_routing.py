"""Proposals: units in the category's order, the fallback of unmanaged compounds, and why somebody is left out."""

from dataclasses import replace
from typing import Any

from cases.case import Case
from cases.category import catalogue
from cases.deadline import LOCAL
from cases.place import Compound, Point
from cases.routing import Unit, candidates_for, propose
from chassis.instant import written
from tests.unit.cases.play import ELSEWHERE, GRID, dispatched, registered

UNMANAGED = Compound("c-dongyuan", "东源胜景小区", GRID, Point(115.0058, 25.8672), True, False, None)
MANAGED = replace(UNMANAGED, has_property_mgmt=True, property_company_id="u-property")
UNITS = (
    Unit("u-lighting", "路灯所", "LIGHTING_OFFICE", (GRID,)),
    Unit("u-property", "物业", "PROPERTY", (GRID,)),
    Unit("u-other-property", "物业二", "PROPERTY", (GRID,)),
    Unit("u-committee", "居委会", "COMMUNITY", (GRID,)),
    Unit("u-sanitation", "环卫所", "SANITATION", (GRID,)),
    Unit("u-far", "居委会二", "COMMUNITY", (ELSEWHERE,)),
)


def proposed(case: Case, compound: Compound | None, **changes: Any) -> tuple[list[str], dict[str, str]]:
    """The units in order, and what was skipped."""
    case = replace(case, **changes)
    found = propose(case, catalogue("2025.1").find(str(case.category)), compound, UNITS)
    return [one.unit.id for one in found.units], {one.unit_type: one.reason for one in found.skipped}


def lamp(**fields: Any) -> Case:
    return registered(**fields).case


def test_in_an_unmanaged_compound_property_is_skipped_and_the_community_is_proposed() -> None:
    assert proposed(lamp(), UNMANAGED) == (
        ["u-committee"],
        {"LIGHTING_OFFICE": "asset_not_municipal", "PROPERTY": "no_property_management"},
    )


def test_the_owner_of_a_municipal_lamp_comes_first() -> None:
    assert proposed(lamp(), UNMANAGED, municipal=True)[0] == ["u-lighting", "u-committee"]


def test_in_a_managed_compound_its_own_company_is_proposed() -> None:
    assert proposed(lamp(), MANAGED)[0] == ["u-property", "u-committee"]


def test_on_the_street_there_is_no_property_company() -> None:
    assert proposed(lamp(), None) == (["u-lighting", "u-committee"], {"PROPERTY": "not_in_a_compound"})


def test_the_community_stands_in_where_the_category_does_not_list_it() -> None:
    units, skipped = proposed(lamp(category="0105"), UNMANAGED, category="0105")
    assert units == ["u-committee"]
    assert skipped["PROPERTY"] == "no_property_management"


def test_a_category_with_one_kind_of_unit_goes_there_also_in_a_compound() -> None:
    assert proposed(lamp(category="0301"), UNMANAGED, category="0301") == (["u-sanitation"], {})


def test_the_unit_complained_of_is_not_proposed() -> None:
    units, skipped = proposed(lamp(), UNMANAGED, complained_unit_id="u-committee")
    assert (units, skipped["COMMUNITY"]) == ([], "complained_unit")


def test_a_kind_of_unit_that_serves_no_grid_here_is_named() -> None:
    assert proposed(lamp(category="0104"), None, category="0104") == ([], {"WATER_CO": "no_unit_in_grid"})


def test_candidates_are_asked_for_with_skills_licences_and_nearness_and_without_those_tried() -> None:
    play = dispatched()
    kind = play.case.kind
    assert kind
    assert candidates_for(play.case, kind, play.now, 3) == {
        "case_id": play.case.id,
        "grid_code": GRID,
        "location": {"lon": 115.0058, "lat": 25.8672},
        "skills": ["electrician"],
        "certificates": ["low_voltage_electrician"],
        "at": written(play.now.astimezone(LOCAL)),
        "exclude": ["p-electrician", "p-worker"],
        "limit": 3,
    }
    about = replace(play.case, complained_unit_id="u-power")
    assert candidates_for(about, kind, play.now, 3)["exclude_units"] == ["u-power"]
