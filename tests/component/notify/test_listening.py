"""Who listens: known between lots of events, and yet as it stands at this moment, whoever has changed it."""

from typing import Any

from pymongo.database import Database

from chassis.mongo import Home
from notify.partners.subscription import State
from notify.partners.subscription_store import SubscriptionStore
from notify.real_time import real_now
from notify.service import NotifyService
from tests.component.notify.receiver import Receiver
from tests.component.notify.samples import PARTNER
from tests.component.notify.test_courier import Partner

Stored = Database[dict[str, Any]]


def test_what_somebody_else_changes_counts_at_once(
    service: NotifyService, receiver: Receiver, database: Stored
) -> None:
    partner, mine = Partner(service, receiver).activate(), SubscriptionStore(Home(database))
    assert [one.types for one in mine.active()] == [("case.*",)]
    service.change_subscription(PARTNER, "c2", partner.id, types=["case.closed"])
    assert [one.types for one in mine.active()] == [("case.closed",)]
    service.subscriptions_kept.failed(partner.id, real_now())
    assert [one.failing_since is None for one in mine.active()] == [False]
    service.subscriptions_kept.succeeded(partner.id)
    assert [one.failing_since for one in mine.active()] == [None]
    database["subscriptions"].update_one({"_id": partner.id}, {"$set": {"unfit": True}})
    assert mine.active() == []
    [unfit] = mine.listening()
    service.subscriptions_kept.fit(unfit)
    assert [one.id for one in mine.active()] == [partner.id]
    service.pause_subscription(PARTNER, "c3", partner.id)
    assert [one.state for one in mine.listening()] == [State.PAUSED]
    assert mine.active() == []
    service.resume_subscription(PARTNER, "c4", partner.id)
    assert [one.id for one in mine.active()] == [partner.id]
    service.remove_subscription(PARTNER, "c5", partner.id)
    assert mine.listening() == []


def test_what_has_not_changed_is_not_read_again(service: NotifyService, receiver: Receiver, database: Stored) -> None:
    first, second = (Partner(service, receiver, command_id=id).activate() for id in ("c1", "c2"))
    service.open_subscription(PARTNER, "f", way="feed", types=["case.*"])
    mine = SubscriptionStore(Home(database))
    assert {one.id for one in mine.listening()} == {first.id, second.id}
    assert read(database, mine) == [0]
    service.pause_subscription(PARTNER, "c3", second.id)
    assert read(database, mine) == [0, 1]


def read(database: Stored, store: SubscriptionStore) -> list[int]:
    """How many documents each query of one look has read."""
    database.command("profile", 2)
    store.listening()
    database.command("profile", 0)
    seen = database["system.profile"].find({"ns": f"{database.name}.subscriptions"}).sort("ts")
    found = [each["docsExamined"] for each in seen]
    database["system.profile"].drop()
    return found
