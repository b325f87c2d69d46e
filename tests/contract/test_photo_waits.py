"""Whoever uploads a photo is told by cases that there is no room before the gateway gives up waiting for it."""

from cases.workbench import PATIENCE_SECONDS
from gateway.photo_bytes import READ_SECONDS


def test_half_of_the_time_that_the_gateway_waits_is_left_for_the_cleaning() -> None:
    assert PATIENCE_SECONDS <= READ_SECONDS / 2
