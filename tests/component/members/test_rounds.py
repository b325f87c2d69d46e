"""A door-knock round on a real database: listed, walked by several phones, counted, closed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.small_district import GRID, MoveIn, refusal, settle
from tests.component.members.staging import FUTURE, NOW
from tests.component.members.test_workers import caller
from tests.component.set_clock import SetClock

Stored = Database[dict[str, Any]]

WORKER, DESK = caller("community_worker", GRID), caller("dispatcher", "360704100")
NEED = {"category": "0804", "text": "教用手机，电话12000000001"}


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)


def opened(service: MembersService, doors: int = 3, key: str = "round") -> str:
    rows = [{"compound_id": "c-dongyuan", "building": f"{n // 100 + 1}号楼", "door": n + 1} for n in range(doors)]
    return str(service.open_round(caller=WORKER, command_id=key, title="三月敲门", addresses=rows)["round_id"])


def knock(service: MembersService, round_id: str, number: int, outcome: str, key: str, **told: Any) -> dict[str, Any]:
    return service.record_visit(
        caller=WORKER, command_id=key, round_id=round_id, address_id=f"{round_id}-{number:05d}", outcome=outcome, **told
    )


def test_f07_coverage_of_400_doors_and_a_demand_for_each_need(service: MembersService, database: Stored) -> None:
    """F07: 380 visited, 12 no answer twice, 8 untouched: 95.00, the 8 are listed, each need leaves for cases."""
    id = opened(service, 400)
    for number in range(1, 393):
        if number <= 380:
            knock(service, id, number, "visited", f"v-{number}", needs=[NEED] if number % 100 == 0 else [])
        else:
            knock(service, id, number, "no_answer", f"first-{number}")
            knock(service, id, number, "no_answer", f"second-{number}")
    shown = service.round(caller=DESK, round_id=id)
    assert (shown["listed"], shown["visited"], shown["no_answer_twice"]) == (400, 380, 12)
    assert shown["coverage"] == "95.00"
    untouched = service.round_addresses(caller=DESK, round_id=id, standing="untouched")["items"]
    assert [each["number"] for each in untouched] == list(range(393, 401))
    needs = list(database["needs"].find())
    assert [(each["source"], each["text"], each["unrelayed"]) for each in needs] == [
        ("DOOR_KNOCK", "教用手机，电话****", True)
    ] * 3
    [tally] = service.rounds_kept.tallies(GRID, NOW + timedelta(hours=1))
    assert (tally.listed, tally.coverage) == (400, "95.00")


def test_a_visit_counts_once_however_often_phones_send_it(service: MembersService, database: Stored) -> None:
    id = opened(service)
    with ThreadPoolExecutor(4) as phones:
        receipts = list(
            phones.map(lambda _: knock(service, id, 1, "visited", "v", needs=[NEED], private_note="重病"), range(8))
        )
    assert all(each == receipts[0] for each in receipts)
    counts = {name: database[name].count_documents({}) for name in ("needs", "visit_notes")}
    assert counts == {"needs": 1, "visit_notes": 1}
    [door] = service.round_addresses(caller=WORKER, round_id=id, standing="visited")["items"]
    assert len(door["visits"]) == 1
    assert door["visits"][0]["needs"][0]["progress"] == "stated"
    assert refusal(knock, service=service, round_id=id, number=2, outcome="visited", key="v").code == (
        "command_id_reused"
    )


def test_visits_at_one_door_by_several_at_once_are_all_kept(service: MembersService) -> None:
    id = opened(service)
    with ThreadPoolExecutor(4) as phones:
        list(phones.map(lambda n: knock(service, id, 1, "no_answer", f"v-{n}"), range(4)))
    [door] = service.round_addresses(caller=WORKER, round_id=id, limit=1)["items"]
    assert (len(door["visits"]), door["standing"]) == (4, "no_answer_twice")


def test_a_private_note_is_for_who_visits_there_and_is_forgotten_after_a_year(
    service: MembersService, database: Stored
) -> None:
    id = opened(service)
    visit = knock(service, id, 1, "visited", "v", private_note="家有重病")["visit_id"]
    named: dict[str, Any] = {"round_id": id, "address_id": f"{id}-00001", "visit_id": visit}
    assert service.visit_note(caller=WORKER, **named) == {"text": "家有重病"}
    assert refusal(service.visit_note, caller=DESK, **named).code == "not_permitted"
    assert refusal(service.visit_note, caller=WORKER, **named | {"address_id": f"{id}-00002"}).code == "note_not_found"
    [note] = database["visit_notes"].find()
    assert note["forget_at"] == FUTURE + timedelta(days=365)
    everything = [database[name].find_one() for name in ("visit_notes", "round_addresses", "rounds")]
    assert "重病" not in str(everything)


def test_every_fault_of_a_list_is_told_and_nothing_is_opened(service: MembersService, database: Stored) -> None:
    rows = [
        {"compound_id": "c-none", "building": "1号楼", "door": 1},
        {"grid_code": "360704100002009", "building": "1号楼", "door": 1},
        {"grid_code": GRID, "building": "1号楼", "door": 1},
        {"grid_code": GRID, "building": " １号楼", "door": 1},
        {"grid_code": "360704100002002", "compound_id": "c-dongyuan", "building": "1号楼", "door": 1},
    ]
    refused = refusal(service.open_round, caller=WORKER, command_id="k", title="x", addresses=rows)
    assert [each["pointer"] for each in refused.details["errors"]] == [
        "/addresses/0/compound_id",
        "/addresses/1/grid_code",
        "/addresses/3/door",
        "/addresses/4/grid_code",
    ]
    assert (database["rounds"].count_documents({}), database["round_addresses"].count_documents({})) == (0, 0)


def test_opening_is_safe_to_repeat_also_after_it_broke_off(service: MembersService, database: Stored) -> None:
    id = opened(service, 5)
    database["rounds"].delete_one({"_id": id})  # as if the process had died between the doors and the round
    assert (opened(service, 5), opened(service, 5)) == (id, id)
    assert database["round_addresses"].count_documents({}) == 5
    other = caller("community_worker", "360704100007")
    row = {"grid_code": GRID, "building": "1号楼", "door": 1}
    assert refusal(service.open_round, caller=other, command_id="k", title="x", addresses=[row]).code == "out_of_scope"


def test_another_list_under_a_command_that_broke_off_has_its_own_doors(
    service: MembersService, database: Stored
) -> None:
    id = opened(service, 5)
    database["rounds"].delete_one({"_id": id})
    rows = [{"grid_code": GRID, "building": "9号楼", "door": 7}]
    other = service.open_round(caller=WORKER, command_id="round", title="x", addresses=rows)["round_id"]
    doors = service.round_addresses(caller=DESK, round_id=other)["items"]
    assert [(each["building"], each["door"]) for each in doors] == [("9号楼", 7)]


def test_who_opens_no_rounds_learns_nothing_of_compounds(service: MembersService) -> None:
    row = {"compound_id": "c-none", "building": "1号楼", "door": 1}
    resident = caller("resident", "360704")
    assert refusal(service.open_round, caller=resident, command_id="k", title="x", addresses=[row]).code == (
        "not_permitted"
    )


def test_a_flat_is_not_named_in_full_width_digits_either(service: MembersService) -> None:
    row = {"grid_code": GRID, "building": "２号楼３０１", "door": 1}
    refused = refusal(service.open_round, caller=WORKER, command_id="k", title="x", addresses=[row])
    assert [each["pointer"] for each in refused.details["errors"]] == ["/addresses/0/building"]


def test_a_closed_round_takes_no_visit_and_keeps_its_count(service: MembersService, clock: SetClock) -> None:
    id = opened(service)
    knock(service, id, 1, "visited", "v")
    clock.moment = NOW + timedelta(hours=1)
    before = service.rounds_kept.tallies(GRID, NOW - timedelta(hours=1))
    closing: dict[str, Any] = {"caller": WORKER, "round_id": id}
    assert service.close_round(command_id="c", **closing) == service.close_round(command_id="c", **closing)
    assert refusal(service.close_round, command_id="c2", **closing).code == "round_closed"
    assert refusal(knock, service=service, round_id=id, number=2, outcome="visited", key="late").code == "round_closed"
    assert knock(service, id, 1, "visited", "v")["standing"] == "visited"
    clock.moment = NOW + timedelta(hours=2)
    assert before == []
    # While no round runs, the last one is what there is to tell.
    assert [each.coverage for each in service.rounds_kept.tallies(GRID, clock.moment)] == ["33.33"]


def test_a_visit_that_is_decided_while_its_round_closes_is_refused(
    service: MembersService, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = opened(service)
    decided = service.needs_kept.writings

    def closing_first(*told: Any) -> Any:
        monkeypatch.undo()
        service.close_round(caller=WORKER, command_id="c", round_id=id)
        return decided(*told)

    monkeypatch.setattr(service.needs_kept, "writings", closing_first)
    assert refusal(knock, service=service, round_id=id, number=2, outcome="visited", key="v").code == "round_closed"
    doors = service.round_addresses(caller=WORKER, round_id=id)["items"]
    assert {each["standing"] for each in doors} == {"untouched"}


def test_a_page_of_doors_tells_what_its_compounds_and_grids_are_called(service: MembersService) -> None:
    names = service.round_addresses(caller=DESK, round_id=opened(service))["names"]
    assert names == {GRID: "高新社区第一网格（东源胜景片）", "c-dongyuan": "东源胜景小区"}


def test_rounds_and_doors_come_in_pages(service: MembersService, clock: SetClock) -> None:
    ids = []
    for n in range(3):
        clock.moment = NOW + timedelta(minutes=n)
        ids.append(opened(service, 5, f"round-{n}"))
    first = service.rounds(caller=DESK, limit=2)
    rest = service.rounds(caller=DESK, limit=2, after=first["next"])
    assert [each["round_id"] for each in first["items"] + rest["items"]] == ids[::-1]
    assert rest["next"] is None
    doors = service.round_addresses(caller=WORKER, round_id=ids[0], limit=3)
    more = service.round_addresses(caller=WORKER, round_id=ids[0], limit=3, after=doors["next"])
    assert [each["number"] for each in doors["items"] + more["items"]] == [1, 2, 3, 4, 5]
    assert refusal(service.rounds, caller=WORKER, area="360704100007").code == "out_of_scope"


def test_the_form_tells_what_each_field_is_for(service: MembersService) -> None:
    assert {"field", "zh", "en"} == set(service.visit_form()["items"][0])
