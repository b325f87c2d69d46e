"""The four scales of every survey, and the scores of each (docs/domain.md §1)."""

from collections.abc import Mapping
from enum import StrEnum


class Scale(StrEnum):
    """What people are asked about."""

    GAIN = "sense_of_gain"
    BELONGING = "sense_of_belonging"
    HAPPINESS = "sense_of_happiness"
    SAFETY = "sense_of_safety"


WORDS: Mapping[Scale, tuple[str, str]] = {
    Scale.GAIN: ("获得感", "Sense of gain"),
    Scale.BELONGING: ("归属感", "Sense of belonging"),
    Scale.HAPPINESS: ("幸福感", "Sense of happiness"),
    Scale.SAFETY: ("安全感", "Sense of safety"),
}
"""What each is called, in Chinese and English."""

SCORES = (1, 2, 3, 4, 5)
"""From not at all to very much."""

Spread = tuple[int, ...]
"""How many have given each of the scores, in their order."""
