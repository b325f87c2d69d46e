"""The feed: a partner that fetches misses nothing, gets nothing twice, and is told when it cannot go on."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from chassis.errors import Refusal
from notify.events.logged_event import partner_body
from notify.events.schemas import logged_event
from notify.partners import feeding
from notify.real_time import real_now
from notify.service import NotifyService
from tests.component.notify.receiver import Receiver
from tests.component.notify.samples import GRID, PARTNER, caller, event
from tests.component.notify.stores import NotifyStores
from tests.component.notify.test_courier import Partner

Stored = Database[dict[str, Any]]
ADMIN = caller("p-admin", "district_admin")
FEED = {"way": "feed", "types": ["case.*"]}


def open_feed(service: NotifyService, who: dict[str, Any] = PARTNER, command: str = "f1", **asked: Any) -> str:
    made = service.open_subscription(who, command, **{**FEED, **asked})
    assert (made["state"], made["secret"]) == ("active", None)
    id: str = made["subscription_id"]
    return id


def refusal(call: Any, *args: Any, **kwargs: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        call(*args, **kwargs)
    return refused.value


def read(service: NotifyService, who: dict[str, Any] = PARTNER, **asked: Any) -> tuple[list[str], str]:
    found = service.events(who, **asked)
    return [json.loads(each)["id"] for each in found["events"]], found["next"]


def all_of(service: NotifyService, **asked: Any) -> Iterator[list[str]]:
    """Page after page, until there is nothing new."""
    while True:
        ids, following = read(service, **asked)
        yield ids
        if not ids and following == asked.get("after"):
            return
        asked["after"] = following


@pytest.fixture
def feed(service: NotifyService) -> str:
    return open_feed(service)


def test_a_feed_has_the_same_id_and_bytes_as_a_webhook(service: NotifyService, receiver: Receiver, feed: str) -> None:
    partner = Partner(service, receiver).activate()
    happened = event("case.dispatched", number="编号", assignees=[{"id": "p-worker", "kind": "person"}])
    service.keep_events([happened])
    assert partner.deliver_until(lambda: partner.got == [happened.id])
    [text] = service.events(PARTNER, subscription_id=feed)["events"]
    posted = receiver.got[-1]
    assert text.encode().endswith(b',"data":' + posted.body + b"}")
    assert posted.body == partner_body(logged_event(happened))
    assert json.loads(text)["id"] == posted.headers["webhook-id"]


def test_page_follows_page_without_gap_or_repeat(service: NotifyService, feed: str) -> None:
    some = [event("case.noted", sequence=n) for n in range(1, 8)]
    service.keep_events(some[:5])
    pages = all_of(service, limit=2)
    got = [next(pages), next(pages), next(pages)]
    service.keep_events(some[5:])
    got += list(pages)
    assert [len(each) for each in got] == [2, 2, 1, 2, 0]
    assert [id for each in got for id in each] == [each.id for each in some]


def test_what_was_logged_before_the_feed_was_opened_is_in_it(service: NotifyService) -> None:
    happened = event("case.noted")
    service.keep_events([happened])
    open_feed(service)
    assert read(service)[0] == [happened.id]


def test_an_empty_log_has_no_cursor_yet(service: NotifyService, feed: str) -> None:
    assert service.events(PARTNER) == {"events": [], "next": None}


def test_only_what_one_may_have_is_fed(service: NotifyService, feed: str) -> None:
    """I9: the feed of a unit has nothing restricted, unregistered, about itself, or elsewhere."""
    wanted = event("case.noted")
    service.keep_events(
        [
            event("case.noted", restricted=True),
            event("case.reported", category=None, resolve_due=None),
            event("case.noted", complained_unit_id="u-lighting"),
            event("case.noted", grid_code="360704100007001"),
            wanted,
        ]
    )
    assert read(service)[0] == [wanted.id]


def test_a_page_looks_at_so_many_lines_and_says_where_to_go_on(
    service: NotifyService, feed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "SCANNED", 3)
    wanted = event("case.closed", sequence=8)
    service.keep_events([*(event("case.noted", sequence=n) for n in range(1, 8)), wanted])
    assert list(all_of(service, type="case.closed")) == [[], [], [wanted.id], []]


def test_category_and_unit_and_grid_choose(service: NotifyService) -> None:
    lamp = event("case.dispatched", category="0101", assignees=[{"id": "u-lighting", "kind": "unit"}])
    gone = event("case.reassigned", category="0101", relieved=["u-lighting"])
    rubbish = event("case.dispatched", category="0303", assignees=[{"id": "u-other", "kind": "unit"}])
    service.keep_events([lamp, gone, rubbish])
    own = open_feed(service, participant_id="u-lighting")
    waste = open_feed(service, command="f2", categories=["03"])
    assert read(service, subscription_id=own)[0] == [lamp.id, gone.id]
    assert read(service, subscription_id=waste)[0] == [rubbish.id]
    assert read(service, subscription_id=own, category="01", grid=GRID, type="case.reassigned")[0] == [gone.id]
    assert refusal(service.events, PARTNER, subscription_id=waste, category="01").code == "outside_subscription"
    unknown = refusal(service.events, PARTNER, subscription_id=own, category="9999")
    assert (unknown.code, unknown.details["errors"][0]["pointer"]) == ("unknown_category", "/category")


def test_events_that_were_logged_before_there_were_such_filters_are_found_by_them(
    service: NotifyService, database: Stored
) -> None:
    happened = event("case.dispatched", assignees=[{"id": "u-lighting", "kind": "unit"}])
    service.keep_events([happened, event("case.noted", category="0303")])
    database["event_log"].update_many({}, {"$unset": {"category": "", "parties": ""}})
    open_feed(service, participant_id="u-lighting", categories=["0101"])
    assert read(service)[0] == [happened.id]


def test_a_cursor_older_than_what_is_kept_is_refused_with_the_oldest(
    service: NotifyService, store: NotifyStores, feed: str
) -> None:
    old, kept = [event("case.noted", sequence=n) for n in (1, 2)], [event("case.noted", sequence=n) for n in (3, 4)]
    store.log.append([logged_event(each) for each in old], real_now() - timedelta(days=100))
    store.log.append([logged_event(each) for each in kept], real_now())
    _, after = read(service, limit=1)
    assert store.log.purge(real_now() - timedelta(days=90)) == 2
    refused = refusal(service.events, PARTNER, after=after)
    assert refused.code == "cursor_too_old"
    assert read(service, after=refused.details["oldest"])[0] == [each.id for each in kept]


def restored(store: NotifyStores, database: Stored, until: int) -> None:
    """As of a backup in which the log ended there."""
    database["event_log"].delete_many({"_id": {"$gt": until}})
    store.log._rows._last = None


def test_a_restored_log_hands_out_no_cursor_again(
    service: NotifyService, store: NotifyStores, database: Stored, feed: str
) -> None:
    before = [event("case.noted", sequence=n) for n in range(1, 5)]
    service.keep_events(before)
    _, kept = read(service, limit=2)
    _, lost = read(service, limit=4)
    restored(store, database, 2)
    assert refusal(service.events, PARTNER, after=lost).code == "cursor_of_another_epoch"
    after = [event("case.noted", sequence=n) for n in range(5, 9)]
    service.keep_events(after)
    refused = refusal(service.events, PARTNER, after=lost)
    assert refused.code == "cursor_of_another_epoch"
    everything = [each.id for each in [*before[:2], *after]]
    assert read(service, after=refused.details["oldest"])[0] == everything
    assert read(service, after=kept)[0] == everything[2:], "what the backup had goes on"


def test_the_same_event_logged_anew_at_its_position_is_of_another_epoch_too(
    service: NotifyService, store: NotifyStores, database: Stored, feed: str
) -> None:
    first, second, third = (event("case.noted", case=f"c-{n}") for n in range(3))
    service.keep_events([first, second])
    _, after = read(service)
    restored(store, database, 0)
    store.log.append([logged_event(third), logged_event(second)], real_now() + timedelta(seconds=1))
    assert refusal(service.events, PARTNER, after=after).code == "cursor_of_another_epoch"


@pytest.mark.parametrize("after", ["x", "MQ", "!", "1"])
def test_a_cursor_that_is_none_is_refused(service: NotifyService, feed: str, after: str) -> None:
    assert refusal(service.events, PARTNER, after=after).code == "invalid_cursor"


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [({"type": "case.exploded"}, "/type"), ({"category": "01011"}, "/category"), ({"grid": "36"}, "/grid")],
)
def test_a_filter_that_is_none_is_refused(
    service: NotifyService, feed: str, asked: dict[str, Any], pointer: str
) -> None:
    refused = refusal(service.events, PARTNER, **asked)
    assert (refused.code, refused.details["errors"][0]["pointer"]) == ("invalid", pointer)


def test_which_feed_has_to_be_said_where_there_are_several(service: NotifyService, feed: str) -> None:
    other = open_feed(service, command="f2")
    refused = refusal(service.events, PARTNER)
    assert (refused.code, set(refused.details["subscription_ids"])) == ("feed_ambiguous", {feed, other})
    service.remove_subscription(PARTNER, "x", other)
    assert read(service)[0] == []


def test_who_has_no_feed_reads_none(service: NotifyService, receiver: Receiver, feed: str) -> None:
    other = caller("p-other", "unit_contact", "360704100002", unit="u-other")
    assert refusal(service.events, other).code == "feed_not_found"
    assert refusal(service.events, other, subscription_id=feed).code == "feed_not_found"
    webhook = Partner(service, receiver)
    assert refusal(service.events, PARTNER, subscription_id=webhook.id).code == "feed_not_found"
    assert refusal(service.events, caller("p-1", "resident")).code == "not_permitted"


def test_a_paused_feed_is_not_read_and_loses_nothing(service: NotifyService, feed: str) -> None:
    service.pause_subscription(PARTNER, "x1", feed)
    happened = event("case.noted")
    service.keep_events([happened])
    assert refusal(service.events, PARTNER).code == "subscription_state"
    service.resume_subscription(PARTNER, "x2", feed)
    assert read(service)[0] == [happened.id]


def test_the_feed_of_a_unit_is_read_by_those_who_speak_for_it_today(service: NotifyService, feed: str) -> None:
    service.keep_events([event("case.noted")])
    colleague = caller("p-colleague", "unit_contact", "360704100002", unit="u-lighting")
    assert len(read(service, colleague)[0]) == len(read(service, ADMIN, subscription_id=feed)[0]) == 1
    assert refusal(service.events, ADMIN).code == "feed_not_found", "the district oversees it, it is not its own"
    moved = caller("p-lamp", "unit_contact", "360704100002", unit="u-other")
    elsewhere = caller("p-lamp", "unit_contact", "360704100007", unit="u-lighting")
    for who in (moved, elsewhere):
        assert refusal(service.events, who, subscription_id=feed).code == "out_of_scope"


def test_nothing_is_owed_to_a_feed(service: NotifyService, database: Stored, feed: str) -> None:
    service.keep_events([replace(event("case.noted"), correlation_id=None)])
    assert service.deliveries(PARTNER, feed)["items"] == []
    assert database["lanes"].count_documents({}) == 0


def test_a_feed_has_no_address_and_no_secret(service: NotifyService, feed: str) -> None:
    shown = service.subscription(PARTNER, feed)
    assert (shown["way"], shown["url"], shown["state"]) == ("feed", None, "active")
    for command in (service.rotate_secret, service.end_old_secret, service.test_subscription):
        assert refusal(command, PARTNER, "x", feed).code == "way_unsuited"
    assert refusal(service.change_subscription, PARTNER, "x", feed, url="https://a.example").code == "way_unsuited"
    since = "2026-01-01T00:00:00Z"
    assert refusal(service.replay_range, PARTNER, "x", feed, since=since).code == "way_unsuited"
