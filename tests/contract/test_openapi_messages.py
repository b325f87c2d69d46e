"""What the interface offers of the log of messages is what notify takes and shows."""

from datetime import UTC, datetime

from gateway.schemas import messages as offered
from notify.channels.port import ORDER
from notify.messages import schemas, views
from notify.messages.message import Attempt, Outcome, State, message
from notify.messages.resending import MOST_AT_ONCE, Resending
from notify.notices.notice import Notice

NOW = datetime(2026, 3, 12, 11, 40, tzinfo=UTC)
NOTICE = Notice("e1:p-1:assigned", "p-1", "assigned", False, "e1", NOW, "c-1", "n", "360704", {}, True, None)


def test_what_is_looked_for_is_what_notify_looks_for() -> None:
    assert set(offered.MessagesWanted().fields) == set(schemas.ResendSchema().fields)
    assert set(offered.MessageQuery().fields) == set(schemas.MessagesSchema().fields)


def test_the_codes_are_those_of_notify() -> None:
    assert list(offered.STATES) == [each.value for each in State]
    assert set(offered.OUTCOMES) == {each.value for each in Outcome}
    assert offered.CHANNELS == ORDER
    assert set(offered.MessageStates().fields) == set(offered.STATES)


def test_a_message_is_described_as_it_is_shown() -> None:
    shown = views.message(message(NOTICE, "p-1", None, NOW))
    shown["attempts"] = [views.attempt(Attempt(NOW, "sms", "aliyun", Outcome.SENT, "biz-1"))]
    assert set(offered.Message().fields) == set(shown)
    assert offered.Message().validate(shown) == {}


def test_what_is_sent_once_more_is_described_as_it_is_shown() -> None:
    shown = views.resending(Resending("k", "p-desk", NOW, ("m",), False, "d"), {State.DUE: 1})
    assert set(offered.Resending().fields) == set(shown)
    assert offered.Resending().validate(shown) == {}
    assert f"{MOST_AT_ONCE:,}" in offered.Resending().fields["messages"].metadata["description"]
