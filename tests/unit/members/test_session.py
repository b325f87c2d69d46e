"""Refresh tokens rotate, may be repeated shortly, and end the session when they come back later."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from members.accounts.session import (
    GRACE,
    LIFETIME,
    LOOKED_BACK,
    MOST,
    Session,
    Token,
    Verdict,
    ended,
    judge,
    last_used_first,
    opened,
    parsed,
    rotated,
    successor,
    too_many,
)

NOW = datetime(2026, 3, 12, 11, 40, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
KEY = b"a key for tests"


def start() -> tuple[Session, Token]:
    return opened("s-1", "a-1", "p-1", "a random secret", NOW)


def test_a_token_survives_being_written_down() -> None:
    _, token = start()
    assert parsed(str(token)) == token


@pytest.mark.parametrize("text", ["", "a", "a.b", "a.b.c", "a.1.", ".1.c", "a.-1.c", "a.9999999.c", "a.²3.c"])
def test_what_is_not_shaped_like_a_token_is_none(text: str) -> None:
    assert parsed(text) is None


def test_the_session_keeps_no_token() -> None:
    session, token = start()
    assert token.secret not in repr(session)


def test_the_first_token_is_fresh_and_rotates() -> None:
    session, token = start()
    assert judge(session, token, KEY, LATER) is Verdict.FRESH
    session, following = rotated(session, token, KEY, LATER)
    assert following != token
    assert (session.generation, session.rotated_at) == (1, LATER)
    assert judge(session, following, KEY, LATER + timedelta(days=1)) is Verdict.FRESH


def test_a_refresh_repeated_within_the_grace_gets_the_same_successor() -> None:
    session, token = start()
    session, following = rotated(session, token, KEY, LATER)
    assert judge(session, token, KEY, LATER + GRACE) is Verdict.REPEATED
    assert successor(token, KEY) == following


def test_a_token_that_comes_back_after_the_grace_is_reused() -> None:
    session, token = start()
    session, _ = rotated(session, token, KEY, LATER)
    assert judge(session, token, KEY, LATER + GRACE + timedelta(milliseconds=1)) is Verdict.REUSED


def test_an_older_token_is_reused_even_within_the_grace() -> None:
    session, first = start()
    session, second = rotated(session, first, KEY, LATER)
    session, _ = rotated(session, second, KEY, LATER)
    assert judge(session, first, KEY, LATER) is Verdict.REUSED


def test_a_made_up_token_is_void_and_not_taken_for_reuse() -> None:
    session, first = start()
    session, second = rotated(session, first, KEY, LATER)
    for generation in (0, 1, 2):
        assert judge(session, Token("s-1", generation, "made up"), KEY, LATER) is Verdict.VOID
    assert judge(session, replace(second, generation=0), KEY, LATER) is Verdict.VOID


def test_without_the_key_nobody_makes_the_successor() -> None:
    _, token = start()
    assert successor(token, b"another key") != successor(token, KEY)


def test_a_session_expires_after_thirty_days() -> None:
    session, token = start()
    assert judge(session, token, KEY, NOW + LIFETIME - timedelta(seconds=1)) is Verdict.FRESH
    assert judge(session, token, KEY, NOW + LIFETIME) is Verdict.VOID


def test_an_ended_session_takes_no_token() -> None:
    session, token = start()
    assert judge(ended(session, "sign_out", NOW), token, KEY, NOW) is Verdict.VOID


def test_a_token_from_long_before_is_void_whoever_made_it() -> None:
    session, first = start()
    token = first
    for _ in range(LOOKED_BACK):
        session, token = rotated(session, token, KEY, LATER)
    assert judge(session, first, KEY, LATER + timedelta(hours=1)) is Verdict.REUSED
    session, _ = rotated(session, token, KEY, LATER)
    assert judge(session, first, KEY, LATER + timedelta(hours=1)) is Verdict.VOID


def test_of_more_sessions_than_anybody_may_have_those_are_too_many_that_were_not_used_for_longest() -> None:
    first, _ = start()
    all_of_them = [replace(first, id=f"s-{n:03}", rotated_at=NOW + timedelta(minutes=n)) for n in range(MOST)]
    assert too_many(all_of_them) == []
    used = replace(all_of_them[0], rotated_at=NOW + timedelta(days=1))
    newest = replace(first, id="s-999", rotated_at=NOW + timedelta(days=1))
    kept = [used, *all_of_them[1:], newest]
    assert too_many(kept) == [all_of_them[1]]
    assert last_used_first(kept)[:2] == [newest, used]
