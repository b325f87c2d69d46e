"""Notices from events, in the inbox and outside: to whom, how often, in which words."""

import json
import stat
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from chassis.errors import Refusal
from chassis.event import Malformed
from notify.channels.console import Console
from notify.messages.ladder import LADDER
from notify.real_time import real_now
from notify.service import NotifyService
from notify.wording.wording import SHANGHAI
from tests.component.notify.samples import PARTNER, MembersStandIn, caller, event
from tests.component.notify.stores import NotifyStores
from tests.component.set_clock import SetClock

XIE = caller("p-xie")
DESK = caller("p-desk", "dispatcher")
Stored = Database[dict[str, Any]]


def titles(service: NotifyService, who: dict[str, Any]) -> list[str]:
    return [each["template"] for each in service.inbox(who)["items"]]


def lines(console_file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in console_file.read_text("utf-8").splitlines()] if console_file.exists() else []


def test_an_event_that_comes_fifty_times_is_told_once(service: NotifyService, console_file: Path) -> None:
    registered = event("case.registered")
    for _ in range(50):
        service.tell(registered)
        service.send_outside()
    assert titles(service, XIE) == ["registered"]
    assert service.inbox(XIE)["unread"] == 1
    assert len(lines(console_file)) == 1


def test_a_notice_is_shown_in_both_languages_with_names_of_places(service: NotifyService) -> None:
    service.learn_name(event("unit.registered", unit_id="u-lighting", name="高新社区路灯队"))
    service.tell(event("case.dispatched", assignees=[{"id": "u-lighting", "kind": "unit", "lead": True}]))
    [notice] = service.inbox(XIE)["items"]
    assert "路灯不亮/闪烁" in notice["texts"]["zh-CN"]["body"]
    assert "高新社区路灯队" in notice["texts"]["zh-CN"]["body"]
    assert "2026-03-17 18:00" in notice["texts"]["en"]["body"]
    assert notice["case_id"] == "c-1"
    assert notice["at"] == "2026-03-12T11:40:00Z"


def test_a_category_is_called_by_its_district_s_name_from_the_day_on_which_the_district_said(
    service: NotifyService, clock: SetClock, console_file: Path
) -> None:
    def entered(number: int, valid_from: str, zh: str) -> None:
        row = {"code": "0101", "zh": zh, "en": f"Lamp {number}"}
        told: dict[str, Any] = {"area": "360704", "number": number, "valid_from": valid_from, "categories": [row]}
        service.learn_categories(event("policy.entered", **told))

    def said() -> str:
        return str(service.inbox(XIE)["items"][0]["texts"]["zh-CN"]["body"])

    entered(3, "2026-05-01", "路灯故障")
    entered(2, "2026-04-01", "路灯坏了")
    entered(1, "2026-04-01", "路灯未亮")
    service.tell(event("case.registered"))
    assert "路灯不亮/闪烁" in said()
    for day, name in (("2026-03-31T16:00:00Z", "路灯坏了"), ("2026-04-30T16:00:00Z", "路灯故障")):
        clock.moment = datetime.fromisoformat(day)
        assert name in said()
    clock.wait(hours=10)
    service.send_outside()
    assert "路灯故障" in lines(console_file)[0]["body"]


def test_a_unit_reads_its_notices_through_its_contacts(service: NotifyService) -> None:
    service.tell(event("case.dispatched", assignees=[{"id": "u-lighting", "kind": "unit", "lead": True}]))
    assert titles(service, PARTNER) == ["assigned"]
    employee = caller("p-employee", "in_service_member", unit="u-lighting")
    assert titles(service, employee) == []


def test_staff_of_the_grid_are_asked_for_when_a_notice_is_for_them(
    service: NotifyService, members: MembersStandIn
) -> None:
    service.tell(event("case.registered"))
    assert members.asked == []
    service.tell(event("case.returned", by={"id": "p-worker", "role": "in_service_member"}, reason_code="unsafe"))
    assert members.asked == [("responsible", "360704100002001")]
    [notice] = service.inbox(DESK)["items"]
    assert "not safe" in notice["texts"]["en"]["body"]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0, 1, 2)])
