"""The trail of notify: what was done with partners' subscriptions, messages and templates, and who reads it."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from chassis.audit.debts import Debts
from chassis.errors import Busy, Refusal
from notify.real_time import real_now
from notify.service import NotifyService
from tests.component.notify.receiver import Receiver, Reply
from tests.component.notify.samples import GRID, PARTNER, MembersStandIn, caller, event, person
from tests.component.notify.stores import NotifyStores
from tests.component.notify.test_courier import Partner
from tests.component.notify.test_message_log import fail
from tests.component.notify.test_messages import Provider
from tests.component.notify.test_templates import DRAFT, refused, save

AUDITOR = caller("p-auditor", "auditor")
ADMIN = caller("p-admin", "district_admin")
FAR = caller("p-far", "auditor", "360703")
NARROW = caller("p-narrow", "auditor", "360704100009")
PROVINCE = caller("p-province", "auditor", "36")

Row = dict[str, Any]

EVERY = ["en.plain", "zh-CN.plain"]
"""The texts of a draft."""


def trail(service: NotifyService, store: NotifyStores, by: Row = AUDITOR, **asked: Any) -> list[Row]:
    """What histories owe is entered first; the oldest row first, and none of who reads the trail."""
    Debts(service.audit, store.outboxes).enter(100)
    found = service.audit_trail(by, **{"limit": 100, **asked})["items"]
    return [row for row in reversed(found) if row["act"] != "audit.read"]


def refusal(call: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(Refusal) as refused:
        call(*args, **kwargs)
    return refused.value.code


@pytest.fixture
def partner(service: NotifyService, receiver: Receiver) -> Partner:
    return Partner(service, receiver, url=f"{receiver.url}?key=hidden", types=["case.closed"]).activate()


def test_what_is_done_with_a_subscription_is_in_the_trail_without_address_and_secret(
    service: NotifyService, store: NotifyStores, partner: Partner, database: Database[Row]
) -> None:
    id = partner.id
    service.change_subscription(PARTNER, "c-1", id, types=["case.rated"], url=f"{partner.receiver.url}?key=other")
    partner.activate()
    rotated = service.rotate_secret(PARTNER, "c-2", id, overlap_hours=2)
    service.end_old_secret(PARTNER, "c-3", id)
    service.pause_subscription(PARTNER, "c-4", id)
    service.resume_subscription(PARTNER, "c-5", id)
    service.remove_subscription(PARTNER, "c-6", id)
    service.remove_subscription(PARTNER, "c-6", id)
    asked = {
        "way": "webhook",
        "types": ["case.closed"],
        "grid_prefix": "360704100002",
        "categories": [],
        "participant_id": None,
        "unit_id": "u-lighting",
    }
    rows = trail(service, store, what=id)
    assert [(row["act"], row["details"]) for row in rows] == [
        ("subscription.opened", asked),
        ("subscription.changed", {"fields": ["types", "url"]}),
        ("subscription.secret_rotated", {"overlap_hours": 2}),
        ("subscription.old_secret_ended", {}),
        ("subscription.paused", {}),
        ("subscription.resumed", {}),
        ("subscription.removed", {}),
    ]
    assert {(row["who"], row["role"]) for row in rows} == {("p-lamp", "unit_contact")}
    kept = str(list(database["audit"].find()))
    for hidden in (partner.made["secret"], rotated["secret"], "hidden", "other", partner.receiver.url):
        assert hidden.removeprefix("whsec_") not in kept


def test_a_subscription_that_is_disabled_is_in_the_trail_with_the_reason(
    service: NotifyService, store: NotifyStores, partner: Partner
) -> None:
    partner.receiver.replies = [Reply(410)]
    service.keep_events([event("case.closed")])
    assert partner.deliver_until(lambda: partner.shown["state"] == "disabled")
    [row] = trail(service, store, act="subscription.disabled")
    assert (row["who"], row["what"]["id"], row["reason"]) == ("clock", partner.id, "gone")


def test_who_asks_for_deliveries_again_is_in_the_trail_once_and_who_is_refused_is_not(
    service: NotifyService, store: NotifyStores, partner: Partner
) -> None:
    id = partner.id
    service.keep_events([event("case.closed")])
    [line] = partner.log
    for _ in range(2):
        service.replay_delivery(PARTNER, "r-1", id, line["delivery_id"])
    service.replay_range(PARTNER, "r-2", id, since="2020-01-01T00:00:00Z")
    assert refusal(service.replay_delivery, PARTNER, "r-3", id, "d-none") == "delivery_not_found"
    rows = trail(service, store, act="deliveries.replayed")
    assert [(row["what"]["id"], row["role"], row["details"]) for row in rows] == [
        (id, "unit_contact", {"delivery_id": line["delivery_id"]}),
        (id, "unit_contact", {"since": "2020-01-01T00:00:00Z"}),
    ]


def test_a_version_of_a_template_is_in_the_trail_with_the_texts_that_are_others_and_none_of_their_words(
    service: NotifyService, store: NotifyStores, database: Database[Row]
) -> None:
    save(service, reason="清楚一些,电话12000000001")
    save(service, 1, texts={**DRAFT, "en": {"plain": "Case {{ number }}\nAnother.", "sms": "{{ number }}\nShort."}})
    save(service, 2, command_id="k-back", caller=caller("p-two", "auditor") | {"grants": ADMIN["grants"]}, reverts_to=0)
    assert refused(service, based_on=0, command_id="k-late").code == "template_changed"
    rows = trail(service, store, NARROW)
    assert [(row["act"], row["who"], row["role"], row["what"]["id"], row["details"]) for row in rows] == [
        ("template.entered", "p-admin", "district_admin", "registered", {"number": 1, "fields": EVERY}),
        (
            "template.entered",
            "p-admin",
            "district_admin",
            "registered",
            {"number": 2, "fields": ["en.plain", "en.sms"]},
        ),
        (
            "template.entered",
            "p-two",
            "district_admin",
            "registered",
            {"number": 3, "reverts_to": 0, "fields": [*EVERY[:1], "en.sms", *EVERY[1:]]},
        ),
    ]
    assert [row["reason"] for row in rows] == ["清楚一些,电话120****0001", "clearer", "clearer"]
    assert "Short." not in str(list(database["audit"].find()))


def test_what_is_sent_once_more_in_bulk_is_in_the_trail_before_it_goes(
    service: NotifyService, store: NotifyStores, members: MembersStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    members.people["p-grid"] = person("p-grid", "12000000005", channels=["sms"])
    provider = Provider("aliyun")
    service.channels = (provider,)
    fail(service, provider, "c-1", "c-2")
    desk = caller("p-desk", "dispatcher", GRID[:9])

    def busy(_: object) -> bool:
        raise Busy

    with monkeypatch.context() as patch:
        patch.setattr(service.audit, "append", busy)
        assert refusal(service.resend_failed, desk, "again", template="registered") == "busy_try_again"
    [stays] = service.messages(desk, case_id="c-1", template="registered")["items"]
    assert stays["state"] == "failed"
    for _ in range(2):
        service.resend_failed(desk, "again", template="registered")
    service.resend_failed(desk, "none", person_id="12000000005")
    rows = trail(service, store, ADMIN, act="messages.resent")
    assert [(row["who"], row["role"], row["details"]) for row in rows] == [
        ("p-desk", "dispatcher", {"template": "registered", "messages": 2, "left": False}),
        ("p-desk", "dispatcher", {"person_id": "120****0005", "messages": 0, "left": False}),
    ]
    assert trail(service, store, NARROW, act="messages.resent") == []


def test_a_message_that_is_sent_once_more_is_in_the_trail_once_and_one_that_is_not_is_not(
    service: NotifyService, store: NotifyStores, members: MembersStandIn
) -> None:
    provider = Provider("aliyun")
    service.channels = (provider,)
    fail(service, provider, "c-1")
    desk = caller("p-desk", "dispatcher", GRID[:9])
    [failed] = service.messages(desk, template="registered")["items"]
    for _ in range(2):
        service.resend_message(desk, "once-more", failed["message_id"])
    assert refusal(service.resend_message, desk, "another", failed["message_id"]) == "message_not_failed"
    [row] = trail(service, store, ADMIN, act="messages.resent")
    assert (row["who"], row["role"], row["what"]["id"]) == ("p-desk", "dispatcher", failed["message_id"])


def test_the_trail_is_read_by_who_oversees_the_area(
    service: NotifyService, store: NotifyStores, partner: Partner
) -> None:
    assert [row["act"] for row in trail(service, store, ADMIN, what=partner.id)] == ["subscription.opened"]
    assert [row["act"] for row in trail(service, store, area="360704100002")] == ["subscription.opened"]
    assert trail(service, store, FAR) == trail(service, store, NARROW) == []
    for who in (PARTNER, PROVINCE, caller("p-desk", "dispatcher"), caller("p-party", "party_office")):
        assert refusal(service.audit_trail, who) == "not_permitted"
    assert refusal(service.audit_trail, FAR, area="360704") == "out_of_scope"


def test_what_retention_lets_go_is_in_the_trail_by_how_many_and_no_run_that_lets_nothing_go(
    service: NotifyService, store: NotifyStores, database: Database[Row]
) -> None:
    service.tell(event("case.registered"))
    service.purge()
    assert trail(service, store, act="retention.run") == []
    kept = database["notices"].count_documents({})
    database["notices"].update_many({}, {"$set": {"stored_at": real_now() - timedelta(days=181)}})
    service.purge()
    [row] = trail(service, store, FAR, act="retention.run")
    assert (row["who"], row["details"]) == ("clock", {"notices": kept})
