"""Every role with everything beside the moves of a case: the columns of docs/domain.md §5, typed in once more."""

from collections.abc import Callable
from typing import Any

import pytest

from cases.assets.asset import keeper_role
from cases.intake_sessions.intake_session import check_host
from cases.match_lists import permission as match_lists
from cases.mechanisms.mechanism import ENTERS as ENTER_MECHANISMS
from cases.permission import AUDITORS, COMPARE
from cases.place import Place
from cases.policies.policy import ENTERS as ENTER_POLICIES
from cases.showing.contact import ON_REQUEST, TELLS, role_that_is_told
from cases.showing.listing import OVERSEEING
from cases.showing.sight import Sight, sight
from cases.summons import permission as whistle
from chassis.caller import Caller
from chassis.errors import Refusal
from tests.unit.cases.play import GRID, accepted, caller, registered
from tests.unit.cases.test_moves import ROLES as ACTORS

PERSONS = [role for role in ACTORS if role not in {"clock", "rule", "api_key"}]
"""Every role that somebody is granted."""

WORKING = {"grid_worker", "community_worker"}
STAFF = WORKING | {"dispatcher"}
OFFICE = {"dispatcher", "district_admin"}
UNION = {"union_leader", "union_cadre"}
WATCHING = STAFF | UNION | {"inspector", "party_office", "district_admin", "auditor"}
CONTACTS = {"unit_contact"}
CLAIMING = {"in_service_member", "volunteer", "unit_contact"}
REPORTING = STAFF | UNION | CLAIMING | {"resident", "rider"}

LISTS: dict[str, tuple[set[str], set[str]]] = {
    "ask": (REPORTING, set()),
    "ask_for_others": (STAFF, set()),
    "see_demand": (WATCHING, REPORTING),
    "give_up": (STAFF, REPORTING),
    "find_unmet": ({"community_worker", "dispatcher"}, set()),
    "see_asker_contact": (STAFF, set()),
    "match_demand": (STAFF, set()),
    "offer": (CLAIMING, set()),
    "see_resource": (WATCHING, CLAIMING),
    "change_resource": (set(), CLAIMING),
    "match_resource": (STAFF, set()),
    "plan": ({"community_worker", "dispatcher"}, set()),
    "see_project": (WATCHING, set()),
    "see_match_lists": (WATCHING, set()),
}
"""Who does it with what lies in their scope, and who with what is their own wherever that lies."""

WHISTLE: dict[str, set[str]] = {
    "ask_summons": WORKING,
    **dict.fromkeys(("summon", "grant_summons", "decline_summons"), OFFICE),
    **dict.fromkeys(("acknowledge_summons", "excuse_from_summons"), CONTACTS),
    **dict.fromkeys(("arrive_at_summons", "miss_at_summons", "score_summons"), OFFICE | WORKING),
    "remind_of_summons": {"clock"},
}


def may(asked: Callable[..., Any], *given: Any, **more: Any) -> bool:
    """Whether it is not refused for the role."""
    try:
        asked(*given, **more)
    except Refusal as refused:
        return refused.code != "not_permitted"
    return True


def test_the_tables_are_those_of_the_page() -> None:
    assert set(OVERSEEING) == WATCHING
    assert set(COMPARE) == STAFF
    assert set(AUDITORS) == {"auditor", "district_admin"}
    assert set(ENTER_POLICIES) == {"district_admin"}
    assert set(ENTER_MECHANISMS) == OFFICE | {"party_office"}
    assert set(match_lists.PERMISSIONS) == set(LISTS)
    assert {act.value: set(row) for act, row in whistle.PERMISSIONS.items()} == WHISTLE
    assert set(whistle.SEES) == WATCHING | {"unit_contact"}


@pytest.mark.parametrize("act", LISTS)
@pytest.mark.parametrize("role", PERSONS)
def test_each_role_does_with_the_three_lists_what_its_column_says(act: str, role: str) -> None:
    inside, own = LISTS[act]
    who = caller("p-1", role, scope="360704")
    assert match_lists.may(act, who, (GRID,)) is (role in inside)
    far = caller("p-1", role, scope="360703")
    assert match_lists.may(act, far, (GRID,), own=True) is (role in own)
    assert not match_lists.may(act, far, (GRID,))


@pytest.mark.parametrize("role", PERSONS)
def test_each_role_keeps_assets_and_holds_sessions_as_its_column_says(role: str) -> None:
    who = caller("p-1", role, scope="360704")
    assert may(keeper_role, who, Place(GRID)) is (role in OFFICE)
    assert may(check_host, GRID, who) is (role in STAFF)


SEEN: dict[str, tuple[Sight, Sight]] = {
    **dict.fromkeys(PERSONS, (Sight.NONE, Sight.NONE)),
    **dict.fromkeys(("dispatcher", "inspector"), (Sight.FULL, Sight.FULL)),
    **dict.fromkeys(WORKING, (Sight.FULL, Sight.OUTLINE)),
    **dict.fromkeys(UNION | {"party_office", "district_admin", "auditor"}, (Sight.MASKED, Sight.OUTLINE)),
}
"""How much is seen of an ordinary case of the place, and of a sensitive one, without a part in it."""


@pytest.mark.parametrize("role", PERSONS)
def test_each_role_sees_of_a_case_of_its_place_what_its_column_says(role: str) -> None:
    who = caller("p-1", role, scope="360704")
    assert (sight(registered().case, who), sight(registered(category="0801").case, who)) == SEEN[role]
    far = caller("p-1", role, scope="360704100007")
    assert sight(registered().case, far) is Sight.NONE


@pytest.mark.parametrize("role", PERSONS)
def test_each_role_is_told_the_reporters_phone_as_its_column_says(role: str) -> None:
    """From accept until close to whoever has the case, to two on request with a reason, to nobody else."""
    stranger = caller("p-1", role, scope="360704")
    assert may(role_that_is_told, accepted().case, stranger, "核对位置") is (role in {"dispatcher", "inspector"})
    assert set(ON_REQUEST) == {"dispatcher", "inspector"}
    assert set(TELLS) == {"dispatcher", "inspector", *WORKING, *CLAIMING, *UNION}


@pytest.mark.parametrize("role", sorted(WATCHING))
def test_who_is_of_the_unit_that_a_case_is_about_sees_nothing_of_it_in_any_role(role: str) -> None:
    about = registered(complained_unit_id="u-lighting").case
    own = caller("p-1", role, scope="360704", unit="u-lighting")
    assert sight(about, own) is Sight.NONE
    assert sight(about, caller("p-1", role, scope="360704", unit="u-water")) is SEEN[role][0]


def test_who_holds_no_role_has_a_part_in_nothing() -> None:
    nobody = Caller("p-nobody")
    assert sight(registered().case, nobody) is Sight.NONE
    assert not may(keeper_role, nobody, Place(GRID))
    assert not may(check_host, GRID, nobody)
    assert not any(match_lists.may(act, nobody, (GRID,)) for act in LISTS)
