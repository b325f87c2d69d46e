"""What people change of themselves and the office of the territory, each change once and with its event."""

from typing import Any

import pytest
from pymongo.database import Database

from chassis.command import digest
from members.noun import Noun
from members.organisations.store import UnitStore
from members.people.store import PeopleStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.small_district import ADMIN, GRID, SELF, MoveIn, refusal, settle


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)


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


def test_what_is_written_of_somebody_meanwhile_does_not_keep_them_from_changing_their_profile(
    service: MembersService, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = [service.people.versioned("p-near")]
    service.change_profile(caller=SELF, command_id="k", language="en")
    now = PeopleStore.versioned
    monkeypatch.setattr(PeopleStore, "versioned", lambda self, id: seen.pop() if seen else now(self, id))
    assert service.change_profile(caller=SELF, command_id="l", skills=["care"]) == {"person_id": "p-near", "version": 3}
    mine = service.me(caller=SELF)
    assert (mine["language"], mine["skills"], seen) == ("en", ["care"], [])


def test_a_command_that_is_carried_out_while_it_is_asked_again_is_carried_out_once(
    service: MembersService, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {"caller": SELF, "command_id": "k", "skills": ["care"]}
    ask, first = PeopleStore.answer_of, list[Any]()

    def late(self: PeopleStore, id: str, command: str, digest: str) -> Any:
        answer = ask(self, id, command, digest)
        if not first:
            first.append(None)
            first.append(service.change_profile(**asked))
        return answer

    monkeypatch.setattr(PeopleStore, "answer_of", late)
    assert service.change_profile(**asked) == first[1] == {"person_id": "p-near", "version": 2}


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


MAIL = "li.ce@example.org"
ROBOT = "1b2c3d4e-0000-4000-8000-00000000abcd"


def test_people_are_reached_at_the_addresses_that_they_gave(service: MembersService) -> None:
    service.change_profile(caller=SELF, command_id="k", addresses={"email": MAIL, "wecom": ROBOT})
    service.change_profile(caller=SELF, command_id="l", addresses={"ntfy": "li-7", "wecom": None})
    assert service.contacts(ids=["p-near"])[0]["addresses"] == {"email": MAIL, "ntfy": "li-7"}
    assert service.me(caller=SELF)["addresses"] == {"email": "l***@example.org", "ntfy": "****"}
    service.change_profile(caller=SELF, command_id="m", skills=["law"])
    assert service.own_data(caller=SELF)["addresses"] == {"email": MAIL, "ntfy": "li-7"}


def test_addresses_are_kept_sealed_and_a_digest_does_not_tell_them(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    body = {"addresses": {"email": MAIL, "bark": "devicekey"}}
    service.change_profile(caller=SELF, command_id="k", **body)
    kept = database["people"].find_one({"_id": "p-near"})
    assert kept is not None
    assert set(kept["addresses"]) == {"email", "bark"}
    assert MAIL not in str(kept)
    assert "devicekey" not in str(kept)
    assert kept["history"][-1]["digest"] != digest(body)
    assert service.change_profile(caller=SELF, command_id="k", **body)["version"] == 2
    other = {"addresses": {**body["addresses"], "email": "other@example.org"}}
    assert refusal(service.change_profile, caller=SELF, command_id="k", **other).code == "command_id_reused"


def test_of_addresses_everything_that_is_wrong_is_told_at_once_and_nothing_is_kept(service: MembersService) -> None:
    body = {"email": "li at example", "bark": "no key", "wecom": "x", "ntfy": "fine", "fax": "1"}
    found = refusal(service.change_profile, caller=SELF, command_id="k", addresses=body, skills=["magic"])
    told = {each["pointer"]: each["detail"] for each in found.details["errors"]}
    assert told.pop("/skills/0").startswith("Must be one of")
    assert told == {
        "/addresses/email": "Not an e-mail address, like name@example.cn.",
        "/addresses/bark": "Not a device key of Bark: 8 to 64 letters and digits.",
        "/addresses/wecom": "Not the key of a WeCom robot: 32 hexadecimal digits in five groups.",
        "/addresses/fax": "Unknown field.",
    }
    assert service.contacts(ids=["p-near"])[0]["addresses"] == {}


def test_a_repeated_command_gets_its_answer_also_when_the_company_is_one_no_more(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    place = {"lon": 115.0058, "lat": 25.8672, "crs": "WGS84"}
    new = {"name": "测试小区", "location": place, "property_company_id": "u-homes"}
    made = service.register_compound(caller=ADMIN, command_id="k", **new)
    change = {"command_id": "l", "compound_id": "c-dongyuan", "property_company_id": "u-homes"}
    changed = service.change_compound(caller=ADMIN, **change)
    database["units"].update_one({"_id": "u-homes"}, {"$set": {"unit_type": "REPORTING_UNIT"}})
    assert service.register_compound(caller=ADMIN, command_id="k", **new) == made
    assert service.change_compound(caller=ADMIN, **change) == changed
    assert refusal(service.register_compound, caller=ADMIN, command_id="m", **new).code == "not_a_property_company"


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


@pytest.mark.parametrize(
    ("company", "code"),
    [("u-school", "not_a_property_company"), ("u-x", "unknown_unit"), ("u-homes-elsewhere", "unknown_unit")],
)
def test_only_a_property_company_of_the_district_manages_a_compound(
    service: MembersService, company: str, code: str
) -> None:
    found = refusal(
        service.change_compound, caller=ADMIN, command_id="k", compound_id="c-dongyuan", property_company_id=company
    )
    assert (found.code, found.details["errors"][0]["pointer"]) == (code, "/property_company_id")


def test_nobody_else_changes_a_compound(service: MembersService) -> None:
    arguments = {"command_id": "k", "compound_id": "c-dongyuan", "is_old": False}
    assert refusal(service.change_compound, caller=SELF, **arguments).code == "not_permitted"
    elsewhere = {**ADMIN, "grants": [{"role": "district_admin", "scope": "360703"}]}
    assert refusal(service.change_compound, caller=elsewhere, **arguments).code == "compound_not_found"


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
    assert gone.code == "grid_not_found"
    stranger = refusal(service.change_grid, caller=SELF, command_id="l", grid_code=GRID, name="x")
    assert stranger.code == "not_permitted"


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("", "Length must be between 1 and 100."),
        ("   ", "Nothing can be read in it."),
        ("\u3000\u200b", "Nothing can be read in it."),
        ("路灯\n管理所", "Control characters are not allowed."),
        ("\u202e所理管灯路", "Characters that nobody sees, or that turn the direction of writing, are not allowed."),
        ("x" * 101, "Length must be between 1 and 100."),
    ],
)
@pytest.mark.parametrize(
    ("command", "of"),
    [
        ("change_unit", {"unit_id": "u-lamps"}),
        ("change_grid", {"grid_code": GRID}),
        ("change_compound", {"compound_id": "c-dongyuan"}),
    ],
)
def test_a_name_can_be_read(service: MembersService, command: str, of: dict[str, str], name: str, detail: str) -> None:
    found = refusal(getattr(service, command), caller=ADMIN, command_id="k", name=name, **of)
    assert (found.code, found.details["errors"]) == ("invalid", [{"pointer": "/name", "detail": detail}])


def test_the_office_changes_the_grids_of_a_unit_to_such_as_exist(service: MembersService) -> None:
    codes = [GRID, "360704100002002"]
    answer = service.change_unit(caller=ADMIN, command_id="k", unit_id="u-lamps", grid_codes=codes)
    assert (answer["grid_codes"], answer["version"]) == (codes, 2)
    wrong = {"caller": ADMIN, "command_id": "l", "unit_id": "u-lamps", "grid_codes": [GRID, "360704100999001"]}
    found = refusal(service.change_unit, **wrong)
    assert (found.code, found.details["grid_codes"]) == ("unknown_grid", ["360704100999001"])
    assert refusal(service.change_unit, **wrong | {"unit_id": "u-x"}).code == "unit_not_found"
    assert refusal(service.change_unit, **wrong | {"caller": SELF}).code == "not_permitted"


def test_a_change_of_what_has_changed_meanwhile_is_refused(
    service: MembersService, territory: TerritoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen_before = territory.grids.versioned(GRID, ["360704"])
    service.change_grid(caller=ADMIN, command_id="k", grid_code=GRID, name="第一网格")
    monkeypatch.setattr(Noun, "versioned", lambda *_: seen_before)
    late = refusal(service.change_grid, caller=ADMIN, command_id="l", grid_code=GRID, name="第二网格")
    assert late.code == "stale_version"
