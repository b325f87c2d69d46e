"""What a partner can do at the broker, as an independent client sees it: read its own queues, and nothing else."""

import uuid
from collections.abc import Callable, Iterator

import pika
import pika.exceptions
import pytest
import requests
from pika.adapters.blocking_connection import BlockingChannel

from dev.servers import Broker
from notify.partner_queues.management import Management, ManagementFailed
from notify.partner_queues.provisioning import Provisioning
from notify.partner_queues.rights import QUEUE, VHOST, queue_name, user_name
from tests.waiting import eventually

PASSWORD = "correct horse battery staple"
MINE, OTHERS = "unit-a", "unit-b"


@pytest.fixture
def management(managed_broker: Broker) -> Management:
    return Management(managed_broker.settings["MANAGEMENT_URL"])


@pytest.fixture
def provisioning(management: Management) -> Iterator[Provisioning]:
    made = Provisioning(management, "guest")
    made.prepare()
    yield made
    for partner in (MINE, OTHERS):
        made.dismiss(partner, ["s-1", "s-2"])


def connected(broker: Broker, user: str, password: str = PASSWORD, vhost: str = VHOST) -> pika.BlockingConnection:
    credentials = pika.PlainCredentials(user, password)
    return pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", broker.port, vhost, credentials))


@pytest.fixture
def channel(managed_broker: Broker, provisioning: Provisioning) -> Iterator[BlockingChannel]:
    """A channel of a partner that has one queue, beside another partner's."""
    provisioning.admit(MINE, PASSWORD, ["s-1"], [])
    provisioning.admit(OTHERS, "another password", ["s-1"], [])
    connection = connected(managed_broker, user_name(MINE))
    yield connection.channel()
    if connection.is_open:
        connection.close()


def put(broker: Broker, queue: str, body: bytes) -> None:
    with connected(broker, "guest", "guest") as connection:
        sending = connection.channel()
        sending.confirm_delivery()
        sending.basic_publish("", queue, body, mandatory=True)


def test_a_partner_reads_its_own_queue_and_may_empty_it(managed_broker: Broker, channel: BlockingChannel) -> None:
    for body in (b"1", b"2", b"3"):
        put(managed_broker, queue_name(MINE, "s-1"), body)
    method, _, body = channel.basic_get(queue_name(MINE, "s-1"))
    channel.basic_ack(method.delivery_tag)
    assert body == b"1"
    assert channel.queue_purge(queue_name(MINE, "s-1")).method.message_count == 2


REFUSED: dict[str, Callable[[BlockingChannel], object]] = {
    "another's queue": lambda it: it.basic_get(queue_name(OTHERS, "s-1")),
    "consume another's queue": lambda it: it.basic_consume(queue_name(OTHERS, "s-1"), lambda *_: None),
    "purge another's queue": lambda it: it.queue_purge(queue_name(OTHERS, "s-1")),
    "declare a queue": lambda it: it.queue_declare(f"{user_name(MINE)}.mine", durable=True),
    "declare a queue without a name": lambda it: it.queue_declare("", exclusive=True),
    "declare an exchange": lambda it: it.exchange_declare(f"{user_name(MINE)}.mine"),
    "bind its queue": lambda it: it.queue_bind(queue_name(MINE, "s-1"), "amq.topic", "#"),
    "delete its queue": lambda it: it.queue_delete(queue_name(MINE, "s-1")),
    "publish to its queue": lambda it: published(it, ""),
    "publish to an exchange": lambda it: published(it, "amq.topic"),
}


def published(channel: BlockingChannel, exchange: str) -> None:
    channel.confirm_delivery()
    channel.basic_publish(exchange, queue_name(MINE, "s-1"), b"{}", mandatory=True)


@pytest.mark.parametrize("what", REFUSED)
def test_a_partner_can_do_nothing_else(channel: BlockingChannel, what: str) -> None:
    with pytest.raises(pika.exceptions.ChannelClosedByBroker) as refused:
        REFUSED[what](channel)
    assert refused.value.reply_code == 403


def test_no_other_virtual_host_is_open_to_a_partner(managed_broker: Broker, channel: BlockingChannel) -> None:
    assert channel.is_open
    with pytest.raises(pika.exceptions.AMQPConnectionError):
        connected(managed_broker, user_name(MINE), vhost="/")


def test_the_management_api_is_closed_to_a_partner(managed_broker: Broker, channel: BlockingChannel) -> None:
    assert channel.is_open
    where = f"http://127.0.0.1:{managed_broker.management_port}/api/whoami"
    assert requests.get(where, auth=(user_name(MINE), PASSWORD), timeout=10).status_code == 401


