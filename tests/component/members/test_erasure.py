"""People get a copy of what is kept of them and have it deleted; after the retention it goes by itself."""

from typing import Any

import eventlet
import pytest
from pymongo.database import Database

from members.service import MembersService
from tests.component.members.entrants import begun, signed_in
from tests.component.members.small_district import ADMIN, SELF, refusal
from tests.component.members.staging import Messenger, let_go_of
from tests.component.set_clock import SetClock

pytestmark = pytest.mark.usefixtures("district_of_xie")

THREE_YEARS = 3 * 365 + 1
"""Days, with the one leap day among them."""


def kept(database: Database[dict[str, Any]], id: str) -> dict[str, Any]:
    found = database["people"].find_one({"_id": id})
    assert found is not None
    return found


def test_a_copy_holds_everything_and_who_was_told_the_phone(service: MembersService) -> None:
    service.reveal_phone(caller=ADMIN, command_id="k", person_id="p-near", reason="核对")
    copy = service.own_data(caller=SELF)
    assert (copy["name"], copy["phone"], copy["skills"]) == ("李测003", "12000000003", ["electrician"])
    assert [(each["kind"], each["revoked_at"] is None) for each in copy["tags"]] == [
        ("veteran", True),
        ("party_member", False),
    ]
    assert [each["reason"] for each in copy["phone_told"]] == ["核对"]


def test_people_put_their_name_right(service: MembersService) -> None:
    service.change_profile(caller=SELF, command_id="k", name="李测033", honorific="先生")
    assert service.own_data(caller=SELF)["name"] == "李测033"
    assert service.me(caller=SELF)["name"] == "李先生"


def test_a_deletion_removes_the_person_and_keeps_the_counts(
    service: MembersService, database: Database[dict[str, Any]], messenger: Messenger, present: SetClock
) -> None:
    session = signed_in(service, messenger)
    present.wait(minutes=2)
    waiting = begun(service, messenger)
    me = {"id": "p-xie", "grants": [{"role": "resident", "scope": "360704"}], "unit": None}
    copy = service.own_data(caller=me)
    assert [each["session_id"] for each in copy["sign_ins"]] == [session["session_id"]]
    assert copy["second_factor"] == {"state": "none", "since": None, "recovery_left": 0}
    service.change_profile(caller=me, command_id="a", addresses={"email": "xie@example.org"})
    receipt = service.delete_own_data(caller=me, command_id="k")
    assert service.delete_own_data(caller=me, command_id="k") == receipt
    assert refusal(service.refresh, refresh_token=session["refresh_token"]).code == "session_ended"
    assert refusal(service.sign_in_with_code, **waiting, client="").code == "bad_code"
    gone = kept(database, "p-xie")
    assert (gone["name"], gone["phone"], gone["home"], gone["tags"]) == ("已删除", None, None, [])
    assert gone["addresses"] == {}
    assert [(each["type"], each["data"]) for each in gone["history"]][1:] == [
        ("person.changed", {"fields": ["addresses"]}),
        ("person.left", {"person_id": "p-xie", "former_ids": [], "tenant": "360704"}),
        ("person.erased", {"person_id": "p-xie", "former_ids": [], "tenant": "360704"}),
    ]
    assert "谢" not in str(gone)
    assert service.names(ids=["p-xie"]) == [{"id": "p-xie", "name_masked": "已删除"}]


def test_who_left_is_gone_after_three_years_and_the_counts_of_then_are_as_they_were(
    service: MembersService, database: Database[dict[str, Any]], clock: SetClock
) -> None:
    """F55: somebody left 3 years ago; retention runs; a pseudonym stands for the person, the counts are unchanged."""
    service.reveal_phone(caller=ADMIN, command_id="k", person_id="p-near", reason="核对")
    before = service.force(caller=ADMIN, area="360704")["roles"]
    clock.wait(days=1)
    service.record_leaving(caller=ADMIN, command_id="l", person_id="p-near")
    clock.wait(days=THREE_YEARS - 1)
    service.end_retention()
    assert kept(database, "p-near")["name"] == "李测003"
    clock.wait(days=2)
    service.end_retention()
    gone = kept(database, "p-near")
    assert (gone["name"], gone["phone"], gone["skills"], gone["unit_id"]) == ("已删除", None, [], None)
    assert database["reveals"].count_documents({}) == 0
    assert let_go_of(database) == [{"reveals": 1}]
    then = service.force(caller=ADMIN, area="360704", as_of="2026-03-12")["roles"]
    assert then == before
    version = gone["version"]
    service.end_retention()
    assert kept(database, "p-near")["version"] == version


def test_an_office_deletes_who_asked_it_to_within_its_scope(service: MembersService) -> None:
    assert refusal(service.delete_person, caller=SELF, command_id="k", person_id="p-far").code == "not_permitted"
    elsewhere = {**ADMIN, "grants": [{"role": "district_admin", "scope": "360703"}]}
    assert (
        refusal(service.delete_person, caller=elsewhere, command_id="k", person_id="p-far").code == "person_not_found"
    )
    assert service.delete_person(caller=ADMIN, command_id="k", person_id="p-far") == {
        "person_id": "p-far",
        "version": 3,
    }


def test_who_is_deleted_writes_nothing_any_more_while_a_token_is_still_good(
    service: MembersService, database: Database[dict[str, Any]], messenger: Messenger
) -> None:
    sent = service.request_phone_code(caller=SELF, phone="12000000077", client="")
    eventlet.sleep(0)
    code = {"phone": "12000000077", "sign_in_id": sent["sign_in_id"], "code": messenger.sent[-1][1], "session_id": "s"}
    service.delete_own_data(caller=SELF, command_id="k")
    gone = kept(database, "p-near")
    assert refusal(service.change_phone, caller=SELF, command_id="l", **code).code == "person_left"
    assert refusal(service.change_profile, caller=SELF, command_id="m", name="李测003").code == "person_left"
    assert kept(database, "p-near") == gone
