"""Who may let whom go: nobody below a role takes it away."""

from contextlib import nullcontext
from itertools import product

import pytest

from chassis.caller import Caller, Grant
from chassis.errors import Refusal
from members.people.tenure import GIVES, check_lets_go, role_to_open
from members.role import ROLES

DISTRICT, COMMUNITY = "360704", "360704100002"
OFFICES = ("party_office", "district_admin")
ABOVE_PARTY_OFFICE = {"district_admin", "auditor"}


@pytest.mark.parametrize(("office", "role"), list(product(OFFICES, ROLES)))
def test_an_office_takes_every_role_but_those_above_it(office: str, role: str) -> None:
    caller = Caller("p-1", (Grant(office, DISTRICT),))
    above = office == "party_office" and role in ABOVE_PARTY_OFFICE
    expected = pytest.raises(Refusal, match="role_above_own") if above else nullcontext()
    with expected:
        check_lets_go(caller, "record_leaving", [Grant("volunteer", COMMUNITY), Grant(role, COMMUNITY)])


@pytest.mark.parametrize(("office", "role"), list(product(OFFICES, ROLES)))
def test_an_office_opens_a_way_in_only_to_roles_that_it_gives(office: str, role: str) -> None:
    caller = Caller("p-1", (Grant(office, DISTRICT),))
    held = [Grant("volunteer", COMMUNITY), Grant(role, COMMUNITY)]
    if role in GIVES[office]:
        assert role_to_open(caller, "open_login", held) == office
    else:
        with pytest.raises(Refusal, match="role_above_own"):
            role_to_open(caller, "open_login", held)


def test_what_lies_beyond_the_scope_is_not_taken() -> None:
    narrow = Caller("p-1", (Grant("district_admin", COMMUNITY),))
    with pytest.raises(Refusal, match="not_permitted"):
        check_lets_go(narrow, "delete_person", [Grant("volunteer", COMMUNITY), Grant("volunteer", DISTRICT)])


def test_a_role_held_elsewhere_does_not_lift_the_office_here() -> None:
    grants = (Grant("district_admin", COMMUNITY), Grant("party_office", DISTRICT))
    with pytest.raises(Refusal, match="role_above_own"):
        check_lets_go(Caller("p-1", grants), "release_phone", [Grant("auditor", DISTRICT)])
    check_lets_go(Caller("p-1", grants), "release_phone", [Grant("auditor", COMMUNITY)])
