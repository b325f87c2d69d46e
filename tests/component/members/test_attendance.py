"""F44: people come to a service day and go, by the day's code, by scans sent later, and by the organiser's list."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from chassis.errors import Refusal
from members.activities.activity import Kind
from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.clean_up import CLEANING, WORKER, publish, volunteer
from tests.component.members.small_district import ADMIN, MoveIn, refusal, settle, staff
from tests.component.set_clock import SetClock

Stored = Database[dict[str, Any]]

BEGINS = datetime(2026, 3, 19, 1, tzinfo=UTC)  # Thursday 09:00 in Asia/Shanghai
OTHER_DESK = {"id": "p-other", "grants": [{"role": "community_worker", "scope": "360704100007002"}], "unit": None}


def moment(hour: int, minute: int, days: int = 0) -> datetime:
    return BEGINS + timedelta(days=days, hours=hour - 9, minutes=minute)


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)
    move_in((staff(f"p-{n}", "volunteer", "360704"), None) for n in range(1, 6))


@pytest.fixture
def day(service: MembersService) -> str:
    return service_day(service)


def service_day(service: MembersService, key: str = "day", **changes: Any) -> str:
    """A service day from 09:00 to 11:00, as a series would publish it."""
    times = {"begins": BEGINS.isoformat(), "ends": moment(11, 0).isoformat()}
    id = publish(service, key, **(times | changes))
    service.activities_kept.records.outbox.collection.update_one(
        {"_id": id}, {"$set": {"kind": Kind.SERVICE_DAY.value}}
    )
    return id


def code(service: MembersService, id: str) -> str:
    return str(service.muster_code(caller=WORKER, activity_id=id)["code"])


def scan(service: MembersService, id: str, act: str, n: int = 1, key: str = "", **told: Any) -> dict[str, Any]:
    told = {"code": told.pop("code", None) or code(service, id), **told}
    return service.scan_muster_code(
        caller=volunteer(n), command_id=key or f"{act}-{n}", activity_id=id, act=act, **told
    )


def stints(service: MembersService, id: str) -> dict[str, list[dict[str, Any]]]:
    found = service.attendance_of(caller=WORKER, activity_id=id)["items"]
    return {each["person_id"]: each["stints"] for each in found}


def test_f44_in_by_scan_at_0902_and_out_at_1105_is_one_stint(
    service: MembersService, clock: SetClock, day: str
) -> None:
    """F44: a volunteer scans 09:02 and out 11:05: one stint, from which 123 minutes are credited."""
    clock.moment = moment(9, 2)
    receipt = scan(service, day, "in")
    assert (receipt["act"], receipt["walk_in"]) == ("in", True)
    clock.moment = moment(11, 5)
    scan(service, day, "out")
    told = {"came_at": "2026-03-19T01:02:00Z", "left_at": "2026-03-19T03:05:00Z", "how": "scan"}
    assert stints(service, day) == {"p-1": [told]}
    [own] = service.own_attendance(caller=volunteer(1))["items"]
    assert (own["activity_id"], own["title"], own["stints"]) == (day, CLEANING["title"], [told])


def test_f44_scans_sent_later_count_once_and_a_bad_one_loses_no_other(
    service: MembersService, clock: SetClock, day: str
) -> None:
    """F44: offline scans upload later, once, line by line."""
    good = code(service, day)
    clock.moment = moment(20, 0)

    def line(key: str, act: str, at: datetime, **told: Any) -> dict[str, Any]:
        return {
            "command_id": key,
            "activity_id": day,
            "act": act,
            "code": good,
            "scanned_at": at.isoformat(),
        } | told

    lines = [
        line("s-3", "in", moment(9, 30)),
        line("s-out", "out", moment(11, 5)),
        line("s-4", "in", moment(9, 2), code="M1.a.20260319.x"),
        line("s-in", "in", moment(9, 2)),
        {"command_id": "s-5", "act": "in"},
        line("s-6", "in", moment(9, 2), activity_id="nowhere"),
        line("s-in", "in", moment(9, 2)),
    ]
    first = service.upload_scans(caller=volunteer(1), items=lines)["items"]
    assert [each["command_id"] for each in first] == ["s-3", "s-out", "s-4", "s-in", "s-5", "s-6", "s-in"]
    assert [each.get("refusal", {}).get("code") for each in first] == [
        "already_checked_in",
        None,
        "muster_code_forged",
        None,
        "invalid",
        "activity_not_found",
        None,
    ]
    again = service.upload_scans(caller=volunteer(1), items=lines)["items"]
    assert [again[n] for n in (1, 3, 6)] == [first[n] for n in (1, 3, 6)]
    assert [len(each) for each in stints(service, day).values()] == [1]


def test_a_scan_that_got_no_answer_is_the_same_when_it_is_sent_with_those_kept(
    service: MembersService, clock: SetClock, day: str
) -> None:
    clock.moment = moment(9, 2)
    receipt = scan(service, day, "in", key="same")
    kept = {"activity_id": day, "act": "in", "code": code(service, day), "scanned_at": moment(9, 1).isoformat()}
    clock.moment = moment(9, 0, days=10)
    [answered] = service.upload_scans(caller=volunteer(1), items=[{"command_id": "same", **kept}])["items"]
    assert answered["receipt"] == receipt
    [other] = service.upload_scans(caller=volunteer(1), items=[{"command_id": "same", **kept, "act": "out"}])["items"]
    assert other["refusal"]["code"] == "command_id_reused"


def test_f44_a_hundred_scans_of_one_person_at_once_are_one_stint(
    service: MembersService, clock: SetClock, day: str, database: Stored
) -> None:
    """F44: one person, a hundred scans at the same moment: exactly one is counted."""
    clock.moment = moment(9, 2)
    good = code(service, day)

    def once(n: int) -> str:
        try:
            scan(service, day, "in", key=f"scan-{n}", code=good)
        except Refusal as refused:
            return refused.code
        return "counted"

    with ThreadPoolExecutor(20) as phones:
        came = list(phones.map(once, range(100)))
    assert sorted(came) == ["already_checked_in"] * 99 + ["counted"]
    assert database["attendance"].count_documents({}) == 1
    assert [len(each) for each in stints(service, day).values()] == [1]


def test_one_scan_sent_a_hundred_times_at_once_gets_one_answer(
    service: MembersService, clock: SetClock, day: str
) -> None:
    clock.moment = moment(9, 2)
    good = code(service, day)
    with ThreadPoolExecutor(20) as phones:
        receipts = list(phones.map(lambda _: scan(service, day, "in", key="one", code=good), range(100)))
    assert all(each == receipts[0] for each in receipts)


def test_each_scan_that_does_not_count_is_refused_by_its_own_code(
    service: MembersService, clock: SetClock, day: str
) -> None:
    """Bad input: a check-out before a check-in, a scan of another day's code, of another activity, a forged one."""
    later = service_day(service, "later", begins=moment(9, 0, 7).isoformat(), ends=moment(11, 0, 7).isoformat())
    beside = service_day(service, "beside")
    clock.moment = moment(9, 2)
    faults = {
        "code_of_another_day": {"code": code(service, later)},
        "code_of_another_activity": {"code": code(service, beside)},
        "muster_code_forged": {"code": code(service, day)[:-1] + "!"},
        "scanned_in_the_future": {"scanned_at": moment(9, 8).isoformat()},
        "check_in_too_early": {"scanned_at": moment(7, 59).isoformat()},
        "code_of_another_day ": {"scanned_at": moment(9, 0, -1).isoformat()},
    }
    for expected, told in faults.items():
        key = f"bad-{expected}"
        assert refusal(scan, service=service, id=day, act="in", key=key, **told).code == expected.strip()
    assert refusal(scan, service=service, id=day, act="out").code == "not_checked_in"
    scan(service, day, "in", key="good")
    assert refusal(scan, service=service, id=day, act="in", key="twice").code == "already_checked_in"
    before = {"scanned_at": moment(9, 1).isoformat()}
    assert refusal(scan, service=service, id=day, act="out", key="o", **before).code == "check_out_before_check_in"
    clock.moment = moment(12, 0, days=4)
    kept = {"scanned_at": moment(11, 0).isoformat()}
    assert refusal(scan, service=service, id=day, act="out", key="old", **kept).code == "scan_too_old"


