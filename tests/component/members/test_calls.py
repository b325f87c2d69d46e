"""F41, the half of members: whom a call is for, who may issue it, and live counts of who comes."""

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from chassis.audit.debts import Debts
from chassis.instant import written
from chassis.outbox import Entry
from members.organisations.store import UnitStore
from members.people.person import CHANNELS, Residence
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.small_district import GRID, MoveIn, refusal, settle, staff
from tests.component.members.staging import NOW, let_go_of
from tests.component.set_clock import SetClock

OTHER = "360704100002002"
SAMPLE = json.loads(Path("tests/contract/events/call.issued.json").read_text("utf-8"))
AUDITOR = {"id": "p-auditor", "grants": [{"role": "auditor", "scope": "360704"}], "unit": None}
DESK = {"id": "p-desk", "grants": [{"role": "dispatcher", "scope": "360704"}], "unit": None}
CALL: dict[str, Any] = {
    "grids": [GRID, OTHER],
    "text": "咱们先把楼道清理干净！",
    "at": written(NOW + timedelta(hours=14)),
}


def member(n: int) -> dict[str, Any]:
    return {"id": f"p-{n}", "grants": [{"role": "volunteer", "scope": "360704"}], "unit": None}


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)
    home = {0: GRID, 1: OTHER}
    people = [
        replace(staff(f"p-{n}", "volunteer", "360704"), home=Residence("c-1", home[n % 2], (115.0, 25.86)))
        for n in range(30)
    ]
    people[0] = replace(people[0], declined=frozenset(CHANNELS))
    people[1] = replace(people[1], active=False)
    people[2] = replace(people[2], skills=frozenset({"cleaning"}))
    move_in((each, None) for each in people)


def called(service: MembersService, call_id: str) -> Iterable[str]:
    after: str | None = ""
    while after is not None:
        page = service.called_people(call_id=call_id, after=after, limit=10)
        yield from page["items"]
        after = page["next"]


def test_f41_who_is_called_answers_and_the_counts_are_live(service: MembersService, clock: SetClock) -> None:
    """F41: the members of two grids, without who has opted out; coming and not coming are counted live."""
    receipt = service.issue_call(caller=DESK, command_id="call", **CALL)
    assert service.issue_call(caller=DESK, command_id="call", **CALL) == receipt
    people = list(called(service, receipt["call_id"]))
    assert (
        receipt["called"]
        == len(people)
        == len(set(people))
        == service.call(caller=DESK, call_id=receipt["call_id"])["called"]
    )
    assert {"p-0", "p-1", "p-far"}.isdisjoint(people)
    assert {f"p-{n}" for n in range(2, 30)} | {"p-near"} == set(people)
    id = receipt["call_id"]
    for n, coming in ((2, True), (3, True), (4, False)):
        service.answer_call(caller=member(n), command_id="a", call_id=id, coming=coming)
    service.answer_call(caller=member(3), command_id="b", call_id=id, coming=False)
    seen = service.call(caller=DESK, call_id=id)
    assert (seen["coming"], seen["not_coming"]) == (1, 2)
    assert not [name for name in seen if "person" in name or "name" in name]
    assert refusal(service.answer_call, caller=member(0), command_id="a", call_id=id, coming=True).code == (
        "call_not_found"
    )
    clock.wait(hours=15)
    assert refusal(service.answer_call, caller=member(5), command_id="a", call_id=id, coming=True).code == "call_over"


def test_whom_a_call_is_for_is_fixed_when_it_is_issued(service: MembersService, move_in: MoveIn) -> None:
    """Who moves in later was not called; who leaves was, is not told any more, and stays in the number."""
    id = service.issue_call(caller=DESK, command_id="call", **CALL)["call_id"]
    before = list(called(service, id))
    home = Residence("c-1", GRID, (115.0, 25.86))
    move_in([(replace(staff("p-new", "volunteer", "360704"), home=home), None)])
    assert refusal(
        service.answer_call, caller=member(2) | {"id": "p-new"}, command_id="a", call_id=id, coming=True
    ).code
    for gone, change in (("p-7", {"active": False}), ("p-8", {"declined": frozenset(CHANNELS)})):
        person, version = service.people.versioned(gone) or pytest.fail("nobody")
        service.people.change(replace(person, **change), version, Entry(f"e-{gone}", "person.changed", NOW, {}))
    assert list(called(service, id)) == [each for each in before if each not in {"p-7", "p-8"}]
    assert service.call(caller=DESK, call_id=id)["called"] == len(before) == 29
    assert service.call_audience(caller=DESK, grids=CALL["grids"])["called"] == 28
    service.answer_call(caller=member(8), command_id="a", call_id=id, coming=True)
    assert service.call(caller=DESK, call_id=id)["coming"] == 1


