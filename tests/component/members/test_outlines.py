"""The outline of a service area: read from GeoJSON with every fault of it at once, kept from then on, and shown."""

import json
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from chassis.datum import to_gcj02
from chassis.errors import Refusal
from members.demo.territory import areas, service_grids
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.small_district import ADMIN, SELF, refusal
from tests.component.members.staging import NOW

AGENCY = "360704100"
SAMPLES = Path(__file__).parents[2] / "contract" / "events"
Rings = list[list[list[float]]]


@pytest.fixture(autouse=True)
def tree(territory: TerritoryStore) -> None:
    territory.add_areas(areas(service_grids()), NOW)


def box(west: float, south: float = 25.9) -> Rings:
    east, north = west + 0.01, south + 0.01
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def many(*parts: Rings, **more: Any) -> dict[str, Any]:
    return {"type": "MultiPolygon", "coordinates": list(parts), **more}


def change(service: MembersService, outline: Any) -> Refusal:
    return refusal(service.change_area, caller=ADMIN, command_id="k", code=AGENCY, outline=outline)


def shown(service: MembersService, **asked: str) -> Any:
    return service.area(caller=ADMIN, code=AGENCY, **asked)["outline"]


def test_an_outline_is_entered_with_its_area_and_holds_from_then_on(service: MembersService) -> None:
    new = {"code": "360704101", "name": "测试管委会", "from": "2026-01-01T00:00:00+08:00"}
    outline = {"type": "Polygon", "coordinates": box(115.2)}
    made = service.open_area(caller=ADMIN, command_id="k", **new, outline=outline)
    assert service.open_area(caller=ADMIN, command_id="k", **new, outline=outline) == made
    kept = service.area(caller=ADMIN, code="360704101", at="2026-01-02T00:00:00Z")["outline"]
    assert kept == {"type": "MultiPolygon", "coordinates": [box(115.2)], "source_crs": "WGS84"}


def test_what_is_told_of_an_area_is_as_the_samples_show(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    new = {"code": "360704101", "name": "测试管委会", "outline": {"type": "Polygon", "coordinates": box(115.2)}}
    service.open_area(caller=ADMIN, command_id="k", **new)
    service.change_area(caller=ADMIN, command_id="l", code="360704101", name="测试街道")
    kept = database["areas"].find_one({"_id": "360704101"})
    assert kept is not None
    assert (kept["relayed"], kept["unrelayed"]) == (0, True)
    for entry, name in zip(kept["history"], ("测试管委会", "测试街道"), strict=True):
        sample = json.loads((SAMPLES / f"{entry['type']}.json").read_text(encoding="utf-8"))
        assert entry["data"].keys() == sample["data"].keys()
        assert (entry["data"]["area_id"], entry["data"]["name"]) == ("360704101", name)


def test_an_outline_of_several_parts_follows_the_one_before(service: MembersService) -> None:
    before = shown(service)
    service.change_area(caller=ADMIN, command_id="k", code=AGENCY, outline=many(box(115.2), box(115.21)))
    assert len(shown(service)["coordinates"]) == 2
    assert shown(service, at="2026-03-12T11:45:59Z") == before
    service.change_area(caller=ADMIN, command_id="l", code=AGENCY, name="城市社区管理委员会")
    assert len(shown(service)["coordinates"]) == 2
    service.change_area(caller=ADMIN, command_id="m", code=AGENCY, outline=None)
    assert shown(service) is None
    assert shown(service, at="2026-03-12T11:45:59Z") == before


def test_an_outline_of_a_chinese_map_is_converted_and_says_so(service: MembersService) -> None:
    drawn = [[list(to_gcj02(lon, lat)) for lon, lat in box(115.2)[0]]]
    service.change_area(caller=ADMIN, command_id="k", code=AGENCY, outline=many(drawn, crs="GCJ02"))
    kept = shown(service)
    assert kept["source_crs"] == "GCJ02"
    for point, meant in zip(kept["coordinates"][0][0], box(115.2)[0], strict=True):
        assert point == pytest.approx(meant, abs=1e-6)


def test_every_fault_of_every_part_is_named_and_nothing_changes(service: MembersService) -> None:
    before = shown(service)
    open_ring = [box(115.2)[0][:-1]]
    crossing = [[[115.3, 25.9], [115.31, 25.91], [115.31, 25.9], [115.3, 25.91], [115.3, 25.9]]]
    swapped = [[[25.9, 115.2], *box(115.4)[0][1:]]]
    holed = [*box(115.5), [[115.503, 25.903], [115.506, 25.903], [115.506, 25.906], [115.503, 25.903]]]
    twice = [box(115.6), box(115.605)]
    found = change(service, many(open_ring, crossing, swapped, holed, *twice, crs="GCJ03"))
    assert found.code == "map_not_valid"
    assert {(each["pointer"], each["code"]) for each in found.details["errors"]} == {
        ("/outline/crs", "unknown_crs"),
        ("/outline/coordinates/0/0", "ring_not_closed"),
        ("/outline/coordinates/1/0", "ring_crosses_itself"),
        ("/outline/coordinates/2/0/0", "coordinates_swapped"),
        ("/outline/coordinates/3/1", "polygon_with_holes"),
        ("/outline/coordinates/5/0", "parts_overlap"),
    }
    assert shown(service) == before


@pytest.mark.parametrize(
    ("outline", "pointer", "code"),
    [
        ("a square", "/outline", "not_an_outline"),
        ({"type": "Point", "coordinates": [115.2, 25.9]}, "/outline", "not_an_outline"),
        ({"type": "MultiPolygon", "coordinates": []}, "/outline", "not_an_outline"),
        ({"type": "MultiPolygon", "coordinates": [7]}, "/outline/coordinates/0", "not_a_polygon"),
        ({"type": "Polygon", "coordinates": [[[115.2, 25.9]] * 2_001]}, "/outline/coordinates", "too_many_vertices"),
        ({"type": "MultiPolygon", "coordinates": [box(115.2)] * 51}, "/outline/coordinates", "too_many_parts"),
    ],
)
def test_what_is_no_outline_is_refused(service: MembersService, outline: Any, pointer: str, code: str) -> None:
    [fault] = change(service, outline).details["errors"]
    assert (fault["pointer"], fault["code"]) == (pointer, code)


def test_who_changes_areas_changes_their_outlines_and_nobody_else(service: MembersService) -> None:
    outline = many(box(115.2))
    refused = refusal(service.change_area, caller=SELF, command_id="k", code=AGENCY, outline=outline)
    assert refused.code == "not_permitted"
