"""Who knows the id of a case about the own unit learns no more than of an id that there is not (docs/domain.md §5)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from cases.service import CasesService
from chassis.errors import Refusal
from tests.component.cases.test_confidential import AUDITOR, ORDINARY, PEOPLE, SENSITIVE, UNIT, Matter, complained
from tests.component.cases.test_service import Desk
from tests.component.set_clock import SetClock
from tests.unit.cases.play import DISPATCHER, caller

HOUSING = caller("p-housing", "unit_contact", scope="360704", unit="u-housing")
UNKNOWN = "0192f000-0000-7000-8000-000000000000"
Way = Callable[[CasesService, dict[str, Any], str, str], Any]
"""Asks something of the case with the second id, from the one with the first."""


def _move(act: str, **fields: Any) -> Way:
    return lambda it, who, _, id: it.move(who, f"{act}-{id}", id, act, fields)


WAYS: Mapping[str, Way] = {
    "one case": lambda it, who, _, id: it.case(who, id),
    "proposal": lambda it, who, _, id: it.proposal(who, id),
    "duplicates": lambda it, who, _, id: it.duplicates(who, id),
    "contact": lambda it, who, _, id: it.reporter_contact(who, f"contact-{id}", id, reason="回访"),
    "contact put right": lambda it, who, _, id: it.correct_contact(
        who, f"correct-{id}", id, name="谢测001", phone="12000000001"
    ),
    "register": _move("register", category="0303"),
    "note": _move("note", text="无"),
    "merge": _move("merge", target_case_id=UNKNOWN),
    "merge into it": lambda it, who, other, id: it.move(who, f"into-{id}", other, "merge", {"target_case_id": id}),
    "another version": lambda it, who, _, id: it.move(who, f"stale-{id}", id, "note", {"text": "无"}, if_version=99),
    "summons": lambda it, who, _, id: it.open_summons(
        who,
        f"summon-{id}",
        id,
        "summon",
        kind="joint_enforcement",
        units=["u-housing", "u-property"],
        due_on_site="2026-03-13T15:00:00+08:00",
    ),
    "project": lambda it, who, _, id: it.plan_project(who, f"plan-{id}", title="共建楼道", text="一起做", cases=[id]),
}


@pytest.fixture
def desk(service: CasesService, clock: SetClock) -> Desk:
    return Desk(service, clock)


def refused(way: Way, desk: Desk, other: str, id: str, **changes: Any) -> dict[str, Any]:
    with pytest.raises(Refusal) as found:
        way(desk.service, replace(PEOPLE["dispatcher"], **changes).dump(), other, id)
    return {name: UNKNOWN if value == id else value for name, value in _flat(found.value.dump()).items()}


def _flat(dumped: dict[str, Any]) -> dict[str, Any]:
    return {"code": dumped["code"], **dumped["details"]}


@pytest.mark.parametrize("way", WAYS)
def test_a_hidden_id_is_answered_as_one_that_there_is_not(desk: Desk, way: str) -> None:
    matter = Matter(desk)
    complained(matter)
    hidden = refused(WAYS[way], desk, matter.other_id, matter.case_id)
    assert hidden == refused(WAYS[way], desk, matter.other_id, UNKNOWN)
    assert hidden["code"] in {"case_not_found", "unknown_target", "unknown_case"}


def test_a_summons_for_a_hidden_case_is_none_to_the_unit(desk: Desk) -> None:
    matter = Matter(desk)
    complained(matter)
    opened = WAYS["summons"](desk.service, DISPATCHER.dump(), "", matter.case_id)["summons_id"]
    who = PEOPLE["dispatcher"].dump()
    for id in (opened, UNKNOWN):
        with pytest.raises(Refusal, match="summons_not_found"):
            desk.service.one_summons(who, id)
        with pytest.raises(Refusal, match="summons_not_found"):
            desk.service.move_summons(who, f"arrive-{id}", id, "arrive_at_summons", {"unit_id": "u-housing"})
    assert desk.service.one_summons(DISPATCHER.dump(), opened)["summons_id"] == opened


def test_a_summons_tells_no_compound_of_a_sensitive_case_to_who_is_told_its_outline(desk: Desk) -> None:
    told = {}
    for category in (ORDINARY, SENSITIVE):
        matter = Matter(desk).in_hand(category)
        opened = WAYS["summons"](desk.service, DISPATCHER.dump(), "", matter.case_id)["summons_id"]
        for name, who in (("dispatcher", DISPATCHER), ("auditor", AUDITOR), ("unit", HOUSING)):
            one = desk.service.one_summons(who.dump(), opened)
            [line] = [each for each in desk.service.list_summons(who.dump())["items"] if each["summons_id"] == opened]
            assert line["compound_id"] == one["compound_id"]
            told[name, category] = one["compound_id"]
    assert {key for key, compound in told.items() if compound is None} == {("auditor", SENSITIVE)}


def test_who_reported_it_reads_it_still(desk: Desk) -> None:
    mine = replace(PEOPLE["unit_contact"], id="p-xie")
    complained(Matter(desk))
    assert desk.seen(mine)["sight"] == "own"
    desk.do(mine, "note", text="补充：昨晚又一次")
    assert desk.seen(DISPATCHER)["complained_unit_id"] == UNIT
