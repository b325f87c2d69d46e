"""notify in processes of its own: what comes in by the broker goes out once, in order, whatever dies on the way."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event as Flag
from typing import Any

import pytest
from standardwebhooks import Webhook

from chassis.event import Event
from dev.servers import Broker, Mongod
from notify.events.logged_event import partner_body
from notify.events.schemas import logged_event
from notify.messages.messenger import BATCH
from tests.component.notify.receiver import Receiver, Reply, receiving
from tests.component.notify.running import Running
from tests.component.notify.samples import PARTNER, caller, event
from tests.waiting import eventually

pytestmark = pytest.mark.timeout(180)

XIE = caller("p-0001")


@pytest.fixture
def running(broker: Broker, mongod: Mongod, tmp_path: Path) -> Iterator[Running]:
    with Running(broker, mongod, tmp_path) as running:
        running.module("chassis", "setup", "notify")
        running.start("members", "notify")
        yield running


def subscribed(running: Running, url: str) -> dict[str, Any]:
    made: dict[str, Any] = running.call(
        "notify", "open_subscription", caller=PARTNER, command_id="c1", url=url, types=["case.*"]
    )
    seen: dict[str, Any] = {"caller": PARTNER, "subscription_id": made["subscription_id"]}
    assert eventually(lambda: running.call("notify", "subscription", **seen)["state"] == "active")
    return made


def lifecycle(case: str) -> list[Event]:
    types = ("case.reported", "case.registered", "case.dispatched", "case.closed")
    return [
        event(type, case=case, sequence=n, reporter_id="p-0001", assignees=[{"id": "p-0300", "kind": "person"}])
        for n, type in enumerate(types, 1)
    ]


def ids(receiver: Receiver) -> list[str]:
    return [got.headers["webhook-id"] for got in receiver.got if "ce-id" in got.headers]


def test_an_event_becomes_a_notice_a_line_on_the_console_and_a_webhook(running: Running, receiver: Receiver) -> None:
    made = subscribed(running, f"http://localhost:{receiver.port}/hook")
    running.call("notify", "choose", caller=XIE, quiet=None)  # the process goes by the clock of the machine
    [registered] = [each for each in lifecycle("c-1") if each.type == "case.registered"]
    running.publish([registered, registered])
    assert eventually(lambda: ids(receiver) == [registered.id])
    assert receiver.got[-1].body == partner_body(logged_event(registered))
    Webhook(made["secret"]).verify(receiver.got[-1].body, receiver.got[-1].headers)
    inbox = eventually(lambda: found if (found := running.call("notify", "inbox", caller=XIE))["items"] else None)
    assert [each["template"] for each in inbox["items"]] == ["registered"]
    assert eventually(lambda: [line["to"] for line in running.console()] == ["120****0001"])
    assert "12000000001" not in running.logs()
    assert running.console()[0]["body"] not in running.logs()


def test_a_killed_instance_loses_and_doubles_nothing(running: Running, receiver: Receiver) -> None:
    subscribed(running, receiver.url)
    running.start("notify.2")
    cases = [lifecycle(f"c-{number}") for number in range(40)]
    running.publish(each for sequence in zip(*cases, strict=True) for each in sequence)
    assert eventually(lambda: len(receiver.got) > 20)
    running.processes["notify"].kill()
    whole = {each.id for case in cases for each in case}
    # What the killed one had claimed comes free when its lease ends; nobody has to wait for that here.
    time.sleep(2)
    waiting = {"queue": {"$exists": True}}
    running.database("notify")["lanes"].update_many(waiting, {"$currentDate": {"due_at": True}})
    assert eventually(lambda: set(ids(receiver)) == whole, 60)
    for case in cases:
        order = [each.id for each in case]
        firsts = sorted(order, key=ids(receiver).index)
        assert firsts == order
    assert eventually(lambda: running.database("notify")["notices"].count_documents({}) == 40 * 6)
    positions = [each["_id"] for each in running.database("notify")["event_log"].find().sort("_id")]
    assert positions == list(range(1, 161))


def test_three_thousand_are_called_once_each_whoever_is_killed_meanwhile(running: Running) -> None:
    """Killed while it tells them page by page, and again while it sends; another takes up both."""
    database = running.database("notify")
    asked: dict[str, Any] = {
        "text": "咱们先把楼道清理干净！",
        "for": "2100-01-01T00:30:00Z",
        "grids": ["360704100002001"],
        "called": 3_000,
    }
    called = event("call.issued", id="e-call", call_id="c-1", emergency=True, **asked)
    running.start("notify.2")
    running.publish([called, called], "members.events")
    assert eventually(lambda: database["notices"].count_documents({}) >= 500)
    running.processes["notify"].kill()
    _come_free(running)
    assert eventually(lambda: len(running.console()) > 1_000, 60)
    running.start("notify")
    running.processes["notify.2"].kill()
    time.sleep(1)
    _come_free(running)
    assert eventually(lambda: database["messages"].count_documents({"state": "sent"}) == 3_000, 90)
    assert database["notices"].count_documents({}) == 3_000
    lines = [line["notice_id"] for line in running.console()]
    assert len(set(lines)) == 3_000
    assert len(lines) <= 3_000 + 2 * BATCH  # what a killed one had sent and not yet noted


def _come_free(running: Running) -> None:
    """What a killed one had claimed comes free when its lease ends; nobody has to wait for that here."""
    now = {"$currentDate": {"held_until": True}}
    for name in ("calls", "messages"):
        running.database("notify")[name].update_many({}, now)
    running.database("notify")["notices"].update_many({"outside": "due"}, {"$currentDate": {"due_at": True}})


def test_garbage_on_its_queues_ends_in_the_dead_letters_and_the_service_goes_on(running: Running) -> None:
    running.garbage(b"\xff{", "case.registered.360704100002001.0101")
    [registered] = [each for each in lifecycle("c-1") if each.type == "case.registered"]
    running.publish([registered])
    letters = running.database("notify")["dead_letters"]
    assert eventually(lambda: letters.count_documents({}) == 2)
    assert {each["queue"] for each in letters.find()} == {"notify:case.registered", "notify:cases.all"}
    assert eventually(lambda: running.call("notify", "inbox", caller=XIE)["unread"] == 1)


def test_an_event_without_its_fields_is_parked_with_the_reason(running: Running) -> None:
    [registered] = [each for each in lifecycle("c-1") if each.type == "case.registered"]
    running.publish([Event(**{**registered.__dict__, "body": b'{"number": "GX-1"}'})])
    letter = eventually(
        lambda: running.database("notify")["dead_letters"].find_one({"queue": "notify:case.registered"})
    )
    assert letter["error_type"] == "Malformed"
    assert "case_id" in letter["error"]


def test_the_owner_hears_through_the_broker_that_the_subscription_was_disabled(
    running: Running, receiver: Receiver
) -> None:
    subscribed(running, receiver.url)
    receiver.replies = [Reply(410)]
    running.publish(lifecycle("c-1")[:1])
    assert eventually(lambda: running.call("notify", "inbox", caller=PARTNER)["unread"] == 1)
    [notice] = running.call("notify", "inbox", caller=PARTNER)["items"]
    assert notice["template"] == "subscription_disabled"


def test_it_ends_in_time_while_a_partner_hangs(running: Running) -> None:
    release = Flag()
    with receiving() as stuck:
        subscribed(running, stuck.url)
        stuck.replies = [Reply(wait=release)]
        running.publish(lifecycle("c-1"))
        assert eventually(lambda: ids(stuck))
        notify = running.processes["notify"]
        notify.signal(signal.SIGTERM)
        assert notify.wait(20) == 0  # of itself, not cut short at the end of its grace period
        release.set()


def test_codes_go_out_by_request(running: Running) -> None:
    code: dict[str, Any] = {"phone": "12000000009", "code": "246810", "expires_at": "2026-03-12T11:45:00Z"}
    assert running.call("notify", "send_code", **code) == {"sent": True}
    [line] = running.console()
    assert (line["code"], line["to"]) == ("246810", "120****0009")
    assert "246810" not in running.logs()
