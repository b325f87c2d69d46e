"""notify in a process of its own fills partners' queues: same bytes, same id, nothing lost when one is full or gone."""

import uuid
from collections.abc import Iterator
from typing import Any

import pika
import pika.exceptions
import pytest

from dev.servers import Broker, Mongod
from notify.events.logged_event import cloud_headers, partner_body
from notify.events.schemas import logged_event
from notify.partner_queues.rights import VHOST
from tests.component.notify.running import Running
from tests.component.notify.samples import GRID, PARTNER, caller, event
from tests.waiting import eventually

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def shared(managed_broker: Broker, mongod: Mongod, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """notify in a process, for all tests that do it no harm."""
    with Running(managed_broker, mongod, tmp_path_factory.mktemp("queued"), **managed_broker.settings) as running:
        running.module("chassis", "setup", "notify")
        running.start("members", "notify")
        yield running


@pytest.fixture
def running(shared: Running) -> Iterator[Running]:
    yield shared
    for each in shared.call("notify", "subscriptions", caller=PARTNER)["items"]:
        ask(shared, "remove_subscription", each["subscription_id"])
    assert eventually(lambda: partner_users(shared.broker) == [])


def ask(running: Running, method: str, subscription_id: str, **more: Any) -> Any:
    return running.call(
        "notify", method, caller=PARTNER, command_id=f"{method}-{more}", subscription_id=subscription_id, **more
    )


def partner_users(broker: Broker) -> list[str]:
    return [line for line in broker.control("list_users", "--no-table-headers").splitlines() if "partner." in line]


def seen(running: Running, id: str) -> dict[str, Any]:
    found: dict[str, Any] = running.call("notify", "subscription", caller=PARTNER, subscription_id=id)
    return found


def opened(running: Running, command_id: str | None = None) -> dict[str, Any]:
    command = command_id or uuid.uuid4().hex
    made: dict[str, Any] = running.call(
        "notify", "open_subscription", caller=PARTNER, command_id=command, way="amqp", types=["case.*"]
    )
    return made


def active(running: Running, id: str) -> dict[str, Any]:
    assert eventually(lambda: seen(running, id)["state"] == "active", 40), seen(running, id)
    return seen(running, id)


class Reader:
    """A partner's own client."""

    def __init__(self, amqp: dict[str, Any], password: str) -> None:
        parameters = pika.URLParameters(amqp["url"])
        parameters.credentials = pika.PlainCredentials(amqp["username"], password)
        self.connection = pika.BlockingConnection(parameters)
        self.channel = self.connection.channel()
        self.queue = amqp["queue"]

    def next(self) -> tuple[Any, bytes]:
        """Properties and body of the next message, which is acknowledged."""
        found = eventually(lambda: (got := self.channel.basic_get(self.queue, auto_ack=True))[0] and got)
        assert found, "nothing in the queue"
        _, properties, body = found
        return properties, body

    def ids(self, number: int) -> list[str]:
        return [self.next()[0].message_id for _ in range(number)]


def reader(running: Running, made: dict[str, Any]) -> Reader:
    found = active(running, made["subscription_id"])
    partner = Reader(found["amqp"], made["secret"])
    properties, _ = partner.next()
    assert properties.headers["ce-type"] == "subscription.test"
    return partner


def dispatched(case: str, sequence: int = 3) -> Any:
    return event("case.dispatched", case=case, sequence=sequence, respond_due="2026-03-12T12:00:00Z")


def test_events_come_in_order_with_the_bytes_and_the_id_of_the_other_ways(running: Running) -> None:
    partner = reader(running, opened(running))
    events = [dispatched("c-1", n) for n in range(1, 6)]
    running.publish(events)
    for each in events:
        properties, body = partner.next()
        logged = logged_event(each)
        assert (properties.message_id, body) == (each.id, partner_body(logged))
        told = {name: value for name, value in cloud_headers(logged).items() if name.startswith("ce-")}
        assert {name: value for name, value in properties.headers.items() if name.startswith("ce-")} == told
        assert (properties.delivery_mode, properties.content_type) == (2, "application/json")


def test_a_service_that_has_no_partner_yet_is_ready_for_one(running: Running) -> None:
    assert eventually(lambda: '"link": "partners", "event": "link up"' in running.log("notify"))


def test_what_was_purged_comes_back_by_a_replay(running: Running) -> None:
    made = opened(running)
    partner = reader(running, made)
    running.publish([first := dispatched("c-1")])
    id = made["subscription_id"]
    assert eventually(lambda: deliveries(running, id) == [("delivered", None)])
    assert partner.channel.queue_purge(partner.queue).method.message_count == 1
    ask(running, "replay_delivery", id, delivery_id=last_delivery(running, id))
    assert partner.ids(1) == [first.id]


def deliveries(running: Running, id: str) -> list[tuple[str, str | None]]:
    found = running.call("notify", "deliveries", caller=PARTNER, subscription_id=id, limit=100)["items"]
    return sorted(((each["state"], (each["last"] or {}).get("error")) for each in found), key=str)


def last_delivery(running: Running, id: str) -> str:
    found = running.call("notify", "deliveries", caller=PARTNER, subscription_id=id)["items"]
    return str(found[0]["delivery_id"])


def test_what_a_full_queue_refuses_waits_and_comes(running: Running) -> None:
    made = opened(running)
    partner = reader(running, made)
    small = ("set_policy", "-p", VHOST, "small", "^partner\\.", '{"max-length": 3}', "--apply-to", "queues")
    running.broker.control(*small)
    try:
        events = [dispatched(f"c-{n}") for n in range(12)]
        running.publish(events)
        id = made["subscription_id"]
        assert eventually(lambda: ("pending", "queue_full") in deliveries(running, id))
        got: list[str] = []

        def have_come() -> bool:
            got.extend(drained(partner))
            return set(got) == {each.id for each in events}

        assert eventually(have_come, 60)
        assert eventually(lambda: {state for state, _ in deliveries(running, id)} == {"delivered"})
        assert seen(running, id)["state"] == "active"
    finally:
        running.broker.control("clear_policy", "-p", VHOST, "small")


def drained(partner: Reader) -> list[str]:
    found = []
    while (got := partner.channel.basic_get(partner.queue, auto_ack=True))[0]:
        found.append(got[1].message_id)
    return found


def test_a_queue_that_is_gone_is_told_and_made_anew(running: Running) -> None:
    made = opened(running)
    id = made["subscription_id"]
    partner = reader(running, made)
    running.broker.control("delete_queue", "-p", VHOST, partner.queue)
    running.publish([lost := dispatched("c-1")])
    assert eventually(lambda: deliveries(running, id) == [("parked", "queue_missing")])
    assert eventually(lambda: seen(running, id)["disabled_reason"] == "queue_missing")
    notices = running.database("notify")["notices"]
    assert eventually(lambda: {"delivery_parked", "subscription_disabled"} <= set(notices.distinct("template")))
    ask(running, "resume_subscription", id)
    partner = reader(running, made)
    ask(running, "replay_delivery", id, delivery_id=last_delivery(running, id))
    assert partner.ids(1) == [lost.id]


def test_the_password_is_shown_once_and_replaced(running: Running) -> None:
    made = opened(running, "c1")
    partner = reader(running, made)
    assert opened(running, "c1") == made
    second = opened(running)
    assert second["secret"] is None
    assert (
        seen(running, made["subscription_id"])["amqp"]["username"]
        == active(running, second["subscription_id"])["amqp"]["username"]
    )
    rotated = ask(running, "rotate_secret", second["subscription_id"])
    assert rotated["secret"] not in {None, made["secret"]}
    assert rotated == ask(running, "rotate_secret", second["subscription_id"])
    assert opened(running, "c1")["secret"] is None
    amqp = seen(running, made["subscription_id"])["amqp"]
    assert eventually(lambda: enters(amqp, rotated["secret"]))
    assert not enters(amqp, made["secret"])
    assert eventually(lambda: ended(partner))


def enters(amqp: dict[str, Any], password: str) -> bool:
    try:
        Reader(amqp, password).connection.close()
    except pika.exceptions.AMQPConnectionError:
        return False
    return True


def ended(partner: Reader) -> bool:
    try:
        partner.connection.process_data_events(0.1)
    except pika.exceptions.AMQPError:
        return True
    return False


def test_what_a_narrowed_queue_holds_is_what_is_still_asked_for(running: Running) -> None:
    """I9: what lay there comes no more, what is still wanted comes once, in order, before what follows."""
    made = opened(running)
    id = made["subscription_id"]
    partner = reader(running, made)
    events = [dispatched("c-1", 1), event("case.noted", case="c-1", sequence=2), dispatched("c-1", 3)]
    running.publish(events)
    assert eventually(lambda: deliveries(running, id) == [("delivered", None)] * 3)
    ask(running, "change_subscription", id, types=["case.dispatched"])
    assert seen(running, id)["state"] == "active"
    assert eventually(lambda: refilled(running, id))
    running.publish([later := dispatched("c-1", 4)])
    assert partner.ids(3) == [events[0].id, events[2].id, later.id]
    assert eventually(lambda: [state for state, _ in deliveries(running, id)] == ["delivered"] * 4)
    assert drained(partner) == []


def refilled(running: Running, id: str) -> bool:
    lines = running.log("notify").splitlines()
    return any('"queue refilled"' in line and id in line for line in lines)


def test_a_queue_is_emptied_also_while_the_subscription_is_paused(running: Running) -> None:
    made = opened(running)
    id = made["subscription_id"]
    partner = reader(running, made)
    running.publish([event("case.noted", case="c-1")])
    assert eventually(lambda: deliveries(running, id) == [("delivered", None)])
    ask(running, "pause_subscription", id)
    ask(running, "change_subscription", id, types=["case.dispatched"])
    names = ("list_queues", "-p", VHOST, "--no-table-headers", "messages")
    assert eventually(lambda: running.broker.control(*names).split() == ["0"])
    assert drained(partner) == []
    assert seen(running, id)["state"] == "paused"


def test_when_the_area_shrinks_the_queue_follows(running: Running) -> None:
    """I9: without anybody's changing the subscription."""
    made = opened(running)
    id = made["subscription_id"]
    partner = reader(running, made)
    outside = event("case.noted", case="c-1", grid_code="360704100002009")
    inside = event("case.noted", case="c-2")
    running.publish([outside, inside])
    assert eventually(lambda: deliveries(running, id) == [("delivered", None)] * 2)
    try:
        running.held_by([caller("p-lamp", "unit_contact", GRID, unit="u-lighting")])
        assert eventually(lambda: refilled(running, id), 40)
        assert partner.ids(1) == [inside.id]
        running.publish([event("case.closed", case="c-1", sequence=2, grid_code="360704100002009")])
        running.publish([last := event("case.closed", case="c-2", sequence=2)])
        assert partner.ids(1) == [last.id]
        assert drained(partner) == []
    finally:
        running.held_by(None)


def test_without_a_holder_queue_user_and_connection_go_and_with_one_there_is_a_new_password(running: Running) -> None:
    made = opened(running)
    id = made["subscription_id"]
    partner = reader(running, made)
    try:
        running.held_by([])
        assert eventually(lambda: seen(running, id)["disabled_reason"] == "no_holder", 40)
        assert eventually(lambda: partner_users(running.broker) == [])
        assert eventually(lambda: ended(partner))
        assert running.broker.control("list_queues", "-p", VHOST, "--no-table-headers", "name").split() == []
        running.held_by(None)
        ask(running, "resume_subscription", id)
        amqp = active(running, id)["amqp"]
        assert not enters(amqp, made["secret"]), "whoever lost the role knows it"
        assert eventually(lambda: enters(amqp, ask(running, "rotate_secret", id)["secret"]))
    finally:
        running.held_by(None)


def test_with_the_subscription_go_queue_user_and_connection(running: Running) -> None:
    first, second = opened(running), opened(running)
    partner = reader(running, first)
    active(running, second["subscription_id"])
    ask(running, "remove_subscription", second["subscription_id"])
    names = ("list_queues", "-p", VHOST, "--no-table-headers", "name")
    assert eventually(lambda: running.broker.control(*names).split() == [partner.queue])
    ask(running, "remove_subscription", first["subscription_id"])
    assert eventually(lambda: partner_users(running.broker) == [])
    assert running.broker.control(*names).split() == []
    assert eventually(lambda: ended(partner))
    assert running.database("notify")["partner_accounts"].count_documents({}) == 0
