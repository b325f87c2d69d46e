"""Whoever waits to have a password hashed has its turn before whoever asks gives up."""

import pytest

from members.accounts.hashing import PATIENCE_SECONDS, PLACES, QUEUED


@pytest.mark.parametrize("seconds_of_one", [0.3])
def test_the_last_that_waits_has_its_turn_before_whoever_asks_gives_up(seconds_of_one: float) -> None:
    """By default a gateway waits five seconds, and a hash takes a third of one where all four share two processors."""
    turns = 1 + QUEUED / PLACES
    assert turns * seconds_of_one < PATIENCE_SECONDS < 5 - 1
