"""What is packed is what is unpacked, and what cannot be read says why."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from amqp.basic_message import Message

from chassis import wire
from chassis.event import Event, Malformed, encoded, packed, unpacked

DATA = {"case_id": "c-1", "status": "REPORTED", "due": None, "words": "路灯"}
EVENT = Event(
    id="0195a9c2-0000-7000-8000-000000000001",
    type="case.reported",
    source="/services/cases",
    subject="case/c-1",
    sequence=1,
    time=datetime(2026, 3, 12, 11, 40, tzinfo=UTC),
    correlation_id="r-1",
    data=DATA,
    body=encoded(DATA),
    key="360704100002001.0101",
)


def test_an_event_survives_the_wire() -> None:
    assert unpacked(packed(EVENT), "case.reported.360704100002001.0101") == EVENT


def test_an_event_survives_being_told_in_an_answer() -> None:
    told = json.loads(json.dumps(EVENT.dump()))
    assert Event.load(told) == EVENT


def test_the_same_data_is_always_the_same_bytes() -> None:
    assert encoded(DATA) == encoded(dict(DATA)) == packed(EVENT).body


def test_an_event_carries_the_attributes_of_cloudevents() -> None:
    headers = wire.headers(packed(replace(EVENT, correlation_id=None)))
    assert headers == {
        "ce-specversion": "1.0",
        "ce-id": EVENT.id,
        "ce-source": "/services/cases",
        "ce-type": "case.reported",
        "ce-subject": "case/c-1",
        "ce-time": "2026-03-12T11:40:00Z",
        "ce-sequence": "1",
    }


def changed(**headers: Any) -> Message:
    message = packed(EVENT)
    kept = {name: value for name, value in {**wire.headers(message), **headers}.items() if value is not None}
    return wire.message(EVENT.body, kept, content_type="application/json")


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (changed(**{"ce-id": None}), "'ce-id' is missing"),
        (changed(**{"ce-specversion": "2.0"}), "ce-specversion"),
        (changed(**{"ce-sequence": "first"}), "cannot be read"),
        (changed(**{"ce-time": "yesterday"}), "cannot be read"),
        (wire.message(b"{}", wire.headers(packed(EVENT)), content_type="text/plain"), "content type"),
        (wire.message(b"[1]", wire.headers(packed(EVENT)), content_type="application/json"), "no JSON object"),
        (wire.message(b"\xff", wire.headers(packed(EVENT)), content_type="application/json"), "cannot be read"),
        (wire.message(b"[" * 200_000, wire.headers(packed(EVENT)), content_type="application/json"), "nested"),
    ],
)
def test_a_message_that_is_no_event_is_malformed_with_a_reason(message: Message, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        unpacked(message, "case.reported")
