"""Nobody learns of a few people by subtracting counts from each other, however the areas lie and overlap."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.disclosure import Counts, Crowd, around, is_told, small, withheld

FEWEST = 10
DISTRICT = "360704"
TOWNS = [f"{DISTRICT}{town}" for town in ("100", "101")]
COMMUNITIES = [f"{town}00{number}" for town in TOWNS for number in (1, 2)]
GRIDS = [f"{community}00{number}" for community in COMMUNITIES for number in (1, 2, 3)]
AREAS = [DISTRICT, *TOWNS, *COMMUNITIES, *GRIDS]

crowds = st.lists(
    st.builds(
        lambda codes, here, others: Crowd(around([DISTRICT, *codes]), (here, others)),
        st.lists(st.sampled_from(AREAS), max_size=3),
        st.sampled_from([0, 1, 4, 9, 10, 15, 40]),
        st.sampled_from([0, 3, 12, 60]),
    ),
    min_size=1,
    max_size=14,
)


def parted(*numbers: int) -> list[Crowd]:
    return [Crowd(frozenset({f"{n}"}), (number,)) for n, number in enumerate(numbers)]


def hidden(numbers: Iterable[int], outside: int = 0) -> list[int]:
    """The numbers that are not told, of parts that nobody is in twice and of a whole with so many outside of them."""
    listed = list(numbers)
    held = [*parted(*listed), Crowd(frozenset(), (outside,))]
    return [listed[int(part)] for part in withheld(held, map(str, range(len(listed))), FEWEST)]


@pytest.mark.parametrize(
    ("numbers", "outside", "expected"),
    [
        ((20, 15, 10), 0, []),
        ((20, 15, 3), 0, [3, 15]),
        ((20, 15, 0), 0, [0, 15]),
        ((20, 15, 4, 6), 0, [4, 6]),
        ((20, 15, 4, 5), 0, [4, 5, 15]),
        ((20, 15), 3, [15]),
        ((20, 15), 30, []),
        ((20, 3), 7, [3]),
        ((3, 4), 0, [3, 4]),
        ((), 3, []),
    ],
)
def test_the_small_are_hidden_and_of_the_others_as_few_as_need_be(
    numbers: tuple[int, ...], outside: int, expected: list[int]
) -> None:
    assert hidden(numbers, outside) == expected


def test_who_is_in_two_parts_does_not_fill_up_what_is_left() -> None:
    held = [Crowd(frozenset("ab"), (12,)), Crowd(frozenset("b"), (5,)), Crowd(frozenset("c"), (4,))]
    assert withheld(held, "abc", FEWEST) == ("c", "a", "b"), "of the 21 all but 9 are in b, or in a"


def test_a_part_is_small_as_well_where_all_but_a_few_are_counted() -> None:
    held = [Crowd(frozenset("a"), (30, 2)), Crowd(frozenset("b"), (12, 40)), Crowd(frozenset("c"), (50, 50))]
    assert withheld(held, "abc", FEWEST) == ("a", "b")


def test_what_is_hidden_for_the_sake_of_another_is_told_in_parts_where_enough_is_left() -> None:
    big, other = TOWNS
    first, second = COMMUNITIES[:2]
    held = [Crowd(around([code]), (number, 99)) for code, number in ((first, 30), (second, 11), (other, 4))]
    held.append(Crowd(around([first, second]), (2, 99)))
    told = [area for area in (DISTRICT, big, other, first, second) if is_told(held, DISTRICT, area, FEWEST)]
    assert told == [DISTRICT, first], "all but 15 are told; with the second too, all but 4"
    assert is_told(held, big, big, FEWEST), "whoever may ask for no more has nothing to subtract from"


def test_who_lies_in_something_told_two_steps_above_is_not_left() -> None:
    big, other = TOWNS
    first, second = COMMUNITIES[:2]
    lying = [([GRIDS[0]], 11), ([second], 40), ([other], 80), ([other, GRIDS[1]], 10), ([DISTRICT], 3)]
    held = [Crowd(around([DISTRICT, *codes]), (number, 99)) for codes, number in lying]
    told = [area for area in (big, other, first, second, *GRIDS) if is_told(held, DISTRICT, area, FEWEST)]
    assert told == [other, second], "with either grid all but 3 or 13 would be, and the 10 are in another town as well"


def test_within_what_is_told_those_count_who_lie_elsewhere_too() -> None:
    big, other = TOWNS
    first, second = COMMUNITIES[:2]
    grids = GRIDS[:2]
    lying = [([grids[0]], 12), ([grids[1]], 4), ([first, other], 10), ([second], 15), ([other], 80), ([DISTRICT], 3)]
    held = [Crowd(around([DISTRICT, *codes]), (number, 99)) for codes, number in lying]
    told = [area for area in (big, other, first, second, *grids) if is_told(held, DISTRICT, area, FEWEST)]
    assert told == [other, first, grids[0]]


def test_of_an_area_in_which_nobody_is_nothing_is_told() -> None:
    assert not is_told([], DISTRICT, GRIDS[0], FEWEST)
    assert not is_told([Crowd(around([GRIDS[1]]), (50, 50))], DISTRICT, GRIDS[0], FEWEST)


@given(crowds)
def test_nobody_subtracts(held: list[Crowd]) -> None:
    """What is left of anything told, after everything told within it, is not small, or nothing within it is hidden."""
    told = {area for area in AREAS if is_told(held, DISTRICT, area, FEWEST)}
    for area in told:
        assert not small(total(crowd for crowd in held if area in crowd.parts), FEWEST)
        within = {each for each in told if each != area and each.startswith(area)}
        left = total(crowd for crowd in held if area in crowd.parts and not crowd.parts & within)
        assert not small(left, FEWEST) or not any(left), (area, within)


@given(st.lists(st.integers(FEWEST, 60), max_size=6), st.sampled_from([0, FEWEST, 50]))
def test_where_nothing_is_small_nothing_is_hidden(numbers: list[int], outside: int) -> None:
    assert hidden(numbers, outside) == []


@given(st.lists(st.sampled_from([0, 1, 4, 9, 10, 15, 40]), max_size=6), st.sampled_from([0, 3, 12]))
def test_two_or_more_are_hidden_and_together_they_are_not_small(numbers: list[int], outside: int) -> None:
    found = hidden(numbers, outside)
    if found and sum(numbers) + outside >= FEWEST:
        assert sum(found) + outside >= FEWEST
        assert len(found) + bool(outside) > 1
        assert len([number for number in found if number >= FEWEST]) < 2, "one that is not small is enough"


def total(found: Iterable[Crowd]) -> Counts:
    here, others = 0, 0
    for crowd in found:
        here, others = here + crowd.counts[0], others + crowd.counts[1]
    return here, others