def test_who_was_merged_twice_over_hears_of_the_case_at_the_end_once_in_whatever_order_events_come(
    service: NotifyService, order: tuple[int, ...]
) -> None:
    events = (
        event("case.merged", case="c-3", reporter_id="p-a"),
        event("case.merged", case="c-2", reporter_id="p-b", followers=["p-a"]),
        event("case.closed", case="c-1", followers=["p-a", "p-b"]),
    )
    for n in order:
        service.tell(events[n])
    assert titles(service, XIE) == ["closed"]
    assert sorted(titles(service, caller("p-a"))) == ["closed_for_follower", "merged", "merged"]
    assert sorted(titles(service, caller("p-b"))) == ["closed_for_follower", "merged"]


def test_whoever_works_on_a_case_reads_that_another_report_joined_it(service: NotifyService) -> None:
    team = [{"id": "p-worker", "kind": "person", "accepted": True}]
    service.tell(event("case.joined", assignees=team, reports=3, followers=["p-a"]))
    [notice] = service.inbox(caller("p-worker"))["items"]
    assert "3 reports" in notice["texts"]["en"]["body"]
    assert titles(service, XIE) == titles(service, caller("p-a")) == []


def test_an_anonymous_report_tells_nobody(service: NotifyService, database: Stored) -> None:
    service.tell(event("case.registered", reporter_id=None))
    assert database["notices"].count_documents({}) == 0


def test_an_event_that_does_not_fit_is_given_up_at_once(service: NotifyService, database: Stored) -> None:
    odd = event("case.registered", case_id=None)
    with pytest.raises(Malformed):
        service.tell(odd)
    with pytest.raises(Malformed):
        service.keep_events([event("case.registered"), odd])
    assert database["notices"].count_documents({}) == database["event_log"].count_documents({}) == 0


def test_the_console_gets_the_notice_in_the_language_of_the_person(service: NotifyService, console_file: Path) -> None:
    service.tell(event("case.dispatched", assignees=[{"id": "p-worker", "kind": "person"}]))
    service.send_outside()
    to_worker, to_reporter = sorted(lines(console_file), key=lambda line: line["template"])
    assert (to_worker["language"], to_worker["title"]) == ("en", "New task GX-c-1")
    assert (to_reporter["language"], to_reporter["recipient"]) == ("zh-CN", "p-xie")
    assert to_reporter["to"] == "120****0001"
    assert to_reporter["ref"] == sha256(b"12000000001").hexdigest()
    assert "12000000001" not in console_file.read_text("utf-8")
    assert stat.S_IMODE(console_file.stat().st_mode) == 0o600


def test_contacts_are_asked_for_at_the_moment_of_sending_and_never_kept(
    service: NotifyService, members: MembersStandIn, database: Stored
) -> None:
    service.tell(event("case.registered"))
    assert ("contacts", ["p-xie"]) not in members.asked
    service.send_outside()
    assert ("contacts", ["p-xie"]) in members.asked
    assert "1200000" not in str(list(database["notices"].find()))


def test_whom_notices_reached_is_told_once_a_day(service: NotifyService, database: Stored) -> None:
    """Sent or read, by one notice or several: one event for a person and a local day, as the sample has it."""
    for case in ("c-1", "c-2"):
        service.tell(event("case.dispatched", case=case, assignees=[{"id": "p-worker", "kind": "person"}]))
        service.send_outside()
    worker = caller("p-worker")
    [notice, _] = service.inbox(worker)["items"]
    service.mark_read(worker, "k", notice["notice_id"])
    told = {each["_id"]: each["history"] for each in database["reached"].find()}
    day = f"{service.clock.now().astimezone(SHANGHAI):%Y-%m-%d}"
    assert set(told) == {f"p-worker-{day}", f"p-xie-{day}"}
    [entry] = told[f"p-worker-{day}"]
    assert (entry["type"], entry["data"]) == ("notice.delivered", {"person_id": "p-worker", "day": day})


def test_a_unit_is_reached_through_its_contacts(service: NotifyService, console_file: Path) -> None:
    service.tell(event("case.reworked", assignees=[{"id": "u-lighting", "kind": "unit"}]))
    service.send_outside()
    [line] = lines(console_file)
    assert (line["to"], line["recipient"]) == ("120****0004", "u-lighting")


@pytest.mark.parametrize(("type", "sent"), [("case.asked", 0), ("case.registered", 1)])
def test_opting_out_holds_for_all_but_results_of_the_own_case(
    service: NotifyService, console_file: Path, type: str, sent: int
) -> None:
    service.tell(event(type, reporter_id="p-quiet"))
    service.send_outside()
    assert len(lines(console_file)) == sent
    assert service.inbox(caller("p-quiet"))["unread"] == 1


