"""Keys of programs: opened once and told once, found by their secret alone, ended at once, and answered for."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from chassis.audit.debts import Debts
from chassis.errors import Refusal
from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.clean_up import heard
from tests.component.members.dual_service import BUREAU, settle
from tests.component.members.small_district import MoveIn, refusal
from tests.component.set_clock import SetClock

Row = dict[str, Any]


def who(role: str, scope: str = "360704") -> Row:
    return {"id": f"p-{role}", "grants": [{"role": role, "scope": scope}], "unit": None}


ADMIN = who("district_admin")
KEY = {"district": "360704", "name": "市民小程序"}


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)


def opened(service: MembersService, command_id: str = "k", **fields: Any) -> Row:
    found: Row = service.open_api_key(caller=ADMIN, command_id=command_id, **{**KEY, **fields})
    return found


def test_who_shows_the_secret_files_for_the_district_and_nothing_else(service: MembersService) -> None:
    made = opened(service)
    holder = service.api_key_holder(secret=made["secret"])
    assert holder == {
        "id": made["api_key_id"],
        "grants": [{"role": "api_key", "scope": "360704"}],
        "unit": None,
        "program": True,
    }
    for wrong in (made["api_key_id"], made["secret"] + "x", made["secret"][:-1], made["secret"].lower()):
        assert refusal(service.api_key_holder, secret=wrong).code == "api_key_refused"


def test_the_secret_is_told_once_and_kept_nowhere(service: MembersService, database: Database[Row]) -> None:
    made = opened(service)
    again = opened(service)
    assert again == {**made, "secret": None}
    assert len(made["secret"]) >= 40
    kept = repr([list(database[name].find()) for name in database.list_collection_names()])
    assert made["secret"] not in kept
    assert made["secret"] not in repr(service.api_keys(caller=ADMIN))
    assert opened(service, "another")["secret"] not in {None, made["secret"]}


def test_a_hash_is_worth_nothing_without_the_key_of_the_service(
    service: MembersService, database: Database[Row]
) -> None:
    opened(service)
    [kept] = database.api_keys.find()
    assert refusal(service.api_key_holder, secret=kept["secret_hash"]).code == "api_key_refused"


def test_an_ended_key_is_refused_from_that_moment_on_and_stays_in_the_list(
    service: MembersService, clock: SetClock
) -> None:
    made = opened(service)
    clock.wait(hours=1)
    ended = service.end_api_key(caller=ADMIN, command_id="e", api_key_id=made["api_key_id"])
    assert service.end_api_key(caller=ADMIN, command_id="e", api_key_id=made["api_key_id"]) == ended
    assert refusal(service.api_key_holder, secret=made["secret"]).code == "api_key_refused"
    assert refusal(service.end_api_key, caller=ADMIN, command_id="f", api_key_id=made["api_key_id"]).code == (
        "api_key_ended"
    )
    [shown] = service.api_keys(caller=ADMIN)["items"]
    assert (shown["ended_by"], shown["ended_at"]) == (ADMIN["id"], ended["at"])


@pytest.mark.parametrize(
    ("caller", "code"),
    [
        (who("party_office"), "not_permitted"),
        (who("dispatcher"), "not_permitted"),
        (who("district_admin", "360702"), "out_of_scope"),
        (who("district_admin", "3607"), "out_of_scope"),
    ],
    ids=["party office", "dispatcher", "another district", "a city"],
)
def test_only_an_administrator_of_the_district_keeps_its_keys(service: MembersService, caller: Row, code: str) -> None:
    made = opened(service)
    assert refusal(service.open_api_key, caller=caller, command_id="x", **KEY).code == code
    ended = refusal(service.end_api_key, caller=caller, command_id="x", api_key_id=made["api_key_id"]).code
    assert ended in {code, "api_key_not_found"}
    assert service.api_key_holder(secret=made["secret"])
    if code == "not_permitted":
        assert refusal(service.api_keys, caller=caller).code == code


def test_a_key_is_for_a_unit_of_the_district_or_for_none(service: MembersService) -> None:
    assert refusal(service.open_api_key, caller=ADMIN, command_id="x", **KEY, unit_id="u-none").code == "unknown_unit"
    made = opened(service, unit_id=BUREAU)
    assert service.api_key_holder(secret=made["secret"])["unit"] == BUREAU


def test_a_closed_unit_has_no_programs_any_more(service: MembersService) -> None:
    speaking = opened(service, "a", unit_id=BUREAU, area="360704100")
    filing, elsewhere = opened(service, "b", unit_id=BUREAU), opened(service, "c", unit_id="u-school")
    already = opened(service, "d", unit_id=BUREAU)
    service.end_api_key(caller=ADMIN, command_id="e", api_key_id=already["api_key_id"])
    before = service.api_keys(caller=ADMIN)["items"]
    for _ in range(2):
        service.end_keys_of_unit(heard("unit.closed", unit_id=BUREAU, name="住房和城乡建设局"))
    assert refusal(service.program_session, **shown_by(speaking)).code == "client_refused"
    assert refusal(service.api_key_holder, secret=filing["secret"]).code == "api_key_refused"
    assert service.api_key_holder(secret=elsewhere["secret"])["unit"] == "u-school"
    after = {each["api_key_id"]: each["ended_by"] for each in service.api_keys(caller=ADMIN)["items"]}
    assert after == {each["api_key_id"]: each["ended_by"] for each in before} | {
        speaking["api_key_id"]: "members",
        filing["api_key_id"]: "members",
    }


def close_bureau(service: MembersService) -> None:
    service.close_unit(caller=ADMIN, command_id="close", unit_id=BUREAU)
    service.end_keys_of_unit(heard("unit.closed", unit_id=BUREAU, name="住房和城乡建设局"))


def worth_nothing(service: MembersService, made: Row) -> bool:
    said = {
        refusal(service.program_session, **shown_by(made)).code,
        refusal(service.api_key_holder, secret=made["secret"]).code,
    }
    return said == {"client_refused", "api_key_refused"} and service.holders(ids=[made["api_key_id"]]) == []


def test_a_key_that_is_opened_while_its_unit_closes_is_worth_nothing(
    service: MembersService, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = service.api_keys_kept.records
    write = records.open

    def write_late(*given: Any) -> Any:
        monkeypatch.undo()
        close_bureau(service)
        return write(*given)

    monkeypatch.setattr(records, "open", write_late)
    made = opened(service, unit_id=BUREAU, area="360704100")
    assert service.api_keys(caller=ADMIN)["items"][0]["ended_at"] is None
    assert worth_nothing(service, made)


def test_a_key_is_good_until_its_unit_closes_whether_or_not_anybody_has_ended_it(
    service: MembersService, clock: SetClock
) -> None:
    made, elsewhere = spoken_for(service), opened(service, "elsewhere", unit_id="u-school")
    clock.wait(hours=1)
    soon = (clock.now() + timedelta(hours=1)).isoformat()
    service.close_unit(caller=ADMIN, command_id="c", unit_id=BUREAU, at=soon)
    clock.wait(minutes=59)
    assert service.program_session(**shown_by(made))
    assert service.holders(ids=[made["api_key_id"]])
    clock.wait(minutes=1)
    assert worth_nothing(service, made)
    assert service.api_key_holder(secret=elsewhere["secret"])["unit"] == "u-school"


def test_a_unit_that_has_closed_or_will_gets_no_key(service: MembersService) -> None:
    service.close_unit(caller=ADMIN, command_id="c", unit_id="u-school", at="2030-01-01T00:00:00Z")
    for unit in ("u-closed", "u-school"):
        refused = refusal(service.open_api_key, caller=ADMIN, command_id=unit, **KEY, unit_id=unit)
        assert (refused.code, refused.details) == ("unit_closed", {"unit_id": unit})


def test_keys_are_listed_page_by_page(service: MembersService) -> None:
    ids = [opened(service, f"k-{n}", name=f"程序{n}")["api_key_id"] for n in range(3)]
    first = service.api_keys(caller=ADMIN, limit=2)
    assert [each["api_key_id"] for each in first["items"]] == ids[:2]
    rest = service.api_keys(caller=ADMIN, district="360704", after=first["next"], limit=2)
    assert [each["api_key_id"] for each in rest["items"]] == ids[2:]
    assert rest["next"] is None


def test_opening_and_ending_are_in_the_trail_without_the_secret(
    service: MembersService, database: Database[Row]
) -> None:
    made = opened(service)
    service.end_api_key(caller=ADMIN, command_id="e", api_key_id=made["api_key_id"])
    Debts(service.audit, [service.api_keys_kept.records.outbox]).enter(100)
    rows = list(database["audit"].find({"act": {"$regex": "^api_key"}}).sort("seq"))
    assert [(row["act"], row["what"]["id"]) for row in rows] == [
        ("api_key.opened", made["api_key_id"]),
        ("api_key.ended", made["api_key_id"]),
    ]
    assert "secret" not in repr(rows)


def spoken_for(service: MembersService, **fields: Any) -> Row:
    return opened(service, **{"unit_id": BUREAU, "area": "360704100", **fields})


def shown_by(made: Row, **fields: str) -> dict[str, str]:
    return {"client_id": made["api_key_id"], "client_secret": made["secret"], **fields}


def test_a_program_works_for_its_unit_in_the_area_of_its_key(service: MembersService) -> None:
    made = spoken_for(service)
    let_in = service.program_session(**shown_by(made))
    grants = [{"role": "unit_contact", "scope": "360704100"}]
    speaker = {"id": made["api_key_id"], "grants": grants, "unit": BUREAU, "program": True}
    assert let_in == {"session_id": made["api_key_id"], "caller": speaker}
    assert service.holders(ids=[made["api_key_id"]]) == [speaker]
    assert service.api_keys(caller=ADMIN)["items"][0]["area"] == "360704100"


def test_a_program_shows_both_its_id_and_its_secret(service: MembersService) -> None:
    made, other = spoken_for(service), spoken_for(service, command_id="other")
    for wrong in (
        shown_by(made, client_secret=made["secret"] + "x"),
        shown_by(made, client_id=other["api_key_id"]),
        shown_by(made, client_id="k-none"),
    ):
        assert refusal(service.program_session, **wrong).code == "client_refused"


def test_a_key_that_has_ended_or_speaks_for_nobody_lets_no_program_in(service: MembersService) -> None:
    made, mute = spoken_for(service), opened(service, "mute")
    service.end_api_key(caller=ADMIN, command_id="e", api_key_id=made["api_key_id"])
    for each in (made, mute):
        assert refusal(service.program_session, **shown_by(each)).code == "client_refused"
        assert service.holders(ids=[each["api_key_id"]]) == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"unit_id": None}, "unit_needed"),
        ({"area": "360702"}, "area_elsewhere"),
        ({"area": "3607041"}, "invalid"),
        ({"area": "3607"}, "invalid"),
    ],
)
def test_a_program_speaks_for_a_unit_in_a_place_of_the_district(
    service: MembersService, fields: Row, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        spoken_for(service, **fields)
    assert refused.value.code == code
    assert service.api_keys(caller=ADMIN)["items"] == []
