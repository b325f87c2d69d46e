"""V1 to V8 of docs/domain.md §4, each with what makes it fail and where its limits lie."""

from dataclasses import replace
from datetime import date

import pytest

from members.coverage.facts import GridFact, GroupFact, PostFact, SiteFact
from members.coverage.vertical import target
from tests.unit.members.coverage.covered import (
    COMMUNITY,
    COMPOUND,
    COVERED,
    ONE,
    OPENED,
    TWO,
    ago,
    found,
    named,
    noted,
    numbers,
    posts,
    square,
)

FULL = frozenset({"police", "medic", "in_service_member", "volunteer"})


def without(person: str) -> tuple[PostFact, ...]:
    return tuple(post for post in COVERED.posts if post.person_id != person)


def ended(person: str, on: date) -> tuple[PostFact, ...]:
    return tuple(replace(post, until=on) if post.person_id == person else post for post in COVERED.posts)


@pytest.mark.parametrize(
    ("missing", "reason"),
    [("360704", "district_missing"), ("360704100", "agency_missing"), (COMMUNITY, "community_missing")],
)
def test_a_grid_with_a_link_missing_above_it_breaks_the_chain(missing: str, reason: str) -> None:
    areas = {code: name for code, name in COVERED.areas.items() if code != missing}
    broken = found("V1", areas=areas)
    assert (numbers(broken), broken.passes) == ((0, 2), False)
    assert named(broken) == [(ONE, reason), (TWO, reason)]


def test_a_base_grid_needs_the_grid_above_it() -> None:
    base = GridFact("360704100002101", "基础网格", "BASE", square(115.0, 115.005), OPENED, parent=ONE)
    assert found("V1", grids=(*COVERED.grids, base)).passes is True
    orphan = found("V1", grids=(*COVERED.grids, replace(base, parent="360704100002009")))
    assert (numbers(orphan), named(orphan)) == ((2, 3), [(base.code, "parent_missing")])


def test_f03_a_grid_that_loses_its_union_cadre_fails_from_that_day_on() -> None:
    """F03: the cadre is gone on the day until which the post was held, which is excluded, and there the day before."""
    gone = found("V2", posts=ended("cadre-1", COVERED.day))
    assert (numbers(gone), gone.percentage, gone.passes) == ((1, 2), 50.0, False)
    [failing] = gone.count.failing
    assert (failing.id, failing.name, failing.en) == (ONE, "高新社区第一网格", "union cadre missing")
    day_before = found("V2", posts=ended("cadre-1", COVERED.day), day=ago(1))
    assert (numbers(day_before), day_before.percentage, day_before.passes) == ((2, 2), 100.0, True)


def test_two_union_leaders_on_a_grid_are_one_too_many() -> None:
    second = PostFact(ONE, "union_leader", "leader-3", OPENED)
    assert named(found("V2", posts=(*COVERED.posts, second))) == [(ONE, "union_leader_twice")]
    later = replace(second, since=date(2026, 4, 1))
    assert found("V2", posts=(*COVERED.posts, later)).passes is True


def test_one_leader_on_two_grids_is_allowed_and_reported() -> None:
    shared = tuple(
        replace(post, person_id="leader-1") if post.person_id == "leader-2" else post for post in COVERED.posts
    )
    both = found("V2", posts=shared, names={"leader-1": "王**"})
    assert (both.passes, noted(both)) == (True, [("leader-1", "several_grids")])
    assert both.count.noted[0].name == "王**"


def test_a_grid_without_a_community_worker_fails_and_one_below_the_target_is_reported() -> None:
    none = found("V3", posts=without("worker-1"))
    assert (numbers(none), named(none)) == ((1, 2), [(ONE, "workers_missing")])
    crowded = tuple(replace(grid, households=301) for grid in COVERED.grids)
    few = found("V3", grids=crowded)
    assert (few.passes, noted(few)) == (True, [(ONE, "below_target"), (TWO, "below_target")])


@pytest.mark.parametrize(("households", "workers"), [(0, 0), (1, 1), (300, 1), (301, 2), (6200, 21)])
def test_the_target_is_a_worker_for_300_households_or_part_of_them(households: int, workers: int) -> None:
    assert target(households) == workers


def test_a_post_may_be_vacant_for_14_days_and_no_longer() -> None:
    assert found("V4", posts=ended("cadre-1", ago(14))).passes is True
    vacant = found("V4", posts=ended("cadre-1", ago(15)))
    assert (numbers(vacant), vacant.passes, named(vacant)) == ((1, 6), False, [(ONE, "vacant")])
    assert vacant.count.failing[0].en == "union cadre vacant for 15 days"


