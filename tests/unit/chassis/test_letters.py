"""Copies of letters that failed: what the broker does not keep was not sent."""

from typing import Any

import pytest
from amqp.basic_message import Message

from chassis import letters
from chassis.publisher import Outcome, Outgoing


class Answering:
    """A publisher whose broker has one answer."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome

    def publish(self, outgoing: Outgoing) -> Outcome:
        return self.outcome


@pytest.mark.parametrize("outcome", [Outcome.RETURNED, Outcome.REFUSED, Outcome.UNKNOWN])
def test_a_copy_that_was_not_confirmed_leaves_the_original_where_it_is(outcome: Outcome) -> None:
    publisher: Any = Answering(outcome)
    message = Message(b"{}", message_id="e-1")
    message.delivery_info = {"routing_key": "thing.given"}
    with pytest.raises(letters.CopyNotTaken, match=outcome.value):
        letters.retry_later(publisher, "taker", "taker:thing.given", "1s", message, ValueError("no"))
    with pytest.raises(letters.CopyNotTaken, match=outcome.value):
        letters.give_up(publisher, "taker:thing.given", message, ValueError("no"))
