"""What happens, as notify tells it to gateways and as somebody who missed some reads it."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from chassis.errors import Refusal
from chassis.event import Event
from chassis.mongo import Home
from notify.live import desk, strand, telling
from notify.live.strand import START, CaseStrand, InboxStrand
from notify.live.telling import Teller
from notify.notices.inbox_store import InboxLog
from notify.real_time import real_now
from notify.service import NotifyService
from tests.component.notify.samples import GRID, PARTNER, caller, event
from tests.component.notify.stores import NotifyStores
from tests.component.wire import Wire

Stored = Database[dict[str, Any]]
EVERY = [{"key": "area:360704", "none": []}]


def positions(wire: Wire) -> list[int]:
    return [each["position"] for each in wire.told("updates")]


def keep(service: NotifyService, *cases: str, **data: Any) -> None:
    service.keep_events([event("case.noted", case=case, **data) for case in cases])


def missed(service: NotifyService, after: str | None, clauses: Any = EVERY) -> dict[str, Any]:
    return service.missed(strand="cases", clauses=clauses, after=after)


def cases(page: Mapping[str, Any]) -> list[str]:
    return [each["data"]["case_id"] for each in page["updates"]]


def test_without_a_cursor_nothing_was_missed_and_one_goes_on_from_the_end(service: NotifyService) -> None:
    assert missed(service, None) == {"updates": [], "position": 0, "cursor": START, "more": False}
    keep(service, "c-1", "c-2")
    page = missed(service, None)
    assert (page["updates"], page["position"], page["more"]) == ([], 2, False)
    keep(service, "c-3")
    assert cases(missed(service, page["cursor"])) == ["c-3"]


def test_what_came_since_an_empty_log_is_told(service: NotifyService) -> None:
    keep(service, "c-1", "c-2")
    assert cases(missed(service, START)) == ["c-1", "c-2"]


def test_pages_follow_each_other_without_gap_or_repeat(service: NotifyService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "PAGE", 2)
    keep(service, *(f"c-{n}" for n in range(5)))
    found, cursor, more = list[str](), START, True
    while more:
        page = missed(service, cursor)
        found += cases(page)
        cursor, more = page["cursor"], page["more"]
    assert found == [f"c-{n}" for n in range(5)]


def test_only_what_the_clauses_admit_is_told_and_the_cursor_passes_over_the_rest(service: NotifyService) -> None:
    keep(service, "c-1")
    keep(service, "c-2", restricted=True)
    keep(service, "c-3", complained_unit_id="u-lighting")
    keep(service, "c-4", grid_code="360704100007001")
    page = missed(service, START, [{"key": "area:360704100002", "none": ["restricted", "about:u-lighting"]}])
    assert (cases(page), page["position"]) == (["c-1"], 4)
    assert missed(service, page["cursor"])["updates"] == []
    assert cases(missed(service, START, [{"key": "case:c-3", "none": []}])) == ["c-3"]
    assert cases(missed(service, START, [])) == []


def test_a_gateway_is_told_everything_with_its_marks(service: NotifyService) -> None:
    keep(service, "c-1", restricted=True)
    [told] = service.updates(strand="cases", after=START)["updates"]
    assert {"case:c-1", "area:360704", "restricted", "type:case.noted", "reported-by:p-xie"} <= set(told["marks"])
    assert service.updates(strand="cases")["updates"] == []


@pytest.mark.parametrize("ask", ["missed", "updates"])
def test_who_cannot_go_on_is_told_so(
    service: NotifyService, store: NotifyStores, database: Stored, monkeypatch: pytest.MonkeyPatch, ask: str
) -> None:
    def refused(after: str) -> str:
        asked = {"strand": "cases", "after": after, **({"clauses": EVERY} if ask == "missed" else {})}
        with pytest.raises(Refusal) as refusal:
            getattr(service, ask)(**asked)
        return refusal.value.code

    keep(service, "c-1", "c-2", "c-3")
    first, *_ = service.updates(strand="cases", after=START)["updates"]
    assert refused("nonsense") == "invalid_cursor"
    tell(service, "c-1")
    assert refused(service.updates(strand="inbox")["cursor"]) == "stream_too_far_behind", "of another strand"
    monkeypatch.setattr(strand, "FARTHEST", 1)
    assert refused(first["cursor"]) == "stream_too_far_behind"
    monkeypatch.setattr(strand, "FARTHEST", 50_000)
    last = service.updates(strand="cases")["cursor"]
    store.log.purge(real_now() + timedelta(days=1))
    assert refused(first["cursor"]) == refused(START) == "stream_too_far_behind"
    database["event_log"].update_one({"_id": 3}, {"$set": {"id": "of another epoch"}})
    assert refused(last) == "stream_too_far_behind"


def test_what_is_new_is_told_in_order_and_once(store: NotifyStores, service: NotifyService) -> None:
    wire, kept = Wire(), CaseStrand(store.log)
    keep(service, "c-1")
    teller = Teller(wire.send)
    teller.tell("cases", kept)
    assert positions(wire) == []  # what was before is no news
    keep(service, "c-2", "c-3")
    teller.tell("cases", kept)
    teller.tell("cases", kept)
    assert positions(wire) == [2, 3]
    assert {body["strand"] for body in wire.sent} == {"cases"}


def test_what_did_not_leave_is_told_the_next_time(store: NotifyStores, service: NotifyService) -> None:
    wire, kept = Wire(), CaseStrand(store.log)
    teller = Teller(wire.send)
    teller.tell("cases", kept)
    keep(service, "c-1")
    wire.up = False
    teller.tell("cases", kept)
    wire.up = True
    keep(service, "c-2")
    teller.tell("cases", kept)
    assert positions(wire) == [1, 2]


def test_much_is_told_in_several_messages(
    store: NotifyStores, service: NotifyService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "AT_ONCE", 2)
    wire, kept = Wire(), CaseStrand(store.log)
    teller = Teller(wire.send)
    teller.tell("cases", kept)
    keep(service, *(f"c-{n}" for n in range(5)))
    teller.tell("cases", kept)
    assert [len(body["updates"]) for body in wire.sent] == [2, 2, 1]


def test_the_rounds_of_the_service_tell_it(service: NotifyService) -> None:
    wire = Wire()
    service.teller = Teller(wire.send)
    service.tell_live()
    keep(service, "c-1")
    service.tell_live()
    assert positions(wire) == [1]


XIE = caller("p-xie")


def tell(service: NotifyService, *cases: str, **data: Any) -> None:
    for case in cases:
        service.tell(event("case.registered", case=case, **data))


def in_inbox(service: NotifyService, who: dict[str, Any], after: str | None = START) -> list[str]:
    watch = service.watch_inbox(who)["clauses"]
    return cases_of_notices(service.missed(strand="inbox", clauses=watch, after=after))


def cases_of_notices(page: Mapping[str, Any]) -> list[str]:
    return [each["data"]["case_id"] for each in page["updates"]]


def test_what_comes_into_the_own_inbox_is_told_and_nobody_elses(service: NotifyService) -> None:
    tell(service, "c-1", "c-2")
    assert in_inbox(service, XIE) == ["c-1", "c-2"]
    assert in_inbox(service, caller("p-zhang")) == []


def test_a_former_id_and_the_own_unit_are_listened_to_as_the_inbox_is_read(service: NotifyService) -> None:
    def keys(who: dict[str, Any]) -> list[str]:
        return [each["key"] for each in service.watch_inbox(who)["clauses"]]

    assert keys({**XIE, "former": ["p-old"]}) == ["inbox:p-xie", "inbox:p-old"]
    assert keys(PARTNER) == ["inbox:p-lamp", "inbox:u-lighting@nowhere", "inbox:u-lighting@360704100002"]
    assert keys({**PARTNER, "grants": XIE["grants"]}) == ["inbox:p-lamp"]


def test_of_what_a_unit_is_told_a_stream_has_what_its_reader_has_in_the_inbox(service: NotifyService) -> None:
    unit = [{"id": "u-lighting", "kind": "unit"}]
    for case, grid in (("c-1", GRID), ("c-2", "360704100003001"), ("c-3", None)):
        service.tell(event("case.dispatched", case=case, grid_code=grid, assignees=unit, reporter_id=None))
    service.tell_of_dual_service(registered("u-lighting"))
    heard = [{**PARTNER, "grants": [{"role": "unit_contact", "scope": scope}]} for scope in ("360704100", "360704200")]
    assert [in_inbox(service, who) for who in heard] == [["c-1", "c-2", None], [None]]
    for who in heard:
        assert sorted(map(str, in_inbox(service, who))) == sorted(str(each["case_id"]) for each in inbox(service, who))


def registered(unit: str) -> Event:
    """What a unit is told of itself, which has no place."""
    return event("registration.accepted", person_id=None, unit_id=unit, registration_id="r-1")


def inbox(service: NotifyService, who: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = service.inbox(who)["items"]
    return found


def test_a_notice_that_is_told_says_what_the_inbox_shows_and_none_of_its_words(service: NotifyService) -> None:
    tell(service, "c-1")
    [told] = service.missed(strand="inbox", clauses=service.watch_inbox(XIE)["clauses"], after=START)["updates"]
    [shown] = service.inbox(XIE)["items"]
    assert told["type"] == "notice.added"
    assert {name: told["data"][name] for name in ("notice_id", "template", "case_id", "number", "mandatory")} == {
        name: shown[name] for name in ("notice_id", "template", "case_id", "number", "mandatory")
    }
    assert "texts" not in told["data"]


def test_an_event_that_comes_again_comes_into_no_inbox_twice(service: NotifyService, database: Stored) -> None:
    happened = event("case.registered")
    for _ in range(3):
        service.tell(happened)
    assert in_inbox(service, XIE) == ["c-1"]
    assert [each["_id"] for each in database["inbox_log"].find().sort("_id")] == [1]


def test_what_a_dying_process_had_not_put_in_order_is_when_the_event_comes_again(
    service: NotifyService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: Any) -> None:
        raise ConnectionError

    happened = event("case.registered")
    with monkeypatch.context() as dying:
        dying.setattr(service.notices_kept.log, "append", dies)
        with pytest.raises(ConnectionError):
            service.tell(happened)
    assert service.inbox(XIE)["items"]
    assert in_inbox(service, XIE) == []
    service.tell(happened)
    assert in_inbox(service, XIE) == ["c-1"]


def test_of_who_is_forgotten_nothing_is_told_and_the_others_keep_their_places(
    service: NotifyService, store: NotifyStores, database: Stored
) -> None:
    tell(service, "c-1")
    tell(service, "c-2", reporter_id="p-zhang")
    watch = service.watch_inbox(caller("p-zhang"))["clauses"]
    last = service.updates(strand="inbox")["cursor"]
    assert store.notices.forget(["p-zhang"], ()) == 1
    assert "p-zhang" not in str(list(database["inbox_log"].find()))
    assert service.missed(strand="inbox", clauses=watch, after=START)["updates"] == []
    tell(service, "c-3")
    assert in_inbox(service, XIE) == ["c-1", "c-3"]
    assert in_inbox(service, XIE, last) == ["c-3"]


def test_inboxes_are_told_to_gateways_without_gaps(service: NotifyService, store: NotifyStores) -> None:
    wire, kept = Wire(), InboxStrand(store.notices)
    teller = Teller(wire.send)
    teller.tell("inbox", kept)
    tell(service, "c-1")
    tell(service, "c-2", reporter_id="p-zhang")
    store.notices.forget(["p-zhang"], ())
    tell(service, "c-3")
    teller.tell("inbox", kept)
    assert positions(wire) == [1, 2, 3]
    assert [bool(each["marks"]) for body in wire.sent for each in body["updates"]] == [True, False, True]


def test_positions_go_on_from_the_last_one_after_a_purge(service: NotifyService, store: NotifyStores) -> None:
    tell(service, "c-1", "c-2")
    assert store.notices.log.purge(real_now() + timedelta(days=1)) == 1
    tell(service, "c-3")
    newest = store.notices.log.newest()
    assert newest is not None
    assert newest.position == 3


def test_several_that_write_at_once_share_no_place_and_leave_none(store: NotifyStores, database: Stored) -> None:
    with ThreadPoolExecutor(8) as pool:
        logs = [InboxLog(Home(database)) for _ in range(4)]
        list(pool.map(lambda n: logs[n % 4].append([f"n-{n}", f"m-{n}"], real_now()), range(40)))
    kept = list(database["inbox_log"].find().sort("_id"))
    assert [each["_id"] for each in kept] == list(range(1, 81))
    assert len({each["notice"] for each in kept}) == 80
