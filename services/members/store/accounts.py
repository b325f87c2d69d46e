"""Accounts, one-time codes, wrong passwords and sessions in the database; no secret is kept readable."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, IndexModel, ReturnDocument
from pymongo.errors import DuplicateKeyError

from chassis.mongo import Home
from chassis.outbox import Document
from members.account import FAMILIAR, WINDOW, Account, Limit
from members.one_time_code import HOUR, OneTimeCode
from members.session import Session


class AccountStore:
    """Reads and writes accounts and what signing in leaves behind."""

    INDEXES: Mapping[str, Sequence[IndexModel]] = {
        "accounts": [
            IndexModel([(way, ASCENDING)], name=way, unique=True, partialFilterExpression={way: {"$gt": ""}})
            for way in ("phone_print", "login")
        ],
        "codes": [IndexModel([("forget_at", ASCENDING)], name="forget", expireAfterSeconds=0)],
        "failures": [IndexModel([("forget_at", ASCENDING)], name="forget", expireAfterSeconds=0)],
        "familiar": [IndexModel([("forget_at", ASCENDING)], name="forget", expireAfterSeconds=0)],
        "sessions": [IndexModel([("expires_at", ASCENDING)], name="forget", expireAfterSeconds=0)],
    }

    def __init__(self, home: Home) -> None:
        self._accounts = home.collection("accounts")
        self._codes = home.collection("codes")
        self._failures = home.collection("failures")
        self._familiar = home.collection("familiar")
        self._sessions = home.collection("sessions")

    def add(self, accounts: Iterable[Account]) -> int:
        """Insert accounts; raises pymongo's BulkWriteError when a phone or login is taken."""
        documents = [_document(account) for account in accounts]
        if documents:
            self._accounts.insert_many(documents, ordered=False)
        return len(documents)

    def known(self, ids: Sequence[str]) -> set[str]:
        """Those of `ids` that are taken."""
        return set(self._accounts.distinct("_id", {"_id": {"$in": list(ids)}}))

    def account(self, id: str) -> Account | None:
        """The account of that id, while it is active."""
        return self._account({"_id": id})

    def with_phone(self, phone_print: str) -> Account | None:
        """The active account that signs in with this phone."""
        return self._account({"phone_print": phone_print})

    def with_login(self, login: str) -> Account | None:
        """The active account that signs in with this login."""
        return self._account({"login": login})

    def set_password(self, ids: Sequence[str], password_hash: str) -> None:
        """Give these accounts the password of this hash."""
        self._accounts.update_many({"_id": {"$in": list(ids)}}, {"$set": {"password_hash": password_hash}})

    def codes_sent(self, phone_print: str) -> list[datetime]:
        """When codes were sent to the phone, lately."""
        found = self._codes.find_one({"_id": phone_print}, {"sent": True})
        return list(found["sent"]) if found else []

    def keep_code(self, code: OneTimeCode, sent: Sequence[datetime]) -> bool:
        """Keep the code in place of the one before; False when another was sent since `sent` was read."""
        document = {
            "_id": code.phone_print,
            "code_hash": code.code_hash,
            "expires_at": code.expires_at,
            "sent": list(code.sent),
            "tries": code.tries,
            "forget_at": code.sent[-1] + HOUR,
        }
        if sent:
            query = {"_id": code.phone_print, "sent": list(sent)}
            return self._codes.replace_one(query, document).matched_count == 1
        try:
            self._codes.insert_one(document)
        except DuplicateKeyError:
            return False
        return True

    def try_code(self, phone_print: str) -> OneTimeCode | None:
        """The phone's code, with this try counted before anybody looks at it."""
        found = self._codes.find_one_and_update(
            {"_id": phone_print}, {"$inc": {"tries": 1}}, return_document=ReturnDocument.AFTER
        )
        return _code(found) if found else None

    def spend_code(self, code: OneTimeCode) -> bool:
        """Make the code useless; False when somebody was faster. The times of sending stay."""
        query = {"_id": code.phone_print, "code_hash": code.code_hash}
        return self._codes.update_one(query, {"$set": {"code_hash": ""}}).modified_count == 1

    def failures(self, limit: Limit) -> list[datetime]:
        """When wrong passwords were given that count for the limit, lately."""
        found = self._failures.find_one({"_id": limit.print})
        return list(found["at"]) if found else []

    def count_failure(self, limit: Limit, now: datetime) -> list[datetime]:
        """Note a wrong password before it is looked at; the times of those before."""
        noted = {"$push": {"at": {"$each": [now], "$slice": -limit.most}}, "$set": {"forget_at": now + WINDOW}}
        found = self._failures.find_one_and_update({"_id": limit.print}, noted, upsert=True)
        return list(found["at"]) if found else []

    def is_familiar(self, place_print: str) -> bool:
        """Whether somebody has signed in from there before, to this login."""
        return self._familiar.find_one({"_id": place_print}, {"_id": True}) is not None

    def welcome(self, place_print: str, now: datetime) -> None:
        """The password was right: the wrong ones from there are forgotten, and the place is remembered."""
        self._failures.delete_one({"_id": place_print})
        self._familiar.update_one({"_id": place_print}, {"$set": {"forget_at": now + FAMILIAR}}, upsert=True)

    def open_session(self, session: Session) -> None:
        """Keep a new session."""
        fields = asdict(session)
        self._sessions.insert_one({"_id": fields.pop("id"), **fields})

    def session(self, id: str) -> Session | None:
        """The session of that id."""
        found = self._sessions.find_one({"_id": id})
        return _session(found) if found else None

    def rotate(self, session: Session) -> bool:
        """Keep the session after a rotation; False when another rotation was faster or it has ended."""
        query = {"_id": session.id, "generation": session.generation - 1, "ended_at": None}
        moved = {name: getattr(session, name) for name in ("generation", "token_hash", "rotated_at")}
        return self._sessions.update_one(query, {"$set": moved}).matched_count == 1

    def end_session(self, id: str, person_id: str, by: str, now: datetime) -> bool:
        """End the person's session; False when it is not theirs or has ended before."""
        query = {"_id": id, "person_id": person_id, "ended_at": None}
        return self._sessions.update_one(query, {"$set": {"ended_at": now, "ended_by": by}}).matched_count == 1

    def _account(self, query: Document) -> Account | None:
        found = self._accounts.find_one({**query, "active": True})
        return _account(found) if found else None


def _document(account: Account) -> Document:
    fields = asdict(account)
    return {"_id": fields.pop("id"), **fields}


def _account(found: Mapping[str, Any]) -> Account:
    return Account(
        id=found["_id"],
        person_id=found["person_id"],
        tenant=found["tenant"],
        phone_print=found["phone_print"],
        login=found["login"],
        password_hash=found["password_hash"],
        active=found["active"],
    )


def _code(found: Mapping[str, Any]) -> OneTimeCode:
    return OneTimeCode(
        phone_print=found["_id"],
        code_hash=found["code_hash"],
        expires_at=found["expires_at"],
        sent=tuple(found["sent"]),
        tries=found["tries"],
    )


def _session(found: Mapping[str, Any]) -> Session:
    return Session(
        id=found["_id"],
        account_id=found["account_id"],
        person_id=found["person_id"],
        token_hash=found["token_hash"],
        opened_at=found["opened_at"],
        rotated_at=found["rotated_at"],
        expires_at=found["expires_at"],
        generation=found["generation"],
        ended_at=found["ended_at"],
        ended_by=found["ended_by"],
    )