def test_three_thousand_are_asked_for_in_bounded_pages(service: MembersService, move_in: MoveIn) -> None:
    home = Residence("c-1", GRID, (115.0, 25.86))
    person = staff("p", "volunteer", "360704")
    move_in((replace(person, id=f"q-{n:04d}", home=home), None) for n in range(3_000))
    receipt = service.issue_call(caller=DESK, command_id="call", **CALL)
    assert receipt["called"] == 3_029
    pages, after = [], ""
    while after is not None:
        page = service.called_people(call_id=receipt["call_id"], after=after)
        pages.append(page["items"])
        after = page["next"]
    assert max(map(len, pages)) == 500
    assert [id for page in pages for id in page] == sorted({id for page in pages for id in page})
    assert sum(map(len, pages)) == 3_029
    odd = list(called(service, receipt["call_id"]))
    assert odd == [id for page in pages for id in page]
    assert refusal(service.called_people, call_id=receipt["call_id"], limit=501).code == "invalid"
    assert refusal(service.called_people, call_id="c-none").code == "call_not_found"


def test_too_many_are_not_called_and_nothing_is_kept(
    service: MembersService, database: Database[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("members.calls.call.MOST_CALLED", 28)
    assert refusal(service.issue_call, caller=DESK, command_id="x", **CALL).code == "too_many_to_call"
    assert database["calls"].count_documents({}) == 0


def test_a_call_that_is_issued_by_many_at_once_under_one_key_is_one(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    with ThreadPoolExecutor(8) as many:
        answers = list(many.map(lambda _: service.issue_call(caller=DESK, command_id="k", **CALL), range(16)))
    assert all(each == answers[0] for each in answers)
    assert database["calls"].count_documents({}) == database["call_lists"].count_documents({}) == 1


def merge(service: MembersService, gone: str, into: str) -> dict[str, Any]:
    """The person who is left, as they sign in afterwards."""
    office = {"id": "p-office", "grants": [{"role": "district_admin", "scope": "360704"}], "unit": None}
    service.merge_people(caller=office, command_id=f"m-{gone}", person_id=gone, into=into)
    return {"id": into, "former": [gone], "grants": [{"role": "volunteer", "scope": "360704"}], "unit": None}


def test_a_call_and_its_end_are_in_the_trail_and_neither_its_words_nor_whom_it_was_for(service: MembersService) -> None:
    id = service.issue_call(caller=DESK, command_id="call", **CALL)["call_id"]
    service.issue_call(caller=DESK, command_id="call", **CALL)
    service.withdraw_call(caller=DESK, command_id="off", call_id=id, reason="下雨,问12000000001")
    Debts(service.audit, [service.calls_kept.records.outbox]).enter(10)
    told = {
        "grids": sorted(CALL["grids"]),
        "skills": [],
        "for": CALL["at"],
        "called": service.call(caller=DESK, call_id=id)["called"],
        "emergency": False,
    }
    rows = [row for row in reversed(service.audit_trail(AUDITOR)["items"]) if row["act"] != "audit.read"]
    assert [
        (row["act"], row["who"], row["role"], row["what"]["id"], row["reason"], row["details"]) for row in rows
    ] == [
        ("call.issued", "p-desk", "dispatcher", id, None, told),
        ("call.withdrawn", "p-desk", "dispatcher", id, "下雨,问120****0001", {"called": told["called"]}),
    ]
    assert len(service.audit_trail(AUDITOR, area=OTHER, what=id)["items"]) == 2


def test_an_answer_under_a_former_id_is_the_persons(service: MembersService, clock: SetClock) -> None:
    """One person has one answer: given before a merge under either id, or under both, and changed afterwards."""
    id = service.issue_call(caller=DESK, command_id="call", **CALL)["call_id"]

    def say(who: dict[str, Any], key: str, *, coming: bool) -> None:
        clock.wait(seconds=1)
        service.answer_call(caller=who, command_id=key, call_id=id, coming=coming)

    say(member(3), "a", coming=True)
    say(member(4), "b", coming=False)
    say(member(5), "c", coming=True)
    one = merge(service, "p-4", "p-3")
    both = service.call(caller=DESK, call_id=id)
    assert (both["coming"], both["not_coming"]) == (2, 0)
    say(one, "d", coming=False)
    say(one, "d", coming=False)
    other = merge(service, "p-5", "p-6")
    say(other, "e", coming=False)
    seen = service.call(caller=DESK, call_id=id)
    assert (seen["coming"], seen["not_coming"]) == (0, 2)
    assert "p-4" not in list(called(service, id))
    assert [each["coming"] for each in service.own_data(caller=other)["call_replies"]] == [False]


def test_who_was_called_under_an_id_that_has_become_another_is_told_as_who_they_are(service: MembersService) -> None:
    id = service.issue_call(caller=DESK, command_id="call", **CALL)["call_id"]
    one = merge(service, "p-4", "p-far")  # who was not called
    found = list(called(service, id))
    assert ("p-4" in found, "p-far" in found, len(found)) == (False, True, 29)
    service.answer_call(caller=one, command_id="a", call_id=id, coming=True)


def test_an_answer_that_comes_again_is_answered_as_before_also_when_it_is_too_late(
    service: MembersService, clock: SetClock
) -> None:
    id = service.issue_call(caller=DESK, command_id="call", **CALL)["call_id"]
    first = service.answer_call(caller=member(3), command_id="a", call_id=id, coming=True)
    clock.wait(hours=15)
    assert service.answer_call(caller=member(3), command_id="a", call_id=id, coming=True) == first
    assert service.issue_call(caller=DESK, command_id="call", **CALL)["call_id"] == id


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"at": written(NOW)}, "call_in_the_past"),
        ({"at": written(NOW + timedelta(days=31))}, "call_too_far_ahead"),
        ({"grids": ["360704100099001"]}, "unknown_grid"),
        ({"grids": ["360703100002001"]}, "not_permitted"),
        ({"skills": ["law"], "grids": [OTHER]}, "nobody_to_call"),
        ({"text": ""}, "invalid"),
        ({"skills": ["flying"]}, "unknown_skill"),
    ],
)
def test_a_call_is_for_somebody_of_the_own_scope_and_for_a_time_to_come(
    service: MembersService, database: Database[dict[str, Any]], changes: dict[str, Any], code: str
) -> None:
    refused = refusal(service.issue_call, caller=DESK, command_id="x", **(CALL | changes))
    listed = [each["code"] for each in refused.details.get("errors", []) if "code" in each]
    assert code in {refused.code, *listed}
    assert database["calls"].count_documents({}) == database["call_lists"].count_documents({}) == 0


