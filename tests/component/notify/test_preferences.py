"""What people choose, on a real store: quiet hours defer, a digest gathers, the cap holds, a link unsubscribes."""

from typing import Any

import pytest
from pymongo.database import Database

from chassis.errors import Refusal
from notify.channels.port import Unavailable
from notify.preferences.judging import MOST_AN_HOUR
from notify.preferences.kinds import Kind
from notify.preferences.unsubscribing import Link, token
from notify.service import NotifyService
from tests.component.notify.samples import GRID, MembersStandIn, caller, event, person
from tests.component.notify.test_messages import Provider
from tests.component.set_clock import SetClock

Stored = Database[dict[str, Any]]
WORKER = caller("p-grid", "grid_worker")


@pytest.fixture
def sms(service: NotifyService, members: MembersStandIn) -> Provider:
    """The only way out; a grid worker who has agreed to it."""
    members.people["p-grid"] = person("p-grid", "12000000005", channels=["sms"])
    provider = Provider("sms")
    service.channels = (provider,)
    return provider


def ask(service: NotifyService, case: str = "c-1", **more: Any) -> None:
    """Something to do for the grid worker, which is not mandatory."""
    service.tell(event("case.verification_asked", case=case, **more))


def told(provider: Provider) -> list[str]:
    return [parcel.template for parcel in provider.took]


def night(clock: SetClock) -> None:
    clock.wait(hours=3)  # 22:40 in Shanghai


def test_quiet_hours_defer_and_do_not_drop(service: NotifyService, sms: Provider, clock: SetClock) -> None:
    night(clock)
    ask(service)
    service.send_outside()
    assert told(sms) == []
    clock.wait(hours=8, minutes=19)
    service.send_outside()
    assert told(sms) == []
    clock.wait(minutes=1)
    service.send_outside()
    service.send_outside()
    assert told(sms) == ["verify_please"]


def test_quiet_hours_that_are_ended_hold_nothing_back(service: NotifyService, sms: Provider, clock: SetClock) -> None:
    """What waited for their end goes out at once; what still has to wait does."""
    night(clock)
    ask(service)
    service.send_outside()
    service.choose(WORKER, quiet={"begins": "21:00", "ends": "06:00"})
    service.send_outside()
    assert told(sms) == []
    service.choose(caller("p-xie"), quiet=None)  # another's quiet hours hold nothing of this one
    service.send_outside()
    assert told(sms) == []
    service.choose(WORKER, quiet=None)
    service.send_outside()
    assert told(sms) == ["verify_please"]


def test_an_emergency_wakes_people(service: NotifyService, sms: Provider, clock: SetClock) -> None:
    night(clock)
    ask(service, severity="E")
    service.send_outside()
    assert told(sms) == ["verify_please"]


def test_what_is_deferred_is_looked_at_again(
    service: NotifyService, sms: Provider, clock: SetClock, database: Stored
) -> None:
    night(clock)
    ask(service)
    service.send_outside()
    service.choose(WORKER, declined={"task": ["sms"]})
    clock.wait(hours=9)
    service.send_outside()
    assert told(sms) == []
    message = database["messages"].find_one({"template": "verify_please"}) or {}
    assert (message["state"], message["why"]) == ("skipped", "no_way")


def test_a_digest_is_one_message_with_all_that_was_gathered(
    service: NotifyService, members: MembersStandIn, sms: Provider, clock: SetClock
) -> None:
    members.people["p-grid"] = person("p-grid", "12000000005", channels=["email"])
    sms.kind = "email"
    service.choose(WORKER, gathered=["task"], digest_at="20:00")
    for number in range(3):
        ask(service, f"c-{number}")
    service.send_outside()
    clock.wait(minutes=20)
    service.send_outside()
    [parcel] = sms.took
    assert (parcel.template, parcel.title) == ("digest", "今日消息 3 条")
    assert all(f"GX-c-{number}" in parcel.body for number in range(3))


def test_a_digest_in_a_text_message_says_where_it_stands(
    service: NotifyService, sms: Provider, clock: SetClock, database: Stored
) -> None:
    service.choose(WORKER, gathered=["task"], digest_at="20:00")
    for number in range(3):
        ask(service, f"c-{number}")
    service.send_outside()
    assert told(sms) == []
    clock.wait(minutes=20)
    service.send_outside()
    service.send_outside()
    [parcel] = sms.took
    assert (parcel.template, parcel.title) == ("digest", "今日消息 3 条")
    assert parcel.body == "请在收件箱中查看。"
    assert database["messages"].count_documents({"state": "sent", "lane": "digest"}) == 3


def test_a_digest_that_failed_is_tried_again_as_one(service: NotifyService, sms: Provider, clock: SetClock) -> None:
    service.choose(WORKER, gathered=["task"], digest_at="20:00")
    for number in range(2):
        ask(service, f"c-{number}")
    service.send_outside()
    clock.wait(minutes=20)
    sms.error = Unavailable("timeout")
    service.send_outside()
    sms.error = None
    clock.wait(minutes=1)
    service.send_outside()
    assert told(sms) == ["digest"]


