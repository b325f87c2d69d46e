"""Delays grow and end."""

from chassis.retry import next_pause, next_tier
from chassis.topology import RETRY_TIERS


def test_each_failure_waits_at_least_as_long_as_the_one_before() -> None:
    tiers = [next_tier(failures, attempts=8) for failures in range(1, 8)]
    waits = [RETRY_TIERS[tier] for tier in tiers if tier]
    assert tiers == ["1s", "5s", "30s", "2m", "10m", "10m", "10m"]
    assert waits == sorted(waits)


def test_no_tier_and_no_pause_are_left_when_the_attempts_are_used_up() -> None:
    assert next_tier(8, attempts=8) is None
    assert next_tier(2, attempts=2) is None
    assert next_pause(8, attempts=8) is None


def test_pauses_in_place_grow_too() -> None:
    pauses = [next_pause(failures, attempts=20) or 0 for failures in range(1, 10)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 30.0
