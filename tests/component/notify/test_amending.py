"""Subscriptions that change: other filters, another address, another secret, and a test whenever it is wanted."""

import json
from datetime import timedelta
from threading import Event as Flag
from typing import Any

import pytest
from pymongo.database import Database
from standardwebhooks import Webhook, WebhookVerificationError

from chassis.errors import Refusal
from notify.events.schemas import logged_event
from notify.real_time import real_now
from notify.service import NotifyService
from tests.component.notify.receiver import Receiver, Reply, receiving
from tests.component.notify.samples import PARTNER, MembersStandIn, caller, event
from tests.component.notify.stores import NotifyStores
from tests.component.notify.test_courier import Partner, hasten
from tests.waiting import eventually

Stored = Database[dict[str, Any]]
ADMIN = caller("p-admin", "district_admin")


@pytest.fixture
def partner(service: NotifyService, receiver: Receiver) -> Partner:
    return Partner(service, receiver).activate()


def refusal(call: Any, *args: Any, **kwargs: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        call(*args, **kwargs)
    return refused.value


def fits(secret: str, got: Any) -> bool:
    try:
        Webhook(secret).verify(got.body, got.headers)
    except WebhookVerificationError:
        return False
    return True


def test_other_filters_hold_at_once(service: NotifyService, partner: Partner) -> None:
    answer = service.change_subscription(PARTNER, "c2", partner.id, types=["case.closed"], categories=["03"])
    assert (answer["act"], answer["state"], answer["version"]) == ("change", "active", 3)
    assert (partner.shown["types"], partner.shown["categories"]) == (["case.closed"], ["03"])
    assert partner.shown["grid_prefix"] == "360704100002"
    wanted = event("case.closed", category="0303")
    service.keep_events([event("case.closed"), event("case.noted", category="0303"), wanted])
    assert partner.deliver_until(lambda: partner.got == [wanted.id])
    assert len(partner.log) == 1


def test_what_waits_and_is_not_asked_for_any_more_is_not_sent(
    service: NotifyService, partner: Partner, database: Stored
) -> None:
    """I9: also what was owed under the filters of before."""
    service.pause_subscription(PARTNER, "c2", partner.id)
    dropped, wanted = event("case.noted"), event("case.closed", sequence=2)
    service.keep_events([dropped, wanted])
    service.change_subscription(PARTNER, "c3", partner.id, types=["case.closed"])
    service.resume_subscription(PARTNER, "c4", partner.id)
    assert partner.deliver_until(lambda: partner.got == [wanted.id])
    assert partner.deliver_until(lambda: [each["state"] for each in partner.log] == ["delivered", "cancelled"])
    assert database["lanes"].count_documents({"queue": {"$exists": True}}) == 0


def test_a_repeated_change_is_one(service: NotifyService, partner: Partner) -> None:
    first = service.change_subscription(PARTNER, "c2", partner.id, types=["case.closed"])
    assert service.change_subscription(PARTNER, "c2", partner.id, types=["case.closed"]) == first
    assert partner.shown["version"] == 3
    again = refusal(service.change_subscription, PARTNER, "c2", partner.id, types=["case.rated"])
    assert again.code == "command_id_reused"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"grid_prefix": "360704"}, "out_of_scope"),
        ({"grid_prefix": "360704100007"}, "out_of_scope"),
        ({"participant_id": "u-other"}, "out_of_scope"),
        ({"types": ["case.exploded"]}, "invalid"),
        ({"categories": ["x"]}, "invalid"),
        ({"url": "https://169.254.169.254/hook"}, "url_refused"),
        ({}, "invalid"),
    ],
)
def test_a_change_beyond_what_one_may_ask_for_changes_nothing(
    service: NotifyService, partner: Partner, change: dict[str, Any], code: str
) -> None:
    before = partner.shown
    assert refusal(service.change_subscription, PARTNER, "c2", partner.id, **change).code == code
    assert partner.shown == before


def test_the_district_may_narrow_what_a_unit_asks_for_and_not_widen_it(
    service: NotifyService, members: MembersStandIn, partner: Partner
) -> None:
    members.holding.append(ADMIN)
    service.names_kept.learn("360704100002001", "测试网格", 1)
    service.change_subscription(ADMIN, "c2", partner.id, grid_prefix="360704100002001")
    assert refusal(service.change_subscription, ADMIN, "c3", partner.id, grid_prefix="360704").code == "out_of_scope"
    assert partner.shown["grid_prefix"] == "360704100002001"


