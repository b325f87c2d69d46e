"""Volunteer hours from attendance and from cases: records, approval, the ledger, corrections (docs/domain.md §3.3)."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chassis.errors import Refusal
from chassis.event import Event, encoded
from members.organisations.store import UnitStore
from members.people.person import LOCAL
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.served import OFFICE, THURSDAY, WORKER, Serving, at, volunteer
from tests.component.members.small_district import MoveIn, refusal, settle, staff
from tests.component.members.staging import NOW
from tests.component.set_clock import SetClock

RESOLVED = json.loads(Path("tests/contract/events/case.resolved.json").read_text())


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)
    move_in((staff(f"p-{n}", "volunteer", "360704"), None) for n in range(1, 6))
    move_in([(staff("p-electrician", "in_service_member", "360704"), None)])


@pytest.fixture
def serving(service: MembersService) -> Serving:
    return Serving(service)


def hours(service: MembersService, n: int, **period: Any) -> dict[str, Any]:
    return service.hours(caller=volunteer(n), **period)


def ledger(service: MembersService, n: int) -> list[tuple[str, int, bool]]:
    items = service.hours_ledger(caller=volunteer(n), limit=100)["items"]
    return sorted((each["day"], each["minutes"], each["reverses"] is not None) for each in items)


def codes(refused: Refusal) -> dict[str, str]:
    return {fault["pointer"]: fault["code"] for fault in refused.details["errors"]}


def resolved(**changes: Any) -> Event:
    sample = json.loads(json.dumps(RESOLVED))
    sample["data"] |= changes
    return Event(
        id=sample["id"],
        type=sample["type"],
        source=sample["source"],
        subject=sample["subject"],
        sequence=changes.get("version", sample["sequence"]),
        time=datetime.fromisoformat(sample["data"]["at"]),
        correlation_id=None,
        data=sample["data"],
        body=encoded(sample["data"]),
        key="",
    )


def test_a_check_in_at_two_past_nine_and_out_at_five_past_eleven_counts_123_minutes(
    service: MembersService, serving: Serving
) -> None:
    """F44: planned 09:00–11:00; 123 min, shown 2.0 h."""
    serving.served("a-1", "p-1", "09:02-11:05")
    found = hours(service, 1, first="2026-01-01", last="2026-12-31")
    assert (found["minutes"], found["hours"], found["period"]["minutes"]) == (123, 2.0, 123)
    assert hours(service, 1, first="2026-03-13", last="2026-12-31")["period"]["minutes"] == 0


@pytest.mark.parametrize(
    ("period", "pointer"),
    [({"first": "2026-12-31", "last": "2026-01-01"}, "/last"), ({"last": "2026-12-31"}, "/first")],
)
def test_a_period_has_both_ends_in_order(service: MembersService, period: dict[str, str], pointer: str) -> None:
    wrong = refusal(hours, service=service, n=1, **period)
    assert (wrong.code, wrong.details["errors"][0]["pointer"]) == ("invalid", pointer)


def test_who_decides_sees_what_a_service_comes_to_before_it_counts(service: MembersService, serving: Serving) -> None:
    serving.activity("a-1")
    serving.came("a-1", "p-1", "09:02-11:05")
    serving.drawn_up("a-1")
    [record] = service.service_records(caller=OFFICE, activity_id="a-1")["items"]
    assert (record["state"], record["minutes"], record["minutes_alone"]) == ("pending", 0, 123)


def test_a_record_says_what_the_law_wants(service: MembersService, serving: Serving) -> None:
    id = serving.served("a-1", "p-1", "09:02-11:05")
    found = service.service_record(caller=volunteer(1), record_id=id)
    wanted = ("title", "day", "place", "object", "content", "minutes", "in_charge", "recorder", "state")
    assert [found[name] for name in wanted] == [
        "扮靓周四：清扫楼道",
        "2026-03-12",
        "东源胜景小区门口",
        [serving.service.activities_kept.one("a-1", None).item.grid_code],
        "清扫楼道、擦扶手、捡垃圾",
        123,
        "p-worker",
        "p-worker",
        "approved",
    ]
    assert service.service_record(caller=WORKER, record_id=id)["name_masked"].endswith("**")
    assert refusal(service.service_record, caller=volunteer(2), record_id=id).code == "record_not_found"


def test_nothing_counts_before_it_is_approved(service: MembersService, serving: Serving) -> None:
    serving.came(serving.activity("a-1"), "p-1", "09:00-11:00")
    assert serving.drawn_up("a-1") == {"activity_id": "a-1", "new": 1, "changed": 0, "staff": 0}
    assert serving.records("a-1")["p-1"]["state"] == "pending"
    assert hours(service, 1)["minutes"] == 0
    assert service.hours_kept.served("360704", THURSDAY, THURSDAY) == []  # nor in the trend of an area (F19)
    [record] = serving.records("a-1").values()
    service.approve_hours(caller=OFFICE, command_id="ok", record_ids=[record["record_id"]])
    assert service.hours_kept.served("360704", THURSDAY, THURSDAY) == [("p-1", record["grid_code"], 120)]


def test_an_activity_is_drawn_up_once_it_is_over_by_its_organiser_or_the_office(
    service: MembersService, serving: Serving, clock: SetClock
) -> None:
    serving.activity("a-1", "19:00", "21:00")
    assert refusal(serving.drawn_up, activity_id="a-1").code == "activity_not_over"
    clock.moment = NOW + timedelta(hours=2)
    other = {**WORKER, "id": "p-other"}
    assert refusal(serving.drawn_up, activity_id="a-1", by=other).code == "not_permitted"
    assert serving.drawn_up("a-1", by=OFFICE)["new"] == 0
    assert refusal(serving.drawn_up, activity_id="a-none").code == "activity_not_found"


def test_staff_have_no_volunteer_hours(service: MembersService, serving: Serving) -> None:
    serving.activity("a-1")
    serving.came("a-1", "p-worker", "09:00-11:00")
    serving.came("a-1", "p-1", "09:00-11:00")
    assert serving.drawn_up("a-1") == {"activity_id": "a-1", "new": 1, "changed": 0, "staff": 1}
    assert set(serving.records("a-1")) == {"p-1"}


def test_who_has_not_checked_out_counts_nothing_until_the_organiser_says_when(
    service: MembersService, serving: Serving
) -> None:
    serving.came(serving.activity("a-1"), "p-1", "09:00-")
    serving.drawn_up("a-1")
    record = serving.records("a-1")["p-1"]
    assert (record["state"], record["stints"][0]["ends"]) == ("unverified", "2026-03-12T03:00:00Z")
    assert codes(refusal(serving.approve, record_ids=[record["record_id"]])) == {"/record_ids/0": "hours_unverified"}
    serving.came("a-1", "p-1", "09:00-10:30")
    assert serving.drawn_up("a-1", "again")["changed"] == 1
    serving.approve([record["record_id"]])
    assert hours(service, 1)["minutes"] == 90


def test_after_seven_days_what_nobody_confirmed_counts_nothing(
    service: MembersService, serving: Serving, clock: SetClock
) -> None:
    serving.came(serving.activity("a-1"), "p-1", "09:00-")
    serving.drawn_up("a-1")
    id = serving.records("a-1")["p-1"]["record_id"]
    clock.moment = at("11:00") + timedelta(days=7, seconds=1)
    assert serving.records("a-1")["p-1"]["state"] == "lapsed"
    assert codes(refusal(serving.approve, record_ids=[id])) == {"/record_ids/0": "hours_lapsed"}
    assert hours(service, 1)["minutes"] == 0


def test_nobody_decides_about_own_hours(service: MembersService, serving: Serving, move_in: MoveIn) -> None:
    """§5: nobody approves own hours, whatever role they hold."""
    move_in([(staff("p-both", "volunteer", "360704"), None)])
    both = {"id": "p-both", "grants": [{"role": "party_office", "scope": "360704"}], "unit": None}
    serving.came(serving.activity("a-1"), "p-both", "09:00-11:00")
    serving.drawn_up("a-1")
    id = serving.records("a-1")["p-both"]["record_id"]
    assert codes(refusal(serving.approve, record_ids=[id], by=both)) == {"/record_ids/0": "own_hours"}
    for act in (service.refuse_hours, service.keep_hours):
        assert refusal(act, caller=both, command_id="x", record_id=id, reason="因为").code == "own_hours"
    mine = {"record_id": id, "reason": "因为", "stints": []}
    assert refusal(service.correct_hours, caller=both, command_id="y", **mine).code == "own_hours"
    former = {**both, "id": "p-today", "former": ["p-both"]}
    assert codes(refusal(serving.approve, record_ids=[id], by=former)) == {"/record_ids/0": "own_hours"}
    serving.approve([id], by=OFFICE)


def test_the_organiser_and_the_office_approve_and_nobody_else(service: MembersService, serving: Serving) -> None:
    serving.came(serving.activity("a-1"), "p-1", "09:00-11:00")
    serving.drawn_up("a-1")
    id = serving.records("a-1")["p-1"]["record_id"]
    others = (
        {**WORKER, "id": "p-other"},
        volunteer(2),
        {"id": "p-admin", "grants": [{"role": "district_admin", "scope": "360704"}], "unit": None},
        {"id": "p-far", "grants": [{"role": "party_office", "scope": "360704100009"}], "unit": None},
    )
    for other in others:
        assert codes(refusal(serving.approve, record_ids=[id], by=other)) == {"/record_ids/0": "not_permitted"}
    assert serving.approve([id])["items"] == [{"record_id": id, "state": "approved"}]


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_approved(service: MembersService, serving: Serving) -> None:
    serving.activity("a-1")
    for n, times in ((1, "09:00-11:00"), (2, "09:00-")):
        serving.came("a-1", f"p-{n}", times)
    serving.drawn_up("a-1")
    ids = {who: each["record_id"] for who, each in serving.records("a-1").items()}
    refused = refusal(serving.approve, record_ids=[ids["p-1"], ids["p-2"], "r-none"])
    assert codes(refused) == {"/record_ids/1": "hours_unverified", "/record_ids/2": "unknown_record"}
    assert serving.records("a-1")["p-1"]["state"] == "pending"


def test_a_repetition_adds_nothing(service: MembersService, serving: Serving) -> None:
    id = serving.served("a-1", "p-1", "09:00-11:00")
    assert serving.approve([id], "approve-a-1") == serving.approve([id], "approve-a-1")
    assert ledger(service, 1) == [("2026-03-12", 120, False)]
    assert codes(refusal(serving.approve, record_ids=[id], key="other")) == {"/record_ids/0": "record_decided"}
    assert serving.drawn_up("a-1", "later") == {"activity_id": "a-1", "new": 0, "changed": 0, "staff": 0}


def test_what_two_activities_share_counts_once_whichever_is_approved_first(
    service: MembersService, serving: Serving
) -> None:
    serving.served("a-late", "p-1", "10:00-12:00", begins="10:00", ends="12:00")
    serving.served("a-early", "p-1", "09:00-11:00")
    serving.served("a-early-2", "p-2", "09:00-11:00")
    serving.served("a-late-2", "p-2", "10:00-12:00", begins="10:00", ends="12:00")
    assert hours(service, 1)["minutes"] == hours(service, 2)["minutes"] == 180
    assert ledger(service, 1) == [
        ("2026-03-12", -120, True),
        ("2026-03-12", 60, False),
        ("2026-03-12", 120, False),
        ("2026-03-12", 120, False),
    ]
    assert serving.records("a-late")["p-1"]["minutes"] == serving.records("a-late-2")["p-2"]["minutes"] == 60


def test_of_one_day_eight_hours_count_at_most(service: MembersService, serving: Serving) -> None:
    serving.served("a-1", "p-1", "06:00-12:00", begins="06:00", ends="12:00")
    serving.served("a-2", "p-1", "13:00-18:00", begins="13:00", ends="18:00")
    assert hours(service, 1)["minutes"] == 480


def test_approvals_at_the_same_moment_leave_nothing_out_and_count_nothing_twice(
    service: MembersService, serving: Serving
) -> None:
    ids = []
    for n in range(6):
        serving.came(serving.activity(f"a-{n}", "09:00", "11:00"), "p-1", f"09:{n:02d}-11:00")
        serving.drawn_up(f"a-{n}", f"draw-{n}")
        ids.append(serving.records(f"a-{n}")["p-1"]["record_id"])
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda id: serving.approve([id], f"approve-{id}"), ids))
    assert hours(service, 1)["minutes"] == 120
    assert sum(minutes for _, minutes, _ in ledger(service, 1)) == 120


def test_a_refused_record_counts_nothing_and_says_why(service: MembersService, serving: Serving) -> None:
    serving.came(serving.activity("a-1"), "p-1", "09:00-11:00")
    serving.drawn_up("a-1")
    id = serving.records("a-1")["p-1"]["record_id"]
    service.refuse_hours(caller=WORKER, command_id="refuse", record_id=id, reason="未到场")
    found = service.service_record(caller=volunteer(1), record_id=id)
    assert (found["state"], found["reason"], found["minutes"]) == ("refused", "未到场", 0)


def test_a_correction_takes_back_the_row_and_adds_another_with_the_reason(
    service: MembersService, serving: Serving
) -> None:
    id = serving.served("a-1", "p-1", "09:00-10:00")
    service.ask_hours_correction(caller=volunteer(1), command_id="ask", record_id=id, text="我十一点才走")
    assert service.service_record(caller=WORKER, record_id=id)["state"] == "reopened"
    assert hours(service, 1)["minutes"] == 60
    again = {"caller": volunteer(1), "record_id": id, "text": "再说一遍"}
    assert refusal(service.ask_hours_correction, command_id="2", **again).code == "correction_asked_already"
    stints = [{"begins": at("09:00").isoformat(), "ends": at("11:00").isoformat()}]
    service.correct_hours(caller=WORKER, command_id="correct", record_id=id, stints=stints, reason="签退有误")
    assert ledger(service, 1) == [("2026-03-12", -60, True), ("2026-03-12", 60, False), ("2026-03-12", 120, False)]
    rows = service.hours_ledger(caller=volunteer(1), limit=100)["items"]
    assert {each["reason"] for each in rows} == {None, "签退有误"}
    same = {"caller": WORKER, "record_id": id, "stints": stints, "reason": "再来"}
    assert refusal(service.correct_hours, command_id="3", **same).code == "times_unchanged"


def test_a_correction_may_leave_nothing(service: MembersService, serving: Serving) -> None:
    id = serving.served("a-1", "p-1", "09:00-10:00")
    service.correct_hours(caller=OFFICE, command_id="correct", record_id=id, stints=[], reason="代签")
    assert hours(service, 1)["minutes"] == 0
    assert ledger(service, 1) == [("2026-03-12", -60, True), ("2026-03-12", 60, False)]


def test_a_correction_that_is_not_right_leaves_the_record_as_it_was(service: MembersService, serving: Serving) -> None:
    id = serving.served("a-1", "p-1", "09:00-10:00")
    kept: dict[str, Any] = {"caller": WORKER, "record_id": id, "reason": "记录无误"}
    assert refusal(service.keep_hours, command_id="k", **kept).code == "no_correction_asked"
    service.ask_hours_correction(caller=volunteer(1), command_id="ask", record_id=id, text="不对")
    service.keep_hours(command_id="keep", **kept)
    found = service.service_record(caller=volunteer(1), record_id=id)
    assert (found["state"], found["reason"], found["minutes"]) == ("approved", "记录无误", 60)


def test_only_its_person_asks_for_a_correction(service: MembersService, serving: Serving) -> None:
    id = serving.served("a-1", "p-1", "09:00-10:00")
    other = {"caller": volunteer(2), "command_id": "ask", "record_id": id, "text": "不对"}
    assert refusal(service.ask_hours_correction, **other).code == "record_not_found"


def test_what_is_wrong_with_corrected_times_is_told_at_once(service: MembersService, serving: Serving) -> None:
    id = serving.served("a-1", "p-1", "09:00-10:00")
    stints = [
        {"begins": at("10:00").isoformat(), "ends": at("09:00").isoformat()},
        {"begins": at("10:00").isoformat(), "ends": at("23:00").isoformat()},
        {"begins": at("07:59").isoformat(), "ends": at("09:00").isoformat()},
        {"begins": at("12:00").isoformat(), "ends": at("13:01").isoformat()},
    ]
    wrong = {"caller": WORKER, "command_id": "c", "record_id": id, "stints": stints, "reason": "更正"}
    assert codes(refusal(service.correct_hours, **wrong)) == {
        "/stints/0/ends": "stint_ends_too_early",
        "/stints/1/ends": "stint_in_the_future",
        "/stints/2": "stint_outside_service",
        "/stints/3": "stint_outside_service",
    }


def test_the_electrician_of_the_lamp_has_125_minutes_and_the_worker_none(
    service: MembersService, serving: Serving
) -> None:
    """§8.4: 35 + 90 = 125 min, shown 2.0 h; the community worker is staff."""
    stays = [*RESOLVED["data"]["stays"], {**RESOLVED["data"]["stays"][0], "assignee_id": "p-worker"}]
    for _ in range(2):
        service.draw_up_case_hours(resolved(stays=stays))
    [record] = service.service_records(caller=OFFICE, area="360704", limit=10)["items"]
    assert (record["person_id"], record["kind"], record["state"]) == ("p-electrician", "case", "pending")
    serving.approve([record["record_id"]])
    electrician = {"id": "p-electrician", "grants": [{"role": "in_service_member", "scope": "360704"}], "unit": None}
    found = service.hours(caller=electrician)
    assert (found["minutes"], found["hours"]) == (125, 2.0)


def test_after_rework_only_the_new_time_of_a_case_is_drawn_up(service: MembersService, serving: Serving) -> None:
    service.draw_up_case_hours(resolved())
    more = {
        "assignee_id": "p-electrician",
        "arrived_at": "2026-03-14T09:00:00Z",
        "left_at": "2026-03-14T09:40:00Z",
    }
    later = resolved(stays=[*RESOLVED["data"]["stays"], more], version=25, at="2026-03-14T09:40:00Z")
    service.draw_up_case_hours(later)
    found = service.service_records(caller=OFFICE, area="360704", limit=10)["items"]
    assert sorted(len(each["stints"]) for each in found) == [1, 2]


def test_records_are_listed_page_by_page_within_what_the_caller_sees(service: MembersService, serving: Serving) -> None:
    for n in range(3):
        serving.served(f"a-{n}", "p-1", "09:00-10:00", day=THURSDAY - timedelta(days=n))
    first = service.service_records(caller=volunteer(1), limit=2)
    rest = service.service_records(caller=volunteer(1), limit=2, after=first["next"])
    days = [each["day"] for each in (*first["items"], *rest["items"])]
    assert (days, rest["next"]) == (["2026-03-12", "2026-03-11", "2026-03-10"], None)
    assert service.service_records(caller=volunteer(2))["items"] == []
    assert refusal(service.service_records, caller=volunteer(2), area="360704").code == "not_permitted"
    assert refusal(service.service_records, caller=volunteer(2), activity_id="a-1").code == "not_permitted"
    assert refusal(service.hours, caller=volunteer(2), person_id="p-1").code == "not_permitted"
    assert service.hours(caller=OFFICE, person_id="p-1")["minutes"] == 180
    approved = service.service_records(caller=OFFICE, area="360704", state="approved")["items"]
    assert len(approved) == 3
    assert service.service_records(caller=OFFICE, area="360704", state="pending")["items"] == []


def test_the_days_are_local(service: MembersService, serving: Serving) -> None:
    day = at("00:30").astimezone(LOCAL).date()
    serving.served("a-1", "p-1", "00:30-02:30", begins="00:30", ends="02:30", day=day)
    assert ledger(service, 1) == [("2026-03-12", 120, False)]