def test_what_others_hear_of_a_call_is_what_the_sample_says_and_nobody_s_id_but_the_caller_s(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    service.issue_call(caller=DESK, command_id="call", emergency=True, **CALL)
    [entry] = (database["calls"].find_one() or {})["history"]
    assert entry["type"] == SAMPLE["type"] == "call.issued"
    told = entry["data"]
    assert told.keys() == SAMPLE["data"].keys()
    assert (told["called"], told["emergency"], told["by"]["id"], told["grids"]) == (29, True, "p-desk", CALL["grids"])
    assert not [each for each in json.dumps(told).split('"') if each.startswith("p-") and each != "p-desk"]


def test_a_call_of_before_there_were_emergencies_is_none(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    id = service.issue_call(caller=DESK, command_id="call", **CALL)["call_id"]
    database["calls"].update_one({}, {"$unset": {"emergency": True}})
    assert service.call(caller=DESK, call_id=id)["emergency"] is False


def test_who_sends_a_call_learns_who_has_answered_under_whichever_id(service: MembersService) -> None:
    id = service.issue_call(caller=DESK, command_id="call", **CALL)["call_id"]
    asked = {"call_id": id, "ids": [f"p-{n}" for n in range(2, 8)] + ["p-nobody"]}
    assert service.call_answers(**asked) == {"answered": []}
    service.answer_call(caller=member(3), command_id="a", call_id=id, coming=False)
    service.answer_call(caller=member(4), command_id="a", call_id=id, coming=True)
    assert service.call_answers(**asked) == {"answered": ["p-3", "p-4"]}
    merge(service, "p-4", "p-6")
    assert service.call_answers(**asked) == {"answered": ["p-3", "p-4", "p-6"]}
    assert service.call_answers(call_id="another", ids=asked["ids"]) == {"answered": []}


def test_everything_that_is_wrong_with_a_call_is_named_at_once(service: MembersService) -> None:
    wrong = CALL | {"skills": ["cleaning", "flying"], "at": written(NOW)}
    refused = refusal(service.issue_call, caller=DESK, command_id="x", **wrong)
    assert [(each["pointer"], each["code"]) for each in refused.details["errors"]] == [
        ("/skills/1", "unknown_skill"),
        ("/at", "call_in_the_past"),
    ]


def test_the_audience_is_a_number(service: MembersService) -> None:
    assert service.call_audience(caller=DESK, grids=[GRID], skills=["cleaning"]) == {"called": 1}
    assert refusal(service.call_audience, caller=member(2), grids=[GRID]).code == "not_permitted"


def test_how_a_call_stands_is_for_who_may_call_all_of_its_grids(service: MembersService) -> None:
    id = service.issue_call(caller=DESK, command_id="call", **CALL)["call_id"]
    of_one_grid = {"id": "p-w", "grants": [{"role": "community_worker", "scope": GRID}], "unit": None}
    for caller in (member(2), of_one_grid):
        assert refusal(service.call, caller=caller, call_id=id).code == "not_permitted"


def test_whoever_was_two_entries_is_called_once(service: MembersService, database: Database[dict[str, Any]]) -> None:
    """An entry that turned out to be another is not called, whatever it still says of itself."""
    before = service.call_audience(caller=DESK, grids=[GRID, OTHER])["called"]
    database["people"].update_one({"_id": "p-3"}, {"$set": {"merged_into": "p-2"}})
    assert service.call_audience(caller=DESK, grids=[GRID, OTHER])["called"] == before - 1


WITHDRAWN = json.loads(Path("tests/contract/events/call.withdrawn.json").read_text("utf-8"))
RAIN = "暴雨红色预警，改期再约，电话13800000000。"
WORKER: dict[str, Any] = {"id": "p-w", "grants": [{"role": "community_worker", "scope": "360704100002"}], "unit": None}
ADMIN = {"id": "p-a", "grants": [{"role": "district_admin", "scope": "360704"}], "unit": None}


def test_a_call_that_is_withdrawn_is_answered_no_more_and_its_numbers_stay(
    service: MembersService, clock: SetClock, database: Database[dict[str, Any]]
) -> None:
    id = service.issue_call(caller=DESK, command_id="call", emergency=True, **CALL)["call_id"]
    first = service.answer_call(caller=member(3), command_id="a", call_id=id, coming=True)
    receipt = service.withdraw_call(caller=DESK, command_id="w", call_id=id, reason=RAIN)
    assert service.withdraw_call(caller=DESK, command_id="w", call_id=id, reason=RAIN) == receipt
    assert refusal(service.withdraw_call, caller=DESK, command_id="x", call_id=id, reason=RAIN).code == "call_withdrawn"
    answer = refusal(service.answer_call, caller=member(4), command_id="a", call_id=id, coming=True)
    assert answer.code == "call_withdrawn"
    assert service.answer_call(caller=member(3), command_id="a", call_id=id, coming=True) == first
    seen = service.call(caller=DESK, call_id=id)
    assert (seen["called"], seen["coming"], seen["not_coming"]) == (29, 1, 0)
    assert seen["withdrawn_at"] == written(NOW)
    *_, entry = (database["calls"].find_one() or {})["history"]
    assert entry["type"] == WITHDRAWN["type"] == "call.withdrawn"
    assert entry["data"].keys() == WITHDRAWN["data"].keys()
    assert entry["data"]["reason"] == seen["withdrawn_because"]
    assert "13800000000" not in json.dumps(entry["data"], ensure_ascii=False)


def test_a_call_is_withdrawn_by_who_issued_it_or_the_office_above(service: MembersService) -> None:
    def issued(key: str) -> str:
        return str(service.issue_call(caller=WORKER, command_id=key, **CALL)["call_id"])

    other = WORKER | {"id": "p-other"}
    of_one_grid = {**DESK, "grants": [{"role": "dispatcher", "scope": GRID}]}
    moved = WORKER | {"grants": [{"role": "community_worker", "scope": "360704100003"}]}
    first = issued("c-0")
    for caller in (other, of_one_grid, moved, member(3)):
        refused = refusal(service.withdraw_call, caller=caller, command_id="w", call_id=first, reason="雨")
        assert refused.code == "not_permitted"
    promoted = {**ADMIN, "id": "p-w"}
    for n, caller in enumerate((WORKER, DESK, ADMIN, {**WORKER, "id": "p-new", "former": ["p-w"]}, promoted)):
        id = issued(f"c-{n}")
        service.withdraw_call(caller=caller, command_id=f"w-{n}", call_id=id, reason="雨")
        assert service.call(caller=caller, call_id=id)["withdrawn_because"] == "雨"


def test_what_is_over_or_nowhere_is_not_withdrawn(service: MembersService, clock: SetClock) -> None:
    id = service.issue_call(caller=DESK, command_id="call", **CALL)["call_id"]

    def refused(call_id: str, reason: str) -> str:
        return refusal(service.withdraw_call, caller=DESK, command_id="w", call_id=call_id, reason=reason).code

    assert {refused(id, reason) for reason in ("", " ", "x" * 201)} == {"invalid"}
    assert refused("c-none", "雨") == "call_not_found"
    clock.wait(hours=15)
    assert refused(id, "雨") == "call_over"


def test_half_a_year_after_its_time_a_call_is_numbers(
    service: MembersService,
    clock: SetClock,
    database: Database[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is kept of whom it was for, and of who answered what, goes; it is done again where it broke off."""
    id = service.issue_call(caller=DESK, command_id="call", **CALL)["call_id"]
    later = CALL | {"at": written(NOW + timedelta(days=20))}
    young = service.issue_call(caller=DESK, command_id="young", **later)["call_id"]
    for n, coming in ((3, True), (4, False), (5, False)):
        for each in (id, young):
            service.answer_call(caller=member(n), command_id=f"a-{each}", call_id=each, coming=coming)
    before = service.call(caller=DESK, call_id=id)
    clock.wait(days=180, hours=14)
    service.forget_called()
    assert database["call_replies"].count_documents({"call_id": id}) == 3
    clock.wait(seconds=1)
    whole = service.calls_kept.forget_people

    def breaks_off(call_id: str) -> None:
        whole(call_id)
        raise KeyboardInterrupt

    monkeypatch.setattr(service.calls_kept, "forget_people", breaks_off)
    with pytest.raises(KeyboardInterrupt):
        service.forget_called()
    monkeypatch.undo()
    for _ in range(2):
        service.forget_called()
    assert let_go_of(database) == [{"calls": 1}]
    assert service.call(caller=DESK, call_id=id) == before
    assert (before["coming"], before["not_coming"]) == (1, 2)
    for name in ("call_lists", "call_replies"):
        assert database[name].count_documents({"call_id": id}) == 0
        assert database[name].count_documents({"call_id": young}) > 0
    assert [each["call_id"] for each in service.own_data(caller=member(3))["call_replies"]] == [young]
    types = [each["type"] for each in (database["calls"].find_one({"_id": id}) or {})["history"]]
    assert types == ["call.issued", "call.tallied", "call.forgotten"]
