"""Cursors of the log: opaque, and good for the log alone that gave them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Refusal
from notify.events.cursor import Cursor, mark, read, written

AT = datetime(2026, 3, 12, 11, 40, tzinfo=UTC)


@given(st.integers(0, 10**18 - 1), st.text(), st.booleans())
def test_what_was_written_is_read_and_needs_no_escaping(position: int, id: str, unread: bool) -> None:
    cursor = Cursor(position, mark(id, AT), unread)
    assert read(written(cursor)) == cursor
    assert set(written(cursor)) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


@given(st.text(max_size=200))
def test_what_nobody_has_written_is_refused(text: str) -> None:
    try:
        found = read(text)
    except Refusal as refused:
        code: str | None = refused.code
    else:
        code = None if written(found) == text.rstrip("=") else "something else"
    assert code in {None, "invalid_cursor"}


@pytest.mark.parametrize("text", ["", "1", "MQ", "5", "é", "MS5hYmMuYWZ0ZXI", written(Cursor(1, "g" * 16))])
def test_a_cursor_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="invalid_cursor"):
        read(text)


def test_the_mark_tells_events_and_times_apart() -> None:
    assert mark("e1", AT) == mark("e1", AT.astimezone())
    assert len({mark("e1", AT), mark("e2", AT), mark("e1", AT + timedelta(milliseconds=1))}) == 3


def test_an_unread_line_is_read_first() -> None:
    assert (Cursor(7, "m").follows, Cursor(7, "m", unread=True).follows) == (7, 6)
