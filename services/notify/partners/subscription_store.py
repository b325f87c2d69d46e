"""Subscriptions of partners, each with the history of what was done to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel, ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from chassis.mongo import Home
from chassis.outbox import Addition, Audited, Creation, Entry, written_together
from notify.area import areas_around_all
from notify.partners.standing import Standing
from notify.partners.subscription import LISTENING, NO_HOLDER, TESTED, State, Subscription, Way
from notify.partners.views import ASKED_FOR
from notify.webhooks.attempt import Try, last_try

Document = dict[str, Any]

Beside = Callable[[ClientSession], None]
"""Writes something in the transaction that it is given."""

DISABLED, RESUMED = "subscription.disabled", "subscription.resumed"

AUDITED = Audited(
    {
        "subscription.opened": ASKED_FOR,
        "subscription.changed": ("fields",),
        "subscription.secret_rotated": ("overlap_hours",),
        "subscription.old_secret_ended": (),
        "subscription.paused": (),
        RESUMED: (),
        "subscription.removed": (),
        DISABLED: (),
    },
    lambda document: areas_around_all([document["grid_prefix"]]),
)

_PLAIN = tuple(
    field.name
    for field in fields(Subscription)
    if field.name not in {"id", "state", "types", "secrets", "last", "way", "categories", "scopes"}
)
MANY = 2_000
"""So many subscriptions are told of in one answer of the database."""

_NO_HISTORY = {"history": False}
_QUEUED = [state for state in State if state is not State.REMOVED]
_STAMP = ("version", "failing_since", "unfit")
"""What is otherwise when anything is that matters to whoever carries events to a subscription."""


class SubscriptionStore:
    """One document for each subscription. Due times are real times."""

    INDEXES: ClassVar[Mapping[str, list[IndexModel]]] = {
        "subscriptions": [
            IndexModel([(name, ASCENDING) for name in ("state", "way", *_STAMP, "_id")], name="state"),
            IndexModel([("state", ASCENDING), ("test_due_at", ASCENDING)], name="untested"),
            IndexModel([("test_asked_at", ASCENDING)], name="asked"),
            IndexModel([("owner_id", ASCENDING), ("command", ASCENDING)], name="command", unique=True),
            IndexModel([("owner_id", ASCENDING), ("_id", DESCENDING)], name="owner"),
            IndexModel([("unit", ASCENDING), ("_id", DESCENDING)], name="unit"),
            IndexModel([("grid_prefix", ASCENDING), ("_id", DESCENDING)], name="place"),
        ]
    }

    def __init__(self, home: Home) -> None:
        self._outbox = home.outbox("subscriptions", subject="subscription", published={DISABLED}, audited=AUDITED)
        self._subscriptions = self._outbox.collection
        self._known: Mapping[str, Subscription] = {}

    def create(self, subscription: Subscription, entry: Entry, now: datetime, beside: Beside | None = None) -> bool:
        """Keep a new subscription, to be tested from `now` on; False, and nothing is kept, if its command was seen.

        `beside` writes something else in the same transaction; raises `StaleVersion` where somebody else wrote it.
        """
        document = asdict(subscription)
        document["_id"] = document.pop("id")
        document |= {"test_due_at": now, "command": entry.command}
        try:
            written_together([(self._outbox, Creation(document, [entry]))], beside)
        except DuplicateKeyError:
            return False
        return True

    def move(
        self, subscription: Subscription, entry: Entry, state: State, now: datetime, beside: Beside | None = None
    ) -> None:
        """Bring the subscription into `state`, and write `beside`; raises `StaleVersion` if it has moved meanwhile."""
        change: Document = {
            "state": state,
            "scopes": subscription.scopes,
            "failing_since": None,
            "disabled_reason": None,
        }
        if state is State.PENDING:
            change |= {"test_due_at": now, "test_tries": 0}
        addition = Addition(subscription.id, subscription.version, [entry], {"$set": change})
        written_together([(self._outbox, addition)], beside)

    def amend(
        self, old: Subscription, new: Subscription, entry: Entry, now: datetime, beside: Beside | None = None
    ) -> None:
        """Keep what is otherwise, and write `beside`; an address that has to be verified is due from `now` on.

        Raises `StaleVersion`.
        """
        before, after = asdict(old), asdict(new)
        change = {name: value for name, value in after.items() if value != before[name]}
        if new.state in TESTED and (old.state, old.url) != (new.state, new.url):
            change |= {"test_due_at": now, "test_tries": 0}
        addition = Addition(old.id, old.version, [entry], {"$set": change} if change else None)
        written_together([(self._outbox, addition)], beside)

    def reviewed(
        self, subscription: Subscription, entry: Entry, standing: Standing, beside: Beside | None = None
    ) -> None:
        """Keep in which scopes it is held, that it ends if so, and `beside`; raises `StaleVersion`."""
        change: Document = {"scopes": standing.scopes}
        if standing.ends:
            change |= {"state": State.DISABLED, "failing_since": None, "disabled_reason": NO_HOLDER, "unfit": False}
        elif standing.narrower and subscription.way is Way.AMQP:
            change |= {"unfit": True}
        addition = Addition(subscription.id, subscription.version, [entry], {"$set": change})
        written_together([(self._outbox, addition)], beside)

    def unfit(self, partner_id: str) -> list[Subscription]:
        """Those of this partner whose queue holds what may not be for it any more."""
        found = self._subscriptions.find(_queued(partner_id) | {"unfit": True, "state": {"$in": _QUEUED}}, _NO_HISTORY)
        return [_subscription(each) for each in found]

    def fit(self, subscription: Subscription) -> None:
        """Nothing lies in its queue that came before it was as it is here; unless it has changed since."""
        self._subscriptions.update_one(
            {"_id": subscription.id, "version": subscription.version}, {"$set": {"unfit": False}}
        )

    def claim_asked(self, now: datetime, lease: timedelta) -> Subscription | None:
        """One whose owner wants to see a test event, nobody else's until its lease ends."""
        found = self._subscriptions.find_one_and_update(
            {"test_asked_at": {"$lte": now}},
            {"$set": {"test_asked_at": now + lease}},
            _NO_HISTORY,
            return_document=ReturnDocument.AFTER,
        )
        return _subscription(found) if found else None

    def tried(self, id: str, last: Try) -> None:
        """What the test event that was asked for came to."""
        self._subscriptions.update_one({"_id": id}, {"$set": {"last": asdict(last), "test_asked_at": None}})

    def judged(self, subscription: Subscription, entry: Entry, state: State, reason: str | None, last: Try) -> None:
        """Activate or disable after a try, which is kept for its owner to see; raises `StaleVersion`.

        With the state goes from where in the log on the subscription is owed events.
        """
        change: Document = {"state": state, "failing_since": None, "disabled_reason": reason, "last": asdict(last)}
        change["heard_after"] = subscription.heard_after
        self._outbox.append(subscription.id, subscription.version, [entry], {"$set": change})

    def with_queues(self, partner_id: str) -> tuple[list[str], list[str]]:
        """The ids of this partner's subscriptions that have a queue, and of those that had one.

        These were removed, or are disabled since nobody may have them any more.
        """
        found = list(self._subscriptions.find(_queued(partner_id), {"state": True, "disabled_reason": True}))
        ended = [each["_id"] for each in found if _without_queue(each)]
        return [each["_id"] for each in found if each["_id"] not in ended], ended

    def load(self, id: str) -> Subscription | None:
        """The subscription with this id."""
        found = self._subscriptions.find_one({"_id": id}, _NO_HISTORY)
        return _subscription(found) if found else None

    def made_by(self, owner_ids: Sequence[str], command: str) -> Subscription | None:
        """What this owner's command created."""
        found = self._subscriptions.find_one({"owner_id": {"$in": list(owner_ids)}, "command": command}, _NO_HISTORY)
        return _subscription(found) if found else None

    def history(self, id: str) -> list[Document]:
        """What was done to this subscription, oldest first."""
        found = self._subscriptions.find_one({"_id": id}, {"history": True})
        return list(found["history"]) if found else []

    def resumed_since(self, known: Subscription) -> bool:
        """Whether its owner has let it go on since it was as `known`."""
        resumed = {"$elemMatch": {"type": RESUMED, "n": {"$gt": known.version}}}
        return self._subscriptions.find_one({"_id": known.id, "history": resumed}, {"_id": True}) is not None

    def visible_to(self, owner_ids: Sequence[str], units: list[str], prefixes: list[str]) -> list[Subscription]:
        """Those of this owner, of these units, or anywhere in these places, newest first, not the removed ones."""
        ways: list[Document] = [{"owner_id": {"$in": list(owner_ids)}}]
        ways += [{"unit": unit} for unit in units]
        ways += [{"grid_prefix": {"$gte": prefix, "$lt": prefix + "\uffff"}} for prefix in prefixes]
        where = {"$or": ways, "state": {"$ne": State.REMOVED}}
        return [_subscription(each) for each in self._subscriptions.find(where, _NO_HISTORY).sort("_id", -1)]

    def kept(self) -> list[Subscription]:
        """All but the removed ones, the oldest first."""
        found = self._subscriptions.find({"state": {"$ne": State.REMOVED}}, _NO_HISTORY).sort("_id", ASCENDING)
        return [_subscription(each) for each in found]

    def of_unit(self, unit: str) -> list[Subscription]:
        """Those of this unit, not the removed ones."""
        found = self._subscriptions.find({"unit": unit, "state": {"$ne": State.REMOVED}}, _NO_HISTORY)
        return [_subscription(each) for each in found]

    def listening(self) -> list[Subscription]:
        """Those for which events are kept, until they can be brought to them.

        This is asked for with every lot of events, so what is known and has not changed is not read again: neither are
        `last` and what a test event leaves behind, which nobody who asks here may go by.
        """
        where = {"state": {"$in": list(LISTENING)}, "way": {"$ne": Way.FEED}}
        found = self._subscriptions.find(where, dict.fromkeys(_STAMP, True), batch_size=MANY)
        stamps = {each["_id"]: _stamp(each) for each in found}
        known = {id: one for id, one in self._known.items() if stamps.get(id) == _stamp(vars(one))}
        if new := [id for id in stamps if id not in known]:
            read = map(_subscription, self._subscriptions.find({"_id": {"$in": new}}, _NO_HISTORY))
            known |= {one.id: one for one in read if one.state in LISTENING}
        self._known = known
        return list(known.values())

    def active(self) -> list[Subscription]:
        """Those to which events are sent."""
        return [one for one in self.listening() if one.takes_events]

    def claim_untested(self, now: datetime, lease: timedelta) -> Subscription | None:
        """One that is due to be tested, nobody else's until its lease ends."""
        found = self._subscriptions.find_one_and_update(
            {"state": {"$in": list(TESTED)}, "test_due_at": {"$lte": now}},
            {"$set": {"test_due_at": now + lease}},
            _NO_HISTORY,
            return_document=ReturnDocument.AFTER,
        )
        return _subscription(found) if found else None

    def retest(self, id: str, due_at: datetime, last: Try) -> None:
        """The test event was not taken: try again at `due_at`."""
        change = {"$set": {"test_due_at": due_at, "last": asdict(last)}, "$inc": {"test_tries": 1}}
        self._subscriptions.update_one({"_id": id, "state": {"$in": list(TESTED)}}, change)

    def failed(self, id: str, at: datetime) -> None:
        """A delivery failed: remember since when nothing but failures has been known."""
        self._subscriptions.update_one({"_id": id, "failing_since": None}, {"$set": {"failing_since": at}})

    def succeeded(self, id: str) -> None:
        """A delivery was taken: the row of failures ends."""
        self._subscriptions.update_one({"_id": id}, {"$set": {"failing_since": None}})


def _stamp(kept: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(kept.get(name) or None for name in _STAMP)  # older ones lack the newest field


def _queued(partner_id: str) -> Document:
    return {"$or": [{"unit": partner_id}, {"unit": None, "owner_id": partner_id}], "way": Way.AMQP}


def _without_queue(found: Mapping[str, Any]) -> bool:
    barred = found["state"] == State.DISABLED and found["disabled_reason"] == NO_HOLDER
    return barred or bool(found["state"] == State.REMOVED)


def _subscription(document: Mapping[str, Any]) -> Subscription:
    return Subscription(
        id=document["_id"],
        state=State(document["state"]),
        types=tuple(document["types"]),
        way=Way(document.get("way", Way.WEBHOOK)),
        categories=tuple(document.get("categories", ())),
        scopes=None if document.get("scopes") is None else tuple(document["scopes"]),
        secrets=tuple(document["secrets"]),
        last=last_try(document["last"]),
        **{name: document[name] for name in _PLAIN if name in document},  # older ones lack the newest field
    )