def gathered_of_two_kinds(service: NotifyService, members: MembersStandIn, clock: SetClock, **more: Any) -> None:
    """Somebody who gathers both is asked for something and called; the time of the digest has come."""
    service.choose(WORKER, gathered=["task", "call"], digest_at="20:00", **more)
    members.called = ["p-grid"]
    ask(service)
    called: dict[str, Any] = {"call_id": "c-1", "grids": [GRID], "text": "…", "for": "2026-03-13T00:30:00Z"}
    service.take_call_in_hand(event("call.issued", **called))
    service.tell_of_calls()
    service.send_outside()
    service.send_in_bulk()
    clock.wait(minutes=20)
    service.send_outside()


def test_a_digest_has_a_link_that_stops_more_of_all_its_kinds(
    service: NotifyService, sms: Provider, members: MembersStandIn, clock: SetClock
) -> None:
    """A digest of two kinds; what of it nobody can decline is in no digest."""
    gathered_of_two_kinds(service, members, clock)
    [parcel] = sms.took
    assert parcel.template == "digest"
    end = (parcel.unsubscribe or "").rpartition("/")[2]
    assert service.linked(end) == service.unsubscribe(end) == {"kinds": ["call", "task"]}
    found = service.preferences(WORKER)
    assert set(found["declined"]) == {"call", "task"}
    assert service.choose(WORKER, **{name: found[name] for name in found if name != "kinds"}) == found
    ask(service, "c-2")
    clock.wait(hours=24)
    service.send_outside()
    assert len(sms.took) == 1


@pytest.mark.parametrize(("declined", "sent"), [(["task"], ["digest"]), (["call"], ["digest"]), (["task", "call"], [])])
def test_a_digest_takes_the_ways_that_any_of_its_kinds_may_take(
    service: NotifyService,
    sms: Provider,
    members: MembersStandIn,
    clock: SetClock,
    declined: list[str],
    sent: list[str],
) -> None:
    choice = {kind: ["sms"] for kind in declined}
    gathered_of_two_kinds(service, members, clock, declined=choice)
    assert told(sms) == sent


def test_nobody_gets_more_than_the_cap_in_an_hour(service: NotifyService, sms: Provider, clock: SetClock) -> None:
    for number in range(MOST_AN_HOUR + 3):
        ask(service, f"c-{number}")
    service.send_outside()
    assert len(sms.took) == MOST_AN_HOUR
    clock.wait(minutes=59)
    service.send_outside()
    assert len(sms.took) == MOST_AN_HOUR
    clock.wait(minutes=1)
    service.send_outside()
    assert len(sms.took) == MOST_AN_HOUR + 3


def test_what_went_out_before_the_clock_was_put_back_is_no_part_of_the_last_hour(
    service: NotifyService, sms: Provider, clock: SetClock
) -> None:
    for number in range(MOST_AN_HOUR):
        ask(service, f"c-{number}")
    service.send_outside()
    clock.wait(days=-14)
    ask(service, "c-earlier")
    service.send_outside()
    assert len(sms.took) == MOST_AN_HOUR + 1


def test_the_link_in_a_message_stops_more_of_its_kind_and_the_inbox_stays(
    service: NotifyService, sms: Provider
) -> None:
    ask(service)
    service.send_outside()
    link = sms.took[0].unsubscribe or ""
    assert link.startswith("https://sandan.example/v1/unsubscribe/")
    assert service.linked(link.rpartition("/")[2]) == {"kinds": ["task"]}
    ask(service, "c-0")
    service.send_outside()
    assert len(sms.took) == 2, "looking at it changes nothing"
    assert service.unsubscribe(link.rpartition("/")[2]) == {"kinds": ["task"]}
    ask(service, "c-2")
    service.send_outside()
    assert len(sms.took) == 2
    assert service.inbox(WORKER)["unread"] == 3


def test_a_console_that_an_earlier_link_declined_is_no_choice(service: NotifyService, database: Stored) -> None:
    service.choose(WORKER, declined={"task": ["sms"]})
    database["preferences"].update_one({}, {"$push": {"declined.task": "console"}})
    assert service.preferences(WORKER)["declined"] == {"task": ["sms"]}


def test_a_result_of_an_own_case_has_no_link_and_cannot_be_declined(service: NotifyService, sms: Provider) -> None:
    service.tell(event("case.registered"))
    service.send_outside()
    assert sms.took[0].unsubscribe is None
    for body in ({"declined": {"own_case": ["sms"]}}, {"gathered": ["own_case"]}):
        with pytest.raises(Refusal) as refused:
            service.choose(WORKER, **body)
        assert refused.value.code == "mandatory_kind"


@pytest.mark.parametrize("text", ["", "x", "gAAAAA"])
def test_a_link_that_is_none_is_refused(service: NotifyService, text: str) -> None:
    for follow in (service.linked, service.unsubscribe):
        with pytest.raises(Refusal) as refused:
            follow(text)
        assert refused.value.code in {"link_not_found", "invalid"}