def test_who_has_not_signed_up_comes_to_a_service_day_and_to_nothing_else(
    service: MembersService, clock: SetClock, day: str
) -> None:
    course = publish(service, "course", begins=BEGINS.isoformat(), ends=moment(11, 0).isoformat())
    for n in range(2, 5):
        service.sign_up(caller=volunteer(n), command_id="up", activity_id=course)
    clock.moment = moment(9, 2)
    assert refusal(scan, service=service, id=course, act="in", n=1).code == "not_signed_up"
    waits = service.activity(caller=volunteer(4), activity_id=course)["own"]["state"]
    assert (waits, refusal(scan, service=service, id=course, act="in", n=4).code) == ("waiting", "not_signed_up")
    assert scan(service, course, "in", n=2)["walk_in"] is False
    assert scan(service, day, "in", n=3)["walk_in"] is True


def test_the_organiser_keeps_a_list_and_confirms_within_seven_days(
    service: MembersService, clock: SetClock, day: str
) -> None:
    """F44: a missing check-out is presumed at the planned end until the organiser says otherwise, for seven days."""

    def told(*lines: dict[str, Any]) -> list[str | None]:
        items = [{"command_id": f"{clock.moment:%d%H%M}-{n}", **line} for n, line in enumerate(lines)]
        answers = service.list_attendance(caller=WORKER, activity_id=day, items=items)["items"]
        return [each.get("refusal", {}).get("code") for each in answers]

    clock.moment = moment(9, 5)
    came = [{"person_id": id, "act": "in"} for id in ("p-1", "p-2", "p-worker", "p-nobody")]
    assert told(*came) == [None, None, "own_attendance", "unknown_person"]
    clock.moment = moment(12, 0)
    found = service.attendance_of(caller=WORKER, activity_id=day)["items"]
    assert [(each["person_id"], each["unverified"], each["name"]) for each in found] == [
        ("p-1", True, "王**"),
        ("p-2", True, "王**"),
    ]
    clock.moment = moment(11, 0, days=7)
    assert told({"person_id": "p-1", "act": "out", "at": moment(10, 30).isoformat()}) == [None]
    clock.moment = moment(11, 1, days=7)
    assert told({"person_id": "p-2", "act": "out", "at": moment(10, 30).isoformat()}) == ["confirmation_too_late"]
    assert stints(service, day)["p-1"][0]["how"] == "confirmed"


