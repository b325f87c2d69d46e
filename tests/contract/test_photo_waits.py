"""Whoever uploads a photo is told by cases that there is no room before the gateway gives up waiting for it."""

from cases.photo_desk import DOOR_PATIENCE_SECONDS
from cases.workbench import PATIENCE_SECONDS
from gateway.photo_bytes import READ_SECONDS


def test_half_of_the_time_that_the_gateway_waits_is_left_for_the_cleaning() -> None:
    assert 2 * DOOR_PATIENCE_SECONDS + PATIENCE_SECONDS <= READ_SECONDS / 2
