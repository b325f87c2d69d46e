"""Events in line: what happens to a letter never lets its successors pass."""

from types import SimpleNamespace
from typing import Any

import pytest
from amqp.basic_message import Message
from pymongo.errors import AutoReconnect

from chassis.errors import Busy, Refusal
from chassis.event import Malformed
from chassis.ordered import OrderedSubscription
from chassis.publisher import Outcome, Outgoing
from chassis.subscription import Subscription


class Taking:
    """A publisher whose broker takes everything."""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []

    def publish(self, outgoing: Outgoing) -> Outcome:
        self.sent.append(outgoing)
        return Outcome.TAKEN


def subscription(fault: str | None) -> Any:
    found: Any = OrderedSubscription("cases")
    found.publisher, found.mongo = Taking(), SimpleNamespace(fault=lambda: fault)
    return found


def letter(body: str, id: str) -> Message:
    message = Message(body, message_id=id)
    message.delivery_info = {"routing_key": "case.noted"}
    return message


def test_a_letter_that_is_given_up_is_parked_also_when_the_database_is_just_away() -> None:
    lane = subscription(fault="away")
    assert lane._outcome("notify:cases.all", letter("{}", "e-1"), AutoReconnect("gone")) == "dead"
    [copy] = lane.publisher.sent
    assert copy.message.properties["message_id"] == "e-1"


def test_what_cannot_be_read_is_parked_at_once() -> None:
    assert subscription(None)._outcome("notify:cases.all", letter("?", "e-2"), Malformed("?")) == "dead"


def test_what_is_refused_is_done_with_and_what_found_others_faster_comes_again() -> None:
    for each in (OrderedSubscription("cases"), Subscription("cases", "case.noted")):
        found: Any = each
        found.publisher, found.mongo = Taking(), SimpleNamespace(fault=lambda: None)
        found.container = SimpleNamespace(service_name="notify")
        assert found._outcome("notify:case.noted", letter("{}", "e-4"), Refusal("person_left")) == "refused"
        assert found.publisher.sent == []
        assert found._outcome("notify:case.noted", letter("{}", "e-5"), Busy()) in {"retried", "dead"}
        assert len(found.publisher.sent) == 1


def test_an_event_in_line_that_found_others_faster_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    lane, outcomes = subscription(None), [Busy(), None]
    monkeypatch.setattr("chassis.ordered.letters.opened", lambda _: None)
    monkeypatch.setattr("chassis.ordered.eventlet.sleep", lambda _: None)
    lane.goes_on = lambda _: True
    lane._once = lambda _: outcomes.pop(0)
    assert lane.handled("notify:cases.all", letter("{}", "e-6")) is None
    assert outcomes == []


def test_what_cannot_be_read_is_the_error_of_its_handling_in_and_out_of_line() -> None:
    for each in (OrderedSubscription("cases"), Subscription("cases", "case.noted")):
        assert isinstance(each.handled("notify:case.noted", letter("?", "e-3")), Malformed)
