"""Every act with every role: who is not in the row is refused, and nobody reaches beyond their scope."""

import pytest

from chassis.caller import Caller, Grant
from chassis.errors import Refusal
from members.permission import (
    PERMISSIONS,
    READERS,
    STAFFING,
    Reach,
    of_own_unit,
    permit,
    permitted_role,
    scopes_for,
    tenants,
)
from members.role import ROLES

GRID, COMMUNITY, DISTRICT, ELSEWHERE = "360704100002001", "360704100002", "360704", "360703"
OFFICE = {"party_office", "district_admin"}
ORGANISING = {"grid_worker", "community_worker", "union_leader", "union_cadre", "party_office"}
VISITORS = {"grid_worker", "community_worker"}
CENSUS = {*VISITORS, "union_leader", "union_cadre"}
BOOKING = {*CENSUS, "dispatcher", *OFFICE}
OVERSEE = {"community_worker", "party_office", "district_admin", "auditor"}
ALLOWED = {
    "see_own_profile": set(ROLES),
    "change_own_profile": set(ROLES),
    "sign_out": set(ROLES),
    "see_sessions": set(ROLES),
    "change_own_password": set(ROLES),
    "keep_own_second_factor": set(ROLES),
    "keep_own_linked_identities": set(ROLES),
    "locate": set(ROLES),
    "record_leaving": OFFICE,
    "register_person": OFFICE | {"community_worker", "grid_worker"},
    "grant_role": OFFICE,
    "revoke_role": OFFICE,
    "open_login": OFFICE,
    "reset_login": OFFICE,
    "see_people": set(READERS),
    "reveal_phone": OFFICE,
    "see_own_data": set(ROLES),
    "delete_own_data": set(ROLES),
    "delete_person": OFFICE,
    "merge_people": OFFICE,
    "change_own_phone": set(ROLES),
    "release_phone": OFFICE,
    "show_identity": set(ROLES),
    "see_force": {*READERS, "inspector"},
    "see_territory": set(ROLES),
    "open_area": OFFICE,
    "change_area": OFFICE,
    "open_grids": OFFICE,
    "redraw_grids": OFFICE,
    "see_redrawings": {*OFFICE, "dispatcher", "auditor"},
    "register_compound": OFFICE,
    "keep_buildings": OFFICE,
    "change_grid": OFFICE,
    "register_unit": OFFICE,
    "change_unit": OFFICE,
    "import_people": OFFICE,
    "close_unit": OFFICE,
    "see_units": OFFICE | {"grid_worker", "community_worker", "dispatcher", "union_leader", "union_cadre", "auditor"},
    "change_compound": OFFICE,
    "register_worker": CENSUS,
    "change_worker": CENSUS,
    "see_workers": {*CENSUS, *OFFICE, "dispatcher", "auditor"},
    "reveal_worker_phone": OFFICE,
    "enter_estimate": {*OFFICE, "dispatcher"},
    "open_round": {*VISITORS, "dispatcher"},
    "close_round": {*VISITORS, "dispatcher"},
    "record_visit": VISITORS,
    "see_visit_note": VISITORS,
    "see_rounds": {*VISITORS, *OFFICE, "dispatcher", "auditor"},
    "register_own": {"in_service_member"},
    "register_own_unit": {"unit_contact"},
    "register_others": OFFICE,
    "decide_registration": {"community_worker", "party_office"},
    "see_own_registration": set(ROLES),
    "see_registrations_of_own_unit": {"unit_contact"},
    "see_registrations": OVERSEE,
    "record_points": {"grid_worker", "community_worker", "party_office"},
    "see_own_points": set(ROLES),
    "see_points": OVERSEE,
    "see_own_hours": set(ROLES),
    "see_hours": {*VISITORS, *OFFICE, "auditor"},
    "approve_hours": {"party_office"},
    "approve_hours_of_own_activities": {*CENSUS, "party_office"},
    "approve_hours_of_cases": VISITORS,
    "keep_own_star": set(ROLES),
    "draw_up_roster": {"party_office"},
    "draw_up_roster_of_own_activities": {*CENSUS, "party_office"},
    "see_stars": set(ROLES),
    "issue_own_certificate": set(ROLES),
    "see_certificates": {"party_office", "auditor"},
    "revoke_certificate": {"party_office"},
    "enter_member_policy": OFFICE,
    "see_member_policies": set(ROLES),
    "evaluate": {"community_worker", "party_office"},
    "decide_objection": {"party_office"},
    "object_to_own_evaluation": set(ROLES),
    "object_for_own_unit": {"unit_contact"},
    "see_own_evaluation": set(ROLES),
    "see_results_of_own_unit": {"unit_contact"},
    "see_evaluations": OVERSEE,
    "assign_post": OFFICE,
    "see_posts": set(STAFFING),
    "see_own_posts": set(ROLES),
    "keep_party_group": OFFICE,
    "see_party_groups": set(STAFFING),
    "see_party_group_members": OFFICE,
    "keep_rotation": OFFICE,
    "order_turn": ORGANISING,
    "record_served": ORGANISING,
    "see_rotation": set(ROLES),
    "keep_venue": OFFICE,
    "see_venues": set(ROLES),
    "open_series": {"grid_worker", "community_worker", "union_leader", "union_cadre", "party_office"},
    "keep_series": {"party_office"},
    "see_series": set(ROLES),
    "check_in": set(ROLES),
    "keep_attendance": {"community_worker", "party_office"},
    "see_attendance": {"community_worker", "party_office", "district_admin", "auditor"},
    "see_own_attendance": set(ROLES),
    "publish_activity": {*CENSUS, "party_office"},
    "keep_activity": {"party_office"},
    "see_activities": set(ROLES),
    "sign_up": set(ROLES),
    "see_signups": OVERSEE,
    "see_own_signups": set(ROLES),
    "show_station_code": {"grid_worker", "community_worker", *OFFICE},
    "be_counted_at_station": set(ROLES),
    "see_station_uses": {*BOOKING, "auditor"},
    "keep_own_calendars": set(ROLES),
    "give_feedback": set(ROLES),
    "see_feedback": OVERSEE,
    "book_venue": BOOKING,
    "see_bookings": {*BOOKING, "auditor"},
    "issue_call": {"dispatcher", "community_worker"},
    "withdraw_call": {"dispatcher", "district_admin"},
    "answer_call": set(ROLES),
    "go_on_patrol": {"rider", "volunteer", "in_service_member", *VISITORS},
    "see_own_patrols": set(ROLES),
    "see_patrols": {*VISITORS, *OFFICE, "dispatcher", "auditor"},
    "reveal_track": {"dispatcher", "district_admin"},
    "see_coverage": set(STAFFING),
    "keep_api_keys": {"district_admin"},
    "see_audit_trail": {"auditor", "district_admin"},
}


