"""Giving cases out: to teams and as open offers, and what happens when they are taken, returned or not taken."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.act import Act, Facts
from cases.assignment import Known
from cases.case import Status
from cases.showing.sight import Sight, sees_phone, sight
from cases.timer import Timer
from tests.unit.cases.play import (
    ADMIN,
    CLOCK,
    CONTACT,
    DISPATCHER,
    ELECTRICIAN,
    KNOWN,
    RESIDENT,
    RULE,
    VOLUNTEER,
    WORKER,
    accepted,
    caller,
    code_of,
    dispatched,
    in_progress,
    offered,
    registered,
    reopened,
)


def test_somebody_has_to_be_named() -> None:
    assert code_of(registered().do, Act.DISPATCH, DISPATCHER, text="an alle") == "assignee_missing"
    assert code_of(registered().do, Act.DISPATCH, DISPATCHER, assignees=["p-worker"], places=2) == "team_or_offer"


def test_a_team_has_a_lead_of_its_own() -> None:
    team = ["p-worker", "p-electrician"]
    assert code_of(registered().do, Act.DISPATCH, DISPATCHER, assignees=team) == "lead_missing"
    assert code_of(registered().do, Act.DISPATCH, DISPATCHER, assignees=team, lead="p-xie") == "lead_not_in_team"
    lead = [one.id for one in dispatched().case.assignment.assignees if one.lead]
    assert lead == ["p-worker"]


def test_a_single_assignee_leads() -> None:
    play = registered().do(Act.DISPATCH, DISPATCHER, assignees=["p-electrician"])
    assert play.case.assignment.assignees[0].lead


@pytest.mark.parametrize(
    ("assignee", "code"),
    [
        ("p-nobody", "unknown_assignee"),
        ("p-gone", "assignee_inactive"),
        ("p-xie", "assignee_not_eligible"),
        ("p-far", "assignee_out_of_district"),
        ("p-leader", "category_not_for_union"),
        ("p-volunteer", "certificate_missing"),
        ("p-worker", "certificate_missing"),
    ],
)
def test_whom_a_case_is_not_given_to(assignee: str, code: str) -> None:
    assert code_of(registered().do, Act.DISPATCH, DISPATCHER, assignees=[assignee]) == code


def test_one_licence_in_the_team_is_enough_and_a_unit_brings_its_own() -> None:
    assert dispatched().case.status is Status.DISPATCHED
    assert registered().do(Act.DISPATCH, DISPATCHER, assignees=["u-lighting"]).case.status is Status.DISPATCHED


def test_members_take_only_what_is_open_to_them() -> None:
    road = registered(category="0201")
    assert code_of(road.do, Act.DISPATCH, DISPATCHER, assignees=["p-volunteer"]) == "category_not_for_members"
    assert code_of(road.do, Act.DISPATCH, DISPATCHER, places=1) == "category_not_for_members"
    assert road.do(Act.DISPATCH, DISPATCHER, assignees=["p-worker"]).case.status is Status.DISPATCHED


def test_the_union_takes_what_people_need() -> None:
    play = registered(category="0901").do(Act.DISPATCH, DISPATCHER, assignees=["p-leader"])
    leader = caller("p-leader", "union_leader")
    assert play.do(Act.ACCEPT, leader).case.status is Status.ACCEPTED
    play.case = replace(play.case, category="0101")
    assert code_of(play.do, Act.ARRIVE, leader) == "not_assigned"


def test_a_case_about_a_unit_goes_neither_to_it_nor_to_its_people() -> None:
    for unit, assignee in (("u-lighting", "u-lighting"), ("u-power", "p-electrician")):
        play = registered(complained_unit_id=unit)
        assert code_of(play.do, Act.DISPATCH, DISPATCHER, assignees=[assignee]) == "complained_unit"


def test_a_case_about_a_unit_is_not_claimed_by_its_people() -> None:
    own = caller("p-electrician", "in_service_member", scope="360704", unit="u-power")
    assert code_of(offered(complained_unit_id="u-power").do, Act.ACCEPT, own) == "not_assigned"
    hidden = replace(own, unit=None)
    assert code_of(offered(complained_unit_id="u-power").do, Act.ACCEPT, hidden) == "complained_unit"


def test_the_time_to_accept_is_two_working_hours_or_half_of_what_is_left() -> None:
    play = dispatched()
    assert play.case.timers == {Timer.ACCEPT: play.now + timedelta(minutes=57)}
    late = registered().at("03-13 09:00").do(Act.DISPATCH, DISPATCHER)
    assert late.case.timers == {Timer.ACCEPT: late.at("03-13 11:00").now}


@pytest.mark.parametrize(("category", "minutes"), [("0103", 30), ("0603", 5)])
def test_urgent_cases_and_emergencies_leave_less_time_to_accept(category: str, minutes: int) -> None:
    play = registered(category=category).do(Act.DISPATCH, DISPATCHER, assignees=["u-lighting"])
    assert play.case.timers == {Timer.ACCEPT: play.now + timedelta(minutes=minutes)}


def test_each_member_of_a_team_accepts_and_the_first_moves_the_case() -> None:
    play = dispatched().do(Act.ACCEPT, ELECTRICIAN)
    assert (play.case.status, play.case.timers) == (Status.ACCEPTED, {})
    assert code_of(play.do, Act.ACCEPT, ELECTRICIAN) == "already_accepted"
    play.do(Act.ACCEPT, WORKER)
    assert all(one.accepted for one in play.case.assignment.assignees)


def test_a_unit_accepts_through_its_contact() -> None:
    play = registered().do(Act.DISPATCH, DISPATCHER, assignees=["u-lighting"]).do(Act.ACCEPT, CONTACT)
    assert play.case.handlers == ("p-contact", "u-lighting")
    stranger = caller("p-other", "unit_contact", unit="u-property")
    assert code_of(dispatched().do, Act.ACCEPT, stranger) == "not_assigned"


def test_a_contact_is_one_in_the_own_scope_alone() -> None:
    """So is a program of the unit in the area of its key."""
    elsewhere = caller("p-contact", "unit_contact", scope="360704100007", unit="u-lighting")
    play = registered().do(Act.DISPATCH, DISPATCHER, assignees=["u-lighting"])
    assert code_of(play.do, Act.ACCEPT, elsewhere) == "not_assigned"
    assert sight(play.case, elsewhere) is Sight.NONE
    play.do(Act.ACCEPT, CONTACT)
    assert code_of(play.do, Act.FEEDBACK, elsewhere, text="done") == "not_assigned"
    assert not sees_phone(play.case, elsewhere)
    assert sees_phone(play.case, CONTACT)


def test_open_places_go_to_whoever_comes_first() -> None:
    play = offered(places=1)
    assert play.last.type == "case.offered"
    play.do(Act.ACCEPT, ELECTRICIAN)
    second = caller("p-second", "in_service_member", scope="360704")
    play.facts = Facts({**KNOWN, "p-second": replace(KNOWN["p-electrician"], id="p-second")})
    assert code_of(play.do, Act.ACCEPT, second) == "places_taken"


def test_further_places_are_taken_while_the_work_has_begun() -> None:
    play = offered(places=2, category="0301").do(Act.ACCEPT, VOLUNTEER).do(Act.ARRIVE, VOLUNTEER)
    play.facts = Facts({**KNOWN, "p-2": Known("p-2", "person", frozenset({"volunteer"}))})
    play.do(Act.ACCEPT, caller("p-2", "volunteer", scope="360704"))
    assert [one.lead for one in play.case.assignment.assignees] == [True, False]
    assert play.case.status is Status.IN_PROGRESS


def test_a_claimant_needs_the_role_the_scope_and_the_licence() -> None:
    assert code_of(offered().do, Act.ACCEPT, RESIDENT) == "not_permitted"
    assert code_of(offered().do, Act.ACCEPT, caller("p-v", "volunteer", scope="360704100007")) == "not_assigned"
    assert code_of(offered().do, Act.ACCEPT, VOLUNTEER) == "certificate_missing"
    unknown = caller("p-unknown", "volunteer", scope="360704")
    assert code_of(offered().do, Act.ACCEPT, unknown) == "unknown_assignee"


def test_a_contact_claims_a_place_for_the_unit() -> None:
    play = offered().do(Act.ACCEPT, caller("p-contact", "unit_contact", scope="360704", unit="u-lighting"))
    assert [(one.id, one.kind) for one in play.case.assignment.assignees] == [("u-lighting", "unit")]
    assert play.case.handlers == ("p-contact", "u-lighting")


def test_a_case_is_returned_twice_and_then_the_office_decides() -> None:
    play = registered()
    for returned in (1, 2):
        play.do(Act.DISPATCH, DISPATCHER).do(Act.RETURN, WORKER)
        assert play.last.data["office_decides"] is (returned == 2)
    assert (play.case.status, play.case.assignment.ids) == (Status.REGISTERED, ())
    assert code_of(play.do, Act.DISPATCH, RULE) == "office_decides"
    play.do(Act.DISPATCH, DISPATCHER)
    assert code_of(play.do, Act.RETURN, WORKER) == "returns_used_up"


def test_a_return_says_whether_the_next_candidate_is_asked() -> None:
    play = registered()
    for chosen, asked in ((True, True), (True, False)):
        given = {"assignees": ["p-worker", "p-electrician"], "lead": "p-worker", "then_next": chosen}
        play.do(Act.DISPATCH, DISPATCHER, **given).do(Act.RETURN, WORKER)
        assert play.last.data["asks_next"] is asked, "after two returns the office decides"
    assert dispatched().do(Act.RETURN, WORKER).last.data["asks_next"] is False


def test_a_return_keeps_the_resolve_time_running() -> None:
    play = dispatched()
    due = play.case.dues.resolve_due
    assert play.do(Act.RETURN, WORKER).case.dues.resolve_due == due
    assert set(play.case.timers) == {Timer.DISPATCH}


def test_giving_a_case_to_others_relieves_those_who_go_and_keeps_their_time() -> None:
    play = in_progress().at("03-12 21:00").do(Act.REASSIGN, DISPATCHER)
    assert play.last.data["relieved"] == ["p-worker"]
    assert (play.case.status, set(play.case.timers)) == (Status.DISPATCHED, {Timer.ACCEPT})
    assert not any(one.accepted for one in play.case.assignment.assignees)
    assert play.case.stays[0].left_at == play.now


def test_a_case_is_given_to_somebody_else() -> None:
    same = {"assignees": ["p-electrician", "p-worker"], "lead": "p-worker", "reason_code": "other"}
    assert code_of(accepted().do, Act.REASSIGN, DISPATCHER, **same) == "same_team"


def test_whoever_has_it_under_a_former_id_is_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    now = replace(KNOWN["p-electrician"], id="p-now", others=frozenset({"p-worker", "p-electrician"}))
    monkeypatch.setitem(KNOWN, "p-now", now)
    assert code_of(dispatched().do, Act.REASSIGN, DISPATCHER, assignees=["p-now"], reason_code="other") == "same_team"
    assert code_of(reopened().do, Act.DISPATCH, DISPATCHER, assignees=["p-now"]) == "same_assignee"


def test_the_clock_waits_until_the_time_is_up() -> None:
    play = dispatched()
    assert code_of(play.do, Act.TIME_OUT, CLOCK) == "not_due"
    play.later(minutes=57).do(Act.TIME_OUT, CLOCK)
    assert play.case.assignment.ids == ("p-electrician",)
    assert play.last.data["relieved"] == ["p-worker"]
    assert Timer.ACCEPT in play.case.timers


def test_without_a_candidate_the_office_has_it_and_no_timer_rings_again() -> None:
    play = dispatched().later(hours=2).do(Act.TIME_OUT, CLOCK, assignees=[])
    assert (play.last.data["escalated"], play.case.timers) == (True, {})
    assert play.do(Act.REASSIGN, DISPATCHER).case.status is Status.DISPATCHED


def test_after_a_reopening_the_same_assignee_needs_a_reason() -> None:
    again = {"assignees": ["p-electrician"]}
    assert code_of(reopened().do, Act.DISPATCH, DISPATCHER, **again) == "same_assignee"
    play = reopened().do(Act.DISPATCH, DISPATCHER, **again, reason_code="knows_the_case")
    assert play.last.data["reason_code"] == "knows_the_case"


def test_an_administrator_does_not_dispatch() -> None:
    assert code_of(registered().do, Act.DISPATCH, ADMIN) == "not_permitted"
