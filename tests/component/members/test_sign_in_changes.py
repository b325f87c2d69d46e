"""Whatever changes what somebody signs in by tells of it once, in the same transaction; a former phone is told too."""

from collections.abc import Callable
from typing import Any

import eventlet
import pytest
import structlog
from pymongo.database import Database

from chassis import records
from chassis.records import Kept, Records
from chassis.rpc import Unreachable
from members.accounts.store import AccountStore
from members.people.sign_in_change import SignInChange
from members.people.store import SIGN_IN_CHANGED
from tests.component.members.entrants import PHONE, begun, change_phone, signed_in
from tests.component.members.small_district import ADMIN, refusal
from tests.component.members.staging import Messenger
from tests.component.members.test_identity_providers import House, house, other, provider, residents
from tests.component.members.test_second_factor import Desk, here
from tests.component.set_clock import SetClock

__all__ = ["here", "house", "other", "provider", "residents"]

Answer = dict[str, Any]
Stored = Database[Answer]
Patch = pytest.MonkeyPatch
Act = Callable[[], Any]

NEW, REASON = "a long new password", "手机遗失，已当面核实"
FIRST_NEW, SECOND_NEW = "12000000077", "12000000078"


class Scene:
    """All that somebody can change of what they sign in by, each act ready to be done, and one that is refused."""

    def __init__(self, here: Desk, house: House, messenger: Messenger, accounts: AccountStore) -> None:
        self.here, self.house, self.messenger, self.accounts = here, house, messenger, accounts
        self.service = here.service

    def ready(self, change: SignInChange) -> tuple[str, Act, Act]:
        """Whose it is, what is refused, and the act."""
        found: tuple[str, Act, Act] = getattr(self, change.value)()
        return found

    def phone(self) -> tuple[str, Act, Act]:
        mine = signed_in(self.service, self.messenger)
        sent = self.service.request_phone_code(caller=mine["caller"], phone=FIRST_NEW, client="")
        eventlet.sleep(0)
        code = {"sign_in_id": sent["sign_in_id"], "code": self.messenger.sent[-1][1]}
        asked = {"caller": mine["caller"], "session_id": mine["session_id"], "command_id": "k", **code}
        return (
            "p-xie",
            lambda: refusal(self.service.change_phone, **asked, phone=SECOND_NEW),
            lambda: self.service.change_phone(**asked, phone=FIRST_NEW),
        )

    def phone_released(self) -> tuple[str, Act, Act]:
        asked = {"command_id": "k", "person_id": "p-xie", "reason": REASON}
        return (
            "p-xie",
            lambda: refusal(self.service.release_phone, caller={**ADMIN, "grants": []}, **asked),
            lambda: self.service.release_phone(caller=ADMIN, **asked),
        )

    def entries_merged(self) -> tuple[str, Act, Act]:
        entry = {"name": "谢邻", "phone": FIRST_NEW, "tenant": "360704", "born": "1980-01-01"}
        other = self.service.register_person(caller=ADMIN, command_id="r", **entry)["person_id"]
        asked: Answer = {"caller": ADMIN, "command_id": "k", "person_id": other}
        return (
            other,
            lambda: refusal(self.service.merge_people, **asked, into=other),
            lambda: self.service.merge_people(**asked, into="p-xie"),
        )

    def password(self) -> tuple[str, Act, Act]:
        mine: Answer = {"caller": self.here.caller, "session_id": self.here.session_id}
        asked = {**mine, "client": "", "new_password": NEW}
        return (
            "p-desk",
            lambda: refusal(self.service.change_password, **asked, current_password="wrong"),
            lambda: self.service.change_password(**asked, current_password="right"),
        )

    def first_password(self) -> tuple[str, Act, Act]:
        asked: Answer = {"caller": ADMIN, "command_id": "f", "person_id": "p-desk", "reason": REASON}
        given = {"login": "desk", "password": self.service.reset_login(**asked)["password"]}
        return (
            "p-desk",
            lambda: refusal(self.service.sign_in_with_password, **given, new_password="desk"),
            lambda: self.service.sign_in_with_password(**given, new_password=NEW),
        )

    def login_opened(self) -> tuple[str, Act, Act]:
        asked: Answer = {"caller": ADMIN, "command_id": "k", "person_id": "p-xie"}
        return (
            "p-xie",
            lambda: refusal(self.service.open_login, **asked, login="desk"),
            lambda: self.service.open_login(**asked, login="xie.001"),
        )

    def login_reset(self) -> tuple[str, Act, Act]:
        asked = {"command_id": "k", "person_id": "p-desk", "reason": REASON}
        return (
            "p-desk",
            lambda: refusal(self.service.reset_login, caller={**ADMIN, "grants": []}, **asked),
            lambda: self.service.reset_login(caller=ADMIN, **asked),
        )

    def second_factor_begun(self) -> tuple[str, Act, Act]:
        self.here.begin()
        return (
            "p-desk",
            lambda: refusal(self.service.confirm_second_factor, **self.here.confirming("000000")),
            self.here.confirm,
        )

    def second_factor_ended(self) -> tuple[str, Act, Act]:
        self.here.begin()
        self.here.confirm()
        end, right = self.service.end_second_factor, self.here.given["recovery_codes"][0]
        return (
            "p-desk",
            lambda: refusal(end, **self.here.asking(code="000000")),
            lambda: end(**self.here.asking(code=right)),
        )

    def identity_linked(self) -> tuple[str, Act, Act]:
        back = self.house.back(self.house.begin(self.here.caller), "the desk")
        return (
            "p-desk",
            lambda: refusal(self.service.link_identity, caller=self.here.caller, **{**back, "secret": "another"}),
            lambda: self.service.link_identity(caller=self.here.caller, **back),
        )

    def identity_unlinked(self) -> tuple[str, Act, Act]:
        linked = self.house.link(self.here.caller, "the desk")["identity_id"]
        asked: Answer = {"caller": self.here.caller, "session_id": self.here.session_id}
        nothing = "0195f3c0-0000-7000-8000-000000000001"
        return (
            "p-desk",
            lambda: refusal(self.service.unlink_identity, **asked, identity_id=nothing),
            lambda: self.service.unlink_identity(**asked, identity_id=linked),
        )


