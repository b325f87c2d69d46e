"""Catching up: whatever the publisher answers, it goes on, and only who works for the channel may begin to consume."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from chassis import catching_up
from chassis.catching_up import LATELY, CatchingUp
from chassis.event import Event
from chassis.ids import new_id
from chassis.ordered import OrderedSubscription

QUEUE = "taker:giver.all"
EVENT = Event(
    "e-1", "thing.given", "/services/giver", "thing/t", 1, datetime(2026, 3, 12, tzinfo=UTC), None, {}, b"{}", "k"
).dump()
WHOLE = {"events": [EVENT], "next": None}


class Publishing:
    """A publisher that gives one answer after the other."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []

    def ask(self, service: str, method: str, kwargs: dict[str, Any], headers: Any, seconds: float) -> Any:
        self.asked.append(kwargs)
        return self.answers.pop(0)


class Subscriber:
    """What has something to catch up with."""

    source = "giver"

    def __init__(self, client: Publishing) -> None:
        self.client: Any = client
        self.taken: list[str] = []

    def goes_on(self, channel: Any) -> bool:
        return True

    def take_missed(self, channel: Any, events: Any) -> bool:
        self.taken += [event.id for event in events]
        return True


class Notes:
    """The notes of lost queues."""

    def __init__(self) -> None:
        self.struck: list[tuple[str, str]] = []

    def caught_up(self, queue: str, token: str) -> None:
        self.struck.append((queue, token))


def catch_up(client: Publishing, token: str) -> tuple[Subscriber, Notes]:
    subscriber, notes = Subscriber(client), Notes()
    assert CatchingUp(subscriber, None, notes).with_all({QUEUE: token}, [])  # type: ignore[arg-type]
    return subscriber, notes


@pytest.mark.parametrize(
    "garbage",
    [
        None,
        [],
        {"events": []},
        {"events": None, "next": None},
        {"events": [{**EVENT, "tenant": "360704"}], "next": None},
        {"events": [{"id": "e-1"}], "next": None},
        {"events": [{**EVENT, "time": "today"}], "next": None},
    ],
)
def test_an_answer_that_cannot_be_read_is_asked_for_again(garbage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catching_up, "PAUSE_SECONDS", 0.0)
    subscriber, notes = catch_up(Publishing(garbage, WHOLE), token := new_id())
    assert subscriber.taken == ["e-1"]
    assert notes.struck == [(QUEUE, token)]


def test_three_days_are_counted_from_the_loss_however_late_the_publisher_answers() -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    lost_on_friday = "01900000-0000-7000-8000-000000000000"
    found = {}
    for name, token in (("friday", lost_on_friday), ("now", new_id())):
        client = Publishing(WHOLE)
        catch_up(client, token)
        found[name] = datetime.fromisoformat(client.asked[0]["since"]) + LATELY
    assert found["friday"] == datetime.fromtimestamp(0x01900000_0000 / 1000, UTC)
    assert before < found["now"] <= datetime.now(UTC)


def test_who_caught_up_for_a_channel_that_is_gone_does_not_begin_to_consume_on_the_next() -> None:
    lane: Any = OrderedSubscription("giver")
    consumed: list[str] = []
    first, second = object(), SimpleNamespace(basic_consume=lambda queue, *_, **__: consumed.append(queue))

    class Slow(Publishing):
        def ask(self, *asked: Any) -> Any:  # the queue is deleted once more before the answer comes
            lane.channel, lane.lost = second, {QUEUE: new_id()}
            return super().ask(*asked)

    lane.container, lane.method_name = SimpleNamespace(service_name="taker"), "line_up"
    lane.channel, lane.lost, lane.client = first, {QUEUE: new_id()}, Slow({"events": [], "next": None})
    lane._catch_up(CatchingUp(lane, first, Notes()))  # type: ignore[arg-type]
    assert consumed == []
    assert lane.lost
