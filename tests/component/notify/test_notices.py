"""Notices in the database: once each, paged and counted, and on their way outside one sender at a time."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pymongo.database import Database

from notify.notices.audience import Audience
from notify.notices.case_notice import notices
from notify.notices.case_schemas import case_event
from notify.notices.notice import NoticeDraft
from notify.notices.rule import Reach
from notify.real_time import real_now
from tests.component.notify.samples import NOW, event
from tests.component.notify.stores import NotifyStores

LATER = NOW + timedelta(hours=1)


def drafts(type: str = "case.registered", **changes: Any) -> list[NoticeDraft]:
    return notices(case_event(event(type, **changes)), Audience(dispatchers=("p-desk",)))


def add(store: NotifyStores, *found: NoticeDraft, now: datetime | None = None) -> None:
    store.notices.add(found, now or real_now())


def test_the_same_message_fifty_times_at_once_is_kept_once(
    store: NotifyStores, database: Database[dict[str, Any]]
) -> None:
    [draft] = drafts(id="e1")
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: add(store, draft), range(50)))
    assert database["notices"].count_documents({}) == 1
    assert store.notices.unread(["p-xie"]) == 1


def test_a_duplicate_among_new_ones_keeps_nobody_out(store: NotifyStores) -> None:
    [first] = drafts(id="e1")
    [second] = drafts(id="e2")
    [third] = drafts(id="e3")
    add(store, second)
    add(store, first, second, third)
    assert [each.event_id for each in store.notices.page(["p-xie"], None, 9)] == ["e3", "e2", "e1"]


def test_reading_again_does_not_undo_the_reading(store: NotifyStores) -> None:
    [draft] = drafts()
    add(store, draft)
    read = store.notices.mark_read(draft.id, ["p-xie"], NOW)
    assert read is not None
    assert (read.unread, read.read_at) == (False, NOW)
    add(store, draft)
    again = store.notices.mark_read(draft.id, ["p-xie"], LATER)
    assert again is not None
    assert again.read_at == NOW
    assert store.notices.unread(["p-xie"]) == 0


def test_nobody_reads_a_notice_of_somebody_else(store: NotifyStores) -> None:
    [draft] = drafts()
    add(store, draft)
    assert store.notices.mark_read(draft.id, ["p-other"], NOW) is None
    assert store.notices.unread(["p-xie"]) == 1


def test_pages_follow_each_other_without_gap_or_repeat(store: NotifyStores) -> None:
    add(store, *(draft for number in range(7) for draft in drafts(id=f"e{number}")))
    add(store, *(replace(draft, recipient="u-1", id=f"e9:{draft.id}") for draft in drafts()))
    seen: list[str] = []
    after = None
    while page := store.notices.page(["p-xie", "u-1"], after, 3):
        seen += [each.id for each in page]
        after = page[-1].id
    assert len(seen) == len(set(seen)) == 8
    assert seen == sorted(seen, reverse=True)


def test_two_senders_never_hold_the_same_notice(store: NotifyStores) -> None:
    now = real_now()
    add(store, *(draft for number in range(40) for draft in drafts(id=f"e{number}")), now=now)
    until = now + timedelta(seconds=60)
    with ThreadPoolExecutor(4) as pool:
        claims = list(pool.map(lambda n: store.notices.claim("prompt", f"t{n}", now, until, 20), range(4)))
    held = [notice.id for claim in claims for notice in claim]
    assert len(held) == len(set(held))


def test_what_was_claimed_and_not_settled_is_due_again_after_its_lease(store: NotifyStores) -> None:
    now = real_now()
    add(store, *drafts(), now=now)
    assert len(store.notices.claim("prompt", "t1", now, now + timedelta(seconds=60), 9)) == 1
    assert store.notices.claim("prompt", "t2", now + timedelta(seconds=59), now + timedelta(seconds=99), 9) == []
    assert len(store.notices.claim("prompt", "t2", now + timedelta(seconds=61), now + timedelta(seconds=99), 9)) == 1


def test_what_is_for_the_inbox_goes_no_further(store: NotifyStores) -> None:
    [draft] = drafts()
    add(store, replace(draft, reach=Reach.INBOX))
    assert store.notices.claim("prompt", "t", real_now(), real_now(), 9) == []
    assert store.notices.unread(["p-xie"]) == 1


def test_old_notices_are_purged(store: NotifyStores) -> None:
    now = real_now()
    add(store, *drafts(id="e1"), now=now - timedelta(days=181))
    add(store, *drafts(id="e2"), now=now)
    assert store.notices.purge(now - timedelta(days=180)) == 1
    assert [each.event_id for each in store.notices.page(["p-xie"], None, 9)] == ["e2"]


def test_an_older_event_does_not_undo_a_newer_name(store: NotifyStores) -> None:
    store.names.learn("u-1", "新名", 2)
    store.names.learn("u-1", "旧名", 1)
    store.names.learn("u-1", "别名", 2)
    assert store.names.of(["u-1", "u-2"]) == {"u-1": "新名"}
    assert store.names.of([]) == {}
