"""Accounts of partners at the broker: what it is to have, and whether it has been told. All times are real times."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel, ReturnDocument
from pymongo.client_session import ClientSession

from chassis.mongo import Home
from notify.partner_queues.account import Account

Document = dict[str, Any]


class AccountStore:
    """One document for each partner that has a queue, or had one.

    `due_at` is when the broker is to be told, absent where it has been; `held_until` is how long one instance alone may
    tell it: two at once could undo each other's work.
    """

    INDEXES: ClassVar[Mapping[str, list[IndexModel]]] = {
        "partner_accounts": [IndexModel([("due_at", ASCENDING)], name="due", sparse=True)]
    }

    def __init__(self, home: Home) -> None:
        self._accounts = home.collection("partner_accounts")

    def open(self, id: str, sealed: str, shown_to: str, now: datetime, session: ClientSession) -> None:
        """See that the partner has an account, with this password if it has none, and that the broker is told."""
        new = {"password": sealed, "shown_to": shown_to, "cut": False, "held_until": now}
        self._change(id, {"$setOnInsert": new}, now, session, upsert=True)

    def touch(self, id: str, now: datetime, session: ClientSession) -> None:
        """The broker is to be told anew."""
        self._change(id, {}, now, session)

    def replace_password(self, id: str, sealed: str, shown_to: str, now: datetime, session: ClientSession) -> None:
        """From now on the partner signs in with another password, and only so."""
        self._change(id, {"$set": {"password": sealed, "shown_to": shown_to, "cut": True}}, now, session)

    def load(self, id: str) -> Account | None:
        """The account of this partner."""
        found = self._accounts.find_one({"_id": id})
        return _account(found) if found else None

    def is_settled(self, id: str) -> bool:
        """Whether the broker has been told of all there is to this account."""
        return self._accounts.find_one({"_id": id, "due_at": {"$exists": False}}, {"_id": True}) is not None

    def claim(self, now: datetime, lease: timedelta, id: str | None = None) -> Account | None:
        """One account (this one) of which the broker is to be told, nobody else's until its lease ends."""
        which: Document = {"due_at": {"$lte": now}, "held_until": {"$lte": now}}
        found = self._accounts.find_one_and_update(
            which if id is None else which | {"_id": id},
            {"$set": {"held_until": now + lease}},
            return_document=ReturnDocument.AFTER,
        )
        return _account(found) if found else None

    def settled(self, account: Account, now: datetime) -> None:
        """The broker has it as the account says; what has changed since is due still."""
        self._accounts.update_one(_unchanged(account), {"$unset": {"due_at": ""}, "$set": {"cut": False}})
        self._let_go(account, now)

    def ended(self, account: Account, now: datetime) -> None:
        """The broker knows nothing of the partner any more, nor do we, unless that has changed since."""
        if not self._accounts.delete_one(_unchanged(account)).deleted_count:
            self._let_go(account, now)

    def postpone(self, account: Account, due_at: datetime, now: datetime) -> None:
        """The broker could not be told: at `due_at` again, or earlier if something has changed since."""
        self._accounts.update_one(_unchanged(account), {"$set": {"due_at": due_at}})
        self._let_go(account, now)

    def _let_go(self, account: Account, now: datetime) -> None:
        held = {"_id": account.id, "held_until": account.held_until}
        self._accounts.update_one(held, {"$set": {"held_until": now}})

    def _change(
        self, id: str, change: Mapping[str, Document], now: datetime, session: ClientSession, *, upsert: bool = False
    ) -> None:
        told = {**change, "$inc": {"revision": 1}, "$set": {**change.get("$set", {}), "due_at": now}}
        self._accounts.update_one({"_id": id}, told, upsert=upsert, session=session)


def _unchanged(account: Account) -> Document:
    return {"_id": account.id, "revision": account.revision}


def _account(document: Mapping[str, Any]) -> Account:
    return Account(
        id=document["_id"],
        password=document["password"],
        shown_to=document["shown_to"],
        revision=document["revision"],
        held_until=document["held_until"],
        cut=document["cut"],
    )