def test_a_post_that_was_never_filled_is_vacant_since_the_grid_was_opened() -> None:
    assert found("V4", posts=without("leader-1")).passes is False
    opened = tuple(replace(grid, since=ago(14)) for grid in COVERED.grids)
    assert found("V4", posts=without("leader-1"), grids=opened).passes is True


def test_a_post_that_somebody_will_hold_later_is_vacant_meanwhile() -> None:
    later = [replace(post, since=date(2026, 4, 1)) if post.person_id == "cadre-1" else post for post in COVERED.posts]
    assert named(found("V4", posts=tuple(later))) == [(ONE, "vacant")]


def test_of_two_holders_one_after_the_other_the_vacancy_begins_with_the_last() -> None:
    earlier = PostFact(ONE, "union_cadre", "cadre-3", OPENED, ago(40))
    assert found("V4", posts=(*ended("cadre-1", ago(14)), earlier)).passes is True


def test_a_building_whose_grid_has_no_worker_has_nobody_responsible() -> None:
    building = SiteFact("c-1/1", "东源胜景小区 1栋", COMPOUND.at, "building")
    nobody = found("V5", sites=(*COVERED.sites, building), posts=without("worker-1"))
    assert (numbers(nobody), nobody.percentage) == ((1, 3), 33.33)
    assert named(nobody) == [("c-1", "no_grid_worker"), ("c-1/1", "no_grid_worker")]


def test_a_grid_worker_on_a_base_grid_answers_for_what_lies_in_it() -> None:
    base = GridFact("360704100002101", "基础网格", "BASE", square(115.0, 115.01), OPENED, parent=ONE)
    patrol = PostFact(base.code, "grid_worker", "g-1", OPENED)
    held = found("V5", grids=(*COVERED.grids, base), posts=(*without("worker-1"), patrol))
    assert held.passes is True


@pytest.mark.parametrize(("days", "passes"), [(0, True), (90, True), (91, False)])
def test_a_party_group_meets_within_90_days(days: int, passes: bool) -> None:
    groups = tuple(replace(group, met=ago(days)) for group in COVERED.groups)
    met = found("V6", groups=groups)
    assert met.passes is passes
    assert named(met) == ([] if passes else [(ONE, "not_met"), (TWO, "not_met")])


def test_a_grid_without_a_party_group_or_a_leader_or_any_meeting_fails() -> None:
    leaderless = GroupFact(ONE, None, FULL, None)
    lacking = found("V6", groups=(leaderless,))
    assert numbers(lacking) == (0, 2)
    assert named(lacking) == [(ONE, "leader_missing"), (ONE, "never_met"), (TWO, "group_missing")]


@pytest.mark.parametrize("capacity", sorted(FULL))
def test_a_party_group_has_one_of_each_capacity(capacity: str) -> None:
    one, two = COVERED.groups
    lacking = found("V7", groups=(replace(one, capacities=FULL - {capacity}), two))
    assert (numbers(lacking), named(lacking)) == ((1, 2), [(ONE, f"{capacity}_missing")])


def test_f06_a_party_group_without_a_medic_fails() -> None:
    """F06: the sentence says 医护 missing."""
    one, two = COVERED.groups
    lacking = found("V7", groups=(replace(one, capacities=FULL - {"medic"}), two))
    [failing] = lacking.count.failing
    assert "医护 missing" in failing.zh
    assert "医护 missing" in failing.en


def test_a_grid_without_a_party_group_has_no_composition() -> None:
    assert named(found("V7", groups=COVERED.groups[:1])) == [(TWO, "group_missing")]


@pytest.mark.parametrize(("days", "reached"), [(30, True), (31, False)])
def test_a_notice_reaches_a_post_holder_within_30_days(days: int, reached: bool) -> None:
    last = found("V8", reached=dict(COVERED.reached) | {"cadre-1": ago(days)})
    assert named(last) == ([] if reached else [("cadre-1", "not_reached")])


def test_19_of_20_post_holders_reached_are_enough_and_who_was_never_reached_is_not_left_out() -> None:
    crowd = tuple(PostFact(ONE, "community_worker", f"p-{n:02d}", OPENED) for n in range(20))
    reached = {post.person_id: COVERED.day for post in crowd}
    del reached["p-00"]
    enough = found("V8", posts=crowd, reached=reached)
    assert (enough.percentage, enough.passes, named(enough)) == (95.0, True, [("p-00", "never_reached")])
    del reached["p-01"]
    assert (found("V8", posts=crowd, reached=reached).passes) is False


def test_a_holder_of_two_posts_counts_once() -> None:
    posts_of_one = (*posts(ONE), PostFact(TWO, "union_leader", "leader-1", OPENED))
    assert numbers(found("V8", posts=posts_of_one)) == (3, 3)
