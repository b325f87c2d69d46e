"""What holds of every proposal, whoever is in the pool (docs/domain.md §2.1)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from members.matching.ranking import WEIGHTS, Helper, assess, eligible, rank
from tests.unit.members.test_matching import (
    ACROSS_TOWN,
    ANOTHER_TOWN,
    AT,
    EVENINGS,
    LAMP,
    LICENCE,
    NEXT_DOOR,
    SAME_COMMUNITY,
    electrician,
)

HOMES = (None, NEXT_DOOR, SAME_COMMUNITY, ACROSS_TOWN, ANOTHER_TOWN)
SUITED = st.builds(
    lambda n, home, free, load, days: Helper(
        electrician(f"p-{n}", home=home, free_times=EVENINGS if free else ()),
        load,
        None if days is None else AT - timedelta(days=days),
    ),
    st.integers(0, 30),
    st.sampled_from(HOMES),
    st.booleans(),
    st.integers(0, 4),
    st.none() | st.integers(0, 5),
)
POOLS = st.lists(SUITED, max_size=12, unique_by=lambda helper: helper.person.id)
UNSUITED = st.sampled_from(
    (
        {"skills": frozenset({"law"})},
        {"certificates": ()},
        {"active": False},
        {"tenant": "360703"},
        {"grants": ()},
        {"certificates": (replace(LICENCE, valid_until=datetime(2026, 3, 11, tzinfo=UTC).date()),)},
    )
)


@given(POOLS, st.randoms(use_true_random=False))
def test_the_order_is_total_and_does_not_depend_on_the_pools_order(pool: list[Helper], chance: object) -> None:
    shuffled = list(pool)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = rank(LAMP, pool, 50), rank(LAMP, shuffled, 50)
    assert first == second
    assert len({each.person_id for each in first}) == len(first) == len(pool)
    assert [each.score for each in first] == sorted((each.score for each in first), reverse=True)


@given(POOLS, UNSUITED)
def test_somebody_who_does_not_suit_changes_nothing(pool: list[Helper], facts: dict[str, object]) -> None:
    other = Helper(electrician("p-unsuited", **facts))
    assert not eligible(LAMP, other.person)
    assert rank(LAMP, [*pool, other], 50) == rank(LAMP, pool, 50)


@given(POOLS, st.sets(st.integers(0, 30)))
def test_nobody_who_is_left_out_is_proposed(pool: list[Helper], numbers: set[int]) -> None:
    out = frozenset(f"p-{n}" for n in numbers)
    found = {each.person_id for each in rank(replace(LAMP, exclude=out), pool, 50)}
    assert found == {helper.person.id for helper in pool} - out


@given(SUITED)
def test_the_parts_add_up_to_the_score(helper: Helper) -> None:
    found = assess(LAMP, helper)
    assert set(found.parts) == set(WEIGHTS)
    assert found.score == round(sum(found.parts.values()), 1)
    assert all(0 <= points <= WEIGHTS[name] for name, points in found.parts.items())


@given(SUITED, SUITED)
def test_of_those_who_are_equal_otherwise_the_nearer_tier_comes_first(one: Helper, other: Helper) -> None:
    same = replace(other, load=one.load, person=replace(other.person, id="p-z", free_times=one.person.free_times))
    tiers = [HOMES[1:].index(each.person.home) if each.person.home else len(HOMES) for each in (one, same)]
    if tiers[0] < tiers[1] < len(HOMES):
        assert rank(LAMP, [same, one], 2)[0].person_id == one.person.id
