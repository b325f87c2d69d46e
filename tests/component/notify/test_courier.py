"""Deliveries end to end: from an event of a case to a partner's server, whatever that server does."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Event as Flag
from typing import Any

import pytest
from pymongo.database import Database
from standardwebhooks import Webhook

from notify.events.logged_event import partner_body
from notify.events.schemas import logged_event
from notify.partners.courier import Courier
from notify.partners.post_room import PostRoom
from notify.real_time import real_now
from notify.service import NotifyService
from tests.component.notify.receiver import Receiver, Reply, receiving
from tests.component.notify.samples import PARTNER, MembersStandIn, caller, event
from tests.waiting import eventually

Stored = Database[dict[str, Any]]
ADMIN = caller("p-admin", "district_admin")


class Partner:
    """A subscribed partner, and rounds of the courier on its behalf."""

    def __init__(self, service: NotifyService, receiver: Receiver, **asked: Any) -> None:
        self.service, self.receiver = service, receiver
        plain = {"caller": PARTNER, "command_id": "c1", "url": receiver.url, "types": ["case.*"]}
        self.made = service.open_subscription(**{**plain, **asked})
        self.id = self.made["subscription_id"]

    @property
    def shown(self) -> dict[str, Any]:
        return self.service.subscription(PARTNER, self.id)

    @property
    def log(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.service.deliveries(PARTNER, self.id, limit=100)["items"]
        return items

    @property
    def got(self) -> list[str]:
        return [each.headers["webhook-id"] for each in self.receiver.got if "ce-id" in each.headers]

    def activate(self) -> "Partner":
        self.service.test_subscriptions()
        assert eventually(lambda: self.shown["state"] == "active")
        return self

    def deliver_until(self, check: Callable[[], Any], seconds: float = 10) -> bool:
        def round() -> Any:
            self.service.deliver()
            return check()

        return bool(eventually(round, seconds))


@pytest.fixture
def partner(service: NotifyService, receiver: Receiver) -> Partner:
    return Partner(service, receiver).activate()


def hasten(database: Stored) -> None:
    """Let everything that waits be due now."""
    database["lanes"].update_many({"queue": {"$exists": True}}, {"$set": {"due_at": real_now()}})
    database["subscriptions"].update_many({}, {"$set": {"test_due_at": real_now()}})


def test_a_signed_test_event_activates_a_subscription(service: NotifyService, receiver: Receiver) -> None:
    partner = Partner(service, receiver).activate()
    [got] = receiver.got
    Webhook(partner.made["secret"]).verify(got.body, got.headers)
    assert json.loads(got.body) == {"type": "subscription.test", "subscription_id": partner.id}


def test_an_event_arrives_signed_and_without_people(service: NotifyService, partner: Partner, database: Stored) -> None:
    team = [{"id": "u-lighting", "kind": "unit", "lead": True}, {"id": "p-worker", "kind": "person", "lead": False}]
    happened = replace(
        event("case.dispatched", category="0303", number="编号", assignees=team), correlation_id="of-the-caller"
    )
    service.keep_events([happened])
    assert partner.deliver_until(lambda: partner.got == [happened.id])
    got = partner.receiver.got[-1]
    assert got.body == partner_body(logged_event(happened))
    assert not [word for word in (b"p-xie", b"p-desk", b"p-worker") if word in got.body]
    assert "of-the-caller" not in got.headers.values()
    assert (database["event_log"].find_one() or {})["body"] == happened.body
    Webhook(partner.made["secret"]).verify(got.body, got.headers)
    assert got.headers["content-type"] == "application/json"
    assert got.headers["ce-type"] == "case.dispatched"
    assert got.headers["ce-sequence"] == "1"
    assert partner.deliver_until(lambda: partner.log[0]["state"] == "delivered")
    assert partner.log[0] | {"last": None, "delivered_at": None} == {
        "delivery_id": f"{partner.id}:1",
        "event_id": happened.id,
        "type": "case.dispatched",
        "case_id": "c-1",
        "state": "delivered",
        "tries": 1,
        "next_try_at": None,
        "delivered_at": None,
        "last": None,
    }
    assert partner.log[0]["last"]["status"] == 200


def test_an_event_is_posted_without_waiting_for_a_round(service: NotifyService, partner: Partner) -> None:
    first, second = event("case.registered"), event("case.noted", sequence=2)
    service.keep_events([first, second])
    assert eventually(lambda: partner.got == [first.id])
    assert eventually(lambda: [each["state"] for each in partner.log] == ["pending", "delivered"])
    assert partner.deliver_until(lambda: partner.got == [first.id, second.id])


def test_an_event_that_comes_again_is_not_sent_again(service: NotifyService, partner: Partner) -> None:
    happened = event("case.noted")
    for _ in range(3):
        service.keep_events([happened])
    assert partner.deliver_until(lambda: partner.log[0]["state"] == "delivered")
    service.keep_events([happened])
    assert not partner.deliver_until(lambda: len(partner.got) > 1, seconds=0.5)


def test_a_failure_is_tried_again_and_the_case_waits_in_order(
    service: NotifyService, partner: Partner, database: Stored
) -> None:
    partner.receiver.replies = [Reply(500, body=b"broken"), Reply(200)]
    first, second = event("case.registered"), event("case.dispatched", sequence=2)
    other = event("case.registered", case="c-2")
    service.keep_events([first])
    assert partner.deliver_until(lambda: partner.log[0]["tries"] == 1)
    assert partner.log[0]["state"] == "pending"
    assert partner.log[0]["last"] | {"at": None} == {"at": None, "status": 500, "error": None, "answer": "broken"}
    service.keep_events([second])
    service.keep_events([other])
    assert partner.deliver_until(lambda: other.id in partner.got)
    assert not partner.deliver_until(lambda: second.id in partner.got, seconds=0.4)
    hasten(database)
    assert partner.deliver_until(lambda: second.id in partner.got)
    assert partner.got == [first.id, other.id, first.id, second.id]
    assert partner.deliver_until(lambda: partner.shown["failing_since"] is None)


def test_retry_after_is_waited_for(service: NotifyService, partner: Partner, database: Stored) -> None:
    partner.receiver.replies = [Reply(429, {"Retry-After": "120"})]
    before = real_now()
    service.keep_events([event("case.noted")])
    # The row is noted first, and until the lane is too it has the end of its lease.
    waiting = {"case_id": "c-1", "tries": 1, "claim": {"$exists": False}}
    assert partner.deliver_until(lambda: database["lanes"].find_one(waiting))
    due_at = (database["lanes"].find_one(waiting) or {})["due_at"]
    rounded = timedelta(milliseconds=1)
    assert before + timedelta(seconds=120) - rounded <= due_at <= real_now() + timedelta(seconds=120)
    assert partner.log[0]["tries"] == 1


def test_410_disables_and_what_waits_is_kept(service: NotifyService, partner: Partner) -> None:
    partner.receiver.replies = [Reply(410)]
    service.keep_events([event("case.noted")])
    assert partner.deliver_until(lambda: partner.shown["state"] == "disabled")
    assert partner.shown["disabled_reason"] == "gone"
    assert partner.log[0]["state"] == "pending"
    service.keep_events([event("case.noted", sequence=2)])
    assert not partner.deliver_until(lambda: len(partner.got) > 1, seconds=0.5)
    partner.receiver.replies = [Reply(200)]
    assert service.resume_subscription(PARTNER, "c9", partner.id)["state"] == "pending"
    partner.activate()
    assert partner.deliver_until(lambda: len(partner.got) == 2)


def test_what_was_on_its_way_when_a_subscription_was_resumed_does_not_disable_it_again(
    service: NotifyService, partner: Partner
) -> None:
    late = Flag()
    partner.receiver.replies[:] = [Reply(410, wait=late), Reply(410), Reply()]
    service.keep_events([event("case.noted", case="c-1")])
    assert partner.deliver_until(lambda: len(partner.got) == 1)
    service.keep_events([event("case.noted", case="c-2")])
    assert partner.deliver_until(lambda: partner.shown["state"] == "disabled")
    service.resume_subscription(PARTNER, "c9", partner.id)
    partner.activate()
    late.set()
    assert partner.deliver_until(lambda: [each["state"] for each in partner.log] == ["delivered", "delivered"])
    assert [each["tries"] for each in partner.log] == [2, 2]
    assert partner.shown["state"] == "active"


def test_an_exhausted_delivery_is_parked_reported_and_replayable(
    service: NotifyService, partner: Partner, database: Stored
) -> None:
    partner.receiver.replies = [Reply(500)]
    first, second = event("case.registered"), event("case.dispatched", sequence=2)
    service.keep_events([first])
    service.keep_events([second])
    database["lanes"].update_one({"case_id": "c-1"}, {"$set": {"tries": 9}})
    assert partner.deliver_until(lambda: partner.log[1]["state"] == "parked")
    inbox = service.inbox(PARTNER)["items"]
    assert [each["template"] for each in inbox] == ["delivery_parked"]
    assert partner.id in inbox[0]["texts"]["en"]["body"]
    assert partner.deliver_until(lambda: partner.log[0]["tries"] == 1)
    partner.receiver.replies = [Reply(200)]
    hasten(database)
    assert partner.deliver_until(lambda: partner.log[0]["state"] == "delivered")
    service.replay_delivery(PARTNER, "c5", partner.id, partner.log[1]["delivery_id"])
    assert partner.deliver_until(lambda: partner.log[1]["state"] == "delivered")


def test_three_days_of_nothing_but_failures_disable(service: NotifyService, partner: Partner, database: Stored) -> None:
    partner.receiver.replies = [Reply(503)]
    since = real_now() - timedelta(days=3, minutes=1)
    database["subscriptions"].update_one({"_id": partner.id}, {"$set": {"failing_since": since}})
    service.keep_events([event("case.noted")])
    assert partner.deliver_until(lambda: partner.shown["state"] == "disabled")
    assert partner.shown["disabled_reason"] == "failing"


def test_the_owner_is_told_that_the_subscription_was_disabled(
    service: NotifyService, partner: Partner, database: Stored
) -> None:
    partner.receiver.replies = [Reply(410)]
    service.keep_events([event("case.noted")])
    assert partner.deliver_until(lambda: partner.shown["state"] == "disabled")
    kept = database["subscriptions"].find_one({"_id": partner.id}) or {}
    entry = kept["history"][-1]
    assert (entry["type"], kept["unrelayed"]) == ("subscription.disabled", True)
    told = event("subscription.disabled", id=entry["id"])
    told.data.clear()
    told.data.update(entry["data"])
    service.tell_owner(told)
    service.tell_owner(told)
    [notice] = service.inbox(PARTNER)["items"]
    assert "410" in notice["texts"]["zh-CN"]["body"]


@pytest.mark.parametrize("status", [404, 302])
def test_an_address_that_does_not_take_the_test_is_disabled_in_the_end(
    service: NotifyService, receiver: Receiver, database: Stored, status: int
) -> None:
    receiver.replies = [Reply(status, {"Location": "http://10.0.0.1/"})]
    partner = Partner(service, receiver)

    def ended() -> bool:
        hasten(database)
        service.test_subscriptions()
        return bool(partner.shown["state"] == "disabled")

    assert eventually(ended)
    assert partner.shown["disabled_reason"] == "unverified"
    assert partner.shown["last"]["status"] == status
    assert len(receiver.got) == 4


def test_a_pending_subscription_gets_no_events(service: NotifyService, receiver: Receiver) -> None:
    partner = Partner(service, receiver)
    service.keep_events([event("case.noted")])
    assert not partner.deliver_until(lambda: partner.got, seconds=0.3)
    assert partner.log == []


def test_events_from_before_a_subscription_are_not_owed_to_it_when_they_come_again(
    service: NotifyService, receiver: Receiver
) -> None:
    before = [event("case.noted", sequence=1), event("case.noted", sequence=2)]
    service.keep_events(before)
    partner = Partner(service, receiver).activate()
    service.keep_events(before)
    after = event("case.noted", sequence=3)
    service.keep_events([*before, after])
    assert [each["event_id"] for each in partner.log] == [after.id]


def test_what_a_disabled_subscription_missed_does_not_come_after_its_successors(
    service: NotifyService, receiver: Receiver, partner: Partner
) -> None:
    receiver.replies[:] = [Reply(410), Reply()]
    events = [event("case.noted", sequence=number) for number in (1, 2, 3)]
    service.keep_events(events[:1])
    assert partner.deliver_until(lambda: partner.shown["state"] == "disabled")
    service.keep_events(events[1:2])
    service.resume_subscription(PARTNER, "c2", partner.id)
    partner.activate()
    service.keep_events(events[2:])
    service.keep_events(events)  # as a service does that catches up
    assert sorted(each["event_id"] for each in partner.log) == [events[0].id, events[2].id]


def test_a_paused_subscription_gets_its_events_when_it_is_resumed(service: NotifyService, partner: Partner) -> None:
    service.pause_subscription(PARTNER, "c2", partner.id)
    service.keep_events([event("case.noted")])
    assert not partner.deliver_until(lambda: partner.got, seconds=0.3)
    service.resume_subscription(PARTNER, "c3", partner.id)
    assert partner.deliver_until(lambda: len(partner.got) == 1)


def test_a_removed_subscription_gets_nothing_more(service: NotifyService, partner: Partner) -> None:
    service.pause_subscription(PARTNER, "c2", partner.id)
    service.keep_events([event("case.noted")])
    service.remove_subscription(PARTNER, "c3", partner.id)
    service.keep_events([event("case.noted", sequence=2)])
    assert not partner.deliver_until(lambda: partner.got, seconds=0.3)


def test_what_a_partner_may_not_see_is_never_owed(service: NotifyService, partner: Partner, database: Stored) -> None:
    service.keep_events([event("case.noted", case="c-a", restricted=True)])
    service.keep_events([event("case.noted", case="c-b", complained_unit_id="u-lighting")])
    service.keep_events([event("case.noted", case="c-c", grid_code="360704100007001")])
    service.keep_events([event("case.noted", case="c-d", complained_unit_id="u-other")])
    service.keep_events([event("case.reported", case="c-e", category=None, resolve_due=None)])
    service.keep_events([event("case.reported", case="c-f", resolve_due=None)])
    assert [each["case_id"] for each in partner.log] == ["c-d"]
    assert database["event_log"].count_documents({}) == 6


def test_the_district_gets_a_case_from_its_report_on(
    service: NotifyService, members: MembersStandIn, receiver: Receiver
) -> None:
    members.holding = [ADMIN]
    made = service.open_subscription(ADMIN, "c1", url=receiver.url, types=["case.*"])
    service.test_subscriptions()
    seen = {"caller": ADMIN, "subscription_id": made["subscription_id"]}
    assert eventually(lambda: service.subscription(**seen)["state"] == "active")
    service.keep_events([event("case.reported", category=None, resolve_due=None)])
    service.keep_events([event("case.reported", case="c-2", restricted=True)])
    assert [each["case_id"] for each in service.deliveries(**seen)["items"]] == ["c-1"]


def test_a_dead_partner_holds_up_nobody_else(service: NotifyService, partner: Partner) -> None:
    release = Flag()
    with receiving() as stuck:
        slow = Partner(service, stuck, command_id="c2").activate()
        stuck.replies = [Reply(wait=release)]
        for number in range(30):
            service.keep_events([event("case.noted", case=f"c-{number}")])
        assert partner.deliver_until(lambda: len(partner.got) == 30)
        assert len(slow.got) <= 10
        release.set()


def test_where_nobody_is_one_try_tells_enough_for_now(service: NotifyService, partner: Partner) -> None:
    with receiving() as gone:
        dead = Partner(service, gone, command_id="c2").activate()
    service.keep_events([event("case.noted", case="c-0")])
    assert partner.deliver_until(lambda: [each["tries"] for each in dead.log] == [1])
    for number in range(1, 5):
        service.keep_events([event("case.noted", case=f"c-{number}")])
    assert partner.deliver_until(lambda: len(partner.got) == 5)
    assert sum(each["tries"] for each in dead.log) == 1
    assert partner.deliver_until(lambda: sum(each["tries"] for each in dead.log) == 2)


def test_a_courier_that_fails_leaves_the_delivery_to_the_next_one(
    service: NotifyService, partner: Partner, post_room: PostRoom, database: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Courier, "_post", lambda *_: 1 / 0)  # a bug on the way
        service.keep_events([event("case.noted")])
        assert eventually(lambda: post_room.room() == 200)
    assert partner.log[0]["state"] == "pending"
    hasten(database)
    assert partner.deliver_until(lambda: partner.log[0]["state"] == "delivered")


def test_an_event_that_is_no_longer_kept_frees_its_lane(
    service: NotifyService, partner: Partner, database: Stored
) -> None:
    service.pause_subscription(PARTNER, "c2", partner.id)
    service.keep_events([event("case.registered"), event("case.noted", sequence=2)])
    database["event_log"].delete_one({"_id": 1})
    service.resume_subscription(PARTNER, "c3", partner.id)
    assert partner.deliver_until(lambda: len(partner.got) == 1)
