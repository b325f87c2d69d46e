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
from notify.permission import Inboxes
from notify.real_time import real_now
from tests.component.notify.samples import NOW, event
from tests.component.notify.stores import NotifyStores

XIE = Inboxes(("p-xie",))
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
    assert store.notices.unread(XIE) == 1


def test_a_duplicate_among_new_ones_keeps_nobody_out(store: NotifyStores) -> None:
    [first] = drafts(id="e1")
    [second] = drafts(id="e2")
    [third] = drafts(id="e3")
    add(store, second)
    add(store, first, second, third)
    assert [each.event_id for each in store.notices.page(XIE, None, 9)] == ["e3", "e2", "e1"]


def test_reading_again_does_not_undo_the_reading(store: NotifyStores) -> None:
    [draft] = drafts()
    add(store, draft)
    read = store.notices.mark_read(draft.id, XIE, NOW)
    assert read is not None
    assert (read.unread, read.read_at) == (False, NOW)
    add(store, draft)
    again = store.notices.mark_read(draft.id, XIE, LATER)
    assert again is not None
    assert again.read_at == NOW
    assert store.notices.unread(XIE) == 0


def test_nobody_reads_a_notice_of_somebody_else(store: NotifyStores) -> None:
    [draft] = drafts()
    add(store, draft)
    assert store.notices.mark_read(draft.id, Inboxes(("p-other",)), NOW) is None
    assert store.notices.unread(XIE) == 1


def test_pages_follow_each_other_without_gap_or_repeat(store: NotifyStores) -> None:
    add(store, *(draft for number in range(7) for draft in drafts(id=f"e{number}")))
    add(store, *(replace(draft, recipient="u-1", id=f"e9:{draft.id}") for draft in drafts()))
    seen: list[str] = []
    after = None
    while page := store.notices.page(Inboxes(("p-xie",), "u-1", ("360704",)), after, 3):
        seen += [each.id for each in page]
        after = page[-1].id
    assert len(seen) == len(set(seen)) == 8
    assert seen == sorted(seen, reverse=True)


LAMP = Inboxes(("p-lamp",), "u-1", ("360704100", "360704200001"))
PLACES = ("360704100002001", "360704200001001", "360704200002001", "360703100001001", None)


def of_unit(store: NotifyStores) -> None:
    """What a unit is told of a case in each of these places, of a case nobody knows where, and of itself."""
    [plain] = drafts()
    told = [replace(plain, recipient="u-1", id=f"{n}:u-1", grid_code=place) for n, place in enumerate(PLACES)]
    add(store, *told, replace(plain, recipient="u-1", id="9:u-1", grid_code=None, case_id=None))
    add(store, replace(plain, recipient="p-lamp", id="8:own", grid_code=PLACES[3]))


def test_of_what_a_unit_is_told_who_speaks_for_it_reads_what_lies_in_the_scopes(store: NotifyStores) -> None:
    of_unit(store)
    page = store.notices.page(LAMP, None, 9)
    assert [each.id for each in page] == ["9:u-1", "8:own", "1:u-1", "0:u-1"]
    assert [each.id for each in store.notices.page(LAMP, "8:own", 1)] == ["1:u-1"]
    assert store.notices.unread(LAMP) == 4
    for n in (2, 3, 4):
        assert store.notices.mark_read(f"{n}:u-1", LAMP, NOW) is None
    assert store.notices.mark_read("1:u-1", LAMP, NOW) is not None
    assert store.notices.unread(LAMP) == 3


def test_the_inbox_of_a_unit_is_read_in_the_order_of_its_index(
    store: NotifyStores, database: Database[dict[str, Any]]
) -> None:
    of_unit(store)
    database.command("profile", 2)
    store.notices.page(LAMP, "8", 2)
    store.notices.unread(LAMP)
    database.command("profile", 0)
    page, count = database["system.profile"].find({"ns": f"{database.name}.notices"}).sort("ts")
    assert not page.get("hasSortStage")
    assert set(page["planSummary"].split(", ")) == {"IXSCAN { recipient: 1", "_id: -1 }"}
    assert "COLLSCAN" not in count["planSummary"]


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
    assert store.notices.unread(XIE) == 1


def test_old_notices_are_purged(store: NotifyStores) -> None:
    now = real_now()
    add(store, *drafts(id="e1"), now=now - timedelta(days=181))
    add(store, *drafts(id="e2"), now=now)
    assert store.notices.purge(now - timedelta(days=180)) == 1
    assert [each.event_id for each in store.notices.page(XIE, None, 9)] == ["e2"]


def test_an_older_event_does_not_undo_a_newer_name(store: NotifyStores) -> None:
    store.names.learn("u-1", "新名", 2)
    store.names.learn("u-1", "旧名", 1)
    store.names.learn("u-1", "别名", 2)
    assert store.names.of(["u-1", "u-2"]) == {"u-1": "新名"}
    assert store.names.of([]) == {}
