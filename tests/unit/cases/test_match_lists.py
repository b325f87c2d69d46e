"""Demands, resources and projects by the rules: where each may go from where it stands (§2.1), and who may do what."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from cases.match_lists import demand as demands
from cases.match_lists import project as projects
from cases.match_lists import resource as resources
from cases.match_lists.demand import OPEN_TO, Source
from cases.match_lists.permission import PERMISSIONS, Reach, may, meeting
from cases.match_lists.project import MOVES, Act
from cases.match_lists.resource import smallest
from cases.permission import REPORTERS
from cases.place import Place
from chassis.caller import Caller
from chassis.secret import Secret
from tests.unit.cases.match_lists import STATION, UNIT, asked_for, offered, planned
from tests.unit.cases.play import ADMIN, AT, DISPATCHER, GRID, RESIDENT, WORKER, caller, code_of, refusal

RIDER = caller("p-rider", "rider", scope="360704")
TOLD: dict[str, Any] = {"nickname": "小测", "phone": "12000000009", "consent": True, "callback": "voice"}


def test_every_source_is_open_to_somebody_and_people_ask_for_themselves() -> None:
    assert set(OPEN_TO) == set(Source)
    assert OPEN_TO[Source.APP] == REPORTERS


def test_a_demand_holds_to_the_end_of_its_last_day() -> None:
    told = asked_for(until=date(2026, 3, 12))
    assert (told.until, told.expires_at.isoformat()) == ("2026-03-12", "2026-03-13T00:00:00+08:00")
    assert asked_for().until == "2026-06-10"
    assert code_of(demands.expired, told, told.expires_at - timedelta(seconds=1)) == "not_due"
    assert demands.expired(told, told.expires_at).status is demands.Status.EXPIRED


def test_who_asks_in_person_is_the_asker_and_staff_write_down_others_or_nobody() -> None:
    assert asked_for().asker == demands.Asker(id="p-xie")
    rider = asked_for(RIDER, source="RIDER", asker=TOLD).asker
    assert (rider.id, rider.filed_by, rider.contact and rider.contact.nickname) == (
        "p-rider",
        None,
        Secret.name("小测"),
    )
    others = asked_for(WORKER, source="DOOR_KNOCK", asker=TOLD)
    assert (others.asker.id, others.asker.filed_by, others.asker.called_by_hand) == (None, "p-worker", "voice")
    nobodys = asked_for(WORKER, source="COMMUNITY")
    assert (nobodys.asker.id, nobodys.asker.called_by_hand) == (None, None)
    account = asked_for(WORKER, source="PHONE", asker={"person_id": "p-xie", "consent": True})
    assert (account.asker.id, account.asker.called_by_hand, demands.for_others(account)) == ("p-xie", None, True)


@pytest.mark.parametrize(
    ("told", "callback"),
    [({"phone": None}, None), ({"phone": None, "callback": "visit"}, "visit"), ({"callback": "sms"}, "sms")],
)
def test_without_a_phone_only_a_visit_reaches_somebody(told: dict[str, Any], callback: str | None) -> None:
    asker = asked_for(WORKER, source="DOOR_KNOCK", asker={**TOLD, **told}).asker
    assert asker.called_by_hand == callback


ENDED = ("matched", "met", "unmet", "expired")


@pytest.mark.parametrize("status", ENDED)
def test_only_an_open_demand_is_taken_found_unmet_or_expired(status: str) -> None:
    gone = replace(asked_for(), status=demands.Status(status))
    assert code_of(demands.matched, gone, "project-1") == "demand_taken"
    assert code_of(demands.unmet, gone, "other", AT) == "demand_not_open"
    assert code_of(demands.expired, gone, gone.expires_at) == "demand_not_open"


def test_a_demand_that_is_given_back_is_open_as_before() -> None:
    assert demands.given_back(demands.matched(asked_for(), "project-1")) == asked_for()


def test_a_resource_is_reserved_when_nothing_of_it_is_left_and_used_up_when_all_is_used() -> None:
    one = offered(capacity=2)
    stages = [one]
    for name in ("p-1", "p-2"):
        stages.append(resources.reserved(stages[-1], name, AT))
    stages.append(resources.used(stages[-1], "p-1", AT))
    stages.append(resources.given_back(stages[-1], "p-2", AT))
    stages.append(resources.used(resources.reserved(stages[-1], "p-3", AT), "p-3", AT))
    assert [(each.status.value, each.load, each.used) for each in stages] == [
        ("offered", 0, 0),
        ("offered", 1, 0),
        ("reserved", 2, 0),
        ("reserved", 1, 1),
        ("offered", 0, 1),
        ("used_up", 0, 2),
    ]
    assert code_of(resources.reserved, stages[-1], "p-4", AT) == "resource_taken"


def test_a_resource_whose_time_is_over_is_not_reserved() -> None:
    assert code_of(resources.reserved, replace(offered(), until="2026-03-11"), "p-1", AT) == "offer_is_over"


@pytest.mark.parametrize(
    ("codes", "area"),
    [
        ((GRID,), GRID),
        ((GRID, GRID[:12]), GRID[:12]),
        (("360704100002001", "360704100002002"), "360704100002"),
        (("360704100002001", "360704100007001"), "360704100"),
        (("360704100002001", "360704"), "360704"),
    ],
)
def test_the_smallest_area_that_holds_all(codes: tuple[str, ...], area: str) -> None:
    assert smallest(codes) == smallest(tuple(reversed(codes))) == area


def test_nothing_spans_two_districts() -> None:
    assert code_of(smallest, ("360704100002001", "360702100002001")) == "outside_your_district"


def test_every_act_of_a_project_ends_where_the_table_says() -> None:
    for act, (sources, target, _) in MOVES.items():
        for status in projects.Status:
            before = replace(planned(), status=status)
            if status in sources:
                assert projects.moved(before, act, None, AT).status is target
            else:
                assert code_of(projects.moved, before, act, None, AT) == "project_has_moved_on"
    assert set(MOVES) == set(Act)


def test_a_project_needs_something_that_it_is_about() -> None:
    refused = refusal(projects.draft, "p-1", {"title": "无"}, "p-desk", (), AT)
    assert refused.code == "project_about_nothing"


def test_no_act_is_open_to_nobody_and_own_things_are_reached_without_a_scope() -> None:
    for act, rows in PERMISSIONS.items():
        assert all(row.roles for row in rows), act
        for row in rows:
            if row.reach is Reach.OWN:
                assert may(act, caller("p-1", row.roles[0]), ("999999",), own=True)
                assert not may(act, caller("p-1", row.roles[0], scope="360702"), (STATION,), own=False)


@pytest.mark.parametrize(
    ("act", "who", "areas", "yes"),
    [
        ("ask", RESIDENT, (STATION,), True),
        ("ask", caller("p-far", "resident", scope="360702"), (STATION,), False),
        ("ask_for_others", RESIDENT, (GRID,), False),
        ("ask_for_others", WORKER, (GRID,), True),
        ("ask_for_others", WORKER, (STATION,), False),
        ("offer", UNIT, (STATION, GRID), True),
        ("offer", UNIT, (STATION, "360702"), False),
        ("offer", RESIDENT, (STATION,), False),
        ("plan", DISPATCHER, ("360704",), True),
        ("plan", WORKER, ("360704100002",), True),
        ("plan", WORKER, ("360704100",), False),
        ("plan", ADMIN, ("360704",), False),
        ("see_resource", WORKER, ("360704",), True),
        ("see_resource", WORKER, (STATION,), False),
        ("see_match_lists", ADMIN, ("360704",), True),
        ("see_match_lists", WORKER, ("360704",), False),
    ],
)
def test_who_reaches_what(act: str, who: Caller, areas: tuple[str, ...], yes: bool) -> None:
    assert may(act, who, areas) is yes


def test_what_is_matched_for_a_resource_lies_where_it_serves_and_the_caller_works() -> None:
    wide, near = ("360704",), ("360704100002001", "360704100007")
    assert meeting("match_resource", WORKER, wide) == ("360704100002",)
    assert meeting("match_resource", WORKER, near) == ("360704100002001",)
    assert meeting("match_resource", DISPATCHER, near) == near
    assert meeting("match_resource", RESIDENT, wide) == ()


def test_a_demand_may_be_at_a_compound_alone() -> None:
    assert asked_for(place=Place(GRID, None, "c-dongyuan")).place.compound_id == "c-dongyuan"
