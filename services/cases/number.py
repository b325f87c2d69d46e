"""Numbers that people are told: district, local day of the report, and six characters that nobody can guess."""

from datetime import datetime

from cases.deadline import LOCAL

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and capitals that are not mistaken for each other on the phone or on paper: no 0 O, 1 I L, no U."""

LENGTH = 6
CHANCES = len(ALPHABET) ** LENGTH
"""How many numbers a district has for each day: 729 million."""


PATTERN = rf"[0-9]{{6}}-[0-9]{{8}}-[{ALPHABET}]{{{LENGTH}}}\Z"
"""What every number looks like."""


def number(tenant: str, at: datetime, chance: int) -> str:
    """Such as `360704-20260312-7K3F9Q`; `chance` is a random integer, of which `chance % CHANCES` counts."""
    return f"{tenant}-{at.astimezone(LOCAL):%Y%m%d}-{_letters(chance % CHANCES)}"


def _letters(rest: int) -> str:
    letters = ""
    for _ in range(LENGTH):
        rest, place = divmod(rest, len(ALPHABET))
        letters = ALPHABET[place] + letters
    return letters
