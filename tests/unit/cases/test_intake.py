"""Taking reports in: what a report needs, and what may become of it before anybody is sent."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cases.act import Act, Facts
from cases.case import Reporter, Source, Tag
from cases.permission import THE_PUBLIC
from cases.place import Place, Point
from cases.timer import Timer
from chassis.caller import Caller
from tests.unit.cases.play import (
    ADMIN,
    AT,
    DISPATCHER,
    ELECTRICIAN,
    GRID,
    LAMP,
    NEIGHBOUR,
    OTHER_DISTRICT,
    RESIDENT,
    VOLUNTEER,
    WORKER,
    Play,
    accepted,
    caller,
    closed,
    code_of,
    dispatched,
    joined,
    offered,
    opened,
    registered,
    reopened,
    suspended,
    verifying,
)


def test_a_report_needs_a_text_or_a_photo() -> None:
    assert code_of(opened, text=None) == "text_or_photo_missing"
    assert opened(text=None, photos=["f-1"]).case.photos == ("f-1",)


def test_a_report_starts_the_time_to_register_by_its_severity() -> None:
    for category, minutes in ((None, 30), ("0101", 30), ("0103", 10), ("0603", 10)):
        assert opened(category=category).case.timers == {Timer.REGISTER: AT + timedelta(minutes=minutes)}


def test_only_workers_and_dispatchers_file_for_others() -> None:
    contact = {"name": "谢测009", "phone": "12000000009", "callback": "visit", "consent": True}
    assert code_of(opened, RESIDENT, on_behalf_of=contact) == "not_on_behalf"
    case = opened(WORKER, on_behalf_of=contact).case
    assert (case.reporter.id, case.reporter.filed_by) == (None, "p-worker")


def test_a_report_for_somebody_with_an_account_is_theirs() -> None:
    account = {"person_id": "p-xie", "callback": "voice", "consent": True}
    assert opened(WORKER, on_behalf_of=account).case.reporter.id == "p-xie"


def test_an_anonymous_report_keeps_nobody() -> None:
    case = opened(anonymous=True).case
    assert case.reporter == Reporter(anonymous=True)
    assert case.remarks[0].by is None


def test_an_emergency_is_not_verified_first() -> None:
    assert code_of(opened(category="0603").do, Act.ASK_VERIFY, DISPATCHER) == "emergency_is_not_verified"


def test_verifying_has_its_own_time() -> None:
    play = verifying()
    assert set(play.case.timers) == {Timer.REGISTER, Timer.VERIFY}
    play.do(Act.VERIFY, WORKER)
    assert set(play.case.timers) == {Timer.REGISTER}
    assert play.last.data["finding"] == "confirmed"


def test_a_case_is_registered_under_a_category() -> None:
    play = opened(category=None)
    assert code_of(play.do, Act.REGISTER, DISPATCHER, text="?") == "category_missing"
    assert play.do(Act.REGISTER, DISPATCHER, category="0102").case.category == "0102"


def test_a_category_that_does_not_exist_is_refused() -> None:
    assert code_of(opened, category="9999") == "unknown_category"
    assert code_of(opened().do, Act.REGISTER, DISPATCHER, category="9999") == "unknown_category"


def test_both_deadlines_count_from_the_report_not_from_registering() -> None:
    play = opened().at("03-13 08:00").do(Act.REGISTER, DISPATCHER, category="0101")
    assert play.case.dues.respond_due == AT + timedelta(hours=2)
    assert play.at("03-17 18:00").now == play.case.dues.resolve_due


def test_registering_stops_its_timer_and_starts_the_next() -> None:
    assert set(registered().case.timers) == {Timer.DISPATCH}


def test_a_rejection_has_a_text_for_the_reporter() -> None:
    assert code_of(opened().do, Act.REJECT, DISPATCHER, reason_code="duplicate") == "text_missing"
    play = opened().do(Act.REJECT, DISPATCHER)
    assert (play.last.data["reason_code"], play.case.timers) == ("not_found", {})


def merging(play: Play, target: Any) -> Play:
    play.facts = Facts(target=target)
    return play


def test_a_report_joins_an_open_case() -> None:
    target = registered().case
    play = merging(opened(), target).do(Act.MERGE, DISPATCHER)
    assert (play.case.merged_into, play.case.timers) == (target.id, {})
    assert play.last.data["target_case_id"] == target.id


def test_a_case_is_not_merged_into_itself() -> None:
    play = opened()
    assert code_of(merging(play, play.case).do, Act.MERGE, DISPATCHER) == "merge_into_itself"


def test_a_case_is_not_merged_into_one_that_ended() -> None:
    assert code_of(merging(opened(), closed().case).do, Act.MERGE, DISPATCHER) == "target_not_open"


def test_a_case_is_not_merged_into_nothing() -> None:
    assert code_of(merging(opened(), None).do, Act.MERGE, DISPATCHER) == "unknown_target"


@pytest.mark.parametrize(
    "place",
    [
        Place("360704100002002", Point(115.0108, 25.8672)),
        Place(GRID, Point(115.0058, 25.8700)),
        Place(GRID, None, "c-other"),
    ],
    ids=["another grid", "300 m away", "another compound"],
)
def test_a_case_elsewhere_is_not_joined(place: Place) -> None:
    target = replace(registered().case, place=place)
    assert code_of(merging(opened(), target).do, Act.MERGE, DISPATCHER) == "target_elsewhere"


def test_a_case_of_another_category_is_not_joined() -> None:
    target = registered().case
    assert code_of(merging(opened(category="0103"), target).do, Act.MERGE, DISPATCHER) == "target_of_other_category"
    assert merging(opened(category=None), target).do(Act.MERGE, DISPATCHER).case.merged_into == target.id


@pytest.mark.parametrize(("one", "other"), [("u-1", None), (None, "u-1"), ("u-1", "u-2")])
def test_a_complaint_about_a_unit_joins_only_one_about_the_same_unit(one: str | None, other: str | None) -> None:
    target = replace(registered().case, complained_unit_id=other)
    play = opened()
    play.case = replace(play.case, complained_unit_id=one)
    assert code_of(merging(play, target).do, Act.MERGE, DISPATCHER) == "target_complains_of_another"
    play.case = replace(play.case, complained_unit_id=other)
    assert merging(play, target).do(Act.MERGE, DISPATCHER).case.merged_into == target.id


def test_whoever_is_merged_into_a_case_follows_it_with_all_who_came_that_way() -> None:
    first = opened(NEIGHBOUR).case
    middle = joined(first).case
    end = joined(middle)
    assert [one.case_id for one in end.case.followers] == [first.id, middle.id]
    assert (end.case.status, end.case.assignment) == (middle.status, middle.assignment)
    told = end.last.data
    assert (told["joined_case_id"], told["joined_number"], told["reports"]) == (middle.id, middle.number, 3)


def test_a_case_is_joined_by_another_and_not_by_itself() -> None:
    assert code_of(dispatched().do, Act.JOIN, DISPATCHER) == "case_not_found"


def test_events_name_each_follower_once_and_the_reporter_as_that() -> None:
    assert registered().last.data["followers"] == []
    play = joined(opened(NEIGHBOUR).case)
    for who in (NEIGHBOUR, VOLUNTEER):
        play.facts = replace(play.facts, joining=opened(who).case)
        play.do(Act.JOIN, DISPATCHER)
    assert play.do(Act.NOTE, DISPATCHER).last.data["followers"] == [NEIGHBOUR.id, VOLUNTEER.id]
    assert joined(opened(anonymous=True).case).do(Act.NOTE, DISPATCHER).last.data["followers"] == []
    assert joined(opened(RESIDENT).case).do(Act.NOTE, DISPATCHER).last.data["followers"] == []


def test_a_joining_names_only_who_came_with_it_so_that_the_history_stays_short() -> None:
    play = joined(opened(NEIGHBOUR).case)
    assert play.last.data["followers"] == [NEIGHBOUR.id]
    play.facts = replace(play.facts, joining=joined(opened(NEIGHBOUR).case, who=VOLUNTEER).case)
    assert play.do(Act.JOIN, DISPATCHER).last.data["followers"] == [VOLUNTEER.id]


def test_an_anonymous_report_that_was_joined_keeps_the_case_from_being_withdrawn_too() -> None:
    assert code_of(joined(opened(anonymous=True).case).do, Act.WITHDRAW, RESIDENT) == "has_followers"


def test_a_rejection_names_those_who_follow_so_that_they_are_told_too() -> None:
    play = opened()
    play.facts = Facts(joining=opened(NEIGHBOUR).case)
    assert play.do(Act.JOIN, DISPATCHER).do(Act.REJECT, DISPATCHER).last.data["followers"] == [NEIGHBOUR.id]


def test_only_consultations_are_answered_at_once() -> None:
    assert code_of(registered().do, Act.ANSWER_DIRECTLY, DISPATCHER) == "not_a_consultation"
    play = registered(category="1001")
    assert code_of(play.do, Act.ANSWER_DIRECTLY, DISPATCHER, photos=["f-1"]) == "text_missing"
    assert play.do(Act.ANSWER_DIRECTLY, DISPATCHER).case.timers == {}


def test_an_enquiry_from_the_hotline_is_answered_at_once_whatever_it_is_about() -> None:
    play = registered(who=DISPATCHER, category="0704", source=Source.HOTLINE, tags=[Tag.ENQUIRY])
    assert play.do(Act.ANSWER_DIRECTLY, DISPATCHER).last.data["excluded"] == "answered_directly"
    not_asked = registered(who=DISPATCHER, category="0704", source=Source.HOTLINE)
    assert code_of(not_asked.do, Act.ANSWER_DIRECTLY, DISPATCHER) == "not_a_consultation"


def test_a_correction_keeps_old_and_new_and_counts_the_deadlines_anew_from_the_report() -> None:
    play = accepted().at("03-13 10:00").do(Act.CORRECT, DISPATCHER, category="0102")
    assert (play.last.data["old"]["category"], play.last.data["new"]["category"]) == ("0101", "0102")
    assert play.at("03-16 18:00").now == play.case.dues.resolve_due
    assert play.case.category_version == "2025.1"


def test_a_correction_moves_the_case_to_another_grid() -> None:
    play = dispatched()
    play.facts = Facts(place=Place("360704100007001"))
    play.do(Act.CORRECT, DISPATCHER, grid_code="360704100007001")
    assert (play.case.place.grid_code, play.last.key) == ("360704100007001", "360704100007001.0101")
    assert play.last.data["old"]["grid_code"] == LAMP.grid_code


def test_a_correction_corrects_something() -> None:
    assert code_of(dispatched().do, Act.CORRECT, DISPATCHER, category="0101") == "nothing_corrected"


def test_a_correction_keeps_the_pause_that_there_was() -> None:
    play = suspended().at("03-13 11:00").do(Act.RESUME, ADMIN).do(Act.CORRECT, DISPATCHER, category="0102")
    assert play.at("03-16 20:00").now == play.case.dues.resolve_due


def test_in_a_later_round_a_correction_counts_from_the_reopening() -> None:
    play = reopened().do(Act.CORRECT, DISPATCHER, category="0102")
    assert play.at("03-17 18:00").now == play.case.dues.resolve_due


def test_who_withdraws_ends_the_case() -> None:
    play = dispatched().do(Act.WITHDRAW, RESIDENT)
    assert (play.case.is_open, play.case.timers) == (False, {})


def test_who_filed_for_another_withdraws_for_him() -> None:
    contact = {"name": "谢测009", "callback": "visit", "consent": True}
    worker: Caller = WORKER
    assert not opened(worker, on_behalf_of=contact).do(Act.WITHDRAW, worker).case.is_open


def test_a_correction_never_moves_a_case_to_another_district() -> None:
    play = dispatched()
    play.facts = replace(play.facts, place=Place(OTHER_DISTRICT))
    assert code_of(play.do, Act.CORRECT, DISPATCHER, grid_code=OTHER_DISTRICT) == "outside_your_district"


@pytest.mark.parametrize(
    ("team", "correction", "refused"),
    [
        ("p-electrician", {"category": "0104"}, "category_not_for_members"),
        ("p-leader", {"category": "0704"}, "category_not_for_union"),
        ("p-worker", {"category": "0101"}, "certificate_missing"),
        ("p-worker", {"complained_unit_id": "u-committee"}, "complained_unit"),
        ("u-lighting", {"complained_unit_id": "u-lighting"}, "complained_unit"),
    ],
)
def test_a_correction_is_one_with_which_who_has_the_case_may_have_it(
    team: str, correction: dict[str, Any], refused: str
) -> None:
    play = registered(category="0801").do(Act.DISPATCH, DISPATCHER, assignees=[team])
    assert code_of(play.do, Act.CORRECT, DISPATCHER, **correction) == refused
    assert play.do(Act.CORRECT, DISPATCHER, category="0802").case.assignment.ids == (team,)


def test_a_correction_takes_no_open_offer_from_those_it_was_made_to() -> None:
    assert code_of(offered().do, Act.CORRECT, DISPATCHER, category="0104") == "category_not_for_members"
    assert offered().do(Act.CORRECT, DISPATCHER, category="0801").case.category == "0801"


def test_each_claimant_of_an_offer_is_licensed_alone_after_a_correction_too() -> None:
    play = offered(places=2, category="0301").do(Act.ACCEPT, VOLUNTEER).do(Act.ACCEPT, ELECTRICIAN)
    assert code_of(play.do, Act.CORRECT, DISPATCHER, category="0101") == "certificate_missing"


def test_a_case_that_others_were_merged_into_is_not_withdrawn() -> None:
    assert code_of(joined().do, Act.WITHDRAW, RESIDENT) == "has_followers"


@pytest.mark.parametrize(
    ("who", "open_to_them"),
    [
        (RESIDENT, {"APP"}),
        (caller("p-rider", "rider"), {"APP", "SNAP", "PATROL"}),
        (VOLUNTEER, {"APP", "SNAP", "PATROL"}),
        (WORKER, {"APP", "SNAP", "PATROL", "PHONE", "SESSION"}),
        (DISPATCHER, {source.value for source in Source if source is not Source.OPEN311}),
        (caller("k-1", "api_key", scope="360704"), {"OPEN311"}),
        (THE_PUBLIC, {"APP"}),
    ],
    ids=["resident", "rider", "volunteer", "grid worker", "dispatcher", "program with a key", "anybody"],
)
def test_a_report_comes_from_a_source_that_is_open_to_who_files_it(who: Caller, open_to_them: set[str]) -> None:
    for source in Source:
        if source.value in open_to_them:
            assert opened(who, source=source.value).case.source is source
        else:
            assert code_of(opened, who, source=source.value) == "source_not_permitted"


def test_a_dispatcher_who_is_a_resident_too_may_take_in_a_call() -> None:
    both = Caller("p-both", (*RESIDENT.grants, *DISPATCHER.grants))
    assert opened(both, source="12345").case.source is Source.HOTLINE
