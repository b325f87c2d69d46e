"""What somebody served, went and said is in their own copy, and goes with them while every sum stays as it is (F55)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from chassis.instant import written
from members.organisations.store import UnitStore
from members.patrols.finding import Finding
from members.people.person import Residence
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.served import OFFICE, THURSDAY, WORKER, Serving, volunteer
from tests.component.members.small_district import ADMIN, GRID, MoveIn, settle, staff
from tests.component.members.staging import NOW
from tests.component.set_clock import SetClock
from tests.unit.members.test_holdings import COPIED

ROLES = [{"role": role, "scope": "360704"} for role in ("rider", "volunteer")]
ME: dict[str, Any] = {"id": "p-1", "grants": ROLES, "unit": None, "former": ["p-2"]}
DESK = {"id": "p-desk", "grants": [{"role": "dispatcher", "scope": "360704"}], "unit": None}
YEAR = {"first": "2026-01-01", "last": "2026-03-12"}
QUARTERS = {"area": "360704", "quarter": "2026Q1", "against": "2025Q4"}
SAID, MISSED = "我说的话：讲得好", "我的更正：少了半小时"
OWN_WORDS = (SAID, MISSED, "谢测", "25.86719")
OTHERS = 10
"""So many others serve as well, for numbers of a few are not told."""

SECTIONS = (
    "service_records",
    "hours",
    "stars",
    "certificates",
    "patrols",
    "findings",
    "tracks_shown",
    "call_replies",
    "needs",
    "signups",
    "attendance",
    "feedback",
)


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)
    home = Residence("c-1", GRID, (115.0, 25.86))
    others = [(replace(staff(f"p-{n}", "volunteer", "360704"), home=home), None) for n in range(2, 3 + OTHERS)]
    me = replace(staff("p-1", "volunteer", "360704"), name="谢测077", home=home)
    move_in([(me, "12000000077"), *others])


@pytest.fixture
def activities(service: MembersService, clock: SetClock) -> list[str]:
    """Everything that somebody can leave behind here, some of it under a former id: the activities of it."""
    serving = Serving(service)
    for n in range(1, 3 + OTHERS):
        serving.served(f"a-{n}", f"p-{n}", "09:00-11:00", day=THURSDAY - timedelta(days=n))
    service.grant_role(caller=ADMIN, command_id="r", person_id="p-1", role="rider", scope="360704")
    worker = {"nickname": "阿测", "kind": "rider", "platform": "美团", "grid_code": GRID, "person_id": "p-1"}
    service.register_worker(caller=WORKER, command_id="w", needs=[{"text": "夜间充电"}], **worker)
    service.merge_people(caller=ADMIN, command_id="m", person_id="p-2", into="p-1")
    _patrol(service, clock)
    call = {"grids": [GRID], "text": "清理楼道", "at": written(NOW + timedelta(hours=14))}
    call_id = service.issue_call(caller=DESK, command_id="call", **call)["call_id"]
    for n in range(1, 3 + OTHERS):
        if n != 2:
            service.answer_call(caller=volunteer(n), command_id=f"reply-{n}", call_id=call_id, coming=True)
    done = serving.activity("a-said", day=THURSDAY - timedelta(days=9), capacity=9)
    later = serving.activity("a-later", day=THURSDAY + timedelta(days=2))
    for n in (1, 3, 4, 5):
        serving.came(done, f"p-{n}", "09:00-11:00", day=THURSDAY - timedelta(days=9))
        service.give_feedback(caller=volunteer(n), command_id=f"f-{n}", activity_id=done, mark=5, text=SAID)
    service.sign_up(caller=ME, command_id="s", activity_id=later)
    service.show_star(caller=ME, command_id="show", text_version="2026-01")
    service.issue_certificate(caller=ME, command_id="c", **YEAR)
    record = serving.records("a-1")["p-1"]["record_id"]
    service.ask_hours_correction(caller=ME, command_id="ask", record_id=record, text=MISSED)
    return ["a-said", call_id, later]


def _patrol(service: MembersService, clock: SetClock) -> None:
    begun = service.start_patrol(caller=ME, command_id="p", grid_code=GRID, text_version="2026-03")
    at = NOW + timedelta(minutes=1)
    point = {"point_id": "1", "at": written(at), "lon": 115.0058, "lat": 25.86719}
    service.upload_points(caller=ME, patrol_id=begun["patrol_id"], items=[point])
    service.patrols_kept.note(Finding("k-1", begun["patrol_id"], "p-1", at))
    service.stop_patrol(caller=ME, command_id="q", patrol_id=begun["patrol_id"], stopped_at=written(at))
    reveal = {"patrol_id": begun["patrol_id"], "reason": "核对轨迹"}
    service.reveal_track(caller=DESK, command_id="t", **reveal)
    clock.wait(minutes=2)


def sums(service: MembersService, activities: list[str]) -> dict[str, Any]:
    """Everything that is counted of people who served."""
    activity_id, call_id, _ = activities
    by_area = sorted(service.hours_kept.served(GRID, THURSDAY - timedelta(days=99), THURSDAY))
    return {
        "ledger": service.hours(caller=OFFICE, person_id="p-1")["minutes"],
        "area": by_area,
        "trend": service.force_trend(caller=ADMIN, **QUARTERS),
        "funnel": service.station_funnel(caller=ADMIN, area="360704", quarter="2026Q1"),
        "feedback": service.feedback(caller=OFFICE, activity_id=activity_id)["average"],
        "answers": service.feedback(caller=OFFICE, activity_id=activity_id)["answers"],
        "call": service.call(caller=DESK, call_id=call_id)["coming"],
        "came": len(service.attendance_of(caller=WORKER, activity_id=activity_id)["items"]),
        "records": len(service.service_records(caller=OFFICE, area=GRID, limit=100)["items"]),
    }


def everything(database: Database[dict[str, Any]]) -> str:
    return "".join(str(row) for name in database.list_collection_names() for row in database[name].find())


@pytest.mark.usefixtures("activities")
def test_the_own_copy_holds_all_that_was_served_gone_and_said(service: MembersService) -> None:
    copy = service.own_data(caller=ME)
    assert set(copy) >= COPIED
    assert [name for name in SECTIONS if not copy[name]] == []
    assert {each["person_id"] for each in copy["hours"]} == {"p-1", "p-2"}, "under the former id too"
    assert sum(each["minutes"] for each in copy["hours"]) == copy["stars"][0]["minutes"] == 240
    assert MISSED in [each["correction_asked"] for each in copy["service_records"]]
    assert [(each["name"], len(each["code"])) for each in copy["certificates"]] == [("谢测077", 16)]
    [gone] = copy["patrols"]
    assert [(each["lon"], each["lat"]) for each in gone["points"]] == [(115.0058, 25.86719)]
    assert [each["coming"] for each in copy["call_replies"]] == [True]
    assert [each["text"] for each in copy["needs"]] == ["夜间充电"]
    others = {f"p-{n}" for n in range(3, 3 + OTHERS)}
    assert not any(f"'{id}'" in str(copy) for id in others)


def test_a_deletion_leaves_no_word_of_the_person_and_every_sum(
    service: MembersService, database: Database[dict[str, Any]], activities: list[str]
) -> None:
    """F55: the person is replaced by a pseudonym, counts are unchanged."""
    before, said = sums(service, activities), everything(database)
    assert [word for word in OWN_WORDS if word not in said] == []
    assert before["trend"]["quarter"]["active"] == 1 + OTHERS
    [own] = [kept.item for kept in service.certificates_kept.page(["p-1"], None, 0)]
    service.delete_own_data(caller=ME, command_id="d")
    assert sums(service, activities) == before
    left = everything(database)
    mine = str(list(database["feedback"].find({"person_id": "p-1"})))
    assert SAID not in mine
    assert [word for word in OWN_WORDS[1:] if word in left] == []
    assert database["patrol_points"].count_documents({}) == 0
    assert all(not row.get("cells") for row in database["patrols"].find())
    book = service.books_kept.of("p-1")
    assert book is not None
    assert (book.item.public, [each.revoked_at is None for each in book.item.consents]) == (False, [False])
    checked = service.check_certificate(number=own.number, code=own.code)
    assert (checked["name_masked"], checked["hours"]) == (None, 4.0)


def test_who_was_shown_a_track_is_forgotten_with_who_was_told_a_phone(
    service: MembersService, database: Database[dict[str, Any]], activities: list[str], clock: SetClock
) -> None:
    """Docs/domain.md §5: the audit log is kept three years."""
    assert activities
    clock.wait(days=3 * 365)
    service.end_retention()
    assert database["track_reveals"].count_documents({}) == 1
    clock.wait(days=2)
    service.end_retention()
    assert database["track_reveals"].count_documents({}) == 0
