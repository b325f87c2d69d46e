"""Fixed assets: what a record of one must be, who keeps it, what is near; and the one that a case is about."""

from dataclasses import replace
from typing import Any

import pytest

from cases.act import Act, Facts
from cases.assets.asset import MOST_NEAR, Asset, changed, keeper_role, nearest, registered, shown
from cases.assets.schemas import AssetSchema
from cases.outcome import Outcome
from cases.place import METRES_OF_DEGREE, Place, Point
from cases.place import Asset as Known
from cases.showing.sight import sight
from cases.showing.view import shown as shown_case
from chassis.schema import load
from tests.unit.cases import play as stage
from tests.unit.cases.play import (
    ADMIN,
    DISPATCHER,
    ELSEWHERE,
    GRID,
    LAMP,
    NEIGHBOUR,
    OTHER_DISTRICT,
    OTHER_WORKER,
    RESIDENT,
    WORKER,
    caller,
    code_of,
    unsealed,
)

SPOT = Point(115.0058, 25.8672)
FIELDS: dict[str, Any] = {"number": "L-0007", "kind": "0118"}


def lamp(**fields: Any) -> Asset:
    return registered("a-1", {**FIELDS, **fields}, LAMP)


def north(metres: float) -> Point:
    return Point(SPOT.lon, SPOT.lat + metres / METRES_OF_DEGREE)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"kind": "0618"}, "unknown_component"),
        ({"kind": "0100"}, "unknown_component"),
        ({"code": "3607020118000007"}, "component_code_mismatch"),
        ({"code": "3607040126000007"}, "component_code_mismatch"),
    ],
)
def test_what_is_no_component_is_refused(fields: dict[str, Any], code: str) -> None:
    assert code_of(lamp, **fields) == code
    assert code_of(changed, lamp(), fields, None) == code


def test_a_code_names_the_district_and_the_kind() -> None:
    assert lamp(code="3607040118000007").code == "3607040118000007"


@pytest.mark.parametrize(("typed", "kept"), [(" l-0007 ", "L-0007"), ("LAMP-12", "LAMP-12")])
def test_a_number_is_kept_as_it_stands_on_the_plate(typed: str, kept: str) -> None:
    assert load(AssetSchema(), {**FIELDS, "number": typed, "grid_code": GRID})["number"] == kept


@pytest.mark.parametrize("body", [{**FIELDS}, {**FIELDS, "grid_code": GRID, "number": "7"}, {"grid_code": GRID}])
def test_a_number_a_kind_and_a_place_are_needed(body: dict[str, Any]) -> None:
    assert code_of(load, AssetSchema(), body) == "invalid"


def test_something_has_to_change_and_the_district_never_does() -> None:
    after = changed(lamp(label="3号楼前"), {"label": None, "retired": True}, Place(ELSEWHERE))
    assert (after.label, after.retired, after.place.grid_code, after.number) == (None, True, ELSEWHERE, "L-0007")
    assert code_of(changed, lamp(), {"number": "L-0007"}, LAMP) == "nothing_changed"
    assert code_of(changed, lamp(), {}, Place(OTHER_DISTRICT)) == "outside_your_district"


def test_dispatchers_and_the_district_keep_the_assets_of_their_scope() -> None:
    assert (keeper_role(DISPATCHER, LAMP), keeper_role(ADMIN, LAMP)) == ("dispatcher", "district_admin")
    narrow = caller("p-desk", "dispatcher", scope=GRID)
    assert code_of(keeper_role, narrow, LAMP, Place(ELSEWHERE)) == "out_of_scope"
    for who in (WORKER, RESIDENT):
        assert code_of(keeper_role, who, LAMP) == "not_permitted"


def test_the_nearest_come_first_and_what_is_far_or_without_a_point_not_at_all() -> None:
    places = [north(150), north(10), north(201), None, north(10)]
    assets = [replace(lamp(), number=f"L-{n:04}", place=replace(LAMP, point=place)) for n, place in enumerate(places)]
    assert [(asset.number, far) for asset, far in nearest(assets, SPOT)] == [
        ("L-0001", 10),
        ("L-0004", 10),
        ("L-0000", 150),
    ]
    assert len(nearest(assets * 10, SPOT)) == MOST_NEAR


def test_an_asset_is_shown_with_the_words_of_its_major() -> None:
    seen = shown(lamp())
    assert seen["major"] == {"code": "01", "zh": "公用设施", "en": "public facilities"}
    assert seen["location"] == {"lon": 115.0058, "lat": 25.8672, "crs": "WGS84", "source_crs": "WGS84"}


def test_a_case_keeps_the_asset_that_it_is_about_and_tells_of_it() -> None:
    play = stage.opened(asset_id="a-1")
    assert (play.case.asset_id, play.last.data["asset_id"]) == ("a-1", "a-1")
    play.do(Act.REGISTER, DISPATCHER, category="0101", asset_id="a-2")
    assert (play.case.asset_id, play.last.data["asset_id"]) == ("a-2", "a-2")
    play.do(Act.CORRECT, DISPATCHER, asset_id=None)
    assert play.case.asset_id is None
    assert [play.last.data[side]["asset_id"] for side in ("old", "new")] == ["a-2", None]


def test_who_sees_no_more_than_an_outline_is_not_told_of_the_asset() -> None:
    play = stage.joined(asset_id="a-1").do(Act.CORRECT, DISPATCHER, asset_id="a-2")
    for who, told in ((DISPATCHER, ("a-2", "a-1", "a-2")), (NEIGHBOUR, (None, None, None))):
        view = shown_case(play.case, play.history, who, sight(play.case, who), play.now, unsealed)
        details = view["timeline"][-1]["details"]
        assert (view["asset_id"], details["old"]["asset_id"], details["new"]["asset_id"]) == told


@pytest.mark.parametrize(("stands", "kept"), [(LAMP, "a-1"), (Place(GRID, Point(115.0082, 25.8690)), None)])
def test_a_corrected_place_keeps_the_asset_that_stands_there_and_no_other(stands: Place, kept: str | None) -> None:
    play = stage.registered(asset_id="a-1")
    near = replace(LAMP, point=north(50))
    play.facts = Facts(play.facts.known, place=near, asset=Known("a-1", stands, False))
    assert play.do(Act.CORRECT, DISPATCHER, location={"lon": 0, "lat": 0}).case.asset_id == kept
    play.do(Act.CORRECT, DISPATCHER, asset_id="a-9", location={"lon": 0, "lat": 0})
    assert play.case.asset_id == "a-9"


def test_what_the_work_has_done_good_for_is_said_at_its_inspection_and_gone_when_it_was_not_solved() -> None:
    play = stage.resolved().at("03-13 19:10").do(Act.INSPECT_PASS, OTHER_WORKER, outcomes=["night_safety"])
    assert (play.case.outcomes, play.last.data["outcomes"]) == ((Outcome.NIGHT_SAFETY,), ["night_safety"])
    play.at("03-15 09:00").do(Act.REOPEN, RESIDENT)
    assert play.case.outcomes == ()
    assert stage.closed().last.data["outcomes"] == []
