"""F41, the half of notify: everybody who is called is told once, whatever ends in between, and how far it has come."""

from typing import Any

import pytest
from pymongo.database import Database

from chassis.errors import Refusal
from chassis.event import Event
from notify.calls.store import CallsInHand
from notify.real_time import real_now
from notify.service import NotifyService
from tests.component.notify.ending import ends_at_the_second_page
from tests.component.notify.samples import MembersStandIn, caller, event, person
from tests.component.notify.stores import NotifyStores
from tests.component.notify.test_messages import Provider
from tests.component.set_clock import SetClock

Stored = Database[dict[str, Any]]

GRIDS = ["360704100002001", "360704100002002"]
DESK = caller("p-desk", "dispatcher")
MANY = 1_200


@pytest.fixture
def sms(service: NotifyService, members: MembersStandIn) -> Provider:
    """The only way out, and many who may be reached by it."""
    people(members, MANY)
    provider = Provider("sms")
    service.channels = (provider,)
    return provider


def people(members: MembersStandIn, number: int) -> None:
    members.called = [f"q-{n:04d}" for n in range(number)]
    members.people |= {id: person(id, f"1300000{id[2:]}", channels=["sms"]) for id in members.called}


def call(id: str = "c-1", **more: Any) -> Event:
    """One that is issued at 19:40 for the next morning."""
    text: dict[str, Any] = {"text": "咱们先把楼道清理干净！", "for": "2026-03-13T00:30:00Z", "emergency": False}
    return event("call.issued", id=f"e-{id}", call_id=id, grids=GRIDS, called=MANY, **(text | more))


def sent(service: NotifyService) -> None:
    service.tell_of_calls()
    service.send_in_bulk()


def told(provider: Provider) -> list[str]:
    return [parcel.to for parcel in provider.took]


def counts(service: NotifyService, id: str = "c-1") -> tuple[int, ...]:
    found = service.call_counts(DESK, id)
    return tuple(found[name] for name in ("told", "waiting", "delivered", "read"))


def come_free(database: Stored) -> None:
    """What a process held that has ended comes free; nobody has to wait for that here."""
    for name in ("calls", "messages"):
        database[name].update_many({}, {"$set": {"held_until": real_now()}})
    database["notices"].update_many({"outside": "due"}, {"$set": {"due_at": real_now()}})


def test_f41_everybody_is_told_once_and_it_is_counted_how_many_have_had_it_and_read_it(
    service: NotifyService, sms: Provider, members: MembersStandIn
) -> None:
    """F41: delivered and read are counted live."""
    for _ in range(3):
        service.take_call_in_hand(call())
    assert counts(service) == (0, 0, 0, 0)
    service.tell_of_calls()
    assert [asked for what, asked in members.asked if what == "called_people"] == ["", "q-0499", "q-0999"]
    assert counts(service) == (MANY, 0, 0, 0)
    service.send_in_bulk()
    sent(service)
    assert sorted(told(sms)) == [f"1300000{n:04d}" for n in range(MANY)]
    assert counts(service) == (MANY, 0, MANY, 0)
    reader = caller("q-0007", "volunteer")
    [notice] = service.inbox(reader)["items"]
    assert (notice["template"], notice["call_id"]) == ("call_to_action", "c-1")
    service.mark_read(reader, "r", notice["notice_id"])
    assert counts(service) == (MANY, 0, MANY, 1)


@pytest.mark.parametrize("broken", ["called_people", "add", "advance"])
def test_whatever_ends_in_between_everybody_is_told_once(
    service: NotifyService,
    sms: Provider,
    store: NotifyStores,
    members: MembersStandIn,
    database: Stored,
    monkeypatch: pytest.MonkeyPatch,
    broken: str,
) -> None:
    """A process that ends before a page is asked for, after it is stored, or before that is noted."""
    of = {"called_people": members, "add": store.notices, "advance": store.calls}[broken]
    ends_at_the_second_page(monkeypatch, of, broken)
    service.take_call_in_hand(call())
    with pytest.raises(KeyboardInterrupt):
        service.tell_of_calls()
    service.tell_of_calls()
    assert counts(service)[0] < MANY  # another's, until its lease ends
    come_free(database)
    sent(service)
    assert counts(service) == (MANY, 0, MANY, 0)
    assert len(told(sms)) == len(set(told(sms))) == MANY


