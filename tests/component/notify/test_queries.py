"""Every query has its index: none of those that the service makes scans a collection."""

from datetime import timedelta
from typing import Any

from pymongo.database import Database

from notify.live.strand import START
from notify.live.telling import Teller
from notify.real_time import real_now
from notify.service import NotifyService
from tests.component.notify.receiver import Receiver
from tests.component.notify.samples import PARTNER, MembersStandIn, caller, event
from tests.component.notify.test_calls import DESK, call
from tests.component.notify.test_courier import Partner

Stored = Database[dict[str, Any]]


def everything(service: NotifyService, receiver: Receiver, members: MembersStandIn) -> None:
    """Each entrypoint once, on collections that hold something."""
    partner = Partner(service, receiver).activate()
    for number in range(5):
        happened = event("case.dispatched", case=f"c-{number}", assignees=[{"id": "u-lighting", "kind": "unit"}])
        service.tell(happened)
        service.keep_events([happened])
        service.keep_events([happened])
    service.tell(event("case.merged", followers=["p-a"]))
    service.send_outside()
    assert partner.deliver_until(lambda: [each["state"] for each in partner.log] == ["delivered"] * 5)
    page = service.inbox(PARTNER, limit=2)
    service.inbox(PARTNER, after=page["next"])
    service.mark_read(PARTNER, "c", page["items"][0]["notice_id"])
    log = service.deliveries(PARTNER, partner.id, limit=2)
    service.deliveries(PARTNER, partner.id, after=log["next"])
    service.replay_delivery(PARTNER, "c", partner.id, log["items"][0]["delivery_id"])
    assert partner.deliver_until(lambda: len(partner.got) == 6)
    service.deliveries(PARTNER, partner.id, state="delivered")
    feed = service.open_subscription(PARTNER, "f", way="feed", types=["case.*"])["subscription_id"]
    after = service.events(PARTNER, subscription_id=feed, limit=2)["next"]
    service.events(PARTNER, subscription_id=feed, after=after)
    since = (real_now() - timedelta(hours=1)).isoformat()
    service.replay_range(PARTNER, "r1", partner.id, since=since)
    service.replay_range(PARTNER, "r2", partner.id, after=after)
    service.change_subscription(PARTNER, "c7", partner.id, types=["case.closed"])
    service.rotate_secret(PARTNER, "c8", partner.id)
    service.test_subscription(PARTNER, "c9", partner.id)
    service.test_subscriptions()
    service.deliver()
    service.subscriptions(PARTNER)
    service.subscriptions(caller("p-admin", "district_admin"))
    service.pause_subscription(PARTNER, "c2", partner.id)
    service.remove_subscription(PARTNER, "c3", partner.id)
    service.end_subscriptions(event("unit.closed", unit_id="u-lighting", name="路灯队"))
    look_through_messages(service)
    members.called = ["p-xie", "p-worker"]
    service.take_call_in_hand(call())
    service.tell_of_calls()
    service.send_in_bulk()
    assert service.call_counts(DESK, "c-1")["told"] == 2
    look_at_what_happens(service)
    service.purge()
    service.notices_kept.claim("prompt", "t", real_now(), real_now() + timedelta(1), 5)
    service.messages_kept.renew(["m-1", "m-2"], "t", real_now())


def look_through_messages(service: NotifyService) -> None:
    """Every filter of the log alone, in pages, by who sees one district and by who sees parts of several."""
    here, day = caller("p-admin", "district_admin"), {"since": "2026-03-12T00:00:00Z", "until": "2026-03-13T00:00:00Z"}
    several = {**here, "unit": "u-1", "grants": [*here["grants"], {"role": "dispatcher", "scope": "360703100"}]}
    for who in (here, several):
        for wanted in (
            {},
            day,
            {"person_id": "p-xie"},
            {"case_id": "c-1"},
            {"state": "sent"},
            {"template": "dispatched"},
            {"channel": "console"},
            {"state": "sent", "template": "dispatched", "channel": "console", "person_id": "p-xie", **day},
        ):
            page = service.messages(who, limit=1, **wanted)
            service.messages(who, limit=1, after=page["next"], **wanted)
        id = page["items"][0]["message_id"]
        service.message(who, id)
        made = service.resend_failed(who, "k", **day)
        service.resending(who, made["resending_id"])
        service.message_log.resend([id], "k", real_now(), real_now())


def test_no_query_scans_a_collection(
    service: NotifyService, receiver: Receiver, members: MembersStandIn, database: Stored
) -> None:
    database.command("profile", 2)
    everything(service, receiver, members)
    database.command("profile", 0)
    seen = [each for each in database["system.profile"].find() if each["ns"] != f"{database.name}.system.profile"]
    scans = [each["command"] for each in seen if "COLLSCAN" in str(each.get("planSummary", ""))]
    assert len(seen) > 50
    assert scans == []
    sorted_by_hand = [
        each["command"]
        for each in seen
        if each.get("hasSortStage") and each["ns"].endswith((".messages", ".resendings"))
    ]
    assert sorted_by_hand == []


def look_at_what_happens(service: NotifyService) -> None:
    """Both strands, from their beginning and on."""
    for strand in ("cases", "inbox"):
        page = service.updates(strand=strand, after=START)
        service.missed(strand=strand, clauses=service.watch_inbox(PARTNER)["clauses"], after=page["cursor"])
        service.updates(strand=strand)
    service.teller = Teller(lambda _: True)
    service.tell_live()
    service.tell_live()
    service.tell(event("case.registered", reporter_id="p-gone"))
    service.notices_kept.forget(["p-gone"], ())
