from collections.abc import Mapping

import pytest

from chassis.caller import Grant
from members.people.duty import ON_DUTY, ROLES, parts

GRID = "360704100002001"
SIBLING = "360704100002002"
COMMUNITY = "360704100002"
OTHER = "360704100007001"
AGENCY = "360704100"
DISTRICT = "360704"

POSTS: Mapping[tuple[str, str], set[str]] = {
    ("grid_worker", GRID): {"grid_workers"},
    ("grid_worker", COMMUNITY): {"grid_workers"},
    ("grid_worker", SIBLING): set(),
    ("community_worker", GRID): {"grid_workers", "community_workers"},
    ("community_worker", SIBLING): {"community_workers"},
    ("community_worker", COMMUNITY): {"community_workers"},
    ("community_worker", OTHER): set(),
    ("dispatcher", COMMUNITY): {"dispatchers"},
    ("dispatcher", AGENCY): {"dispatchers", "agency"},
    ("dispatcher", DISTRICT): {"dispatchers", "agency"},
    ("dispatcher", OTHER): set(),
    ("district_admin", DISTRICT): {"office"},
    ("inspector", COMMUNITY): {"inspectors"},
    ("resident", GRID): set(),
}


@pytest.mark.parametrize(("post", "expected"), POSTS.items(), ids=lambda part: "-".join(sorted(part)))
def test_a_post_answers_for_a_grid_as_far_as_its_scope_reaches(post: tuple[str, str], expected: set[str]) -> None:
    assert parts([Grant(*post)], GRID) == expected


def test_every_role_on_duty_has_a_post_in_the_table() -> None:
    assert {role for role, _ in POSTS} - {"resident"} == ROLES
    assert set().union(*POSTS.values()) == ON_DUTY.keys()


def test_who_has_two_posts_has_both_parts() -> None:
    assert parts([Grant("dispatcher", AGENCY), Grant("inspector", AGENCY)], GRID) == {
        "dispatchers",
        "agency",
        "inspectors",
    }