@pytest.fixture
def scene(here: Desk, house: House, messenger: Messenger, accounts: AccountStore) -> Scene:
    return Scene(here, house, messenger, accounts)


def told(database: Stored) -> list[tuple[str, str]]:
    """Who is told of which change, in the order of people and their histories."""
    return [
        (row["_id"], entry["data"]["change"])
        for row in database["people"].find().sort("_id")
        for entry in row["history"]
        if entry["type"] == SIGN_IN_CHANGED
    ]


def state(database: Stored) -> Answer:
    """By what everybody signs in, and which sessions go on."""
    names = ("accounts", "second_factors", "linked_identities", "sessions")
    return {name: list(database[name].find().sort("_id")) for name in names}


@pytest.mark.parametrize("change", list(SignInChange))
def test_a_change_tells_its_owner_once_and_a_refused_one_nobody(
    scene: Scene, database: Stored, change: SignInChange
) -> None:
    whose, refused, act = scene.ready(change)
    database["people"].update_many({}, {"$set": {"unrelayed": False}})
    before = told(database)
    refused()
    assert told(database) == before
    act()
    assert sorted(told(database)) == sorted([*before, (whose, change.value)])
    person = database["people"].find_one({"_id": whose}) or {}
    entry = person["history"][-1]
    assert person["unrelayed"]
    assert entry["data"].keys() == {"person_id", "version", "at", "by", "change"}
    assert (entry["data"]["person_id"], entry["data"]["version"]) == (whose, person["version"])


@pytest.mark.parametrize("change", list(SignInChange))
def test_what_cannot_be_told_is_not_changed_either(
    scene: Scene, database: Stored, monkeypatch: Patch, change: SignInChange
) -> None:
    """Both are one transaction: whoever is written by others again and again stays as they are."""
    _, _, act = scene.ready(change)
    before, known = state(database), told(database)
    load = Records.load

    def load_late(self: Records[Any], id: str, tenants: Any) -> Kept[Any]:
        kept = load(self, id, tenants)
        database["people"].update_one({"_id": id}, {"$inc": {"version": 1}})
        return kept

    monkeypatch.setattr(Records, "load", load_late)
    monkeypatch.setattr(records, "sleep", lambda _: None)
    assert refusal(act).code == "busy_try_again"
    after = state(database)
    if change is SignInChange.SECOND_FACTOR_ENDED:  # its recovery code is spent whatever becomes of it
        for each in (*before["second_factors"], *after["second_factors"]):
            each.pop("recovery")
    assert (after, told(database)) == (before, known)


@pytest.mark.parametrize("change", [SignInChange.LOGIN_RESET, SignInChange.PHONE_RELEASED, SignInChange.ENTRIES_MERGED])
def test_a_command_that_is_asked_again_while_it_is_carried_out_is_carried_out_once(
    scene: Scene, database: Stored, monkeypatch: Patch, change: SignInChange
) -> None:
    whose, _, act = scene.ready(change)
    ask, first = Records.answered, list[Any]()

    def late(self: Records[Any], asked: Any) -> Any:
        answer = ask(self, asked)
        if not first:
            first.append(None)
            first.append(act())
        return answer

    monkeypatch.setattr(Records, "answered", late)
    second = act()
    assert {**second, "password": None} == {**first[1], "password": None}
    assert [each for each in told(database) if each[0] == whose] == [(whose, change.value)]


def test_a_first_password_that_is_replaced_is_told_like_any_other(scene: Scene, database: Stored) -> None:
    _, refused, act = scene.first_password()
    refused()
    assert told(database) == [("p-desk", "login_reset")]
    act()
    assert told(database) == [("p-desk", "login_reset"), ("p-desk", "password")]