def may(caller: Caller, act: str, code: str) -> bool:
    try:
        permit(caller, act, code)
    except Refusal as refusal:
        return refusal.dump() != {"code": "not_permitted", "details": {"act": act}}
    return True


def test_the_table_has_no_row_that_is_not_tested() -> None:
    assert set(PERMISSIONS) == set(ALLOWED)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("act", PERMISSIONS)
def test_a_role_may_do_what_its_row_says_and_nothing_else(act: str, role: str) -> None:
    caller = Caller("p-1", (Grant(role, DISTRICT),))
    code = "p-1" if PERMISSIONS[act].reach is Reach.OWN else GRID
    assert may(caller, act, code) is (role in ALLOWED[act])


@pytest.mark.parametrize("act", PERMISSIONS)
def test_nobody_reaches_the_record_of_another_or_another_district(act: str) -> None:
    caller = Caller("p-1", tuple(Grant(role, ELSEWHERE) for role in ROLES))
    assert not may(caller, act, "p-2" if PERMISSIONS[act].reach is Reach.OWN else GRID)


def test_who_holds_no_role_may_nothing() -> None:
    assert not any(may(Caller("p-1"), act, "p-1") for act in PERMISSIONS)


def test_the_districts_of_a_caller_are_those_of_all_scopes() -> None:
    grants = (Grant("resident", DISTRICT), Grant("volunteer", COMMUNITY), Grant("auditor", ELSEWHERE), Grant("x", "36"))
    assert tenants(Caller("p-1", grants)) == {DISTRICT, ELSEWHERE}


