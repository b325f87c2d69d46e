"""What members answers to other services and to users, and what it refuses."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from pymongo.database import Database

from chassis.caller import Grant
from chassis.errors import Refusal
from chassis.event import Event, Malformed
from members.compound import Compound
from members.datum import to_gcj02
from members.demo.territory import service_grids
from members.person import FreeTime, Person, Residence, Tag
from members.service import MembersService
from members.skill import Certificate
from members.store import TerritoryStore
from members.store.territory import Noun
from members.unit import Unit
from tests.component.members.staging import NOW

MoveIn = Callable[[Iterable[tuple[Person, str | None]]], None]
GRID = "360704100002001"
LAMP = {
    "grid_code": GRID,
    "location": {"lon": 115.0058, "lat": 25.8672},
    "skills": ["electrician"],
    "certificates": ["low_voltage_electrician"],
    "at": "2026-03-12T11:46:00Z",
}
EVENINGS = tuple(FreeTime(day, time(18), time(21, 30)) for day in range(5))
LODGE = Compound("c-dongyuan", "东源胜景小区", GRID, (115.0058, 25.8672), is_old=True, buildings=6, households=312)
NEAR = Person(
    id="p-near",
    tenant="360704",
    name="李测003",
    honorific="师傅",
    grants=(Grant("resident", "360704"), Grant("in_service_member", "360704")),
    unit_id="u-school",
    home=Residence("c-1", GRID, (115.0065, 25.8675)),
    skills=frozenset({"electrician"}),
    certificates=(Certificate("low_voltage_electrician", date(2028, 12, 31)),),
    free_times=EVENINGS,
    tags=(Tag("veteran", NOW, "2025-07"), Tag("party_member", NOW, "2025-07", revoked_at=NOW)),
)
FAR = replace(NEAR, id="p-far", home=Residence("c-9", "360704100009002", (115.03, 25.85)))
ADMIN = {"id": "p-admin", "grants": [{"role": "district_admin", "scope": "360704"}], "unit": None}
SELF = {"id": "p-near", "grants": [{"role": "in_service_member", "scope": "360704"}], "unit": "u-school"}


def staff(id: str, role: str, scope: str, unit: str | None = None) -> Person:
    return Person(id, "360704", "王测004", (Grant(role, scope),), unit_id=unit)


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, move_in: MoveIn) -> None:
    territory.grids.add(service_grids(), NOW)
    territory.compounds.add([LODGE], NOW)
    territory.units.add(
        [
            Unit("u-school", "360704", "赣县区测试小学", "REPORTING_UNIT", (GRID,)),
            Unit("u-lamps", "360704", "赣县区路灯管理所", "LIGHTING_OFFICE", (GRID,)),
            Unit("u-homes", "360704", "测试物业01公司", "PROPERTY", (GRID,)),
            Unit("u-homes-elsewhere", "360703", "测试物业02公司", "PROPERTY", ("360703100002001",)),
        ],
        NOW,
    )
    move_in(
        [
            (NEAR, "12000000003"),
            (FAR, "12000000004"),
            (staff("p-worker", "community_worker", GRID), None),
            (staff("p-other", "community_worker", "360704100002002"), None),
            (staff("p-desk", "dispatcher", "360704100"), None),
            (staff("p-inspector", "inspector", "360704100002"), None),
            (staff("p-admin", "district_admin", "360704"), None),
            (staff("p-lamps", "unit_contact", "360704", "u-lamps"), "12000000005"),
        ]
    )


def refusal(call: Callable[..., Any], **arguments: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call(**arguments)
    return caught.value


def ids(found: list[dict[str, Any]]) -> list[str]:
    return [each["person_id"] for each in found]


def changed(database: Database[dict[str, Any]], id: str, **fields: Any) -> None:
    assert database["people"].update_one({"_id": id}, {"$set": fields}).modified_count == 1


def event(sequence: int, status: str, *people: str) -> Event:
    data = {
        "case_id": "k-1",
        "status": status,
        "assignees": [{"id": id, "kind": "person", "lead": True, "accepted": False} for id in people],
        "category": "0101",
    }
    return Event("e-1", "case.dispatched", "/services/cases", "case/k-1", sequence, NOW, None, data, b"", "")


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
    "body", [{"lon": 181, "lat": 0}, {"lon": "x", "lat": 0}, {"lon": 115}, {"lon": 1, "lat": 1, "crs": "BD09"}]
)
def test_what_is_no_point_is_refused(service: MembersService, body: dict[str, Any]) -> None:
    assert refusal(service.locate, **body).code == "invalid"


def test_the_near_electrician_is_proposed_first_with_reasons(service: MembersService) -> None:
    best, second = service.candidates(**LAMP)
    assert (best["person_id"], second["person_id"]) == ("p-near", "p-far")
    assert best["kind"] == "in_service_member"
    assert [reason["code"] for reason in best["reasons"]] == [
        "certificate",
        "skill",
        "same_grid",
        "distance",
        "free",
        "idle",
    ]
    assert (best["distance_m"], best["load"], best["busy"]) == (80, 0, False)


def test_without_the_certificate_the_next_one_is_proposed(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    changed(database, "p-near", certificates=[])
    assert ids(service.candidates(**LAMP)) == ["p-far"]


def test_far_from_the_place_the_next_one_is_proposed(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    place = {"type": "Point", "coordinates": [115.0339, 25.8493]}
    home = {"compound_id": "c-8", "grid_code": "360704100009002", "at": place["coordinates"]}
    changed(database, "p-near", home=home, location=place)
    assert ids(service.candidates(**LAMP)) == ["p-far", "p-near"]


def test_without_free_time_the_next_one_is_proposed(service: MembersService) -> None:
    service.change_profile(caller=SELF, command_id="k", free_times=[])
    assert ids(service.candidates(**LAMP)) == ["p-far", "p-near"]


def test_whoever_has_a_case_in_hand_comes_second(service: MembersService) -> None:
    place = LAMP | {"location": None}
    service.note_engagement(event(5, "DISPATCHED", "p-near"))
    found = {each["person_id"]: (each["load"], each["busy"]) for each in service.candidates(**place)}
    assert found == {"p-near": (1, True), "p-far": (0, False)}
    service.note_engagement(event(8, "RESOLVED", "p-near"))
    assert not any(each["busy"] for each in service.candidates(**place))


def test_an_event_that_comes_late_does_not_bring_a_finished_case_back(service: MembersService) -> None:
    service.note_engagement(event(8, "RESOLVED", "p-near"))
    service.note_engagement(event(5, "DISPATCHED", "p-near"))
    assert service.candidates(**LAMP)[0]["load"] == 0


def test_an_event_that_comes_twice_counts_once(service: MembersService) -> None:
    service.note_engagement(event(5, "DISPATCHED", "p-near"))
    service.note_engagement(event(5, "DISPATCHED", "p-near"))
    assert service.candidates(**LAMP)[0]["load"] == 1


def test_excluded_people_are_not_proposed(service: MembersService) -> None:
    assert ids(service.candidates(**LAMP, exclude=["p-near"])) == ["p-far"]
    assert ids(service.candidates(**LAMP, limit=1)) == ["p-near"]


def test_without_wanted_skills_everybody_who_serves_is_proposed(service: MembersService) -> None:
    anything = {"grid_code": GRID, "at": LAMP["at"]}
    assert ids(service.candidates(**anything)) == ["p-near", "p-far"]


def test_a_task_in_no_known_grid_is_refused(service: MembersService) -> None:
    assert refusal(service.candidates, **LAMP | {"grid_code": "360704100999001"}).code == "grid_unknown"


def test_a_task_needs_an_instant_with_an_offset(service: MembersService) -> None:
    found = refusal(service.candidates, **LAMP | {"at": "2026-03-12T11:46:00"})
    assert found.details["errors"][0]["pointer"] == "/at"


def test_the_facts_about_assignees_hold_no_name_and_no_phone(service: MembersService) -> None:
    facts = service.assignees(ids=["p-near", "u-lamps"])
    assert facts == [
        {
            "id": "p-near",
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
        "code": "assignee_unknown",
        "details": {"ids": ["p-x", "u-x"]},
    }


def test_an_assignee_of_another_district_is_unknown_in_this_one(service: MembersService) -> None:
    assert refusal(service.assignees, ids=["p-near"], tenant="360703").code == "assignee_unknown"
    assert service.contacts(ids=["p-near"], tenant="360703") == []


def test_contacts_have_the_phone_and_a_masked_name(service: MembersService) -> None:
    assert service.contacts(ids=["p-near", "p-gone"]) == [
        {
            "id": "p-near",
            "unit_id": None,
            "name_masked": "李师傅",
            "phone": "12000000003",
            "language": "zh-CN",
            "channels": ["app", "wechat", "sms", "voice", "console"],
        }
    ]


def test_the_contacts_of_a_unit_are_its_contacts_and_not_all_of_its_people(service: MembersService) -> None:
    assert [(each["id"], each["unit_id"]) for each in service.contacts(ids=["u-lamps"])] == [("p-lamps", "u-lamps")]
    assert service.contacts(ids=["u-school"]) == []


def test_a_declined_channel_is_not_offered(service: MembersService) -> None:
    service.change_profile(caller=SELF, command_id="k", declined=["sms", "voice"], language="en")
    [contact] = service.contacts(ids=["p-near"])
    assert (contact["channels"], contact["language"]) == (["app", "wechat", "console"], "en")


def test_those_responsible_for_a_grid_hold_a_scope_with_it(service: MembersService) -> None:
    assert service.responsible(grid_code=GRID) == {
        "grid_workers": ["p-worker"],
        "dispatchers": ["p-desk"],
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
    assert refusal(service.me, caller={**SELF, "id": "p-gone"}).code == "person_unknown"
    assert refusal(service.me, caller={"id": "p-near", "grants": [], "unit": None}).code == "not_permitted"


def test_a_changed_profile_is_kept_with_its_history(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    span = {"weekday": 6, "start": "08:00", "end": "12:00"}
    answer = service.change_profile(caller=SELF, command_id="k", free_times=[span], skills=["law"])
    assert answer == {"person_id": "p-near", "version": 2}
    profile = service.me(caller=SELF)
    assert (profile["free_times"], profile["skills"]) == ([span], ["law"])
    kept = database["people"].find_one({"_id": "p-near"})
    assert kept is not None
    assert kept["history"][-1]["data"] == {"fields": ["free_times", "skills"]}


def test_a_repeated_command_gets_the_first_answer_and_changes_nothing(service: MembersService) -> None:
    first = service.change_profile(caller=SELF, command_id="k", skills=["law"])
    service.change_profile(caller=SELF, command_id="l", skills=["care"])
    assert service.change_profile(caller=SELF, command_id="k", skills=["law"]) == first
    assert service.me(caller=SELF)["skills"] == ["care"]
    assert refusal(service.change_profile, caller=SELF, command_id="k", skills=["hr"]).code == "command_id_reused"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"grants": []}, "/grants"),
        ({"skills": ["magic"]}, "/skills/0"),
        ({"free_times": [{"weekday": 7, "start": "08:00", "end": "09:00"}]}, "/free_times/0/weekday"),
        ({"free_times": [{"weekday": 1, "start": "09:00", "end": "08:00"}]}, "/free_times/0/end"),
        ({"language": "fr"}, "/language"),
    ],
)
def test_what_a_profile_cannot_be_is_refused(service: MembersService, body: dict[str, Any], pointer: str) -> None:
    found = refusal(service.change_profile, caller=SELF, command_id="k", **body)
    assert (found.code, found.details["errors"][0]["pointer"]) == ("invalid", pointer)


def test_the_office_changes_a_compound_and_an_event_tells_it(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    answer = service.change_compound(
        caller=ADMIN, command_id="k", compound_id="c-dongyuan", property_company_id="u-homes"
    )
    assert (answer["has_property_mgmt"], answer["version"]) == (True, 2)
    kept = database["compounds"].find_one({"_id": "c-dongyuan"})
    assert kept is not None
    entry = kept["history"][-1]
    assert (entry["type"], entry["data"]["property_company_id"]) == ("compound.changed", "u-homes")
    assert entry["by"] == {"id": "p-admin", "roles": ["district_admin"]}
    again = service.change_compound(
        caller=ADMIN, command_id="k", compound_id="c-dongyuan", property_company_id="u-homes"
    )
    assert again == answer


@pytest.mark.parametrize("company", ["u-school", "u-x", "u-homes-elsewhere"])
def test_only_a_property_company_of_the_district_manages_a_compound(service: MembersService, company: str) -> None:
    found = refusal(
        service.change_compound, caller=ADMIN, command_id="k", compound_id="c-dongyuan", property_company_id=company
    )
    assert (found.code, found.details["errors"][0]["pointer"]) == ("invalid", "/property_company_id")


def test_nobody_else_changes_a_compound(service: MembersService) -> None:
    arguments = {"command_id": "k", "compound_id": "c-dongyuan", "is_old": False}
    assert refusal(service.change_compound, caller=SELF, **arguments).code == "not_permitted"
    elsewhere = {**ADMIN, "grants": [{"role": "district_admin", "scope": "360703"}]}
    assert refusal(service.change_compound, caller=elsewhere, **arguments).code == "compound_unknown"


def test_places_come_in_pages_that_end(service: MembersService) -> None:
    first = service.places(limit=15)
    rest = service.places(limit=15, after=first["next"])
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (15, 8, None)
    assert rest["items"][3]["data"]["compound_id"] == "c-dongyuan"
    assert rest["items"][3]["subject"] == "compound/c-dongyuan"
    assert refusal(service.places, after="nonsense").code == "invalid"


def test_the_office_renames_a_grid_and_an_event_tells_it(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    answer = service.change_grid(caller=ADMIN, command_id="k", grid_code=GRID, name="高新社区第一网格")
    assert (answer["name"], answer["version"]) == ("高新社区第一网格", 2)
    assert service.locate(lon=115.0058, lat=25.8672)["name"] == "高新社区第一网格"
    kept = database["grids"].find_one({"_id": GRID})
    assert kept is not None
    assert (kept["history"][-1]["type"], kept["unrelayed"]) == ("grid.changed", True)
    gone = refusal(service.change_grid, caller=ADMIN, command_id="k", grid_code="360704100999001", name="x")
    assert gone.code == "grid_unknown"
    stranger = refusal(service.change_grid, caller=SELF, command_id="l", grid_code=GRID, name="x")
    assert stranger.code == "not_permitted"


def test_the_office_changes_the_grids_of_a_unit_to_such_as_exist(service: MembersService) -> None:
    codes = [GRID, "360704100002002"]
    answer = service.change_unit(caller=ADMIN, command_id="k", unit_id="u-lamps", grid_codes=codes)
    assert (answer["grid_codes"], answer["version"]) == (codes, 2)
    wrong = {"caller": ADMIN, "command_id": "l", "unit_id": "u-lamps", "grid_codes": [GRID, "360704100999001"]}
    assert refusal(service.change_unit, **wrong).dump() == {
        "code": "grid_unknown",
        "details": {"grid_codes": ["360704100999001"]},
    }
    assert refusal(service.change_unit, **wrong | {"unit_id": "u-x"}).code == "unit_unknown"
    assert refusal(service.change_unit, **wrong | {"caller": SELF}).code == "not_permitted"


def test_a_change_of_what_has_changed_meanwhile_is_refused(
    service: MembersService, territory: TerritoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen_before = territory.units.versioned("u-lamps", ["360704"])
    service.change_unit(caller=ADMIN, command_id="k", unit_id="u-lamps", name="路灯所")
    monkeypatch.setattr(Noun, "versioned", lambda *_: seen_before)
    late = refusal(service.change_unit, caller=ADMIN, command_id="l", unit_id="u-lamps", grid_codes=[GRID])
    assert late.code == "stale_version"


def test_an_event_that_cannot_be_read_is_malformed(service: MembersService) -> None:
    with pytest.raises(Malformed, match="assignees"):
        service.note_engagement(replace(event(5, "DISPATCHED"), data={"case_id": "k-1", "status": "x"}))