def test_a_second_factor_that_never_was_in_force_is_no_change(here: Desk, database: Stored) -> None:
    here.begin()
    here.service.end_second_factor(**here.asking(code="000000"))
    assert told(database) == []


def test_an_office_that_repeats_itself_is_told_of_once(here: Desk, database: Stored) -> None:
    asked: Answer = {"caller": ADMIN, "command_id": "k", "person_id": "p-desk", "reason": REASON}
    for _ in range(2):
        here.service.reset_login(**asked)
    assert told(database) == [("p-desk", "login_reset")]


def test_who_was_entered_twice_is_told_as_who_they_turned_out_to_be(here: Desk, database: Stored) -> None:
    """Also by an access token from before their entries became one."""
    here.begin()
    person = database["people"].find_one({"_id": "p-desk"}) or {}
    database["people"].insert_one({**person, "_id": "p-now", "merged_from": ["p-desk"], "commands": ["other"]})
    database["people"].update_one({"_id": "p-desk"}, {"$set": {"merged_into": "p-now", "active": False}})
    database["accounts"].update_one({"_id": "a-desk"}, {"$set": {"person_id": "p-now"}})
    here.confirm()
    here.caller |= {"id": "p-now", "former": ["p-desk"]}
    asked: Answer = {"caller": here.caller, "session_id": here.session_id, "client": ""}
    here.service.change_password(**asked, current_password="right", new_password=NEW)
    assert told(database) == [("p-now", "second_factor_begun"), ("p-now", "password")]


def test_each_number_that_somebody_gives_up_is_told_in_their_language(
    here: Desk, messenger: Messenger, present: SetClock, database: Stored
) -> None:
    database["people"].update_one({"_id": "p-xie"}, {"$set": {"language": "en"}})
    service, mine = here.service, signed_in(here.service, messenger)
    receipts = []
    for phone in (FIRST_NEW, SECOND_NEW):
        present.wait(minutes=2)
        receipts.append(change_phone(service, messenger, mine, phone))
    eventlet.sleep(0)
    assert messenger.told == [(PHONE, receipts[0]["at"], "en"), (FIRST_NEW, receipts[1]["at"], "en")]
    assert told(database) == [("p-xie", "phone")] * 2


def test_of_two_entries_that_become_one_the_number_to_which_no_messages_go_any_more_is_told(
    scene: Scene, messenger: Messenger
) -> None:
    _, _, act = scene.entries_merged()
    receipt = act()
    assert act() == receipt
    eventlet.sleep(0)
    assert messenger.told == [(FIRST_NEW, receipt["at"], "zh-CN")]


def test_an_entry_that_opens_nothing_any_more_is_merged_without_a_word(scene: Scene, database: Stored) -> None:
    other, _, act = scene.entries_merged()
    scene.service.release_phone(caller=ADMIN, command_id="p", person_id=other, reason=REASON)
    act()
    assert [each for each in told(database) if each[1] == "entries_merged"] == []


def test_no_number_is_told_of_what_is_refused_comes_again_or_leaves_it_as_it_was(
    scene: Scene, messenger: Messenger, present: SetClock
) -> None:
    _, refused, act = scene.phone()
    refused()
    eventlet.sleep(0)
    assert messenger.told == []
    assert act() == act()
    eventlet.sleep(0)
    assert [each[0] for each in messenger.told] == [PHONE]
    present.wait(minutes=2)
    same = scene.service.sign_in_with_code(**begun(scene.service, messenger, phone=FIRST_NEW))
    present.wait(minutes=2)
    change_phone(scene.service, messenger, same, FIRST_NEW)
    eventlet.sleep(0)
    assert [each[0] for each in messenger.told] == [PHONE]


def test_a_phone_is_changed_also_where_the_former_one_cannot_be_told(
    scene: Scene, messenger: Messenger, monkeypatch: Patch
) -> None:
    def away(**_: Any) -> None:
        raise Unreachable("notify")

    monkeypatch.setattr(messenger, "send_phone_changed", away)
    _, _, act = scene.phone()
    with structlog.testing.capture_logs() as lines:
        act()
        eventlet.sleep(0)
    assert [line["event"] for line in lines] == ["a former phone was not told"]
    assert PHONE not in str(lines)
    [contact] = scene.service.contacts(ids=["p-xie"])
    assert contact["phone"] == FIRST_NEW


def test_nothing_of_a_phone_is_in_what_is_told(scene: Scene, database: Stored) -> None:
    _, _, act = scene.phone()
    act()
    entry = (database["people"].find_one({"_id": "p-xie"}) or {})["history"][-1]
    assert entry["type"] == SIGN_IN_CHANGED
    assert [each for each in (PHONE, FIRST_NEW, PHONE[-4:], FIRST_NEW[-4:]) if each in str(entry["data"])] == []