def test_a_notice_is_sent_later_when_members_is_away(
    service: NotifyService, members: MembersStandIn, console_file: Path, database: Stored
) -> None:
    def away(ids: list[str]) -> list[dict[str, Any]]:
        raise ConnectionError

    present = members.contacts
    members.contacts = away  # type: ignore[method-assign,assignment]  # members is away for a while
    service.tell(event("case.registered"))
    with pytest.raises(ConnectionError):
        service.send_outside()
    assert titles(service, XIE) == ["registered"]
    members.contacts = present  # type: ignore[method-assign]  # and back
    service.send_outside()
    assert lines(console_file) == []
    database["notices"].update_many({}, {"$set": {"due_at": real_now()}})
    service.send_outside()
    service.send_outside()
    assert len(lines(console_file)) == 1


def test_after_the_last_failed_try_the_grid_worker_calls_by_hand(
    service: NotifyService, clock: SetClock, tmp_path: Path, database: Stored
) -> None:
    service.channels = (Console(tmp_path / "missing" / "console"),)
    service.tell(event("case.registered"))
    clock.wait(hours=-6)  # early enough for the whole ladder before quiet hours
    waits = []
    for _ in LADDER:
        service.send_outside()
        message = database["messages"].find_one({"template": "registered"}) or {}
        waits.append(message["due_at"] - clock.now())
        clock.moment = message["due_at"]
    assert waits == list(LADDER)
    service.send_outside()
    message = database["messages"].find_one({"template": "registered"}) or {}
    assert (message["state"], message["why"], message["tries"]) == ("failed", "used_up", 5)
    assert [each["answer"] for each in message["attempts"]] == ["FileNotFoundError"] * 5
    assert titles(service, caller("p-grid", "grid_worker")) == ["call_by_hand"]


@pytest.mark.parametrize(("way", "said"), [("voice", "Please call and say"), ("visit", "Please visit and say")])
def test_for_a_reporter_without_an_account_the_worker_reads_what_to_say(
    service: NotifyService, way: str, said: str
) -> None:
    """F56: called back by voice or visit, as the reporter agreed."""
    service.tell(event("case.registered", reporter_id=None, callback=way))
    [notice] = service.inbox(caller("p-grid", "grid_worker"))["items"]
    assert notice["template"] == "tell_by_hand"
    assert said in notice["texts"]["en"]["body"]
    assert "2026-03-17 18:00" in notice["texts"]["zh-CN"]["body"]


def test_the_inbox_has_pages(service: NotifyService) -> None:
    for number in range(5):
        service.tell(event("case.registered", case=f"c-{number}"))
    first = service.inbox(XIE, limit=2)
    second = service.inbox(XIE, after=first["next"], limit=2)
    third = service.inbox(XIE, after=second["next"], limit=2)
    numbers = [item["number"] for page in (first, second, third) for item in page["items"]]
    assert numbers == ["GX-c-4", "GX-c-3", "GX-c-2", "GX-c-1", "GX-c-0"]
    assert third["next"] is None


def test_reading_counts_down_and_may_be_repeated(service: NotifyService) -> None:
    service.tell(event("case.registered"))
    [notice] = service.inbox(XIE)["items"]
    for command in ("c1", "c1", "c2"):
        read = service.mark_read(XIE, command, notice["notice_id"])
        assert (read["unread"], read["read_at"]) == (False, "2026-03-12T11:40:00Z")
    assert service.inbox(XIE)["unread"] == 0


@pytest.mark.parametrize("who", [caller("p-other"), DESK], ids=["another resident", "a dispatcher"])
def test_a_notice_of_somebody_else_is_not_to_be_found(service: NotifyService, who: dict[str, Any]) -> None:
    service.tell(event("case.registered"))
    [notice] = service.inbox(XIE)["items"]
    with pytest.raises(Refusal) as refused:
        service.mark_read(who, "c1", notice["notice_id"])
    assert refused.value.code == "notice_not_found"
    assert service.inbox(XIE)["unread"] == 1


def test_the_inbox_of_a_former_entry_is_the_callers_own(service: NotifyService) -> None:
    service.tell(event("case.registered"))
    merged = {**caller("p-other"), "former": ["p-xie"]}
    [notice] = service.inbox(merged)["items"]
    assert service.inbox(merged)["unread"] == 1
    assert not service.mark_read(merged, "c1", notice["notice_id"])["unread"]
    assert service.inbox(merged)["unread"] == 0


