"""Two people who may sign in, and how the tests do it for them."""

from collections.abc import Callable, Iterable
from typing import Any

import eventlet

from chassis.caller import Grant
from members.accounts import password
from members.accounts.account import Account
from members.accounts.store import AccountStore
from members.people.person import Person
from members.sealing import Seal
from members.service import MembersService
from tests.component.members.staging import NOW, Messenger

PHONE, UNKNOWN = "12000000001", "12000000099"
MoveIn = Callable[[Iterable[tuple[Person, str | None]]], None]


def register(move_in: MoveIn, accounts: AccountStore, seal: Seal) -> None:
    """Let a resident with a phone and a dispatcher with a password have accounts."""
    move_in(
        [
            (Person("p-xie", "360704", "谢测001", (Grant("resident", "360704"),)), PHONE),
            (Person("p-desk", "360704", "李测002", (Grant("dispatcher", "360704100"),), unit_id="u-1"), None),
        ]
    )
    accounts.add(
        [
            Account("a-xie", "p-xie", "360704", phone_print=seal.fingerprint(PHONE)),
            Account("a-desk", "p-desk", "360704", login="desk", password_hash=password.hashed("right")),
        ],
        NOW,
    )


def begun(service: MembersService, messenger: Messenger, client: str = "", phone: str = PHONE) -> dict[str, str]:
    """What signs in: the id of a sign-in that was begun, and the code that came for it."""
    id = service.request_code(phone=phone, client=client)["sign_in_id"]
    eventlet.sleep(0)
    return {"sign_in_id": id, "code": messenger.sent[-1][1]}


def signed_in(service: MembersService, messenger: Messenger, client: str = "") -> dict[str, Any]:
    return service.sign_in_with_code(**begun(service, messenger, client), client=client)


def change_phone(service: MembersService, messenger: Messenger, here: dict[str, Any], phone: str) -> dict[str, Any]:
    """Whoever is signed in `here` has another phone from now on: the receipt."""
    me = here["caller"]
    sent = service.request_phone_code(caller=me, phone=phone, client="")
    eventlet.sleep(0)
    code = {"sign_in_id": sent["sign_in_id"], "code": messenger.sent[-1][1]}
    asked = {"caller": me, "session_id": here["session_id"], "command_id": f"to {phone}"}
    return service.change_phone(**asked, phone=phone, **code)


def wrong(right: dict[str, str]) -> dict[str, str]:
    return {**right, "code": f"{(int(right['code']) + 1) % 10**6:06d}"}