def test_saying_it_again_changes_nothing(managed_broker: Broker, provisioning: Provisioning) -> None:
    for _ in range(2):
        provisioning.admit(MINE, PASSWORD, ["s-1", "s-2"], [])
    put(managed_broker, queue_name(MINE, "s-2"), b"kept")
    provisioning.admit(MINE, PASSWORD, ["s-1", "s-2"], [])
    with connected(managed_broker, user_name(MINE)) as connection:
        assert connection.channel().basic_get(queue_name(MINE, "s-2"))[2] == b"kept"


def test_a_password_is_replaced_and_what_it_opened_is_ended(
    managed_broker: Broker, provisioning: Provisioning, channel: BlockingChannel
) -> None:
    provisioning.admit(MINE, "a new one", ["s-1"], [])
    provisioning.cut(MINE)
    assert eventually(lambda: ended(channel))
    with pytest.raises(pika.exceptions.AMQPConnectionError):
        connected(managed_broker, user_name(MINE))
    connected(managed_broker, user_name(MINE), "a new one").close()


def test_who_is_dismissed_has_nothing_left(
    managed_broker: Broker, management: Management, provisioning: Provisioning, channel: BlockingChannel
) -> None:
    provisioning.dismiss(MINE, ["s-1"])
    assert [name for name in management.queues(VHOST) if name.startswith(f"{user_name(MINE)}.")] == []
    assert queue_name(OTHERS, "s-1") in management.queues(VHOST)
    assert eventually(lambda: ended(channel))
    with pytest.raises(pika.exceptions.AMQPConnectionError):
        connected(managed_broker, user_name(MINE))


def ended(channel: BlockingChannel) -> bool:
    """Whether the broker has ended the channel's connection."""
    try:
        channel.connection.process_data_events(0.1)
    except pika.exceptions.AMQPError:
        return True
    return bool(channel.is_closed)


def test_an_ended_subscription_takes_its_queue_along(management: Management, provisioning: Provisioning) -> None:
    provisioning.admit(MINE, PASSWORD, ["s-1", "s-2"], [])
    provisioning.admit(MINE, PASSWORD, ["s-2"], ["s-1"])
    assert [name for name in management.queues(VHOST) if name.startswith(f"{user_name(MINE)}.")] == [
        queue_name(MINE, "s-2")
    ]


def test_what_a_full_queue_refuses_is_not_kept(managed_broker: Broker, provisioning: Provisioning) -> None:
    provisioning.admit(MINE, PASSWORD, ["s-1"], [])
    assert (QUEUE["x-overflow"], QUEUE["x-queue-type"]) == ("reject-publish", "quorum")
    managed_broker.control(
        "set_policy", "-p", VHOST, "small", "^partner\\.", '{"max-length": 1}', "--apply-to", "queues"
    )
    try:
        assert eventually(lambda: refused(managed_broker))
    finally:
        managed_broker.control("clear_policy", "-p", VHOST, "small")


def refused(broker: Broker) -> bool:
    try:
        put(broker, queue_name(MINE, "s-1"), b"{}")
    except pika.exceptions.NackError:
        return True
    return False


def test_the_service_s_own_user_may_fill_queues_and_nothing_else(
    managed_broker: Broker, management: Management, provisioning: Provisioning
) -> None:
    management.put("users", "sender", body={"password": PASSWORD, "tags": ""})
    try:
        Provisioning(management, "sender").prepare()
        provisioning.admit(MINE, PASSWORD, ["s-1"], [])
        queue = queue_name(MINE, "s-1")
        with connected(managed_broker, "sender") as connection:
            sending = connection.channel()
            sending.confirm_delivery()
            sending.basic_publish("", queue, b"{}", mandatory=True)
            with pytest.raises(pika.exceptions.ChannelClosedByBroker):
                sending.basic_get(queue)
            with pytest.raises(pika.exceptions.ChannelClosedByBroker):
                connection.channel().queue_delete(queue)
        with connected(managed_broker, "guest", "guest") as connection, pytest.raises(pika.exceptions.AMQPChannelError):
            put_by(connection.channel(), queue)
    finally:
        management.delete("users", "sender")
        provisioning.prepare()


def put_by(channel: BlockingChannel, queue: str) -> None:
    channel.confirm_delivery()
    channel.basic_publish("", queue, b"{}", mandatory=True)


def test_nothing_answers_is_a_failure_without_the_password_in_it() -> None:
    nobody = Management(f"http://admin:{(password := uuid.uuid4().hex)}@127.0.0.1:9")
    with pytest.raises(ManagementFailed) as failed:
        nobody.put("vhosts", VHOST)
    assert password not in str(failed.value)


def test_a_refusal_is_a_failure(managed_broker: Broker) -> None:
    stranger = Management(f"http://nobody:wrong@127.0.0.1:{managed_broker.management_port}")
    with pytest.raises(ManagementFailed, match="401"):
        stranger.put("vhosts", VHOST)