def test_who_speaks_for_another_unit_by_now_changes_nothing_of_the_former_one(
    service: NotifyService, members: MembersStandIn, partner: Partner
) -> None:
    moved = caller("p-lamp", "unit_contact", "360704100002", unit="u-other")
    members.holding = [moved]
    assert refusal(service.change_subscription, moved, "c2", partner.id, types=["case.rated"]).code == "out_of_scope"
    assert refusal(service.rotate_secret, moved, "c3", partner.id).code == "out_of_scope"
    assert refusal(service.pause_subscription, moved, "c5", partner.id).code == "out_of_scope"
    assert refusal(service.remove_subscription, moved, "c6", partner.id).code == "out_of_scope"
    assert refusal(service.deliveries, moved, partner.id).code == "out_of_scope"
    since = "2026-01-01T00:00:00Z"
    assert refusal(service.replay_range, moved, "c4", partner.id, since=since).code == "out_of_scope"


def test_a_new_address_is_tested_and_misses_nothing(service: NotifyService, partner: Partner) -> None:
    with receiving() as new:
        answer = service.change_subscription(PARTNER, "c2", partner.id, url=new.url)
        assert (answer["state"], partner.shown["url"]) == ("verifying", new.url)
        meanwhile = event("case.noted")
        service.keep_events([meanwhile])
        service.deliver()
        assert [each["state"] for each in partner.log] == ["pending"]
        service.test_subscriptions()
        assert eventually(lambda: partner.shown["state"] == "active")
        assert partner.deliver_until(lambda: [each["state"] for each in partner.log] == ["delivered"])
        assert [each.headers["ce-type"] for each in new.got] == ["subscription.test", "case.noted"]
        Webhook(partner.made["secret"]).verify(new.got[-1].body, new.got[-1].headers)
    assert partner.got == []


def test_what_was_logged_while_the_address_was_verified_is_owed_also_when_it_comes_again(
    service: NotifyService, store: NotifyStores, partner: Partner
) -> None:
    with receiving() as new:
        service.change_subscription(PARTNER, "c2", partner.id, url=new.url)
        broken_off = event("case.noted")
        store.log.append([logged_event(broken_off)], real_now())  # it had died before it owed it
        service.test_subscriptions()
        assert eventually(lambda: partner.shown["state"] == "active")
        service.keep_events([broken_off])
        assert partner.deliver_until(lambda: [each["state"] for each in partner.log] == ["delivered"])


def test_a_new_address_that_takes_no_test_is_disabled_in_the_end(
    service: NotifyService, partner: Partner, database: Stored
) -> None:
    with receiving() as new:
        new.replies = [Reply(404)]
        service.change_subscription(PARTNER, "c2", partner.id, url=new.url)
        for number in range(1, 5):
            service.test_subscriptions()
            assert eventually(lambda number=number: len(new.got) == number)  # type: ignore[misc]
            assert eventually(
                lambda number=number: (
                    partner.shown["state"] == "disabled"  # type: ignore[misc]
                    or (database["subscriptions"].find_one() or {})["test_tries"] == number
                )
            )
            hasten(database)
        assert eventually(lambda: partner.shown["state"] == "disabled")
        assert partner.shown["disabled_reason"] == "unverified"


def test_both_secrets_sign_until_the_old_one_is_ended(service: NotifyService, partner: Partner) -> None:
    old = partner.made["secret"]
    rotated = service.rotate_secret(PARTNER, "c2", partner.id)
    new = rotated["secret"]
    assert new not in {old, None}
    assert partner.shown["old_secret_until"] is not None
    service.keep_events([event("case.noted")])
    assert partner.deliver_until(lambda: len(partner.got) == 1)
    assert (fits(old, partner.receiver.got[-1]), fits(new, partner.receiver.got[-1])) == (True, True)
    assert refusal(service.rotate_secret, PARTNER, "c3", partner.id).code == "old_secret_in_force"
    service.end_old_secret(PARTNER, "c4", partner.id)
    service.keep_events([event("case.noted", case="c-2")])
    assert partner.deliver_until(lambda: len(partner.got) == 2)
    assert (fits(old, partner.receiver.got[-1]), fits(new, partner.receiver.got[-1])) == (False, True)
    assert partner.shown["old_secret_until"] is None


def test_an_old_secret_ends_by_its_time(service: NotifyService, partner: Partner, database: Stored) -> None:
    service.rotate_secret(PARTNER, "c2", partner.id, overlap_hours=1)
    over = real_now() - timedelta(seconds=1)
    database["subscriptions"].update_one({"_id": partner.id}, {"$set": {"retiring_at": over}})
    service.keep_events([event("case.noted")])
    assert partner.deliver_until(lambda: len(partner.got) == 1)
    assert not fits(partner.made["secret"], partner.receiver.got[-1])
    assert service.rotate_secret(PARTNER, "c3", partner.id, overlap_hours=0)["secret"]


