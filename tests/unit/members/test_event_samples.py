"""What members announces is what the shared samples show, to the letter."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from chassis.caller import Grant
from chassis.event import heard
from members.certificates import certificate
from members.demo.district import District, district
from members.hours import record
from members.hours.record import Kind as Served
from members.hours.record import Record
from members.hours.record import State as Standing
from members.matching.engagement import ENGAGING, IN_HAND, after
from members.matching.schemas import CaseEventSchema
from members.needs.need import USUAL, Need, Source, announcement
from members.needs.schemas import DemandEventSchema
from members.organisations import unit
from members.people.person import Person, departure
from members.people.sign_in_change import SignInChange
from members.rotation.hygiene import AWAITED, TOLD_BY, is_need
from members.rotation.plan import remade, unmade
from members.rotation.plan import told as rotation_told
from members.rotation.schemas import CaseHeardSchema
from members.rotation.turn import DayPlan, Turn, Why
from members.stars import star
from members.territory import compound, grid

AT = datetime(2026, 3, 12, tzinfo=UTC)
SAMPLES = Path(__file__).parents[2] / "contract" / "events"


@pytest.fixture(scope="module")
def demo() -> District:
    return district()


def sample(type: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / f"{type}.json").read_text(encoding="utf-8"))
    return found


def test_a_grid_is_announced_as_the_samples_show(demo: District) -> None:
    opened = next(each for each in demo.grids if each.code == "360704100002001")
    assert grid.announcement(opened) == sample("grid.opened")["data"]
    renamed = replace(opened, name="高新社区第一网格")
    assert grid.announcement(renamed) == sample("grid.changed")["data"]
    successors = ("360704100002003", "360704100002004")
    split = replace(renamed, closed=datetime(2026, 3, 31, 16, tzinfo=UTC), successors=successors)
    assert grid.announcement(split) == sample("grid.closed")["data"]


def test_a_compound_is_announced_as_the_samples_show(demo: District) -> None:
    lodge = next(each for each in demo.compounds if each.id == "c-dongyuan")
    assert compound.announcement(lodge) == sample("compound.registered")["data"]
    managed = replace(lodge, property_company_id="u-property-01")
    assert compound.announcement(managed) == sample("compound.changed")["data"]


def test_a_unit_is_announced_as_the_samples_show(demo: District) -> None:
    committee = next(each for each in demo.units if each.id == "u-community-02")
    assert unit.announcement(committee) == sample("unit.registered")["data"]
    renamed = replace(committee, name="高新社区居民委员会")
    assert unit.announcement(renamed) == sample("unit.changed")["data"]
    assert unit.announcement(unit.closed(renamed, AT, AT)) == sample("unit.closed")["data"]


def test_of_somebody_who_has_left_no_more_is_announced_than_the_sample_shows() -> None:
    worker = Person("p-worker", "360704", "刘测014", (Grant("community_worker", "360704100002001"),), unit_id="u-1")
    assert departure(worker) == sample("person.left")["data"] == sample("person.erased")["data"]


def test_of_a_change_of_somebodys_sign_in_a_code_is_told_and_nothing_else() -> None:
    told = sample("person.sign_in_changed")["data"]
    assert set(told) == {"person_id", "change", *KEPT_OF}
    assert told["change"] in set(SignInChange)


def test_a_need_is_announced_as_the_sample_shows_without_its_words() -> None:
    need = Need(
        "n", "360704", Source.WORKER, "0195f3c0-0000-7000-8000-0000000000f2", USUAL, "夜间充电", "360704100007001", AT
    )
    told = sample("need.stated")["data"]
    assert announcement(need) == {name: told[name] for name in announcement(need)}
    assert set(told) - set(announcement(need)) == {"need_id", "version", "at", "by"}


@pytest.mark.parametrize("type", ["opened", "matched", "reopened", "met", "unmet", "expired"])
def test_what_becomes_of_a_need_is_in_the_samples(type: str) -> None:
    assert set(heard(DemandEventSchema(), sample(f"demand.{type}")["data"])) == {"demand_id", "status"}


def test_a_plan_of_a_service_day_is_told_as_the_sample_shows() -> None:
    told = sample("rotation.planned")["data"]
    turn = Turn("c-dongyuan", "t", Why.NEED, ())
    day = date(2026, 4, 2)
    plan = remade(unmade("360704100", day), DayPlan(day, (turn,), (), None), (), ["c-dongyuan"])
    assert rotation_told(plan) == {name: told[name] for name in rotation_told(plan)}
    assert set(told) - set(rotation_told(plan)) == {"rotation_id", "version", "at", "by"}
    assert plan.id == told["rotation_id"]


STINT = (datetime(2026, 3, 12, 1, 2, tzinfo=UTC), datetime(2026, 3, 12, 3, 5, tzinfo=UTC))
KEPT_OF = {"version", "at", "by"}


def test_what_is_decided_about_hours_is_told_as_the_samples_show_without_words() -> None:
    told = sample("service_record.approved")["data"]
    activity, grid_code = told["source_id"], told["grid_code"]
    found = Record(
        told["record_id"],
        Served.ACTIVITY,
        activity,
        "p-member",
        grid_code,
        told["title"],
        "小区门口",
        (),
        "清扫",
        (STINT,),
        "x",
        AT,
        AT,
        AT,
        state=Standing.APPROVED,
        asked="少了半小时",
        reason="签退时间有误",
    )
    assert record.told(found) == {name: value for name, value in told.items() if name not in {"record_id", *KEPT_OF}}
    for type in record.DECIDED:
        assert set(sample(type)["data"]) == set(told)


def test_a_star_that_is_offered_is_told_as_the_sample_shows() -> None:
    told = sample("star.offered")["data"]
    book = star.Book("p-member", "360704100002", minutes=6001)
    assert star.told(book) == {name: value for name, value in told.items() if name not in {"book_id", *KEPT_OF}}


def test_the_end_of_a_certificate_is_told_as_the_samples_show_without_its_code() -> None:
    line = certificate.Line("r-1", date(2026, 3, 12), "扮靓周四", "360704100002001", 123)
    day = date(2026, 3, 12)
    number = sample("certificate.revoked")["data"]["number"]
    made = certificate.Certificate(number, "code", "p-member", day, day, (line,), "360704100002", "高新社区", AT)
    ends = {
        "certificate.superseded": certificate.superseded(made, AT),
        "certificate.revoked": certificate.revoked(made, "误发", AT),
    }
    for type, found in ends.items():
        told = sample(type)["data"]
        assert certificate.told(found) == {n: v for n, v in told.items() if n not in {"certificate_id", *KEPT_OF}}


@pytest.mark.parametrize("type", TOLD_BY)
def test_what_the_rotation_needs_of_a_case_is_in_the_samples(type: str) -> None:
    said = heard(CaseHeardSchema(), sample(type)["data"])
    assert said["version"] == sample(type)["sequence"]
    assert not is_need(said["category"], said["status"])
    assert is_need("0303", said["status"]) is (said["status"] in AWAITED)


@pytest.mark.parametrize("type", ENGAGING)
def test_what_matching_needs_of_a_case_is_in_the_samples(type: str) -> None:
    said = heard(CaseEventSchema(), sample(type)["data"])
    engaged = after(said["case_id"], sample(type)["sequence"], said["status"], said["assignees"], AT)
    assert bool(engaged.people) is (said["status"] in IN_HAND and bool(said["assignees"]))
