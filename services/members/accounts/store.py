"""Accounts, one-time codes, wrong passwords and sessions in the database; no secret is kept readable."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, IndexModel, ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.instant import EPOCH
from chassis.mongo import Home
from chassis.outbox import Document, Entry
from chassis.records import COMMANDS, Kept, Records
from members.accounts.account import FAMILIAR, Account, Limit
from members.accounts.one_time_code import HOUR, OneTimeCode, Quota
from members.accounts.session import Session, last_used_first

Beside = Callable[[ClientSession], None]
"""What is looked at, or ends, in one transaction with what is written."""

PHONE, LOGIN = "phone_print", "login"
"""The ways to sign in, of which no two accounts have the same."""


class AccountStore:
    """Reads and writes accounts and what signing in leaves behind."""

    INDEXES: Mapping[str, Sequence[IndexModel]] = {
        "accounts": [
            IndexModel([(way, ASCENDING)], name=way, unique=True, partialFilterExpression={way: {"$gt": ""}})
            for way in (PHONE, LOGIN)
        ]
        + [IndexModel([("person_id", ASCENDING)], name="person"), COMMANDS],
        **{
            name: [IndexModel([("forget_at", ASCENDING)], name="forget", expireAfterSeconds=0)]
            for name in ("sendings", "failures", "familiar")
        },
        "codes": [
            IndexModel([("forget_at", ASCENDING)], name="forget", expireAfterSeconds=0),
            IndexModel([("phone_print", ASCENDING)], name="phone"),
        ],
        "sessions": [
            IndexModel([("expires_at", ASCENDING)], name="forget", expireAfterSeconds=0),
            IndexModel([("person_id", ASCENDING)], name="person"),
            IndexModel([("ended_at", ASCENDING)], name="ended", partialFilterExpression={"ended_at": {"$gt": EPOCH}}),
        ],
    }

    def __init__(self, home: Home) -> None:
        outbox = home.outbox("accounts", subject="account", published=())
        self.records: Records[Account] = Records(outbox, _document, _account, lambda: Refusal("account_not_found"))
        self._outbox, self._accounts = outbox, outbox.collection
        self._codes = home.collection("codes")
        self._sendings = home.collection("sendings")
        self._failures = home.collection("failures")
        self._familiar = home.collection("familiar")
        self._sessions = home.collection("sessions")

    def add(self, accounts: Iterable[Account], at: datetime) -> int:
        """Insert accounts as opened at that moment; raises pymongo's BulkWriteError when a phone or login is taken."""
        documents = [
            self._outbox.sealed(_document(account), [Entry(new_id(), "account.opened", at, {})]) for account in accounts
        ]
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

    @contextmanager
    def one_way_each(self) -> Iterator[None]:
        """Refuses `phone_taken` or `login_taken` where another account has it, and `command_id_reused`.

        The last where the command itself was carried out meanwhile: then it has been answered.
        """
        try:
            yield
        except DuplicateKeyError as error:
            hit = (error.details or {}).get("keyPattern", {})
            if PHONE in hit:
                raise Refusal("phone_taken") from None
            if LOGIN in hit:
                raise Refusal("login_taken") from None
            raise Refusal("command_id_reused") from None

    def check_login_free(self, login: str) -> None:
        """Refuse `login_taken` where an account has the login, also one that is closed."""
        if self._accounts.find_one({"login": login}, {"_id": True}):
            raise Refusal("login_taken")

    def one_login(self, person_id: str) -> Beside:
        """What refuses `login_open`, in the transaction that opens a login, where the person has another."""

        def looking(session: ClientSession) -> None:
            query = {"person_id": person_id, "active": True, "login": {"$type": "string"}}
            if len(list(self._accounts.find(query, {"_id": True}, session=session))) > 1:
                raise Refusal("login_open")

        return looking

    def taken(self, phone_prints: Iterable[str]) -> set[str]:
        """Those of the phones that an account has, also one that is closed."""
        return set(self._accounts.distinct("phone_print", {"phone_print": {"$in": sorted(phone_prints)}}))

    def has_login(self, login: str) -> bool:
        """Whether an account has this login, also one that is closed."""
        return self._accounts.find_one({"login": login}, {"_id": True}) is not None

    def of_person(self, person_id: str) -> list[Kept[Account]]:
        """Every account of the person, at its version."""
        return self.records.find({"person_id": person_id})

    def forget_codes(self, phone_print: str) -> None:
        """No code that was sent to the phone is good any more."""
        self._codes.delete_many({"phone_print": phone_print})

    def end_sessions(self, person_id: str, by: str, now: datetime) -> None:
        """End every session of the person; done again, it changes nothing."""
        mine = {"person_id": person_id, "ended_at": None}
        self._sessions.update_many(mine, {"$set": {"ended_at": now, "ended_by": by}})

    def set_password(self, ids: Sequence[str], password_hash: str) -> None:
        """Give these accounts the password of this hash, which is no first one."""
        given = {"password_hash": password_hash, "first_password": False}
        self._accounts.update_many({"_id": {"$in": list(ids)}}, {"$set": given})

    def sent(self, quota: Quota) -> list[datetime]:
        """When codes were sent that count for the quota, lately."""
        return _times(self._sendings.find_one({"_id": quota.print}))

    def note_sent(self, quota: Quota, sent: Sequence[datetime], now: datetime) -> bool:
        """Count a code that is sent now; False when another was counted since `sent` was read."""
        noted = {"at": [*sent, now][-quota.most :], "forget_at": now + HOUR}
        try:
            self._sendings.update_one({"_id": quota.print, "at": list(sent)}, {"$set": noted}, upsert=True)
        except DuplicateKeyError:
            return False
        return True

    def take_back(self, quota_print: str, at: datetime) -> None:
        """The code that was sent then does not count any more under this fingerprint."""
        _take_one(self._sendings, quota_print, at)

    def keep_code(self, code: OneTimeCode) -> None:
        """Keep the code of a sign-in that is begun."""
        fields = asdict(code)
        self._codes.insert_one({"_id": fields.pop("id"), **fields, "forget_at": code.expires_at + HOUR})

    def try_code(self, id: str) -> OneTimeCode | None:
        """The code of that sign-in, with this try counted before anybody looks at it."""
        found = self._codes.find_one_and_update(
            {"_id": id}, {"$inc": {"tries": 1}}, return_document=ReturnDocument.AFTER
        )
        return _code(found) if found else None

    def spend_code(self, code: OneTimeCode) -> bool:
        """Make the code useless; False when somebody was faster."""
        query = {"_id": code.id, "code_hash": code.code_hash}
        return self._codes.update_one(query, {"$set": {"code_hash": ""}}).modified_count == 1

    def failures(self, limit: Limit) -> list[datetime]:
        """When wrong passwords or codes were given that count for the limit, lately."""
        return _times(self._failures.find_one({"_id": limit.print}))

    def count_failure(self, limit: Limit, now: datetime) -> list[datetime]:
        """Note a wrong password or code before it is looked at; the times of those before."""
        noted = {"$push": {"at": {"$each": [now], "$slice": -limit.most}}, "$set": {"forget_at": now + limit.window}}
        return _times(self._failures.find_one_and_update({"_id": limit.print}, noted, upsert=True))

    def forgive(self, limit: Limit, now: datetime) -> None:
        """What was noted at `now` was not wrong."""
        _take_one(self._failures, limit.print, now)

    def is_familiar(self, place_print: str) -> bool:
        """Whether somebody has signed in from there before, to this login or with this phone."""
        return self._familiar.find_one({"_id": place_print}, {"_id": True}) is not None

    def welcome(self, place_print: str, now: datetime) -> None:
        """The password or code was right: the wrong ones from there are forgotten, and the place is remembered."""
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

    def end_session(self, id: str, person_ids: Sequence[str], by: str, now: datetime) -> bool:
        """End the session of whoever has one of these ids; False when it is not theirs or has ended before."""
        query = {"_id": id, "person_id": {"$in": list(person_ids)}, "ended_at": None}
        return self._sessions.update_one(query, {"$set": {"ended_at": now, "ended_by": by}}).matched_count == 1

    def end_each(self, sessions: Iterable[Session], by: str, now: datetime) -> None:
        """End these; done again, it changes nothing."""
        these = {"_id": {"$in": [each.id for each in sessions]}, "ended_at": None}
        self._sessions.update_many(these, {"$set": {"ended_at": now, "ended_by": by}})

    def end_others(
        self, id: str, person_ids: Sequence[str], now: datetime, session: ClientSession | None = None
    ) -> int:
        """End the sessions of whoever has one of these ids, but this one; how many that were."""
        others = {"person_id": {"$in": list(person_ids)}, "ended_at": None, "_id": {"$ne": id}}
        ended = {"$set": {"ended_at": now, "ended_by": "elsewhere"}}
        return self._sessions.update_many(others, ended, session=session).modified_count

    def ending_others(self, id: str, person_ids: Sequence[str], now: datetime) -> Beside:
        """The same, to be done in one transaction with what makes them end."""

        def ending(session: ClientSession) -> None:
            self.end_others(id, person_ids, now, session)

        return ending

    def ended_since(self, moment: datetime, after: str, limit: int) -> list[str]:
        """The ids of so many sessions that were ended since then, in their order after that one."""
        query = {"ended_at": {"$gte": moment}, "_id": {"$gt": after}}
        found = self._sessions.find(query, {"_id": True}).hint("ended").sort("_id", ASCENDING).limit(limit)
        return [each["_id"] for each in found]

    def sessions_of(self, person_ids: Sequence[str], now: datetime) -> list[Session]:
        """The sessions of whoever has one of these ids that go on, what was used last first."""
        mine = {"person_id": {"$in": list(person_ids)}, "ended_at": None, "expires_at": {"$gt": now}}
        return last_used_first(map(_session, self._sessions.find(mine)))

    def _account(self, query: Document) -> Account | None:
        found = self._accounts.find_one({**query, "active": True})
        return _account(found) if found else None


def unless_overtaken(write: Callable[[ClientSession], bool], refused: Refusal) -> Beside:
    """What writes in a transaction, and refuses so where somebody was faster, which is when it says False."""

    def writing(session: ClientSession) -> None:
        if not write(session):
            raise refused

    return writing


def ending_with(*endings: Beside) -> Beside:
    """All of them as one."""

    def ending(session: ClientSession) -> None:
        for each in endings:
            each(session)

    return ending


def _take_one(notes: Collection[Document], id: str, at: datetime) -> None:
    """Take back one note of that moment, and leave others that bear the same."""
    notes.update_one({"_id": id, "at": at}, {"$set": {"at.$": None}})
    notes.update_one({"_id": id}, {"$pull": {"at": None}})


def _times(found: Mapping[str, Any] | None) -> list[datetime]:
    return [at for at in found["at"] if at] if found else []


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
        first_password=found.get("first_password", False),
    )


def _code(found: Mapping[str, Any]) -> OneTimeCode:
    return OneTimeCode(
        id=found["_id"],
        phone_print=found["phone_print"],
        code_hash=found["code_hash"],
        expires_at=found["expires_at"],
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
        agent=found.get("agent", ""),
    )
