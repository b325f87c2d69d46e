"""Until when a call can be answered and withdrawn, and how far ahead it may be."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chassis.errors import Refusal
from members.calls.call import AHEAD, Call, check_open, time_faults, withdrawn

NOW = datetime(2026, 3, 12, 11, 40, tzinfo=UTC)
CALL = Call("c-1", "360704", ("360704100002001",), (), "来吧", NOW, "p-desk", NOW - timedelta(hours=1))
MOMENT = timedelta(microseconds=1)


def test_a_call_is_open_until_its_time_and_no_longer() -> None:
    check_open(CALL, NOW - MOMENT)
    for ask in (lambda: check_open(CALL, NOW), lambda: withdrawn(CALL, "…", NOW)):
        with pytest.raises(Refusal, match="call_over"):
            ask()


def test_a_call_that_is_withdrawn_is_open_no_more() -> None:
    off = withdrawn(CALL, "…", NOW - MOMENT)
    assert (off.withdrawn_at, off.withdrawn_because) == (NOW - MOMENT, "…")
    with pytest.raises(Refusal, match="call_withdrawn"):
        check_open(off, NOW - MOMENT)
    with pytest.raises(Refusal, match="call_withdrawn"):
        check_open(replace(off, at=NOW - timedelta(hours=1)), NOW)


def test_a_call_is_for_later_and_not_for_much_later() -> None:
    told = {at: [each.code for each in time_faults(at, NOW)] for at in (NOW, NOW + MOMENT, NOW + AHEAD)}
    assert list(told.values()) == [["call_in_the_past"], [], []]
    assert [each.code for each in time_faults(NOW + AHEAD + MOMENT, NOW)] == ["call_too_far_ahead"]
