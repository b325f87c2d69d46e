"""Queues of partners: names and rights that keep partners apart, and what the broker's answers mean."""

import base64
import hashlib
import re
from typing import Any

import pytest
import structlog
from amqp.exceptions import NotAllowed

from chassis import wire
from chassis.publisher import Outcome, Outgoing
from notify.partner_queues.filling import Filler, PartnerLink
from notify.partner_queues.management import Management
from notify.partner_queues.rights import VHOST, filler, keeper, password_hash, queue_name, reader, user_name

HEADERS = {
    "content-type": "application/json",
    "ce-id": "e-1",
    "ce-type": "case.closed",
    "ce-time": "2026-03-12T11:46:00Z",
}


@pytest.mark.parametrize("other", ["unit-10", "unit-1.s", "unit-1.s-1", "UNIT-1", "unit", "unit-1%2Es"])
def test_no_partner_reads_the_queue_of_another(other: str) -> None:
    readable = re.compile(reader("unit-1")["read"])
    assert readable.search(queue_name("unit-1", "s-1"))
    assert not readable.search(queue_name(other, "s-1"))
    assert user_name(other) != user_name("unit-1")


def test_a_partner_may_read_and_nothing_else() -> None:
    rights = reader("unit-1")
    assert not any(re.search(rights[what], queue_name("unit-1", "s-1")) for what in ("configure", "write"))
    assert not re.search(rights["read"], "amq.default")


def test_the_service_s_own_users_may_what_they_do() -> None:
    assert [bool(re.search(filler()[what], "amq.default")) for what in ("configure", "write", "read")] == [
        False,
        True,
        False,
    ]
    for fills in (True, False):
        rights = keeper(fills=fills)
        assert re.search(rights["configure"], queue_name("unit-1", "s-1"))
        assert re.search(rights["read"], queue_name("unit-1", "s-1")), "to look into it, and to empty it"
        assert not re.search(rights["read"], "amq.default")
        assert bool(re.search(rights["write"], "amq.default")) is fills


def test_the_hash_is_rabbitmq_s() -> None:
    """The example of its guide: salt 908DC60A, password test12."""
    salt = bytes.fromhex("908DC60A")
    assert password_hash("test12", salt) == "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR"
    assert base64.b64decode(password_hash("other", salt)) == salt + hashlib.sha256(salt + b"other").digest()


@pytest.mark.parametrize(
    ("outcome", "status", "error"),
    [
        (Outcome.TAKEN, 200, None),
        (Outcome.RETURNED, None, "queue_missing"),
        (Outcome.REFUSED, None, "queue_full"),
        (Outcome.UNKNOWN, None, "broker_away"),
    ],
)
def test_what_the_broker_says_is_an_answer(outcome: Outcome, status: int | None, error: str | None) -> None:
    answer = Filler(lambda _: outcome).put("unit-1", "s-1", "e-1", HEADERS, b"{}")
    assert (answer.status, answer.error) == (status, error)


def test_an_event_is_put_as_it_is_on_the_wire() -> None:
    put: list[Outgoing] = []

    def publish(one: Outgoing) -> Outcome:
        put.append(one)
        return Outcome.TAKEN

    Filler(publish).put("unit-1", "s-1", "e-1", HEADERS, b'{"a":1}')
    [outgoing] = put
    properties: dict[str, Any] = outgoing.message.properties
    assert (outgoing.exchange, outgoing.routing_key) == ("", "partner.unit-1.s-1")
    assert outgoing.message.body == b'{"a":1}'
    assert wire.headers(outgoing.message) == {name: value for name, value in HEADERS.items() if name != "content-type"}
    assert {
        name: properties[name] for name in ("message_id", "content_type", "delivery_mode", "timestamp", "app_id")
    } == {
        "message_id": "e-1",
        "content_type": "application/json",
        "delivery_mode": 2,
        "timestamp": 1773315960,
        "app_id": "notify",
    }


@pytest.mark.parametrize(
    "url", ["", "http://127.0.0.1:15672", "amqp://a:b@127.0.0.1", "http://a@host:1", "127.0.0.1:15672"]
)
def test_an_address_without_a_user_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="MANAGEMENT_URL"):
        Management(url)


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("NOT_ALLOWED - vhost partners not found", "info"),
        ("NOT_ALLOWED - access to vhost 'partners' refused for user 'sandan'", "warning"),
    ],
)
def test_a_virtual_host_that_is_yet_to_be_made_is_waited_for_without_a_warning(said: str, level: str) -> None:
    with structlog.testing.capture_logs() as lines:
        PartnerLink("partners", VHOST)._note(NotAllowed(said, (10, 40), "Connection.open", 530))
    assert [line["log_level"] for line in lines] == [level]