def test_a_link_to_what_nobody_can_decline_is_followed_nowhere(service: NotifyService) -> None:
    text = token(Link("p-grid", (Kind.TASK, Kind.OWN_CASE)), service.sealer)
    for follow in (service.linked, service.unsubscribe):
        with pytest.raises(Refusal) as refused:
            follow(text)
        assert refused.value.code == "mandatory_kind"
    assert service.preferences(WORKER)["declined"] == {}


@pytest.mark.parametrize(
    "body",
    [
        {"zone": "Asia/Ganzhou"},
        {"zone": "localtime"},
        {"zone": "Factory"},
        {"quiet": {"begins": "22:00"}},
        {"quiet": {"begins": "25:00", "ends": "07:00"}},
        {"declined": {"weather": ["sms"]}},
        {"declined": {"task": ["fax"]}},
        {"gathered": ["weather"]},
        {"digest_at": "noon"},
        {"more": 1},
    ],
)
def test_a_choice_that_is_none_changes_nothing(service: NotifyService, body: dict[str, Any]) -> None:
    service.choose(WORKER, gathered=["task"])
    with pytest.raises(Refusal) as refused:
        service.choose(WORKER, **body)
    assert refused.value.code == "invalid"
    assert service.preferences(WORKER)["gathered"] == ["task"]


def test_everybody_has_preferences_before_choosing_any(service: NotifyService) -> None:
    found = service.preferences(WORKER)
    assert (found["zone"], found["quiet"]) == ("Asia/Shanghai", {"begins": "22:00", "ends": "07:00"})
    assert {"kind": "own_case", "mandatory": True} in found["kinds"]
    chosen = service.choose(WORKER, quiet=None, zone="Europe/Berlin", declined={"task": ["sms"], "desk": []})
    assert service.preferences(WORKER) == chosen
    assert (chosen["quiet"], chosen["declined"]) == (None, {"task": ["sms"]})
    assert service.preferences(caller("p-xie")) == found


def test_what_was_chosen_before_a_merge_holds_until_something_else_is(
    service: NotifyService, members: MembersStandIn, sms: Provider
) -> None:
    service.choose(caller("p-grid"), declined={"task": ["sms"]})
    merged = {**caller("p-new"), "former": ["p-grid"]}
    members.people["p-grid"] = person("p-grid", "12000000005", channels=["sms"], ids=["p-new", "p-grid"])
    assert service.preferences(merged)["declined"] == {"task": ["sms"]}
    ask(service)
    service.send_outside()
    assert told(sms) == []
    service.choose(merged, declined={})
    ask(service, "c-2")
    service.send_outside()
    assert told(sms) == ["verify_please"]
    service.unsubscribe((sms.took[0].unsubscribe or "").rpartition("/")[2])
    assert set(service.preferences(merged)["declined"]) == {"task"}


@pytest.mark.parametrize("under", ["p-grid", "p-new"])
def test_a_link_from_before_a_merge_adds_to_what_holds_today(
    service: NotifyService, members: MembersStandIn, sms: Provider, under: str
) -> None:
    """Whichever id it was chosen under, and is in the link."""
    ask(service)
    service.send_outside()
    link = (sms.took[0].unsubscribe or "").rpartition("/")[2]
    service.choose(caller(under), zone="Europe/Berlin", declined={"call": ["sms"]})
    merged = {**caller("p-new"), "former": ["p-grid"]}
    members.people["p-grid"] = person("p-grid", "12000000005", channels=["sms"], ids=["p-new", "p-grid"])
    service.unsubscribe(link)
    found = service.preferences(merged)
    assert (set(found["declined"]), found["zone"]) == ({"call", "task"}, "Europe/Berlin")
    ask(service, "c-2")
    service.send_outside()
    assert len(sms.took) == 1


def test_a_link_of_who_was_merged_since_keeps_what_they_chose_before(
    service: NotifyService, members: MembersStandIn, sms: Provider
) -> None:
    service.choose(WORKER, zone="Europe/Berlin")
    members.people["p-grid"] = person("p-grid", "12000000005", channels=["sms"], ids=["p-new", "p-grid"])
    ask(service)
    service.send_outside()
    service.unsubscribe((sms.took[0].unsubscribe or "").rpartition("/")[2])
    found = service.preferences({**caller("p-new"), "former": ["p-grid"]})
    assert (set(found["declined"]), found["zone"]) == ({"task"}, "Europe/Berlin")


def test_a_link_of_who_has_left_keeps_nothing_of_them(
    service: NotifyService, members: MembersStandIn, sms: Provider, database: Stored
) -> None:
    ask(service)
    service.send_outside()
    del members.people["p-grid"]
    assert service.unsubscribe((sms.took[0].unsubscribe or "").rpartition("/")[2]) == {"kinds": ["task"]}
    assert database["preferences"].count_documents({}) == 0


def test_of_who_has_left_nothing_is_kept(service: NotifyService, database: Stored) -> None:
    for id in ("p-old", "p-new", "p-other"):
        service.choose(caller(id), gathered=["task"])
    service.forget_preferences(event("person.left", person_id="p-new", former_ids=["p-old"]))
    assert [each["_id"] for each in database["preferences"].find()] == ["p-other"]
