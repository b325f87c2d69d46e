"""Every fault of a request is named by its pointer, and nothing else is let through."""

from datetime import UTC, date, datetime

import pytest
from marshmallow import Schema, ValidationError, fields

from chassis.errors import Refusal
from chassis.schema import Day, Instant, load, reason_or_none, seen


class Point(Schema):
    lon = fields.Float(required=True)


class Report(Schema):
    text = fields.String(required=True)
    points = fields.List(fields.Nested(Point))


def test_valid_data_is_loaded() -> None:
    assert load(Report(), {"text": "a", "points": [{"lon": 1}]}) == {"text": "a", "points": [{"lon": 1.0}]}


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(Refusal) as refused:
        load(Report(), {"points": [{"lon": 1}, {"lon": "x"}], "a/b": 1})
    assert refused.value.code == "invalid"
    assert {fault["pointer"] for fault in refused.value.details["errors"]} == {"/text", "/points/1/lon", "/a~1b"}


def test_a_refusal_survives_its_journey() -> None:
    refusal = Refusal("illegal_move", act="accept", status="CLOSED")
    again = Refusal.load(refusal.dump())
    assert (again.code, again.details) == (refusal.code, refusal.details)


@pytest.mark.parametrize("text", ["  ", "\u3000\u200b", "\u3164", "\u2800 \uffa0"])
def test_a_text_in_which_nothing_can_be_seen_says_nothing(text: str) -> None:
    with pytest.raises(ValidationError):
        seen(text)
    assert reason_or_none(text) is None


def test_an_instant_is_read_in_utc() -> None:
    assert Instant().deserialize("2026-03-12T19:40:00+08:00") == datetime(2026, 3, 12, 11, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "tomorrow",
        "2026-03-12T19:40:00",
        "9999-12-31T23:59:59-01:00",
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00+08:00",
    ],
)
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Instant().deserialize(text)


@pytest.mark.parametrize(
    "text", ["9999-12-31", "0001-01-02", "2026-02-30", "２０２６-03-12", "20260312x", "2026-03-12T00:00"]
)
def test_what_is_no_day_or_has_none_before_or_after_it_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="Not a valid date"):
        Day().deserialize(text)


def test_a_day_is_read() -> None:
    assert [Day().deserialize(text) for text in ("2026-03-12", "9999-12-30")] == [date(2026, 3, 12), date(9999, 12, 30)]
