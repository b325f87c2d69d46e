"""What the broker's answer to a put into a partner's queue means for the event and for the subscription."""

from datetime import UTC, datetime, timedelta

import pytest

from notify.partner_queues.filling import ANSWERS
from notify.partners.delivery import Ruling, State
from notify.partners.queue_ruling import AWAY, FULL, OURS, PAUSES, UNTOLD, queue_ruling, queue_ruling_on_test
from notify.webhooks.webhook import Answer

NOW = datetime(2026, 3, 12, 11, 40, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=3)


def test_what_the_queue_keeps_is_delivered() -> None:
    assert queue_ruling(LONG_AGO, Answer(status=200), NOW) == Ruling(State.DELIVERED)


def test_what_a_full_queue_refuses_waits() -> None:
    assert queue_ruling(NOW - timedelta(days=2), Answer(error=FULL), NOW) == Ruling(State.PENDING, NOW + PAUSES[FULL])


def test_a_queue_that_was_full_for_days_disables() -> None:
    assert queue_ruling(LONG_AGO, Answer(error=FULL), NOW) == Ruling(State.PENDING, NOW + PAUSES[FULL], "failing")


@pytest.mark.parametrize("error", sorted(OURS))
def test_what_is_our_fault_disables_nothing(error: str) -> None:
    assert queue_ruling(LONG_AGO, Answer(error=error), NOW) == Ruling(State.PENDING, NOW + PAUSES[error])


def test_an_event_without_a_queue_is_parked_and_its_subscription_disabled() -> None:
    assert queue_ruling(None, Answer(error="queue_missing"), NOW) == Ruling(State.PARKED, disable="queue_missing")


@pytest.mark.parametrize("error", [FULL, AWAY, UNTOLD, "queue_missing"])
def test_a_new_subscription_waits_for_its_queue_whatever_is_said(error: str) -> None:
    found = queue_ruling_on_test(Answer(error=error), NOW)
    assert (found.state, found.disable) == (State.PENDING, None)
    assert found.due_at is not None
    assert NOW < found.due_at <= NOW + timedelta(seconds=15)


def test_a_new_subscription_whose_queue_has_taken_its_test_is_active() -> None:
    assert queue_ruling_on_test(Answer(status=200), NOW) == Ruling(State.DELIVERED)


def test_every_answer_of_the_broker_has_a_ruling() -> None:
    found = [queue_ruling(None, answer, NOW).state for answer in ANSWERS.values()]
    assert found == [State.DELIVERED, State.PARKED, State.PENDING, State.PENDING]