def test_nobody_enters_the_own_attendance_under_a_former_id(service: MembersService, clock: SetClock, day: str) -> None:
    service.merge_people(caller=ADMIN, command_id="merge", person_id="p-5", into="p-worker")
    clock.moment = moment(9, 5)
    one_person = WORKER | {"former": ["p-5"]}
    line = {"command_id": "own", "person_id": "p-5", "act": "in"}
    [told] = service.list_attendance(caller=one_person, activity_id=day, items=[line])["items"]
    assert told["refusal"]["code"] == "own_attendance"


def test_only_who_organises_sees_the_code_and_the_list(service: MembersService, day: str) -> None:
    no_worker_any_more = volunteer(1) | {"id": "p-worker"}
    for caller in (volunteer(1), OTHER_DESK, no_worker_any_more):
        assert refusal(service.muster_code, caller=caller, activity_id=day).code == "not_permitted"
        assert refusal(service.attendance_of, caller=caller, activity_id=day).code == "not_permitted"
        line = {"command_id": "x", "person_id": "p-2", "act": "in"}
        assert refusal(service.list_attendance, caller=caller, activity_id=day, items=[line]).code == "not_permitted"


def test_who_turned_out_to_be_another_goes_where_the_former_came(
    service: MembersService, clock: SetClock, day: str
) -> None:
    clock.moment = moment(9, 2)
    scan(service, day, "in", n=1)
    merged = volunteer(2) | {"former": ["p-1"]}
    good = code(service, day)
    clock.moment = moment(11, 0)
    service.scan_muster_code(caller=merged, command_id="out", activity_id=day, act="out", code=good)
    assert list(stints(service, day)) == ["p-1"]
    [own] = service.own_attendance(caller=merged)["items"]
    assert own["stints"][0]["left_at"] == "2026-03-19T03:00:00Z"


def test_pages_go_on_where_the_last_one_ended(service: MembersService, clock: SetClock, day: str) -> None:
    clock.moment = moment(9, 2)
    for n in range(1, 4):
        scan(service, day, "in", n=n)
    first = service.attendance_of(caller=WORKER, activity_id=day, limit=2)
    rest = service.attendance_of(caller=WORKER, activity_id=day, limit=2, after=first["next"])
    assert [each["person_id"] for each in first["items"] + rest["items"]] == ["p-1", "p-2", "p-3"]
    assert rest["next"] is None
    other = service_day(service, "other", begins=moment(14, 0).isoformat(), ends=moment(15, 0).isoformat())
    clock.moment = moment(14, 1)
    scan(service, other, "in", n=1, key="second")
    newest = service.own_attendance(caller=volunteer(1), limit=1)
    older = service.own_attendance(caller=volunteer(1), limit=1, after=newest["next"])
    assert [each["items"][0]["activity_id"] for each in (newest, older)] == [other, day]
    assert older["next"] is None


def test_whoever_comes_without_having_signed_up_is_asked_for_the_same_age_and_skills(
    service: MembersService, clock: SetClock, database: Stored
) -> None:
    """F44: a walk-in gets in where a sign-up would; of the day of birth nothing is kept."""
    id = service_day(service, skills=["cleaning"], youngest=18)
    clock.moment = moment(9, 2)
    told = refusal(scan, service=service, id=id, act="in")
    assert {each["code"] for each in told.details["errors"]} == {"age_not_told", "lacks_skills"}
    database["people"].update_one({"_id": "p-1"}, {"$set": {"skills": ["cleaning"]}})
    assert refusal(scan, service=service, id=id, act="in", born="2010-01-01").code == "too_young"
    assert refusal(scan, service=service, id=id, act="in", born="2027-01-01").code == "born_in_future"
    line = {"command_id": "1", "person_id": "p-2", "act": "in", "born": "2000-01-01"}
    [refused] = service.list_attendance(caller=WORKER, activity_id=id, items=[line])["items"]
    assert refused["refusal"]["code"] == "lacks_skills"
    assert stints(service, id) == {}
    scan(service, id, "in", born="2000-01-01")
    clock.moment = moment(9, 30)
    scan(service, id, "out")
    clock.moment = moment(9, 40)
    scan(service, id, "in", key="again")
    assert len(stints(service, id)["p-1"]) == 2
    assert "2000-01-01" not in str(list(database["attendance"].find()))


def test_whoever_has_a_place_was_asked_before(service: MembersService, clock: SetClock) -> None:
    id = service_day(service, youngest=18)
    service.sign_up(caller=volunteer(1), command_id="s", activity_id=id, born="2000-01-01")
    clock.moment = moment(9, 2)
    assert scan(service, id, "in")["walk_in"] is False
