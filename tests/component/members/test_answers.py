"""What members answers about places and people to other services and to users, and what it refuses."""

from typing import Any

import pytest

from chassis.datum import to_gcj02
from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.small_district import ADMIN, GRID, SELF, MoveIn, refusal, settle


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)


def test_a_point_is_located_in_its_one_grid(service: MembersService) -> None:
    assert service.locate(lon=115.01, lat=25.86) == {
        "grid_code": "360704100007002",
        "name": "广场社区第二网格（光彩市场片）",
        "community": "广场社区",
        "level": "SERVICE",
        "source_crs": "WGS84",
    }


def test_a_point_from_a_chinese_map_is_converted_first(service: MembersService) -> None:
    lon, lat = to_gcj02(115.0058, 25.8672)
    found = service.locate(lon=lon, lat=lat, crs="GCJ02")
    assert (found["grid_code"], found["source_crs"]) == (GRID, "GCJ02")


def test_a_point_outside_is_refused_and_so_is_one_of_another_district(service: MembersService) -> None:
    assert refusal(service.locate, lon=114.0, lat=25.0).code == "outside_all_grids"
    stranger = {**ADMIN, "grants": [{"role": "resident", "scope": "360703"}]}
    assert refusal(service.locate, caller=stranger, lon=115.01, lat=25.86).code == "outside_all_grids"
    assert service.locate(caller=ADMIN, lon=115.01, lat=25.86)["grid_code"] == "360704100007002"


@pytest.mark.parametrize(
    "body", [{"lon": 181, "lat": 0}, {"lon": "x", "lat": 0}, {"lon": 115}, {"lon": 1, "lat": 1, "crs": "wgs84"}]
)
def test_what_is_no_point_is_refused(service: MembersService, body: dict[str, Any]) -> None:
    assert refusal(service.locate, **body).code == "invalid"


def test_the_facts_about_assignees_hold_no_name_and_no_phone(service: MembersService) -> None:
    facts = service.assignees(ids=["p-near", "u-lamps"])
    assert facts == [
        {
            "id": "p-near",
            "ids": ["p-near"],
            "kind": "person",
            "tenant": "360704",
            "roles": ["in_service_member", "resident"],
            "unit_id": "u-school",
            "unit_type": None,
            "skills": ["electrician"],
            "certificates": ["low_voltage_electrician"],
            "active": True,
            "grid_codes": ["360704"],
        },
        {
            "id": "u-lamps",
            "kind": "unit",
            "tenant": "360704",
            "roles": [],
            "unit_id": "u-lamps",
            "unit_type": "LIGHTING_OFFICE",
            "skills": [],
            "certificates": [],
            "active": True,
            "grid_codes": [GRID],
        },
    ]


def test_unknown_assignees_are_named_in_the_refusal(service: MembersService) -> None:
    assert refusal(service.assignees, ids=["p-near", "p-x", "u-x"]).dump() == {
        "code": "unknown_assignee",
        "details": {"ids": ["p-x", "u-x"]},
    }


def test_an_assignee_of_another_district_is_unknown_in_this_one(service: MembersService) -> None:
    assert refusal(service.assignees, ids=["p-near"], tenant="360703").code == "unknown_assignee"
    assert service.contacts(ids=["p-near"], tenant="360703") == []


def test_contacts_have_the_phone_and_a_masked_name(service: MembersService) -> None:
    assert service.contacts(ids=["p-near", "p-gone"]) == [
        {
            "id": "p-near",
            "ids": ["p-near"],
            "tenant": "360704",
            "unit_id": None,
            "scopes": [],
            "name_masked": "李师傅",
            "phone": "12000000003",
            "language": "zh-CN",
            "channels": ["app", "wechat", "email", "sms", "voice", "console"],
            "addresses": {},
        }
    ]


def test_who_holds_roles_is_told_as_callers_of_people_and_of_those_who_speak_for_units(service: MembersService) -> None:
    told = {each["id"]: each for each in service.holders(ids=["p-near", "u-lamps", "u-school", "p-x"])}
    assert sorted(told) == ["p-lamps", "p-near"]
    assert told["p-lamps"]["unit"] == "u-lamps"
    assert "unit_contact" in {grant["role"] for grant in told["p-lamps"]["grants"]}


def test_the_contacts_of_a_unit_are_its_contacts_and_not_all_of_its_people(service: MembersService) -> None:
    [contact] = service.contacts(ids=["u-lamps"])
    assert (contact["id"], contact["unit_id"], contact["scopes"]) == ("p-lamps", "u-lamps", ["360704"])
    assert service.contacts(ids=["u-school"]) == []


def test_a_declined_channel_is_not_offered(service: MembersService) -> None:
    service.change_profile(caller=SELF, command_id="k", declined=["sms", "voice", "email"], language="en")
    [contact] = service.contacts(ids=["p-near"])
    assert (contact["channels"], contact["language"]) == (["app", "wechat", "console"], "en")


def test_those_responsible_for_a_grid_hold_a_scope_with_it(service: MembersService) -> None:
    assert service.responsible(grid_code=GRID) == {
        "grid_workers": ["p-worker"],
        "community_workers": ["p-other", "p-worker"],
        "dispatchers": ["p-desk"],
        "agency": ["p-desk"],
        "office": ["p-admin"],
        "inspectors": ["p-inspector"],
    }


def test_the_own_profile_masks_name_and_phone_and_hides_withdrawn_tags(service: MembersService) -> None:
    profile = service.me(caller=SELF)
    assert (profile["name"], profile["phone"], profile["tags"]) == ("李师傅", "120****0003", ["veteran"])
    assert profile["unit"] == {"unit_id": "u-school", "name": "赣县区测试小学", "unit_type": "REPORTING_UNIT"}
    assert profile["home"] == {"compound_id": "c-1", "grid_code": GRID}
    assert profile["free_times"][3] == {"weekday": 3, "start": "18:00", "end": "21:30"}


def test_somebody_without_a_record_has_no_profile(service: MembersService) -> None:
    assert refusal(service.me, caller={**SELF, "id": "p-gone"}).code == "person_not_found"
    assert refusal(service.me, caller={"id": "p-near", "grants": [], "unit": None}).code == "not_permitted"


def test_places_come_in_pages_that_end(service: MembersService) -> None:
    first = service.places(limit=15)
    rest = service.places(limit=15, after=first["next"])
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (15, 8, None)
    assert rest["items"][3]["data"]["compound_id"] == "c-dongyuan"
    assert rest["items"][3]["subject"] == "compound/c-dongyuan"
    assert refusal(service.places, after="nonsense").code == "invalid"
