"""Numbers: readable, of the local day, and as hard to guess as they look."""

import re
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from cases.number import ALPHABET, CHANCES, PATTERN, number

NIGHT = datetime(2026, 3, 11, 17, 30, tzinfo=UTC)


@given(st.integers(0, CHANCES - 1), st.integers(0, CHANCES - 1))
def test_two_chances_give_two_numbers(one: int, other: int) -> None:
    assert (number("360704", NIGHT, one) == number("360704", NIGHT, other)) is (one == other)


def test_a_number_has_district_local_day_and_six_letters() -> None:
    assert number("360704", NIGHT, 0) == "360704-20260312-222222"
    assert number("360704", NIGHT, CHANCES - 1) == "360704-20260312-ZZZZZZ"


@given(st.integers(0, CHANCES - 1))
def test_every_number_looks_like_one(chance: int) -> None:
    assert re.match(PATTERN, number("360704", NIGHT, chance))


def test_no_letter_is_mistaken_for_another() -> None:
    assert not set("01ILOU") & set(ALPHABET)
    assert len(set(ALPHABET)) == 30
