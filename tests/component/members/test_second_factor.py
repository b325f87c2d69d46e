"""A second factor from its beginning to its end, on a real database."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import structlog
from cryptography.fernet import Fernet
from pymongo.database import Database
from pyotp import TOTP

from chassis.caller import Grant
from chassis.errors import Refusal
from chassis.keyring import check
from chassis.resealing import reseal
from chassis.sealing import WrongKeys
from members.accounts.account import FROM_ONE_ADDRESS, WRONG_FACTORS, WRONG_FACTORS_OF_A_DAY
from members.accounts.second_factor import SecondFactor
from members.accounts.store import AccountStore
from members.people.person import Person
from members.sealing import MARKED, Seal
from members.service import MembersService
from tests.component.members.entrants import MoveIn, begun, register, signed_in
from tests.component.members.small_district import ADMIN, refusal
from tests.component.members.staging import FUTURE, Messenger
from tests.component.set_clock import SetClock

Answer = dict[str, Any]
Stored = Database[Answer]


@pytest.fixture(autouse=True)
def residents(move_in: MoveIn, accounts: AccountStore, seal: Seal) -> None:
    register(move_in, accounts, seal)


class Desk:
    """Somebody at a desk with a session, and a phone with an app."""

    def __init__(self, service: MembersService, present: SetClock) -> None:
        self.service, self.present = service, present
        self.caller: Answer = {}
        self.session_id = ""
        self.given: Answer = {}

    def enter(self, otp: str | None = None, password: str = "right", client: str = "") -> Answer:
        code = {"otp": otp} if otp is not None else {}
        answer = self.service.sign_in_with_password(login="desk", password=password, client=client, **code)
        self.caller, self.session_id = answer["caller"], answer["session_id"]
        return answer

    def asking(self, **body: Any) -> Answer:
        return {"caller": self.caller, "session_id": self.session_id, "client": "", "password": "right", **body}

    def begin(self) -> Answer:
        self.given = self.service.begin_second_factor(**self.asking())
        return self.given

    def confirm(self) -> Answer:
        return self.service.confirm_second_factor(**self.confirming(self.code()))

    def confirming(self, code: str) -> Answer:
        return {"caller": self.caller, "session_id": self.session_id, "code": code}

    def code(self) -> str:
        return TOTP(self.given["secret"]).at(self.present.now())

    def next_code(self) -> str:
        self.present.wait(seconds=30)
        return self.code()

    def state(self) -> Answer:
        return self.service.second_factor(caller=self.caller)


@pytest.fixture
def here(service: MembersService, present: SetClock) -> Desk:
    desk = Desk(service, present)
    desk.enter()
    return desk


@pytest.fixture
def desk(here: Desk) -> Desk:
    """The same with a second factor in force."""
    here.begin()
    here.confirm()
    return here


def test_it_is_asked_for_once_it_is_confirmed_and_not_before(here: Desk) -> None:
    assert here.state() == {"state": "none", "since": None, "recovery_left": 0}
    given = here.begin()
    assert len(set(given["recovery_codes"])) == 10
    assert given["uri"].startswith("otpauth://totp/Sandan:desk?secret=")
    assert here.state()["state"] == "pending"
    assert here.enter()
    assert here.confirm() == here.state() == {"state": "active", "since": "2040-01-01T00:00:00Z", "recovery_left": 10}
    assert refusal(here.enter).dump() == {"code": "second_factor_needed", "details": {}}
    assert here.enter(here.next_code())["person_id"] == "p-desk"


def test_one_that_was_begun_before_is_void(here: Desk) -> None:
    first = here.begin()
    second = here.begin()
    old = TOTP(first["secret"]).at(here.present.now())
    said = {"caller": here.caller, "session_id": here.session_id, "code": old}
    assert refusal(here.service.confirm_second_factor, **said).code == "second_factor_wrong"
    assert here.given == second
    assert here.confirm()["state"] == "active"


def test_guesses_at_its_confirmation_count_whichever_is_pending(here: Desk) -> None:
    for n in range(FROM_ONE_ADDRESS):
        if n in {0, 2}:
            here.begin()
        refused = refusal(here.service.confirm_second_factor, **here.confirming("000000"))
        assert refused.code == "second_factor_wrong"
    refused = refusal(here.confirm)
    assert (refused.code, refused.details) == ("too_many_sign_ins", {"retry_after": 900})
    here.begin()
    assert refusal(here.confirm).code == "too_many_sign_ins"
    assert here.enter(), "signing in is another thing"
    here.present.wait(minutes=15)
    assert here.confirm()["state"] == "active"


def test_a_right_code_and_one_for_which_nothing_is_pending_count_as_no_guess(here: Desk) -> None:
    for _ in range(FROM_ONE_ADDRESS + 1):
        assert refusal(here.service.confirm_second_factor, **here.confirming("000000")).code == (
            "second_factor_not_pending"
        )
    for _ in range(FROM_ONE_ADDRESS + 1):
        here.begin()
        assert here.confirm()["state"] == "active"
        here.service.end_second_factor(**here.asking(code=here.given["recovery_codes"][0]))


def test_one_in_force_is_not_replaced_nor_confirmed_again(desk: Desk) -> None:
    assert refusal(desk.begin).code == "second_factor_active"
    assert refusal(desk.confirm).code == "second_factor_not_pending"
    assert desk.enter(desk.next_code())


def test_only_who_knows_the_password_is_told_that_there_is_one(desk: Desk) -> None:
    for otp in (None, "000000"):
        assert refusal(desk.enter, otp=otp, password="wrong").code == "bad_credentials"


def test_wrong_codes_count_like_wrong_passwords_and_a_missing_one_does_not(desk: Desk) -> None:
    for _ in range(FROM_ONE_ADDRESS + 1):
        assert refusal(desk.enter).code == "second_factor_needed"
    wrong = f"{(int(desk.next_code()) + 1) % 10**6:06d}"
    for _ in range(FROM_ONE_ADDRESS):
        assert refusal(desk.enter, otp=wrong).code == "bad_second_factor"
    assert refusal(desk.enter, otp=desk.next_code()).code == "too_many_sign_ins"
    desk.present.wait(minutes=15)
    assert desk.enter(desk.code())


def elsewhere(n: int) -> str:
    return f"203.0.113.{n}"


def test_wrong_codes_are_few_from_however_many_places_they_come(desk: Desk) -> None:
    """Whoever has the password is not to find a code by guessing, whatever they have besides."""
    for n in range(WRONG_FACTORS):
        assert refusal(desk.enter, otp="000000", client=elsewhere(n)).code == "bad_second_factor"
    asked = {"otp": desk.next_code(), "client": elsewhere(99)}
    for _ in range(FROM_ONE_ADDRESS + 1):
        refused = refusal(desk.enter, **asked)
        assert (refused.code, refused.details) == ("too_many_sign_ins", {"retry_after": 870})
    assert refusal(desk.enter, otp=desk.given["recovery_codes"][0]).code == "too_many_sign_ins"
    end = desk.asking(code=desk.code())
    assert refusal(desk.service.end_second_factor, **end).code == "too_many_sign_ins"
    assert refusal(desk.enter, client=elsewhere(99)).code == "second_factor_needed"
    assert desk.state()["state"] == "active", "whoever is signed in goes on"
    desk.present.wait(minutes=15)
    assert desk.enter(desk.code(), client=elsewhere(99))


def test_wrong_codes_of_a_day_are_few_too_and_right_ones_do_not_count(desk: Desk) -> None:
    for n in range(WRONG_FACTORS_OF_A_DAY):
        assert refusal(desk.enter, otp="000000", client=elsewhere(n)).code == "bad_second_factor"
        desk.present.wait(minutes=15)
        if n in {5, 20}:
            assert desk.enter(desk.next_code())
    refused = refusal(desk.enter, otp=desk.code())
    assert refused.code == "too_many_sign_ins"
    desk.present.wait(seconds=refused.details["retry_after"])
    assert desk.enter(desk.code())


def test_of_wrong_codes_at_once_no_more_are_looked_at(desk: Desk, in_one_thread: None) -> None:
    def attempt(n: int) -> str:
        return refusal(desk.enter, otp="000000", client=elsewhere(n)).code

    with ThreadPoolExecutor(5) as crowd:
        said = list(crowd.map(attempt, range(WRONG_FACTORS + 5)))
    assert sorted(said) == ["bad_second_factor"] * WRONG_FACTORS + ["too_many_sign_ins"] * 5


def test_a_reset_lets_its_owner_in_whatever_was_guessed(desk: Desk) -> None:
    for n in range(WRONG_FACTORS):
        refusal(desk.enter, otp="000000", client=elsewhere(n))
    desk.present.wait(seconds=1)
    asked: Answer = {"caller": ADMIN, "command_id": "k", "person_id": "p-desk", "reason": "密码已泄露，已当面核实"}
    first, new = desk.service.reset_login(**asked)["password"], "a long new password"
    answer = desk.service.sign_in_with_password(login="desk", password=first, new_password=new, client=elsewhere(99))
    desk.session_id = answer["session_id"]
    desk.given = desk.service.begin_second_factor(**desk.asking(password=new))
    desk.confirm()
    assert desk.enter(desk.next_code(), password=new)


def test_a_reset_does_not_let_in_from_where_wrong_codes_came_before_their_time_is_over(desk: Desk) -> None:
    for _ in range(FROM_ONE_ADDRESS):
        refusal(desk.enter, otp="000000", client=elsewhere(1))
    asked: Answer = {"caller": ADMIN, "command_id": "k", "person_id": "p-desk", "reason": "密码已泄露，已当面核实"}
    given: Answer = {"login": "desk", "password": desk.service.reset_login(**asked)["password"]}
    given |= {"new_password": "a long new password", "client": elsewhere(1)}
    refused = refusal(desk.service.sign_in_with_password, **given)
    assert (refused.code, refused.details) == ("too_many_sign_ins", {"retry_after": 900})
    desk.present.wait(minutes=15)
    assert desk.service.sign_in_with_password(**given)


def test_a_password_that_is_replaced_makes_no_wrong_codes_forgotten(desk: Desk) -> None:
    """Whoever has a session and the password would replace it again and again, and go on guessing."""
    for n in range(WRONG_FACTORS):
        refusal(desk.enter, otp="000000", client=elsewhere(n))
    own: Answer = {"caller": desk.caller, "session_id": desk.session_id, "client": ""}
    desk.service.change_password(**own, current_password="right", new_password="a long new password")
    asked = {"otp": desk.next_code(), "password": "a long new password"}
    assert refusal(desk.enter, **asked, client=elsewhere(99)).code == "too_many_sign_ins"


def test_a_code_is_good_once_and_so_is_the_one_that_confirmed(desk: Desk) -> None:
    assert refusal(desk.enter, otp=desk.code()).code == "bad_second_factor"
    code = desk.next_code()
    assert desk.enter(code)
    assert refusal(desk.enter, otp=code).code == "bad_second_factor"
    desk.present.wait(seconds=30)
    assert refusal(desk.enter, otp=code).code == "bad_second_factor"


@pytest.mark.usefixtures("in_one_thread")
@pytest.mark.parametrize("by", ["app", "recovery"])
def test_of_many_who_use_one_code_at_once_one_gets_in(desk: Desk, by: str) -> None:
    code = desk.next_code() if by == "app" else desk.given["recovery_codes"][0]

    def attempt(n: int) -> bool:
        try:
            desk.enter(code, client=f"198.51.100.{n}")
        except Refusal as refused:
            return refused.code != "bad_second_factor"
        return True

    with ThreadPoolExecutor(5) as crowd:
        assert sum(crowd.map(attempt, range(5))) == 1


def test_a_code_that_two_have_found_right_is_spent_by_one(desk: Desk) -> None:
    factors, kept = desk.service.factors, desk.service.factors.of(["p-desk"])
    assert kept is not None
    assert [factors.spend_step(kept, kept.last_step + 1) for _ in range(2)] == [True, False]
    assert [factors.spend_recovery(kept, kept.recovery[0]) for _ in range(2)] == [True, False]


def test_a_recovery_code_is_good_once_however_it_is_typed(desk: Desk) -> None:
    codes = desk.given["recovery_codes"]
    assert desk.enter(codes[3].upper().replace("-", " "))
    assert desk.state()["recovery_left"] == 9
    assert refusal(desk.enter, otp=codes[3]).code == "bad_second_factor"
    assert desk.enter(codes[4])
    assert desk.state()["recovery_left"] == 8


def test_who_signs_in_by_phone_is_asked_for_it_too(desk: Desk, messenger: Messenger, database: Stored) -> None:
    service = desk.service
    phone = service.seal.fingerprint("12000000050")
    database["accounts"].update_one({"_id": "a-desk"}, {"$set": {"phone_print": phone}})
    right = begun(service, messenger, phone="12000000050")
    assert refusal(service.sign_in_with_code, **right).code == "second_factor_needed"
    assert refusal(service.sign_in_with_code, **right, otp=desk.code()).code == "bad_second_factor"
    assert service.sign_in_with_code(**right, otp=desk.next_code())["person_id"] == "p-desk"
    assert refusal(service.sign_in_with_code, **right, otp=desk.next_code()).code == "bad_code"


def test_whoever_has_none_need_not_mind(service: MembersService, desk: Desk, messenger: Messenger) -> None:
    assert signed_in(service, messenger)["person_id"] == "p-xie"


def test_it_ends_with_the_password_and_a_code(desk: Desk) -> None:
    end = desk.service.end_second_factor
    assert refusal(end, **desk.asking(password="wrong", code=desk.next_code())).code == "password_wrong"
    assert refusal(end, **desk.asking(code="000000")).code == "second_factor_wrong"
    assert desk.state()["state"] == "active"
    assert end(**desk.asking(code=desk.code()))["state"] == "none"
    assert refusal(end, **desk.asking(code=desk.code())).code == "no_second_factor"
    assert desk.enter()


def test_guesses_at_its_end_count_like_wrong_passwords(desk: Desk) -> None:
    asked = desk.asking(code="000000")
    for _ in range(FROM_ONE_ADDRESS):
        assert refusal(desk.service.end_second_factor, **asked).code == "second_factor_wrong"
    assert refusal(desk.service.end_second_factor, **asked).code == "too_many_sign_ins"


def test_guesses_at_its_end_count_whatever_else_the_password_is_said_for(desk: Desk) -> None:
    unfit = {"caller": desk.caller, "session_id": desk.session_id, "client": "", "current_password": "right"}
    for _ in range(FROM_ONE_ADDRESS):
        assert refusal(desk.service.begin_second_factor, **desk.asking()).code == "second_factor_active"
        assert refusal(desk.service.change_password, **unfit, new_password="x").code == "password_unfit"
        assert refusal(desk.service.end_second_factor, **desk.asking(code="000000")).code == "second_factor_wrong"
    assert refusal(desk.service.end_second_factor, **desk.asking(code="000000")).code == "too_many_sign_ins"


def test_sessions_that_were_opened_without_it_end_when_it_is_confirmed(here: Desk) -> None:
    elsewhere, mine = here.enter(), here.enter()
    here.begin()
    assert here.service.refresh(refresh_token=elsewhere["refresh_token"])
    here.confirm()
    assert [each["session_id"] for each in here.service.sessions(caller=here.caller)["items"]] == [mine["session_id"]]
    assert here.service.refresh(refresh_token=mine["refresh_token"])


def test_one_that_is_pending_ends_whatever_the_code(here: Desk) -> None:
    here.begin()
    assert here.service.end_second_factor(**here.asking(code="000000"))["state"] == "none"


def test_one_that_is_confirmed_while_a_pending_one_is_ended_stays(here: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    here.begin()
    end = here.service.factors.end_as_read

    def overtaken(factor: SecondFactor) -> bool:
        here.confirm()
        return end(factor)

    monkeypatch.setattr(here.service.factors, "end_as_read", overtaken)
    assert refusal(here.service.end_second_factor, **here.asking(code="000000")).code == "busy_try_again"
    assert here.state()["state"] == "active"


@pytest.mark.parametrize(
    ("into", "other", "left"),
    [("active", "active", ["p-desk"]), ("pending", "active", ["p-desk", "p-old"]), (None, "active", ["p-old"])],
)
def test_of_two_in_force_that_of_the_entry_that_is_left_stays_after_a_merge(
    here: Desk, move_in: MoveIn, into: str | None, other: str, left: list[str]
) -> None:
    """Nobody would know of which app a code is asked for."""
    move_in([(Person("p-old", "360704", "李测002", (Grant("dispatcher", "360704100"),)), None)])
    store = here.service.factors
    for id, state in (("p-desk", into), ("p-old", other)):
        if state is not None:
            factor = SecondFactor(id, f"sealed secret of {id}", (), here.present.now())
            store.begin(factor)
            if state == "active":
                store.confirm(factor, 1, here.present.now())
    here.service.merge_people(caller=ADMIN, command_id="m", person_id="p-old", into="p-desk")
    assert [id for id in ("p-desk", "p-old") if store.of([id])] == left
    move_in([(Person("p-third", "360704", "李测002", (Grant("dispatcher", "360704100"),)), None)])
    third = SecondFactor("p-third", "sealed secret of p-third", (), here.present.now())
    store.begin(third)
    store.confirm(third, 1, here.present.now())
    here.service.merge_people(caller=ADMIN, command_id="n", person_id="p-third", into="p-desk")
    assert [id for id in ("p-desk", "p-old", "p-third") if store.of([id])] == left
    found = store.of(["p-desk", "p-old"])
    assert found is not None
    assert (found.id, found.since is None) == (left[-1], False)


def test_who_has_no_password_takes_none(service: MembersService, messenger: Messenger) -> None:
    mine = signed_in(service, messenger)
    asked = {"caller": mine["caller"], "session_id": mine["session_id"], "password": "right"}
    assert refusal(service.begin_second_factor, **asked).code == "no_password"
    assert service.second_factor(caller=mine["caller"])["state"] == "none"


def test_nobody_ends_that_of_another(desk: Desk, messenger: Messenger) -> None:
    mine = signed_in(desk.service, messenger)
    asked = desk.asking(code=desk.next_code()) | {"caller": mine["caller"]}
    assert refusal(desk.service.end_second_factor, **asked).code == "no_password"
    assert desk.state()["state"] == "active"


def test_a_reset_takes_it_away(desk: Desk) -> None:
    asked: Answer = {"caller": ADMIN, "command_id": "k", "person_id": "p-desk", "reason": "手机遗失，已当面核实"}
    first = desk.service.reset_login(**asked)["password"]
    given = {"login": "desk", "password": first, "new_password": "a long new password"}
    assert desk.service.sign_in_with_password(**given)["person_id"] == "p-desk"
    assert desk.state()["state"] == "none"


def test_it_stays_with_somebody_whose_entry_was_merged(desk: Desk, database: Stored) -> None:
    merged = desk.caller | {"id": "p-now", "former": ["p-desk"]}
    assert desk.service.second_factor(caller=merged)["state"] == "active"
    person = database["people"].find_one({"_id": "p-desk"}) or {}
    database["people"].insert_one({**person, "_id": "p-now", "merged_from": ["p-desk"], "commands": ["other"]})
    database["accounts"].update_one({"_id": "a-desk"}, {"$set": {"person_id": "p-now"}})
    assert refusal(desk.enter).code == "second_factor_needed"
    assert desk.enter(desk.next_code())["person_id"] == "p-now"


def test_a_deletion_leaves_nothing_of_it(desk: Desk, database: Stored) -> None:
    desk.service.delete_person(caller=ADMIN, command_id="k", person_id="p-desk")
    assert list(database["second_factors"].find()) == []


def test_its_secret_is_sealed_anew_and_keeps_wrong_keys_from_starting(desk: Desk, database: Stored, seal: Seal) -> None:
    kept = database["second_factors"].find_one({}) or {}
    assert seal.open(kept["secret"]) == desk.given["secret"]
    other = Seal(Fernet.generate_key().decode(), "a key for tests")
    database["people"].update_many({}, {"$set": {"phone": None}})
    with pytest.raises(WrongKeys):
        check(database, MARKED, other)
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    database["second_factors"].update_one({}, {"$set": {"secret": Seal(old, "x").close(desk.given["secret"])}})
    database["sealing"].delete_many({})
    check(database, MARKED, Seal(f"{new},{old}", "a key for tests"))
    assert reseal(database, MARKED, Seal(f"{new},{old}", "a key for tests"), lambda _: None)
    desk.service.seal = Seal(new, "a key for tests")
    again = database["second_factors"].find_one({}) or {}
    assert desk.service.seal.is_newest(again["secret"])


def test_nothing_of_its_secrets_is_kept_readable_or_logged(desk: Desk, database: Stored) -> None:
    with structlog.testing.capture_logs() as lines:
        code = desk.next_code()
        desk.enter(code)
        refusal(desk.enter, otp=desk.given["recovery_codes"][1] + "x")
        desk.enter(desk.given["recovery_codes"][0])
    everything = str([list(database[name].find()) for name in database.list_collection_names()]) + str(lines)
    secrets = [desk.given["secret"], *desk.given["recovery_codes"]]
    plain = [each.replace("-", "") for each in secrets]
    assert [each for each in (*secrets, *plain) if each in everything] == []
    assert f"'{code}'" not in everything


def test_a_late_write_spends_nothing_of_one_that_was_begun_anew(desk: Desk) -> None:
    factors = desk.service.factors
    kept = factors.of(["p-desk"])
    assert kept is not None
    factors.end(["p-desk"])
    factors.begin(replace(kept, begun_at=FUTURE.replace(year=2041), since=None))
    pending = factors.of(["p-desk"])
    assert pending is not None
    assert factors.confirm(pending, 1, FUTURE)
    assert not factors.confirm(pending, 1, FUTURE)
    assert not factors.spend_step(kept, kept.last_step + 9)
    assert not factors.spend_recovery(kept, kept.recovery[0])
