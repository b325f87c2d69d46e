"""The map over HTTP: one tree for both lines (F01), the 18 grids (F02), and a grid that is split on a date (§8.5)."""

import json
from typing import Any

import pytest

from chassis.datum import to_bd09, to_gcj02
from dev.client import Client
from dev.layout import ROOT
from tests.e2e.staged import StagedSuite
from tests.waiting import eventually

MAP = json.loads((ROOT / "services/members/data/grids.geojson").read_text(encoding="utf-8"))
# The communities of the district are numbered up to 012, those of tests from here on.
COMMUNITY, OLD, WEST, EAST = "360704100013", "360704100013001", "360704100013002", "360704100013003"
BEFORE, DATE, AFTER = "2026-03-31T23:00:00+08:00", "2026-04-01T00:00:00+08:00", "2026-04-01T00:00:10+08:00"
SPOT: dict[str, Any] = {"lon": 115.303, "lat": 26.003}


def square(code: str, west: float, east: float) -> dict[str, Any]:
    ring = [[west, 26.0], [east, 26.0], [east, 26.008], [west, 26.008], [west, 26.0]]
    return {
        "type": "Feature",
        "properties": {"grid_code": code, "name": f"测试社区{code[-3:]}", "level": "SERVICE"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


LEFT, RIGHT = "360704100013008", "360704100013009"
BY_THE_EDGE = (115.429, 26.004)


def collection(*features: dict[str, Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def posted(client: Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(path, json=body)
    assert answer.ok, (path, answer.status_code, answer.text)
    receipt: dict[str, Any] = answer.json()
    return receipt


@pytest.fixture(scope="module")
def quarter(suite: StagedSuite, people: dict[str, Client]) -> None:
    """A community with one grid, for these tests alone."""
    suite.clock.set("2026-03-01T09:00:00+08:00")
    posted(people["admin"], "/v1/areas", {"code": COMMUNITY, "name": "测试社区", "party_organisation": "u-party-org"})
    posted(people["admin"], "/v1/grids/import", collection(square(OLD, 115.3, 115.308)))


@pytest.fixture(scope="module")
def edge(people: dict[str, Client], quarter: None) -> None:
    """Two grids that meet at 115.43° east."""
    both = collection(square(LEFT, 115.42, 115.43), square(RIGHT, 115.43, 115.445))
    posted(people["admin"], "/v1/grids/import", both)


def test_one_tree_shows_the_partys_and_the_unions_line(people: dict[str, Client]) -> None:
    """F01: 广场社区 is opened; both its Party organisation and its union service grids show, from one tree."""
    shown = people["worker"].get("/v1/areas/360704100007").json()
    assert shown["party_organisation"] == {"unit_id": "u-party-org-07", "name": "广场社区党委"}
    assert shown["union_body"] == {"unit_id": "u-union", "name": "赣县区总工会"}
    assert [each["name"] for each in shown["ancestors"]] == ["赣县区", "城市社区管委会"]
    assert [each["grid_code"] for each in shown["grids"] if each["level"] == "SERVICE"] == [
        "360704100007001",
        "360704100007002",
    ]
    agency = people["worker"].get("/v1/areas/360704100").json()
    names = {each["name"] for each in agency["children"]}
    assert len({each["code"] for each in agency["children"] if each["code"] < COMMUNITY}) == 12
    assert {"高新社区", "广场社区", "金滩社区"} <= names
    assert agency["outline"]["coordinates"][0][0][0] == [114.986, 25.8492]


def test_an_outline_is_drawn_and_its_faults_are_named(people: dict[str, Client], quarter: None) -> None:
    outline = square(OLD, 115.3, 115.308)["geometry"]
    path = f"/v1/areas/{COMMUNITY}"
    assert people["admin"].patch(path, json={"outline": outline}).ok
    assert people["worker"].get(path).json()["outline"]["coordinates"] == [outline["coordinates"]]
    wrong = people["admin"].patch(path, json={"outline": {"type": "Polygon", "coordinates": [[[1, 2]]]}})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "map_not_valid")
    assert [each["pointer"] for each in wrong.json()["errors"]] == ["/outline/coordinates/0/0"]


def test_the_map_of_the_district_is_the_file(people: dict[str, Client]) -> None:
    """F02: 18 grids with unique codes of 15 digits and no overlap; the middle of the city lies in one of them only."""
    every: dict[str, Any] = {"level": "SERVICE", "limit": 500}
    drawn = people["worker"].get("/v1/grids/map", params=every).json()
    codes = [each["properties"]["grid_code"] for each in drawn["features"]]
    theirs = [each["properties"]["grid_code"] for each in MAP["features"]]
    assert [code for code in codes if code < COMMUNITY] == sorted(theirs)
    assert len(set(codes)) == len(codes)
    again = people["admin"].post("/v1/grids/import", json=MAP)
    assert (again.status_code, again.json()["code"]) == (422, "map_not_valid")
    assert {each["code"] for each in again.json()["errors"]} == {"grid_code_taken", "grid_overlaps"}
    found = people["resident"].get("/v1/grids/locate", params={"lon": 115.0100, "lat": 25.8600}).json()
    assert found["name"] == "广场社区第二网格（光彩市场片）"


def test_a_case_keeps_the_code_of_its_grid_when_that_is_split(
    suite: StagedSuite, people: dict[str, Client], quarter: None
) -> None:
    """§8.5, grid split on a date: old cases keep the old code, new ones get the new one."""
    compound = posted(people["admin"], "/v1/compounds", {"name": "测试新苑", "location": SPOT})
    assert compound["grid_code"] == OLD
    house = {"number": "1号楼", "households": 40, "entrances": 2}
    posted(people["admin"], f"/v1/compounds/{compound['compound_id']}/buildings", house)
    plan = {
        "at": DATE,
        "closes": [OLD],
        "opens": collection(square(WEST, 115.3, 115.304), square(EAST, 115.304, 115.308)),
    }
    planned = posted(people["admin"], "/v1/redrawings", plan)
    suite.clock.set(BEFORE)
    report = {"text": "测试：路灯不亮", "location": SPOT}
    old = eventually(lambda: reported(people["resident"], report))
    assert grid_of(people["dispatcher"], old) == OLD
    suite.clock.set(AFTER)
    seen = f"/v1/redrawings/{planned['redrawing_id']}"
    assert eventually(lambda: people["admin"].get(seen).json()["stage"] == "CARRIED_OUT", 30)
    moved = people["worker"].get(f"/v1/compounds/{compound['compound_id']}").json()
    assert moved["grid_code"] == WEST
    again = {"text": "测试：路灯又不亮", "location": SPOT}
    new = eventually(lambda: reported(people["resident"], again))
    assert grid_of(people["dispatcher"], new) == WEST
    assert grid_of(people["dispatcher"], old) == OLD
    within = {"text": "测试：楼道灯不亮", "compound_id": compound["compound_id"]}
    third = eventually(lambda: reported(people["resident"], within))
    assert grid_of(people["dispatcher"], third) == WEST
    closed = people["resident"].post("/v1/cases", json={"text": "测试", "grid_code": OLD})
    assert (closed.status_code, closed.json()["code"]) == (422, "grid_closed")
    past: dict[str, Any] = {**SPOT, "at": "2026-03-31T23:59:59+08:00"}
    before = people["worker"].get("/v1/grids/locate", params=past).json()
    assert before["grid_code"] == OLD
    now: dict[str, Any] = {"area": COMMUNITY, "at": AFTER}
    listed = people["worker"].get("/v1/grids", params=now).json()["items"]
    assert [each["grid_code"] for each in listed if each["grid_code"] in {OLD, WEST, EAST}] == [WEST, EAST]


def test_a_compound_that_new_borders_leave_out_is_listed(
    suite: StagedSuite, people: dict[str, Client], quarter: None
) -> None:
    """F04: new borders leave out a strip of a grid, within the tolerance: H3 lists what does."""
    old, west, east = (f"{COMMUNITY}{number}" for number in ("004", "005", "006"))
    suite.clock.set("2026-04-02T09:00:00+08:00")
    admin = people["admin"]
    posted(admin, "/v1/grids/import", collection(square(old, 115.32, 115.328)))
    spot = {"lon": 115.323998, "lat": 26.003}
    compound = posted(admin, "/v1/compounds", {"name": "测试边角小区", "location": spot})["compound_id"]
    assert not listed_by_h3(admin, "2026-04-02", compound)
    halves = collection(square(west, 115.32, 115.323996), square(east, 115.324, 115.328))
    planned = posted(admin, "/v1/redrawings", {"at": "2026-04-03T00:00:00+08:00", "closes": [old], "opens": halves})
    suite.clock.set("2026-04-03T00:00:10+08:00")
    seen = f"/v1/redrawings/{planned['redrawing_id']}"
    assert eventually(lambda: admin.get(seen).json()["stage"] == "CARRIED_OUT", 30)
    [lost] = listed_by_h3(admin, "2026-04-03", compound)
    assert (lost["name"], lost["reason"]) == ("测试边角小区", "outside_all_grids")


def listed_by_h3(client: Client, day: str, id: str) -> list[dict[str, Any]]:
    """What H3 says of it in the community; where it says something, the share is below 100 %."""
    found = client.get(f"/v1/coverage/{COMMUNITY}", params={"as_of": day}).json()
    [check] = [each for each in found["checks"] if each["id"] == "H3"]
    lines = [each for each in check["failing"] if each["id"] == id]
    assert not lines or check["percentage"] < 100
    return lines


def test_an_empty_grid_closes_and_one_in_use_names_what_is_in_it(
    suite: StagedSuite, people: dict[str, Client], quarter: None
) -> None:
    suite.clock.set("2026-04-03T09:00:00+08:00")
    code, admin = f"{COMMUNITY}010", people["admin"]
    posted(admin, "/v1/grids/import", collection(square(code, 115.34, 115.348)))
    compound = posted(admin, "/v1/compounds", {"name": "测试临时小区", "location": {"lon": 115.342, "lat": 26.003}})
    path = f"/v1/grids/{code}/closing"
    refused = admin.post(path, json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "grid_not_empty")
    [held] = refused.json()["errors"]
    assert (held["code"], held["details"]) == (
        "grid_holds_compounds",
        {"count": 1, "ids": [compound["compound_id"]]},
    )
    posted(admin, "/v1/grids/import", collection(square(f"{COMMUNITY}011", 115.35, 115.358)))
    elsewhere = {"location": {"lon": 115.352, "lat": 26.003}}
    assert admin.patch(f"/v1/compounds/{compound['compound_id']}", json=elsewhere).ok
    assert posted(admin, path, {})["grid_code"] == code
    report = {"text": "测试：路灯不亮", "grid_code": code}
    assert eventually(lambda: people["resident"].post("/v1/cases", json=report).json().get("code") == "grid_closed")


@pytest.mark.parametrize("crs", ["GCJ02", "BD09"])
def test_a_point_of_a_phone_map_falls_into_the_grid_where_it_is(
    people: dict[str, Client], quarter: None, edge: None, crs: str
) -> None:
    """A spot 100 m west of the edge between two grids: as a map in China shows it, it lies east of the edge."""
    lon, lat = to_gcj02(*BY_THE_EDGE) if crs == "GCJ02" else to_bd09(*to_gcj02(*BY_THE_EDGE))
    shown: dict[str, Any] = {"lon": lon, "lat": lat}
    report = {"text": f"测试：{crs} 路灯不亮", "location": {**shown, "crs": crs}}
    case = people["resident"].get(f"/v1/cases/{eventually(lambda: reported(people['resident'], report))}").json()
    assert case["grid_code"] == LEFT
    assert (case["location"]["crs"], case["location"]["source_crs"]) == ("WGS84", crs)
    assert [case["location"]["lon"], case["location"]["lat"]] == pytest.approx(BY_THE_EDGE, abs=1e-6)
    misread = people["resident"].get("/v1/grids/locate", params=shown).json()
    assert misread["grid_code"] == RIGHT
    asset = {
        "number": {"GCJ02": "L-9701", "BD09": "L-9702"}[crs],
        "kind": "0118",
        "label": "测试路灯",
        "location": {**shown, "crs": crs},
    }
    standing = posted(people["admin"], "/v1/assets", asset)
    kept = people["worker"].get(f"/v1/assets/{standing['asset_id']}").json()
    assert (kept["grid_code"], kept["location"]["source_crs"]) == (LEFT, crs)
    demand = {"text": "测试：希望增设充电柜。", "category": "0901", "location": {**shown, "crs": crs}}
    wanted = posted(people["resident"], "/v1/demands", demand)
    assert people["resident"].get(f"/v1/demands/{wanted['demand_id']}").json()["grid_code"] == LEFT
    query: dict[str, Any] = {**shown, "crs": crs}
    nearest = people["worker"].get("/v1/assets/near", params=query).json()["items"][0]
    assert nearest["distance_m"] < 1
    strange = people["resident"].post("/v1/cases", json={"text": "测试", "location": {**shown, "crs": "EPSG:3857"}})
    assert (strange.status_code, strange.json()["code"]) == (422, "unknown_crs")


def reported(client: Client, body: dict[str, Any]) -> str | None:
    """The id of the case; None while the copy of the territory does not know the place yet."""
    answer = client.post("/v1/cases", json=body)
    if answer.ok:
        return str(answer.json()["case_id"])
    assert answer.json()["code"] in {"outside_all_grids", "unknown_compound", "unknown_grid"}, answer.text
    return None


def grid_of(client: Client, case_id: str | None) -> str:
    return str(client.get(f"/v1/cases/{case_id}").json()["grid_code"])
