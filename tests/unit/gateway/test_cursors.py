"""Cursors go back where they came from, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Refusal
from gateway.cursors import Cursors, listing_of, next_link

CURSORS = Cursors([bytes(32)])


@given(st.text() | st.integers() | st.lists(st.text()))
def test_a_position_comes_back_as_it_was(position: object) -> None:
    assert CURSORS.open(CURSORS.seal(position, "here"), "here") == position


@pytest.mark.parametrize("cursor", ["", "x", "x.y", "WzEsMl0", "é", "." * 100])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Refusal, match="invalid_cursor"):
        CURSORS.open(cursor, "here")


def test_a_cursor_is_refused_for_another_list_another_caller_and_other_filters() -> None:
    lists = [
        listing_of("/v1/cases", "p-1", {"status": "CLOSED"}),
        listing_of("/v1/inbox", "p-1", {"status": "CLOSED"}),
        listing_of("/v1/cases", "p-2", {"status": "CLOSED"}),
        listing_of("/v1/cases", "p-1", {"status": "REPORTED"}),
    ]
    assert len(set(lists)) == len(lists)
    cursor = CURSORS.seal("there", lists[0])
    for other in lists[1:]:
        with pytest.raises(Refusal, match="invalid_cursor"):
            CURSORS.open(cursor, other)


def test_a_cursor_sealed_with_another_secret_is_refused() -> None:
    with pytest.raises(Refusal, match="invalid_cursor"):
        CURSORS.open(Cursors([b"x" * 32]).seal("there", "here"), "here")


def test_the_link_keeps_the_filters_and_escapes_them() -> None:
    link = next_link("/v1/cases", {"limit": 5, "tag": "a&b", "after": "old"}, "new")
    assert link == '</v1/cases?limit=5&tag=a%26b&after=new>; rel="next"'


def test_a_cursor_is_good_while_its_key_is_known() -> None:
    before, after = Cursors([b"x" * 32]), Cursors([b"y" * 32, b"x" * 32])
    assert after.open(before.seal("there", "here"), "here") == "there"
    with pytest.raises(Refusal):
        before.open(after.seal("there", "here"), "here")
