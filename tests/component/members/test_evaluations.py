"""Evaluations on a real database: the member sees it first, may object, and the unit sees only what came of it."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from members.evaluations.evaluation import EVENT_TYPES
from members.hours.ledger import Row
from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.dual_service import (
    AT_GAOXIN,
    AT_GUANGCHANG,
    BUREAU,
    CONTACT,
    GUANGCHANG,
    MEMBER,
    OFFICE,
    SECOND_OFFICE,
    STRANGER,
    caller,
    registered,
    settle,
)
from tests.component.members.small_district import MoveIn, refusal
from tests.component.set_clock import SetClock

Stored = Database[dict[str, Any]]
SAMPLES = Path(__file__).parents[2] / "contract" / "events"
WANTED = {"community": GUANGCHANG, "period": "2025", "metric": "points"}
TWELVE = {
    "area": "360704",
    "metric": "points",
    "period": "year",
    "minimum": 12,
    "effect": "not_eligible_for_excellent",
    "valid_from": "2025-01-01",
}
AUGUST = datetime(2025, 8, 4, 2, tzinfo=UTC)
MONDAY = datetime(2026, 1, 5, 2, tzinfo=UTC)
"""The first Monday of 2026, 10:00 local: five working days later is Monday the 12th."""


@pytest.fixture(autouse=True)
def district(
    territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn, service: MembersService, clock: SetClock
) -> None:
    """Three members are registered in August 2025, with 11, 12 and no points by the end of the year."""
    settle(territory, organisations, move_in)
    clock.moment = AUGUST
    service.enter_member_policy(caller=OFFICE, command_id="p", **TWELVE)
    for number in (1, 2, 3):
        registered(service, f"p-{number}")
    clock.moment = MONDAY
    for person, points in (("p-1", 11), ("p-2", 12)):
        serve(service, person, points, "2025-12-31")


def serve(service: MembersService, person_id: str, points: int, on: str) -> None:
    body = {"person_id": person_id, "on": on, "kind": "governance", "points": points}
    service.record_points(caller=AT_GUANGCHANG, command_id=f"{person_id}-{points}-{on}", **body)


def shown(service: MembersService, by: dict[str, Any] = AT_GUANGCHANG) -> dict[str, dict[str, Any]]:
    """Evaluated and shown: each member's evaluation by the person's id."""
    service.evaluate(caller=by, command_id="e", **WANTED)
    service.show_evaluations(caller=by, command_id="s", **WANTED)
    items = service.evaluations(caller=OFFICE, filters={"area": GUANGCHANG, "period": "2025"})["items"]
    return {each["subject_id"]: each for each in items}


def test_annual_evaluation(service: MembersService, clock: SetClock) -> None:
    """F16: 12 points a year, a member has 11 on Dec 31: "not eligible for excellent", shown to the member first."""
    drafted = service.evaluate(caller=AT_GUANGCHANG, command_id="e", **WANTED)
    assert (drafted["drafted"], drafted["shown"]) == (3, 0)
    assert service.evaluations(caller=MEMBER)["items"] == []
    told = service.show_evaluations(caller=AT_GUANGCHANG, command_id="s", **WANTED)
    assert (told["drafted"], told["shown"]) == (0, 3)
    [mine] = service.evaluations(caller=MEMBER)["items"]
    assert (mine["reached"], mine["minimum"], mine["met"]) == (11, 12, False)
    assert mine["effect"]["en"] == "not eligible for excellent"
    assert (mine["object_until"], mine["presumed_years"]) == ("2026-01-12T10:00:00Z", [])
    assert service.evaluations(caller=CONTACT, filters={"unit_id": BUREAU})["items"] == []
    early = refusal(service.evaluation, caller=CONTACT, evaluation_id=mine["evaluation_id"])
    assert early.code == "evaluation_not_found"
    clock.moment = datetime(2026, 1, 12, 10, 0, 1, tzinfo=UTC)
    service.lapse_evaluations()
    results = service.evaluations(caller=CONTACT, filters={"unit_id": BUREAU})["items"]
    assert sorted((each["subject_id"], each["met"]) for each in results) == [
        ("p-1", False),
        ("p-2", True),
        ("p-3", False),
    ]
    for each in results:
        assert not {"reached", "minimum", "objection", "policy_id"} & set(each)
        assert each["name"] == "谢**"


def test_an_objection_is_decided_by_another_and_counts_what_is_recorded_by_then(service: MembersService) -> None:
    mine = shown(service, by=OFFICE)["p-1"]["evaluation_id"]
    objected = service.object_to_evaluation(caller=MEMBER, command_id="o", evaluation_id=mine, text="少记一次")
    assert objected["status"] == "objected"
    serve(service, "p-1", 1, "2025-12-20")
    decide = {"evaluation_id": mine, "upheld": True, "reason": "已补记"}
    assert refusal(service.decide_objection, caller=OFFICE, command_id="d", **decide).code == "own_evaluation"
    itself = {**SECOND_OFFICE, "id": "p-1"}
    assert refusal(service.decide_objection, caller=itself, command_id="f", **decide).code == "own_evaluation"
    assert refusal(service.decide_objection, caller=AT_GUANGCHANG, command_id="g", **decide).code == "not_permitted"
    assert service.decide_objection(caller=SECOND_OFFICE, command_id="h", **decide)["status"] == "final"
    after = service.evaluation(caller=MEMBER, evaluation_id=mine)
    assert (after["reached"], after["met"], after["effect"]) == (12, True, None)
    assert after["decision"] == {"upheld": True, "reason": "已补记"}
    again = refusal(service.decide_objection, caller=SECOND_OFFICE, command_id="i", **decide)
    assert again.code == "evaluation_not_open"


def test_phones_in_an_objection_are_masked_for_all_but_who_objects(service: MembersService) -> None:
    mine = shown(service)["p-1"]["evaluation_id"]
    text = "少记一次,电话 12000000001"
    service.object_to_evaluation(caller=MEMBER, command_id="o", evaluation_id=mine, text=text)
    assert service.evaluation(caller=MEMBER, evaluation_id=mine)["objection"] == text
    masked = "少记一次,电话 120****0001"
    assert service.evaluation(caller=OFFICE, evaluation_id=mine)["objection"] == masked
    listed = service.evaluations(caller=OFFICE, filters={"area": GUANGCHANG})["items"]
    assert [each["objection"] for each in listed if each["subject_id"] == "p-1"] == [masked]
    decide = {"evaluation_id": mine, "upheld": False, "reason": "已致电 12000000001"}
    service.decide_objection(caller=OFFICE, command_id="d", **decide)
    assert service.evaluation(caller=OFFICE, evaluation_id=mine)["decision"]["reason"] == "已致电 120****0001"


def test_a_key_of_evaluating_is_refused_for_another_content(service: MembersService) -> None:
    first = service.evaluate(caller=AT_GUANGCHANG, command_id="e", **WANTED)
    assert service.evaluate(caller=AT_GUANGCHANG, command_id="e", **WANTED) == first
    other = {**WANTED, "metric": "services"}
    assert refusal(service.evaluate, caller=AT_GUANGCHANG, command_id="e", **other).code == "command_id_reused"
    assert refusal(service.show_evaluations, caller=AT_GUANGCHANG, command_id="e", **WANTED).code == "command_id_reused"
    assert service.show_evaluations(caller=AT_GUANGCHANG, command_id="s", **WANTED)["shown"] == 3
    assert refusal(service.show_evaluations, caller=AT_GUANGCHANG, command_id="s", **other).code == "command_id_reused"


def test_one_that_is_not_upheld_stays_as_it_was_shown(service: MembersService) -> None:
    mine = shown(service)["p-1"]["evaluation_id"]
    service.object_to_evaluation(caller=MEMBER, command_id="o", evaluation_id=mine, text="少记一次")
    serve(service, "p-1", 1, "2025-12-20")
    service.decide_objection(caller=OFFICE, command_id="d", evaluation_id=mine, upheld=False, reason="查无记录")
    assert service.evaluation(caller=MEMBER, evaluation_id=mine)["reached"] == 11


def test_there_are_five_working_days_to_object_and_no_more(service: MembersService, clock: SetClock) -> None:
    mine = shown(service)["p-1"]["evaluation_id"]
    clock.moment = datetime(2026, 1, 12, 10, 0, tzinfo=UTC)
    service.lapse_evaluations()
    objection = {"evaluation_id": mine, "text": "少记一次"}
    clock.moment = datetime(2026, 1, 12, 10, 0, 1, tzinfo=UTC)
    late = refusal(service.object_to_evaluation, caller=MEMBER, command_id="o", **objection)
    assert late.code == "objection_too_late"
    clock.moment = datetime(2026, 1, 12, 10, 0, tzinfo=UTC)
    first = service.object_to_evaluation(caller=MEMBER, command_id="p", **objection)
    assert service.object_to_evaluation(caller=MEMBER, command_id="p", **objection) == first
    clock.moment = datetime(2026, 2, 1, tzinfo=UTC)
    service.lapse_evaluations()
    service.lapse_evaluations()
    counts = service.evaluate(caller=OFFICE, command_id="again", **WANTED)
    assert (counts["objected"], counts["final"]) == (1, 2)


def test_a_policy_that_changes_leaves_an_open_evaluation_under_its_version(
    service: MembersService, clock: SetClock
) -> None:
    """F53: the rule goes from 12 to 10 points; what is being evaluated keeps the 12 of its version."""
    service.evaluate(caller=AT_GUANGCHANG, command_id="e", **WANTED)
    service.enter_member_policy(caller=OFFICE, command_id="q", **{**TWELVE, "minimum": 10, "valid_from": "2026-01-06"})
    clock.moment = datetime(2026, 1, 7, 2, tzinfo=UTC)
    mine = shown(service)["p-1"]
    assert (mine["policy_version"], mine["minimum"], mine["met"]) == (1, 12, False)
    clock.moment = datetime(2027, 1, 5, 2, tzinfo=UTC)
    service.evaluate(caller=AT_GUANGCHANG, command_id="f", **{**WANTED, "period": "2026"})
    items = service.evaluations(caller=OFFICE, filters={"area": GUANGCHANG})["items"]
    versions = {each["period"]: (each["policy_version"], each["minimum"]) for each in items}
    assert versions == {"2025": (1, 12), "2026": (2, 10)}


def test_drafts_count_what_is_recorded_until_they_are_shown(service: MembersService) -> None:
    service.evaluate(caller=AT_GUANGCHANG, command_id="e", **WANTED)
    serve(service, "p-1", 1, "2025-12-20")
    assert shown(service)["p-1"]["reached"] == 12


def test_a_year_whose_calendar_is_not_published_says_so(service: MembersService, clock: SetClock) -> None:
    clock.moment = datetime(2035, 1, 1, tzinfo=UTC)
    assert shown(service)["p-1"]["presumed_years"] == [2035]


def test_evaluating_again_changes_nothing_and_nobody_evaluates_themselves(
    service: MembersService, database: Stored
) -> None:
    own = {"id": "p-2", "grants": [{"role": "community_worker", "scope": f"{GUANGCHANG}001"}], "unit": BUREAU}
    assert service.evaluate(caller=own, command_id="e", **WANTED)["drafted"] == 2
    before = list(database["evaluations"].find().sort("_id"))
    assert service.evaluate(caller=AT_GUANGCHANG, command_id="f", **WANTED)["drafted"] == 3
    after = {each["_id"]: each for each in database["evaluations"].find()}
    assert all(after[each["_id"]] == each for each in before)


def test_a_unit_is_evaluated_by_its_rates_and_its_contact_objects(service: MembersService, clock: SetClock) -> None:
    clock.moment = AUGUST
    rule = {**TWELVE, "metric": "unit_registration_rate", "minimum": 95, "effect": "loses_appraisal"}
    service.enter_member_policy(caller=OFFICE, command_id="q", **rule)
    unit = service.submit_unit_registration(caller=CONTACT, command_id="u", unit_id=BUREAU, community=GUANGCHANG)
    service.accept_registration(caller=OFFICE, command_id="a", registration_id=unit["registration_id"])
    clock.moment = MONDAY
    wanted = {**WANTED, "metric": "unit_registration_rate"}
    service.evaluate(caller=AT_GUANGCHANG, command_id="e", **wanted)
    service.show_evaluations(caller=AT_GUANGCHANG, command_id="s", **wanted)
    [found] = [
        each
        for each in service.evaluations(caller=OFFICE, filters={"area": GUANGCHANG})["items"]
        if each["subject"] == "unit"
    ]
    assert (found["subject_id"], found["reached"], found["met"]) == (BUREAU, 75.0, False)
    assert service.evaluation(caller=CONTACT, evaluation_id=found["evaluation_id"])["reached"] == 75.0
    objection = {"evaluation_id": found["evaluation_id"], "text": "一人已调离"}
    for who in (MEMBER, {**AT_GAOXIN, "unit": BUREAU}):
        hidden = refusal(service.object_to_evaluation, caller=who, command_id="o", **objection)
        assert hidden.code == "evaluation_not_found"
    assert service.object_to_evaluation(caller=CONTACT, command_id="o", **objection)["status"] == "objected"
    decide = {"evaluation_id": found["evaluation_id"], "upheld": False, "reason": "查无记录"}
    of_it = {**SECOND_OFFICE, "unit": BUREAU}
    assert refusal(service.decide_objection, caller=of_it, command_id="d", **decide).code == "own_evaluation"
    assert service.decide_objection(caller=SECOND_OFFICE, command_id="e", **decide)["status"] == "final"


def test_nobody_evaluates_the_own_unit(service: MembersService, clock: SetClock) -> None:
    clock.moment = AUGUST
    service.enter_member_policy(
        caller=OFFICE, command_id="q", **{**TWELVE, "metric": "unit_registration_rate", "minimum": 95}
    )
    unit = service.submit_unit_registration(caller=CONTACT, command_id="u", unit_id=BUREAU, community=GUANGCHANG)
    service.accept_registration(caller=OFFICE, command_id="a", registration_id=unit["registration_id"])
    clock.moment = MONDAY
    wanted = {**WANTED, "metric": "unit_registration_rate"}
    assert service.evaluate(caller={**AT_GUANGCHANG, "unit": BUREAU}, command_id="e", **wanted)["drafted"] == 0
    assert service.evaluate(caller=AT_GUANGCHANG, command_id="f", **wanted)["drafted"] == 1


def test_that_there_is_an_evaluation_is_told_to_nobody_who_does_not_see_it(service: MembersService) -> None:
    """Its id follows from the rule, the period and the person: an answer would tell who is registered where."""
    service.evaluate(caller=AT_GUANGCHANG, command_id="e", **WANTED)
    [of_one] = [
        each["evaluation_id"]
        for each in service.evaluations(caller=OFFICE, filters={"area": GUANGCHANG})["items"]
        if each["subject_id"] == "p-1"
    ]
    other = {"id": "p-2", "grants": [{"role": "in_service_member", "scope": "360704"}], "unit": BUREAU}
    for who in (MEMBER, other, CONTACT):
        objection = {"caller": who, "command_id": f"o-{who['id']}", "text": "少记一次"}
        decide = {"caller": who, "command_id": f"d-{who['id']}", "upheld": True, "reason": "少记一次"}
        for id in (of_one, "0" * 32):
            read = refusal(service.evaluation, caller=who, evaluation_id=id)
            objected = refusal(service.object_to_evaluation, evaluation_id=id, **objection)
            decided = refusal(service.decide_objection, evaluation_id=id, **decide)
            assert {read.code, objected.code} == {"evaluation_not_found"}
            assert decided.code == "not_permitted"


def test_what_cannot_be_evaluated_is_refused_each_with_its_code(service: MembersService, clock: SetClock) -> None:
    for who in (MEMBER, CONTACT, AT_GAOXIN, STRANGER):
        assert refusal(service.evaluate, caller=who, command_id="e", **WANTED).code == "not_permitted"
    early = refusal(service.evaluate, caller=OFFICE, command_id="e", **{**WANTED, "period": "2026"})
    assert early.code == "period_not_over"
    none = refusal(service.evaluate, caller=OFFICE, command_id="e", **{**WANTED, "metric": "services"})
    assert none.code == "no_member_policy"
    shapes = {"community": "3607", "period": "2025Q5", "metric": "luck"}
    found = refusal(service.evaluate, caller=OFFICE, command_id="e", **shapes)
    assert {each["pointer"] for each in found.details["errors"]} == {f"/{name}" for name in shapes}


@pytest.mark.parametrize(
    ("metric", "minimum", "reached"),
    [("minutes", 3000, {"p-1": 600, "p-2": 480, "p-3": 0}), ("half_year_report", 2, {"p-1": 2, "p-2": 1, "p-3": 0})],
)
def test_minutes_and_halves_are_counted_from_the_ledger_of_hours(
    service: MembersService, clock: SetClock, metric: str, minimum: int, reached: dict[str, float]
) -> None:
    """§3.2: so many hours a year, or something in every half; what was taken back and other years do not count."""
    for person, day, minutes in (
        ("p-1", "2025-06-30", 480),
        ("p-1", "2025-07-01", 120),
        ("p-2", "2025-12-31", 480),
        ("p-2", "2024-12-31", 480),
        ("p-3", "2025-03-01", 60),
        ("p-3", "2025-03-01", -60),
    ):
        row = Row(
            f"{person}-{day}-{minutes}",
            f"r-{person}",
            person,
            GUANGCHANG,
            date.fromisoformat(day),
            minutes,
            0,
            "o",
            MONDAY,
        )
        service.hours_kept.rows.add([replace(row, turn=int(minutes < 0))], MONDAY, "hours.credited")
    clock.moment = AUGUST
    rule = {**TWELVE, "metric": metric, "minimum": minimum}
    service.enter_member_policy(caller=OFFICE, command_id="m", **rule)
    clock.moment = MONDAY
    service.evaluate(caller=OFFICE, command_id="e", **{**WANTED, "metric": metric})
    found = service.evaluations(caller=OFFICE, filters={"area": GUANGCHANG})["items"]
    assert {each["subject_id"]: each["reached"] for each in found} == reached


def test_nobody_sees_the_evaluation_of_another(service: MembersService) -> None:
    found = shown(service)
    other = {"caller": caller("p-2", "in_service_member", unit=BUREAU), "evaluation_id": found["p-1"]["evaluation_id"]}
    assert refusal(service.evaluation, **other).code == "evaluation_not_found"
    assert refusal(service.object_to_evaluation, command_id="o", text="x", **other).code == "evaluation_not_found"
    assert refusal(service.evaluation, **{**other, "caller": STRANGER}).code == "evaluation_not_found"
    rival = caller("p-rival", "unit_contact", unit="u-school")
    assert refusal(service.evaluations, caller=rival, filters={"unit_id": BUREAU}).code == "not_permitted"
    drafts = service.evaluations(caller=MEMBER, filters={"status": "drafted"})
    assert drafts["items"] == []


def test_events_tell_no_score(service: MembersService, database: Stored, clock: SetClock) -> None:
    mine = shown(service)["p-1"]["evaluation_id"]
    service.object_to_evaluation(caller=MEMBER, command_id="o", evaluation_id=mine, text="少记一次")
    clock.moment = datetime(2026, 2, 1, tzinfo=UTC)
    service.lapse_evaluations()
    entries = [entry for found in database["evaluations"].find() for entry in found["history"]]
    told = [entry for entry in entries if entry["type"] in EVENT_TYPES]
    assert {entry["type"] for entry in told} == {path.stem for path in SAMPLES.glob("evaluation.*.json")}
    for entry in told:
        sample = json.loads((SAMPLES / f"{entry['type']}.json").read_text(encoding="utf-8"))
        assert set(entry["data"]) == set(sample["data"])


def test_a_list_goes_on_where_the_page_before_ended(service: MembersService) -> None:
    shown(service)
    first = service.evaluations(caller=OFFICE, filters={"area": GUANGCHANG}, limit=2)
    second = service.evaluations(caller=OFFICE, filters={"area": GUANGCHANG}, limit=2, after=first["next"])
    assert (len(first["items"]), len(second["items"]), second["next"]) == (2, 1, None)


def test_the_own_copy_holds_registrations_points_and_evaluations(service: MembersService) -> None:
    service.evaluate(caller=AT_GUANGCHANG, command_id="e", **WANTED)
    drafted = service.own_data(caller=MEMBER)
    assert [each["slip"] for each in drafted["registrations"]]
    assert [each["points"] for each in drafted["service_points"]] == [11]
    assert drafted["evaluations"] == []  # the community's own until it is shown
    shown(service)
    assert [each["reached"] for each in service.own_data(caller=MEMBER)["evaluations"]] == [11]


def test_a_deletion_takes_the_words_of_an_objection_too(service: MembersService, database: Stored) -> None:
    mine = shown(service)["p-1"]["evaluation_id"]
    service.object_to_evaluation(caller=MEMBER, command_id="o", evaluation_id=mine, text="我电话12000000001少记一次")
    service.delete_own_data(caller=MEMBER, command_id="d")
    assert "少记一次" not in str(list(database["evaluations"].find()))
    assert service.evaluation(caller=OFFICE, evaluation_id=mine)["objection"] == "已删除"