def test_a_secret_is_shown_to_its_own_command_alone(service: NotifyService, partner: Partner, database: Stored) -> None:
    first = service.rotate_secret(PARTNER, "c2", partner.id, overlap_hours=0)
    assert service.rotate_secret(PARTNER, "c2", partner.id, overlap_hours=0) == first
    opened = service.open_subscription(PARTNER, "c1", url=partner.receiver.url, types=["case.*"])
    assert (opened["subscription_id"], opened["secret"]) == (partner.id, None), "it was replaced since"
    assert first["secret"] not in str(database["subscriptions"].find_one()) + str(partner.shown)
    for hours in (-1, 169, "x"):
        assert refusal(service.rotate_secret, PARTNER, "c9", partner.id, overlap_hours=hours).code == "invalid"


def test_a_test_event_comes_whenever_it_is_asked_for_and_changes_nothing(
    service: NotifyService, partner: Partner
) -> None:
    partner.receiver.replies = [Reply(410, body=b"go away")]
    service.test_subscription(PARTNER, "c2", partner.id)
    assert service.test_subscription(PARTNER, "c2", partner.id)["act"] == "test"
    service.test_subscriptions()
    assert eventually(lambda: partner.shown["test_asked_at"] is None)
    assert (partner.shown["state"], partner.shown["last"]["status"]) == ("active", 410)
    first, second = partner.receiver.got
    assert json.loads(second.body) == {"type": "subscription.test", "subscription_id": partner.id}
    assert first.headers["webhook-id"] != second.headers["webhook-id"]
    service.test_subscriptions()
    assert not eventually(lambda: len(partner.receiver.got) > 2, 0.3)


def test_a_test_that_is_asked_for_verifies_a_subscription_that_waits_for_one(
    service: NotifyService, receiver: Receiver, database: Stored
) -> None:
    partner = Partner(service, receiver)
    later = real_now() + timedelta(minutes=5)
    database["subscriptions"].update_one({"_id": partner.id}, {"$set": {"test_due_at": later}})
    service.test_subscription(PARTNER, "c2", partner.id)
    partner.activate()
    assert len(receiver.got) == 1


def test_a_disabled_subscription_is_not_tried_out(service: NotifyService, partner: Partner) -> None:
    partner.receiver.replies = [Reply(410)]
    service.keep_events([event("case.noted")])
    assert partner.deliver_until(lambda: partner.shown["state"] == "disabled")
    refused = refusal(service.test_subscription, PARTNER, "c2", partner.id)
    assert (refused.code, refused.details["status"]) == ("subscription_state", "disabled")


@pytest.mark.parametrize("status", [200, 410])
def test_what_the_former_address_answers_says_nothing_of_the_new_one(
    service: NotifyService, receiver: Receiver, status: int
) -> None:
    partner, answering = Partner(service, receiver), Flag()
    receiver.replies = [Reply(status, wait=answering)]
    service.test_subscriptions()
    assert eventually(lambda: receiver.got)
    with receiving() as new:
        service.change_subscription(PARTNER, "c2", partner.id, url=new.url)
        answering.set()
        assert not eventually(lambda: partner.shown["state"] != "pending", 1)
        partner.activate()
        assert len(new.got) == 1


def test_a_unit_that_has_closed_gets_nothing_any_more(
    service: NotifyService, partner: Partner, store: NotifyStores, database: Stored
) -> None:
    feed = service.open_subscription(PARTNER, "f", way="feed", types=["case.*"])["subscription_id"]
    service.pause_subscription(PARTNER, "c2", partner.id)
    service.keep_events([event("case.noted")])
    gone = event("unit.closed", sequence=4, unit_id="u-lighting", name="路灯队")
    for _ in range(2):
        service.end_subscriptions(gone)
    assert store.names.of(["u-lighting"]) == {"u-lighting": "路灯队"}
    assert refusal(service.subscription, PARTNER, partner.id).code == "subscription_not_found"
    assert refusal(service.events, PARTNER, subscription_id=feed).code == "feed_not_found"
    assert [each["state"] for each in database["deliveries"].find()] == ["cancelled"]
    kept = database["subscriptions"].find_one({"_id": partner.id}) or {}
    assert (kept["version"], kept["history"][-1]["by"]) == (4, {"id": "clock", "role": "clock"})
    service.keep_events([event("case.noted", case="c-2")])
    assert not partner.deliver_until(lambda: partner.got, 0.3)
