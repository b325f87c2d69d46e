"""Signing in by code and by password, on a real database."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import eventlet
import pytest
from pymongo.database import Database

from chassis.errors import Refusal
from members.accounts import password
from members.accounts.account import FROM_STRANGERS, WRONG_CODES, WRONG_PASSWORDS, Limit
from members.accounts.desk import SENT_AFTER_SECONDS
from members.accounts.one_time_code import FOR_OWN_PHONE, FOR_STRANGERS
from members.accounts.store import AccountStore
from members.sealing import Seal
from members.service import MembersService
from tests.component.members.entrants import PHONE, UNKNOWN, MoveIn, begun, register, signed_in, wrong
from tests.component.members.small_district import refusal
from tests.component.members.staging import Messenger
from tests.component.set_clock import SetClock


@pytest.fixture(autouse=True)
def residents(move_in: MoveIn, accounts: AccountStore, seal: Seal) -> None:
    register(move_in, accounts, seal)


def test_a_resident_signs_in_with_the_code_that_was_sent(service: MembersService, messenger: Messenger) -> None:
    answer = signed_in(service, messenger)
    assert (answer["account_id"], answer["person_id"]) == ("a-xie", "p-xie")
    assert answer["caller"] == {
        "id": "p-xie",
        "grants": [{"role": "resident", "scope": "360704"}],
        "unit": None,
    }
    assert answer["refresh_token"].startswith(answer["session_id"])


def test_a_code_is_good_once(service: MembersService, messenger: Messenger) -> None:
    right = begun(service, messenger)
    service.sign_in_with_code(**right)
    assert refusal(service.sign_in_with_code, **right).code == "bad_code"


def test_of_many_who_use_one_code_at_once_one_gets_in(service: MembersService, messenger: Messenger) -> None:
    right = begun(service, messenger)

    def attempt(_: int) -> bool:
        try:
            service.sign_in_with_code(**right)
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(5) as crowd:
        assert sum(crowd.map(attempt, range(5))) == 1


def test_after_five_wrong_tries_the_right_code_is_refused(service: MembersService, messenger: Messenger) -> None:
    right = begun(service, messenger)
    left = [refusal(service.sign_in_with_code, **wrong(right)).details["tries_left"] for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    assert refusal(service.sign_in_with_code, **right).code == "too_many_tries"


def test_a_code_expires(service: MembersService, messenger: Messenger, present: SetClock) -> None:
    right = begun(service, messenger)
    present.wait(minutes=5)
    assert refusal(service.sign_in_with_code, **right).code == "code_expired"


def test_who_knows_the_phone_can_void_nobodys_code(service: MembersService, messenger: Messenger) -> None:
    right = begun(service, messenger, client="198.51.100.7")
    theirs = begun(service, messenger, client="203.0.113.9")
    for _ in range(6):
        refusal(service.sign_in_with_code, **wrong(theirs), client="203.0.113.9")
    assert refusal(service.sign_in_with_code, sign_in_id="made up", code=right["code"]).code == "bad_code"
    assert service.sign_in_with_code(**right, client="198.51.100.7")["person_id"] == "p-xie"


def test_few_codes_are_sent_for_one_person_to_phones_that_are_to_be_their_own(
    service: MembersService, messenger: Messenger, present: SetClock
) -> None:
    """Any phone may be named there: neither does anybody send messages to all of them, nor guess at their codes."""
    me, other = ({"id": id, "grants": [{"role": "resident", "scope": "360704"}]} for id in ("p-xie", "p-desk"))
    before = len(messenger.sent)
    for n in range(FOR_OWN_PHONE):
        service.request_phone_code(caller=me, phone=f"1200000007{n}", client=f"203.0.113.{n}")
    one_more = {"phone": "12000000079", "client": "198.51.100.7"}
    refused = refusal(service.request_phone_code, caller=me, **one_more)
    assert (refused.code, refused.details) == ("too_many_codes", {"retry_after": 3600})
    service.request_phone_code(caller=other, **one_more)
    eventlet.sleep(0)
    assert len(messenger.sent) == before + FOR_OWN_PHONE + 1
    present.wait(hours=1)
    service.request_phone_code(caller=me, **one_more)


def test_no_code_is_sent_for_who_has_no_phone_to_change(service: MembersService, messenger: Messenger) -> None:
    before = len(messenger.sent)
    program = {"id": "k-1", "grants": [{"role": "unit_contact", "scope": "360704"}], "unit": "u-1"}
    asked = {"caller": program, "phone": "12000000079", "client": "203.0.113.1"}
    assert refusal(service.request_phone_code, **asked).code == "person_not_found"
    eventlet.sleep(0)
    assert len(messenger.sent) == before


def test_of_guesses_at_one_moment_one_is_forgiven(accounts: AccountStore, present: SetClock) -> None:
    limit, now = Limit("f-1", 5), present.now()
    for _ in range(3):
        accounts.count_failure(limit, now)
    accounts.forgive(limit, now)
    assert accounts.failures(limit) == [now, now]


def test_strangers_use_up_no_codes_of_who_has_signed_in_from_here(
    service: MembersService, messenger: Messenger, present: SetClock, database: Database[dict[str, Any]]
) -> None:
    assert signed_in(service, messenger, "198.51.100.7")
    present.wait(minutes=1)
    for n in range(FOR_STRANGERS):
        service.request_code(phone=PHONE, client=f"203.0.113.{n}")
    assert refusal(service.request_code, phone=PHONE, client="203.0.113.99").code == "too_many_codes"
    assert signed_in(service, messenger, "198.51.100.7")
    assert "198.51.100.7" not in str([list(database[name].find()) for name in ("sendings", "codes", "familiar")])


def test_a_few_guesses_at_each_of_many_phones_are_stopped_but_not_who_has_signed_in_from_there(
    service: MembersService, messenger: Messenger, present: SetClock
) -> None:
    here = "203.0.113.9"
    assert signed_in(service, messenger, here)  # a right one is not counted
    for n in range(WRONG_CODES // 5):
        id = service.request_code(phone=f"1200000009{n}", client=here)["sign_in_id"]
        for _ in range(5):
            assert refusal(service.sign_in_with_code, sign_in_id=id, code="123456", client=here).code == "bad_code"
    other = service.request_code(phone="12000000098", client=here)["sign_in_id"]
    assert refusal(service.sign_in_with_code, sign_in_id=other, code="123456", client=here).code == "too_many_sign_ins"
    present.wait(minutes=1)
    assert signed_in(service, messenger, here)["person_id"] == "p-xie"


def test_no_login_shares_what_counts_with_an_address_or_with_another_login(
    service: MembersService, messenger: Messenger
) -> None:
    here = "203.0.113.9"
    for login in ("codes", f"desk\0{here}", f"\0codes\0{here}"):
        for n in range(6):
            refusal(service.sign_in_with_password, login=login, password="wrong", client=here if n else "198.51.100.7")
    id = service.request_code(phone=PHONE, client=here)["sign_in_id"]
    guess = {"sign_in_id": id, "code": "123456", "client": here}
    said = [refusal(service.sign_in_with_code, **guess).code for _ in range(WRONG_CODES + 1)]
    assert said.index("too_many_sign_ins") == WRONG_CODES
    assert service.sign_in_with_password(login="desk", password="right", client=here)


@pytest.mark.parametrize("login", ["desk\0203.0.113.9", "\0", "\u3000"])
def test_a_login_that_nobody_can_read_is_none(service: MembersService, login: str) -> None:
    refused = refusal(service.sign_in_with_password, login=login, password="right")
    assert (refused.code, refused.details["errors"][0]["pointer"]) == ("invalid", "/login")


def test_guesses_at_nothing_keep_nobody_out(service: MembersService, messenger: Messenger) -> None:
    here, right = "203.0.113.9", begun(service, messenger)
    for _ in range(WRONG_CODES + 1):
        assert refusal(service.sign_in_with_code, sign_in_id="made up", code="123456", client=here).code == "bad_code"
    assert service.sign_in_with_code(**right, client=here)["person_id"] == "p-xie"


def test_what_is_left_for_strangers_does_not_tell_whether_the_owner_signed_in(
    service: MembersService, messenger: Messenger
) -> None:
    assert signed_in(service, messenger, "198.51.100.7")
    for phone in (PHONE, UNKNOWN):
        for n in range(FOR_STRANGERS):
            service.request_code(phone=phone, client=f"203.0.113.{n}")
        assert refusal(service.request_code, phone=phone, client="203.0.113.99").code == "too_many_codes"


def test_an_unknown_phone_gets_the_same_answers_and_no_message(service: MembersService, messenger: Messenger) -> None:
    known = service.request_code(phone=PHONE)
    eventlet.sleep(0)
    messenger.sent.clear()
    unknown = service.request_code(phone=UNKNOWN)
    assert {**unknown, "sign_in_id": known["sign_in_id"]} == known
    eventlet.sleep(0)
    assert messenger.sent == []
    again = [refusal(service.request_code, phone=phone) for phone in (PHONE, UNKNOWN)]
    assert [each.dump() for each in again] == [{"code": "too_many_codes", "details": {"retry_after": 60}}] * 2
    ids = [answer["sign_in_id"] for answer in (known, unknown)]
    guesses = [refusal(service.sign_in_with_code, sign_in_id=id, code="123456").details for id in ids]
    assert guesses == [{"tries_left": 4}] * 2


def test_a_code_is_sent_when_the_answer_is_long_gone(service: MembersService, messenger: Messenger) -> None:
    shortest, longest = SENT_AFTER_SECONDS
    assert all(shortest <= MembersService.code_waits() <= longest for _ in range(99))
    service.code_waits = lambda: 0.05
    service.request_code(phone=PHONE)
    eventlet.sleep(0.01)
    assert messenger.sent == []
    eventlet.sleep(0.1)
    assert [phone for phone, _ in messenger.sent] == [PHONE]


def test_five_codes_an_hour_and_no_more(service: MembersService, present: SetClock) -> None:
    for _ in range(5):
        service.request_code(phone=PHONE)
        present.wait(minutes=2)
    assert refusal(service.request_code, phone=PHONE).details == {"retry_after": 3000}
    present.wait(minutes=50)
    assert service.request_code(phone=PHONE)["expires_in"] == 300


def test_codes_asked_for_at_once_give_one_message(service: MembersService, messenger: Messenger) -> None:
    def ask(_: int) -> str:
        try:
            service.request_code(phone=PHONE)
        except Refusal as error:
            return error.code
        return "sent"

    with ThreadPoolExecutor(5) as crowd:
        assert sorted(crowd.map(ask, range(5))) == ["sent", *["too_many_codes"] * 4]


@pytest.mark.parametrize("phone", ["12000000001 ", "110", "", "1200000000a", "02000000001"])
def test_what_is_no_phone_is_refused(service: MembersService, phone: str) -> None:
    assert refusal(service.request_code, phone=phone).details["errors"][0]["pointer"] == "/phone"


def test_made_up_phones_pass_only_while_the_demo_setting_is_on(service: MembersService) -> None:
    service.demo = False
    assert refusal(service.request_code, phone=PHONE).code == "invalid"
    assert service.request_code(phone="13800001234")["expires_in"] == 300


def test_unknown_fields_are_refused(service: MembersService) -> None:
    found = refusal(service.request_code, phone=PHONE, role="district_admin")
    assert found.details["errors"] == [{"pointer": "/role", "detail": "Unknown field."}]


def test_staff_sign_in_with_a_password(service: MembersService) -> None:
    answer = service.sign_in_with_password(login="desk", password="right")
    assert answer["caller"]["grants"] == [{"role": "dispatcher", "scope": "360704100"}]
    assert answer["caller"]["unit"] == "u-1"


@pytest.mark.parametrize(("login", "given"), [("desk", "wrong"), ("nobody", "right")])
def test_a_wrong_password_and_an_unknown_login_are_refused_alike(
    service: MembersService, login: str, given: str
) -> None:
    assert refusal(service.sign_in_with_password, login=login, password=given).dump() == {
        "code": "bad_credentials",
        "details": {},
    }


@pytest.mark.parametrize("login", ["desk", "nobody"])
def test_after_five_wrong_passwords_the_right_one_waits_a_quarter_of_an_hour(
    service: MembersService, present: SetClock, login: str
) -> None:
    for _ in range(5):
        assert refusal(service.sign_in_with_password, login=login, password="wrong").code == "bad_credentials"
    present.wait(minutes=5)
    assert refusal(service.sign_in_with_password, login=login, password="right").dump() == {
        "code": "too_many_sign_ins",
        "details": {"retry_after": 600},
    }
    present.wait(minutes=10)
    if login == "desk":
        assert service.sign_in_with_password(login=login, password="right")["person_id"] == "p-desk"


def test_wrong_passwords_from_elsewhere_keep_nobody_out(service: MembersService) -> None:
    for _ in range(6):
        refusal(service.sign_in_with_password, login="desk", password="wrong", client="203.0.113.9")
    assert service.sign_in_with_password(login="desk", password="right", client="198.51.100.7")


def test_one_password_at_each_of_many_logins_is_stopped_but_not_who_has_signed_in_from_there(
    service: MembersService, accounts: AccountStore, present: SetClock, database: Database[dict[str, Any]]
) -> None:
    here, right = "203.0.113.9", {"login": "desk", "password": "right"}
    accounts.set_password(["a-xie"], password.hashed("mine"))
    database["accounts"].update_one({"_id": "a-xie"}, {"$set": {"login": "xie"}})
    assert service.sign_in_with_password(**right, client=here)
    many = [present.now()] * (WRONG_PASSWORDS - 1)
    refusal(service.sign_in_with_password, login="nobody", password="wrong", client=here)
    kept = {"_id": service.seal.fingerprint(f"\0passwords\0{here}")}
    assert database["failures"].count_documents(kept) == 1
    database["failures"].update_one(kept, {"$set": {"at": many}})
    asked = {"login": "xie", "client": here}
    assert refusal(service.sign_in_with_password, **asked, password="wrong").code == "bad_credentials"
    refused = refusal(service.sign_in_with_password, **asked, password="mine")
    assert (refused.code, refused.details) == ("too_many_sign_ins", {"retry_after": 900})
    assert service.sign_in_with_password(**right, client=here)["person_id"] == "p-desk"
    assert service.sign_in_with_password(login="xie", password="mine", client="198.51.100.7")["person_id"] == "p-xie"


def test_a_right_password_does_not_count_as_a_wrong_one_of_its_address(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    assert service.sign_in_with_password(login="desk", password="right", client="203.0.113.9")
    assert [each["at"] for each in database["failures"].find()] == [[], []]


def test_strangers_lock_out_strangers_and_nobody_who_has_been_here(
    service: MembersService, present: SetClock, database: Database[dict[str, Any]]
) -> None:
    assert service.sign_in_with_password(login="desk", password="right", client="198.51.100.7")
    many = [present.now()] * FROM_STRANGERS
    database["failures"].update_many({"_id": service.seal.fingerprint("desk")}, {"$set": {"at": many}})
    stranger = refusal(service.sign_in_with_password, login="desk", password="right", client="203.0.113.9")
    assert stranger.code == "too_many_sign_ins"
    assert service.sign_in_with_password(login="desk", password="right", client="198.51.100.7")
    assert "198.51.100.7" not in str([*database["familiar"].find(), *database["failures"].find()])


def test_a_right_password_clears_the_wrong_ones(service: MembersService) -> None:
    for _ in range(3):
        for _ in range(3):
            refusal(service.sign_in_with_password, login="desk", password="wrong")
        assert service.sign_in_with_password(login="desk", password="right")


def test_a_closed_account_does_not_get_in(
    service: MembersService, database: Database[dict[str, Any]], messenger: Messenger
) -> None:
    answer = signed_in(service, messenger)
    database["accounts"].update_many({}, {"$set": {"active": False}})
    assert refusal(service.sign_in_with_password, login="desk", password="right").code == "bad_credentials"
    assert refusal(service.refresh, refresh_token=answer["refresh_token"]).code == "session_ended"


def test_no_secret_lies_readable_in_the_database(
    service: MembersService, messenger: Messenger, database: Database[dict[str, Any]]
) -> None:
    right = begun(service, messenger)
    kept_code = str(list(database["codes"].find()))
    token = service.sign_in_with_code(**right)["refresh_token"]
    everything = "".join(str(list(database[name].find())) for name in database.list_collection_names())
    assert f"'{right['code']}'" not in kept_code
    assert token.rsplit(".", 1)[1] not in everything
    assert PHONE not in everything
    assert "right" not in everything