def test_messages_of_a_process_that_ended_are_sent_by_another(
    service: NotifyService, sms: Provider, database: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lot that was claimed and not sent goes out later; nobody has two messages."""
    service.take_call_in_hand(call())
    service.tell_of_calls()
    monkeypatch.setattr(sms, "send", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        service.send_in_bulk()
    monkeypatch.undo()
    come_free(database)
    sent(service)
    assert sorted(told(sms)) == [f"1300000{n:04d}" for n in range(MANY)]


def test_a_page_is_one_rounds_at_a_time_and_emergencies_come_first(store: NotifyStores, service: NotifyService) -> None:
    for id, emergency in (("c-1", False), ("c-2", True)):
        service.take_call_in_hand(call(id, emergency=emergency))
    now, calls = real_now(), store.calls
    assert _claimed(calls, "a", now) == "c-2"
    assert _claimed(calls, "b", now) == "c-1"
    assert _claimed(calls, "c", now) is None
    calls.advance("c-2", "b", None, now)  # who has lost it changes nothing
    assert _claimed(calls, "c", now) is None
    calls.advance("c-2", "a", "q-1", now)
    assert _claimed(calls, "c", now) == "c-2"
    calls.advance("c-2", "c", None, now)
    assert _claimed(calls, "c", now) is None


def _claimed(calls: CallsInHand, token: str, now: Any) -> str | None:
    found = calls.claim(token, now, now.replace(year=now.year + 1))
    return found.id if found else None


def test_an_emergency_overtakes_what_is_on_its_way(service: NotifyService, sms: Provider) -> None:
    service.take_call_in_hand(call())
    service.tell_of_calls()
    service.take_call_in_hand(call("c-2", emergency=True))
    sent(service)
    assert {parcel.title for parcel in sms.took[:MANY]} == {"紧急召集：2026-03-13 08:30"}
    assert len(sms.took) == 2 * MANY


def test_quiet_hours_hold_but_in_an_emergency(
    service: NotifyService, sms: Provider, members: MembersStandIn, clock: SetClock
) -> None:
    """F41: nothing between 22:00 and 07:00; an emergency passes."""
    people(members, 30)
    clock.wait(hours=3)  # 22:40
    service.take_call_in_hand(call())
    sent(service)
    assert (told(sms), counts(service)) == ([], (30, 30, 0, 0))
    service.take_call_in_hand(call("c-2", emergency=True))
    sent(service)
    assert (len(told(sms)), counts(service, "c-2")) == (30, (30, 0, 30, 0))
    clock.wait(hours=8, minutes=19)
    sent(service)
    assert counts(service) == (30, 30, 0, 0)
    clock.wait(minutes=1)
    sent(service)
    assert counts(service) == (30, 0, 30, 0)


def test_who_has_answered_before_the_message_goes_out_gets_none(
    service: NotifyService, sms: Provider, members: MembersStandIn, clock: SetClock, database: Stored
) -> None:
    people(members, 3)
    clock.wait(hours=3)
    service.take_call_in_hand(call())
    sent(service)
    members.answered = {"q-0001"}
    clock.wait(hours=9)
    sent(service)
    assert sorted(told(sms)) == ["13000000000", "13000000002"]
    message = database["messages"].find_one({"person_id": "q-0001"}) or {}
    assert (message["state"], message["why"]) == ("skipped", "moot")


def test_nobody_is_asked_to_come_once_it_is_time(
    service: NotifyService, sms: Provider, members: MembersStandIn, clock: SetClock
) -> None:
    people(members, 3)
    clock.wait(hours=3)
    service.take_call_in_hand(call(**{"for": "2026-03-12T22:00:00Z"}))
    sent(service)
    clock.wait(hours=9)
    service.take_call_in_hand(call("c-2", **{"for": "2026-03-12T22:00:00Z"}))
    sent(service)
    assert told(sms) == []
    assert (counts(service), counts(service, "c-2")) == ((3, 0, 0, 0), (0, 0, 0, 0))


def test_who_wants_no_such_messages_has_it_in_the_inbox(
    service: NotifyService, sms: Provider, members: MembersStandIn
) -> None:
    """F41: opt-outs are left out, in an emergency too."""
    people(members, 3)
    service.choose(caller("q-0001", "volunteer"), declined={"call": ["sms"]})
    service.take_call_in_hand(call(emergency=True))
    sent(service)
    assert sorted(told(sms)) == ["13000000000", "13000000002"]
    assert counts(service) == (3, 0, 2, 0)


def test_who_reads_it_in_the_inbox_has_had_it(
    service: NotifyService, sms: Provider, members: MembersStandIn, clock: SetClock
) -> None:
    people(members, 3)
    clock.wait(hours=3)
    service.take_call_in_hand(call())
    sent(service)
    reader = caller("q-0001", "volunteer")
    service.mark_read(reader, "r", service.inbox(reader)["items"][0]["notice_id"])
    assert counts(service) == (3, 2, 1, 1)


def test_how_far_a_call_has_come_is_for_who_may_call_all_of_its_grids(
    service: NotifyService, sms: Provider, members: MembersStandIn
) -> None:
    people(members, 1)
    service.take_call_in_hand(call())
    assert service.call_counts(caller("p-c", "community_worker", "360704100002"), "c-1")["told"] == 0
    for who in (caller("p-g", "community_worker", GRIDS[0]), caller("q-0000", "volunteer"), caller("p-a", "auditor")):
        with pytest.raises(Refusal, match="not_permitted"):
            service.call_counts(who, "c-1")
    assert set(service.call_counts(DESK, "unheard").values()) == {0}


def test_calls_are_kept_as_long_as_notices(service: NotifyService, members: MembersStandIn, database: Stored) -> None:
    service.take_call_in_hand(call())
    service.purge()
    assert database["calls"].count_documents({}) == 1
    long_ago = real_now().replace(year=real_now().year - 1)
    database["calls"].update_many({}, {"$set": {"stored_at": long_ago}})
    service.purge()
    assert database["calls"].count_documents({}) == 0


def withdrawal(id: str = "c-1", **more: Any) -> Event:
    """One that says why."""
    issued: dict[str, Any] = {
        "text": "咱们先把楼道清理干净！",
        "for": "2026-03-13T00:30:00Z",
        "emergency": False,
        "reason": "暴雨",
    }
    return event("call.withdrawn", id=f"w-{id}", call_id=id, grids=GRIDS, called=MANY, **(issued | more))


def texts(service: NotifyService, id: str) -> list[str]:
    items = service.inbox(caller(id, "volunteer"))["items"]
    return [each["template"] for each in items]


def test_who_was_told_is_told_once_that_it_is_withdrawn_and_why(
    service: NotifyService, sms: Provider, database: Stored
) -> None:
    """Over several pages, and with an event that comes again."""
    service.take_call_in_hand(call())
    sent(service)
    sent(service)
    for _ in range(2):
        service.call_off(withdrawal())
        sent(service)
        sent(service)
    assert len(sms.took) == 2 * MANY
    assert {parcel.title for parcel in sms.took[MANY:]} == {"召集取消：2026-03-13 08:30"}
    assert all("暴雨" in parcel.body for parcel in sms.took[MANY:])
    assert len({parcel.to for parcel in sms.took[MANY:]}) == MANY
    assert texts(service, "q-0007") == ["call_called_off", "call_to_action"]
    assert counts(service) == (MANY, 0, MANY, 0)
    assert database["calls"].count_documents({"open": True}) == 0


def test_whose_message_has_not_gone_out_gets_none_and_reads_it_in_the_inbox(
    service: NotifyService, sms: Provider, members: MembersStandIn, clock: SetClock, database: Stored
) -> None:
    """Withdrawn at night: nobody is woken, nor told in the morning of what nobody told them, but who had read it."""
    people(members, 3)
    clock.wait(hours=3)
    service.take_call_in_hand(call())
    sent(service)
    reader = caller("q-0001", "volunteer")
    service.mark_read(reader, "r", service.inbox(reader)["items"][0]["notice_id"])
    assert counts(service) == (3, 2, 1, 1)
    service.call_off(withdrawal())
    assert counts(service) == (3, 0, 1, 1)
    sent(service)
    assert sms.took == []
    clock.wait(hours=9)
    sent(service)
    assert [(parcel.to, parcel.template) for parcel in sms.took] == [("13000000001", "call_called_off")]
    for n in range(3):
        assert texts(service, f"q-000{n}") == ["call_called_off", "call_to_action"]
    states = database["messages"].find({"template": "call_to_action"})
    assert {(each["state"], each["why"]) for each in states} == {("skipped", "moot")}


def test_what_was_not_handed_on_yet_becomes_moot(
    service: NotifyService, sms: Provider, members: MembersStandIn
) -> None:
    people(members, 3)
    service.take_call_in_hand(call())
    service.tell_of_calls()
    service.call_off(withdrawal())
    sent(service)
    assert sms.took == []
    assert counts(service) == (3, 0, 0, 0)


def withdrawn_meanwhile(service: NotifyService, store: NotifyStores, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is withdrawn just before the first page is stored."""
    add = store.notices.add

    def meanwhile(drafts: Any, now: Any) -> None:
        monkeypatch.undo()
        service.call_off(withdrawal())
        add(drafts, now)

    monkeypatch.setattr(store.notices, "add", meanwhile)


def test_it_is_withdrawn_while_pages_are_told(
    service: NotifyService, sms: Provider, store: NotifyStores, members: MembersStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is still told of it meanwhile is told that it is withdrawn as well; nobody else is."""
    withdrawn_meanwhile(service, store, monkeypatch)
    service.take_call_in_hand(call())
    sent(service)
    assert counts(service) == (500, 0, 0, 0)
    assert texts(service, "q-0499") == ["call_called_off", "call_to_action"]
    assert texts(service, "q-0500") == []
    assert sms.took == []


def test_the_last_page_is_told_while_it_is_withdrawn(
    service: NotifyService, sms: Provider, store: NotifyStores, members: MembersStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(members, 3)
    withdrawn_meanwhile(service, store, monkeypatch)
    service.take_call_in_hand(call())
    sent(service)
    assert texts(service, "q-0002") == ["call_called_off", "call_to_action"]


def test_one_that_is_withdrawn_before_it_is_heard_of_is_told_to_nobody(
    service: NotifyService, sms: Provider, members: MembersStandIn
) -> None:
    service.call_off(withdrawal(text="$after"))
    service.take_call_in_hand(call())
    sent(service)
    assert sms.took == []
    assert counts(service) == (0, 0, 0, 0)


def test_that_an_emergency_is_withdrawn_wakes_people_too_and_nobody_is_told_once_it_was_time(
    service: NotifyService, sms: Provider, members: MembersStandIn, clock: SetClock
) -> None:
    people(members, 2)
    members.answered = {"q-0001"}
    clock.wait(hours=3)
    for id in ("c-1", "c-2"):
        service.take_call_in_hand(call(id, emergency=True, **{"for": "2026-03-12T16:00:00Z"}))
        members.answered = set()
        sent(service)
        members.answered = {"q-0001"}
    sms.took.clear()
    service.call_off(withdrawal(emergency=True, **{"for": "2026-03-12T16:00:00Z"}))
    sent(service)
    assert len(sms.took) == 2, "also who has answered"
    service.call_off(withdrawal("c-2", emergency=True, **{"for": "2026-03-12T16:00:00Z"}))
    clock.wait(hours=2)
    sent(service)
    assert len(sms.took) == 2