def test_who_has_no_role_has_no_inbox(service: NotifyService) -> None:
    with pytest.raises(Refusal) as refused:
        service.inbox({"id": "p-1", "grants": []})
    assert refused.value.code == "not_permitted"


@pytest.mark.parametrize("page", [{"limit": 0}, {"limit": 101}, {"limit": "many"}, {"after": 7}])
def test_a_page_that_does_not_fit_is_refused(service: NotifyService, page: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        service.inbox(XIE, **page)
    assert refused.value.code == "invalid"


def test_a_code_goes_to_the_console_and_stays_nowhere_else(
    service: NotifyService, console_file: Path, database: Stored
) -> None:
    expires_at = "2026-03-12T11:45:00Z"
    assert service.send_code("12000000001", "123456", expires_at) == {"sent": True}
    [line] = lines(console_file)
    assert (line["kind"], line["code"], line["to"]) == ("code", "123456", "120****0001")
    assert line["ref"] == sha256(b"12000000001").hexdigest()
    assert "19:45" in line["body"]
    assert database.list_collection_names() == [] or all(
        database[name].count_documents({}) == 0 for name in database.list_collection_names()
    )


@pytest.mark.parametrize(
    ("phone", "code", "expires_at"),
    [
        ("1200000000", "123456", "2026-03-12T11:45:00Z"),
        ("12000000001\n", "123456", "2026-03-12T11:45:00Z"),
        ("12000000001", "abc", "2026-03-12T11:45:00Z"),
        ("12000000001", "123456", "soon"),
        ("12000000001", "123456", "2026-03-12T11:45:00"),
    ],
)
def test_a_code_that_does_not_fit_is_refused(
    service: NotifyService, console_file: Path, phone: str, code: str, expires_at: str
) -> None:
    with pytest.raises(Refusal):
        service.send_code(phone, code, expires_at)
    assert lines(console_file) == []


def test_without_a_channel_no_code_can_be_sent(service: NotifyService) -> None:
    service.channels = ()
    with pytest.raises(Refusal) as refused:
        service.send_code("12000000001", "123456", "2026-03-12T11:45:00Z")
    assert refused.value.code == "no_channel"


def test_names_are_copied_anew_page_by_page(service: NotifyService, members: MembersStandIn) -> None:
    service.learn_name(event("grid.opened", sequence=2, grid_code="g", name="新名"))
    unit = {"type": "unit.registered", "sequence": 1, "data": {"unit_id": "u", "name": "甲", "grid_codes": []}}
    grid = {"type": "grid.opened", "sequence": 1, "data": {"grid_code": "g", "name": "旧名", "ring": []}}
    members.pages = {"": {"items": [grid], "next": "grids/g"}, "grids/g": {"items": [unit], "next": None}}
    assert service.copy_names() == "grids/g"
    assert service.copy_names("grids/g") is None
    assert service.names_kept.of(["u", "g"]) == {"u": "甲", "g": "新名"}
    service.learn_name(event("area.opened", area_id="360704", name="赣县区"))
    assert service.names_kept.of(["360704"]) == {"360704": "赣县区"}


def test_a_name_without_its_code_is_given_up_at_once(service: NotifyService) -> None:
    with pytest.raises(Malformed, match="unit_id"):
        service.learn_name(event("unit.registered", name="无号"))


def test_purging_removes_what_is_old_and_nothing_else(service: NotifyService, database: Stored) -> None:
    service.tell(event("case.registered"))
    service.keep_events([event("case.registered")])
    service.keep_events([event("case.registered")])
    service.purge()
    assert database["notices"].count_documents({}) == 1
    long_ago = real_now() - timedelta(days=200)
    for name in ("notices", "event_log"):
        database[name].update_many({}, {"$set": {"stored_at": long_ago}})
    service.purge()
    assert database["notices"].count_documents({}) == 0
    assert [each["_id"] for each in database["event_log"].find()] == [2]


def test_without_a_channel_notices_stay_in_the_inbox_and_wait_for_nothing(
    service: NotifyService, store: NotifyStores, console_file: Path
) -> None:
    service.channels = ()
    service.tell(event("case.registered"))
    service.send_outside()
    assert service.inbox(caller("p-xie"))["unread"] == 1
    assert store.notices.claim("prompt", "t", real_now() + timedelta(days=1), real_now() + timedelta(days=2), 9) == []
    service.channels = (Console(console_file),)
    service.send_outside()
    assert lines(console_file) == []