def test_of_several_roles_the_one_that_reaches_there_is_acted_in() -> None:
    caller = Caller("p-1", (Grant("grid_worker", ELSEWHERE), Grant("union_cadre", COMMUNITY), Grant("resident", GRID)))
    assert permitted_role(caller, "register_worker", GRID) == "union_cadre"
    for who, code in ((caller, "out_of_scope"), (Caller("p-2", (Grant("resident", GRID),)), "not_permitted")):
        with pytest.raises(Refusal) as refused:
            permitted_role(who, "register_worker", "360704100099001")
        assert refused.value.code == code


def test_a_list_is_bound_to_the_scopes_of_its_reader() -> None:
    caller = Caller("p-1", (Grant("grid_worker", GRID), Grant("community_worker", "360704100007")))
    assert scopes_for(caller, "see_workers") == (GRID, "360704100007")
    assert scopes_for(caller, "see_workers", "360704100007001") == ("360704100007001",)
    assert scopes_for(caller, "see_workers", DISTRICT) == (GRID, "360704100007")
    with pytest.raises(Refusal) as refused:
        scopes_for(caller, "see_workers", "360704100009")
    assert refused.value.code == "out_of_scope"


def test_a_committee_works_for_all_of_its_community_and_for_no_other() -> None:
    worker = Caller("p-1", (Grant("community_worker", GRID),))
    assert may(worker, "decide_registration", COMMUNITY)
    assert may(worker, "decide_registration", f"{COMMUNITY}002")
    assert not may(worker, "decide_registration", "360704100003")
    assert not may(worker, "see_registrations", "360704100")
    assert not may(worker, "see_registrations", DISTRICT)


def test_only_who_speaks_for_a_unit_acts_for_it() -> None:
    contact = Caller("p-1", (Grant("unit_contact", DISTRICT),), unit="u-1")
    assert of_own_unit(contact, "register_own_unit", "u-1")
    assert not of_own_unit(contact, "register_own_unit", "u-2")
    assert not of_own_unit(contact, "register_own_unit", None)
    assert not of_own_unit(Caller("p-2", (Grant("resident", DISTRICT),), unit="u-1"), "register_own_unit", "u-1")


@pytest.mark.parametrize("area", [None, DISTRICT, GRID])
def test_who_oversees_several_districts_reads_no_list(area: str | None) -> None:
    for act in ("see_posts", "see_party_groups"):
        with pytest.raises(Refusal, match="not_permitted"):
            scopes_for(Caller("p-3", (Grant("auditor", "36"),)), act, area)


@pytest.mark.parametrize("act", [act for act, row in PERMISSIONS.items() if row.reach not in {Reach.OWN, Reach.SUMS}])
def test_who_oversees_several_districts_reaches_sums_alone_also_in_the_home_district(act: str) -> None:
    """F57: the role of a province reaches no record, and living in a district does not change it."""
    held = tuple(Grant(role, "36") for role in ROLES if role != "resident")
    lives_there = Caller("p-1", (*held, Grant("x", DISTRICT)))
    reached = PERMISSIONS[act].reach is Reach.DISTRICT
    assert may(lives_there, act, GRID) is reached
    if not reached:
        for asking in (permitted_role, scopes_for):
            with pytest.raises(Refusal, match=r"not_permitted|out_of_scope"):
                asking(lives_there, act, GRID)


def test_sums_are_read_of_several_districts() -> None:
    assert may(Caller("p-1", (Grant("auditor", "36"),)), "see_force", "36")
