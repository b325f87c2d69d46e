"""Intake sessions: all that came up is kept at once or not at all, with what it may be a duplicate of."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from cases.intake_sessions import desk
from cases.intake_sessions.desk import COMPARED
from cases.intake_sessions.intake_session import Stage
from cases.intake_sessions.store import IntakeSessionStore
from cases.service import CasesService
from cases.store import PlaceStore
from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.mongo import Home
from tests.component.cases.staging import MembersDouble
from tests.component.cases.test_case_store import Overheard, indexes_of, overheard, stages_of
from tests.component.set_clock import SetClock
from tests.component.stored import SEALER
from tests.unit.cases.play import ADMIN, AT, DISPATCHER, GRID, OTHER_WORKER, RESIDENT, WORKER, caller

__all__ = ["overheard"]

Stored = Database[dict[str, Any]]

COMMUNITY = GRID[:12]
FAR = caller("p-far", "community_worker", scope="360704100001")
PHONE = "12000000009"
ASKER = {"name": "谢测009", "phone": PHONE, "consent": True}
TALK = {
    "kind": "evening_talk",
    "area": COMMUNITY,
    "compound_id": "c-dongyuan",
    "held_at": "2026-03-12T19:00:00+08:00",
    "attendance": 23,
    "attendees": [ASKER, {"person_id": "p-xie", "consent": True}],
}
LAMP = {"text": "路灯不亮", "category": "0101"}
NEED = {"form": "need", "text": "想学用手机", "category": "0804"}


def hold(
    service: CasesService, *items: dict[str, Any], who: Caller = WORKER, key: str = "k-1", **fields: Any
) -> dict[str, Any]:
    return service.open_intake_session(who.dump(), key, **{**TALK, "items": list(items), **fields})


def faults(refused: pytest.ExceptionInfo[Refusal]) -> dict[str, str]:
    return {each["pointer"]: each.get("code", "") for each in refused.value.details["errors"]}


def counts(database: Stored) -> tuple[int, int, int]:
    names = ("intake_sessions", "cases", "demands")
    found = [database[name].count_documents({}) for name in names]
    return found[0], found[1], found[2]


def test_what_came_up_at_an_evening_talk_is_kept_with_it(service: CasesService, database: Stored) -> None:
    items: list[dict[str, Any]] = [
        *({**LAMP, "text": f"第{n}盏路灯不亮"} for n in range(7)),
        NEED,
        {**NEED, "asker": ASKER},
    ]
    receipt = hold(service, *items)
    assert [item["form"] for item in receipt["items"]] == ["case"] * 7 + ["need"] * 2
    assert counts(database) == (1, 7, 2)
    kept = list(database["cases"].find())
    assert {case["session_id"] for case in kept} == {receipt["session_id"]}
    assert {(case["source"], case["place"]["grid_code"]) for case in kept} == {("SESSION", GRID)}
    assert {each["source_id"] for each in database["demands"].find()} == {receipt["session_id"]}
    assert {case["_id"] for case in kept} == {item["id"] for item in receipt["items"] if item["form"] == "case"}


def test_no_number_of_a_session_tells_of_what_is_about_the_readers_unit(service: CasesService) -> None:
    about = {**LAMP, "text": "物业不理", "complained_unit_id": "u-lighting"}
    session_id = hold(service, LAMP, about, {**about, "complained_unit_id": "u-property"}, NEED)["session_id"]
    numbers = {}
    for unit in (None, "u-lighting", "u-committee"):
        who = caller("p-other-desk", "dispatcher", scope="360704", unit=unit).dump()
        shown = service.intake_session(who, session_id)
        [line] = service.intake_sessions_of(who, area=COMMUNITY)["items"]
        assert shown["item_count"] == line["item_count"] == len(shown["items"])
        numbers[unit] = line["item_count"]
    assert numbers == {None: 4, "u-lighting": 3, "u-committee": 4}


def test_a_session_sent_twice_is_one(service: CasesService, database: Stored) -> None:
    first = hold(service, LAMP, NEED)
    assert hold(service, LAMP, NEED) == first
    with ThreadPoolExecutor(4) as crowd:
        answers = list(crowd.map(lambda _: hold(service, LAMP, key="k-2"), range(4)))
    assert len({answer["session_id"] for answer in answers}) == 1
    assert counts(database) == (2, 2, 1)
    with pytest.raises(Refusal, match="command_id_reused"):
        hold(service, NEED)


def test_every_fault_of_every_item_is_named_and_nothing_is_kept(service: CasesService, database: Stored) -> None:
    bad: list[dict[str, Any]] = [
        {"text": "x", "category": "9999"},
        LAMP,
        {"text": 7, "colour": "red"},
        {**LAMP, "compound_id": "c-nowhere"},
        {**LAMP, "location": {"lon": 110.0, "lat": 20.0}},
        {**LAMP, "asker": {"name": "谢测009", "consent": True}},
        {**LAMP, "asker": {**ASKER, "consent": False}},
        {**NEED, "until": "2026-03-01"},
        {**LAMP, "complained_unit_id": "u-nobody"},
        {**LAMP, "grid_code": "360704100007001"},
        {**NEED, "grid_code": "360704100007001"},
    ]
    with pytest.raises(Refusal, match="items_refused") as refused:
        hold(service, *bad, who=DISPATCHER)
    assert faults(refused) == {
        "/items/0/category": "unknown_category",
        "/items/2/text": "",
        "/items/2/colour": "",
        "/items/3/compound_id": "unknown_compound",
        "/items/4/location": "outside_all_grids",
        "/items/5/asker/phone": "",
        "/items/6/asker/consent": "",
        "/items/7/until": "demand_until_past",
        "/items/8/complained_unit_id": "unknown_unit",
        "/items/9/grid_code": "outside_session_area",
        "/items/10/grid_code": "outside_session_area",
    }
    assert counts(database) == (0, 0, 0)


def test_a_session_can_be_checked_before_it_is_kept(service: CasesService, database: Stored) -> None:
    earlier = hold(service, LAMP, key="k-0")["items"][0]
    body = {**TALK, "items": [LAMP, NEED]}
    foreseen = service.check_intake_session(WORKER.dump(), **body)["items"]
    assert [(item["form"], item["known"]) for item in foreseen] == [("case", False), ("need", False)]
    assert [each["case"]["case_id"] for each in foreseen[0]["duplicates"]] == [earlier["id"]]
    with pytest.raises(Refusal, match="items_refused"):
        service.check_intake_session(WORKER.dump(), **{**body, "items": [{**LAMP, "category": "9999"}]})
    assert counts(database) == (1, 1, 0)


def test_duplicates_are_offered_for_merge_those_of_the_same_session_too(service: CasesService) -> None:
    earlier = hold(service, LAMP, key="k-0")["items"][0]
    first, second = hold(service, LAMP, {**LAMP, "text": "灯又坏了"})["items"]
    assert {each["case"]["case_id"] for each in first["duplicates"]} == {earlier["id"], second["id"]}
    best = first["duplicates"][0]
    assert best["merge"] == {"into_it": True, "from_it": True}
    assert {"code": "same_category", "zh": "类别相同", "en": "the same category"} in best["reasons"]


def test_categories_and_compounds_may_be_given_by_their_names(service: CasesService, database: Stored) -> None:
    named = {"text": "灯坏", "category": "路灯不亮/闪烁", "compound_name": "东源胜景小区"}
    hold(service, named)
    [case] = database["cases"].find()
    assert (case["category"], case["place"]["compound_id"]) == ("0101", "c-dongyuan")
    with pytest.raises(Refusal) as refused:
        hold(service, {**named, "compound_name": "没有这个小区"}, key="k-2")
    assert faults(refused) == {"/items/0/compound_id": "unknown_compound"}


def test_an_item_without_a_place_is_where_the_session_was_held(service: CasesService, database: Stored) -> None:
    nowhere = {name: value for name, value in TALK.items() if name != "compound_id"}
    with pytest.raises(Refusal) as refused:
        service.open_intake_session(WORKER.dump(), "k-1", **{**nowhere, "items": [LAMP]})
    assert faults(refused) == {"/items/0/location": "place_missing"}
    service.open_intake_session(WORKER.dump(), "k-2", **{**nowhere, "area": GRID, "items": [LAMP]})
    assert [case["place"]["grid_code"] for case in database["cases"].find()] == [GRID]


def test_who_asked_is_the_reporter_and_else_it_is_the_host(service: CasesService, database: Stored) -> None:
    hold(service, LAMP, {**LAMP, "asker": ASKER})
    mine, theirs = database["cases"].find().sort("_id")
    assert (mine["reporter"]["id"], mine["reporter"]["filed_by"]) == ("p-worker", None)
    assert theirs["reporter"]["filed_by"] == "p-worker"
    assert SEALER.open(theirs["reporter"]["contact"]["phone"]["sealed"]) == PHONE


@pytest.mark.parametrize(
    ("who", "fields", "code"),
    [
        (RESIDENT, {}, "not_permitted"),
        (FAR, {}, "out_of_scope"),
        (WORKER, {"area": "360704100001"}, "out_of_scope"),
        (WORKER, {"held_at": "2026-03-12T20:00:00+08:00"}, "session_not_held_yet"),
        (WORKER, {"held_at": "2025-12-01T20:00:00+08:00"}, "session_too_long_ago"),
        (WORKER, {"compound_id": "c-nowhere"}, "unknown_compound"),
        (WORKER, {"attendees": [{"person_id": "p-ghost", "consent": True}]}, "unknown_person"),
        (WORKER, {"attendees": [{"person_id": "u-lighting", "consent": True}]}, "unknown_person"),
        (WORKER, {"attendees": [{"person_id": "p-gone", "consent": True}]}, "unknown_person"),
        (WORKER, {"items": []}, "invalid"),
        (WORKER, {"area": "360704"}, "invalid"),
        (WORKER, {"attendance": -1}, "invalid"),
        (WORKER, {"source": "APP"}, "invalid"),
    ],
)
def test_a_session_that_cannot_be_is_refused(
    service: CasesService, database: Stored, who: Caller, fields: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        hold(service, LAMP, who=who, **fields)
    assert refused.value.code == code
    assert counts(database) == (0, 0, 0)


def test_a_register_of_the_hotline_counts_what_is_known_once(service: CasesService, database: Stored) -> None:
    service.report(DISPATCHER.dump(), "k-0", **LAMP, grid_code=GRID, source="12345", external_number="GZ-1")
    register: dict[str, Any] = {"kind": "register", "source": "12345"}
    rows = [{**LAMP, "external_number": number} for number in ("GZ-1", "GZ-2")]
    known, new = hold(service, *rows, who=DISPATCHER, **register)["items"]
    assert (known["known"], new["known"]) == (True, False)
    assert known["number"] == (database["cases"].find_one({"external_number": "GZ-1"}) or {})["number"]
    assert counts(database) == (1, 2, 0)
    with pytest.raises(Refusal) as refused:
        hold(service, *rows[1:], *rows[1:], who=DISPATCHER, key="k-2", **register)
    assert set(faults(refused).values()) == {"external_number_twice"}
    with pytest.raises(Refusal) as refused:
        hold(service, {**LAMP, "external_number": "GZ-3"}, key="k-3", **register)
    assert set(faults(refused).values()) == {"source_not_permitted"}


@pytest.mark.parametrize(
    ("who", "source", "code"),
    [(WORKER, "12345", "source_not_permitted"), (DISPATCHER, "PHONE", "external_number_not_expected")],
)
def test_who_could_not_have_transferred_it_is_not_told_that_it_is_known(
    service: CasesService, who: Caller, source: str, code: str
) -> None:
    service.report(DISPATCHER.dump(), "k-0", **LAMP, grid_code=GRID, source="12345", external_number="GZ-1")
    with pytest.raises(Refusal, match="items_refused") as refused:
        hold(service, {**LAMP, "external_number": "GZ-1"}, who=who, kind="register", source=source)
    assert set(faults(refused).values()) == {code}


def test_of_two_registers_at_once_with_the_same_transfers_each_transfer_is_one_case(
    service: CasesService, database: Stored
) -> None:
    rows = [{**LAMP, "external_number": f"GZ-{n}"} for n in range(5)]

    def send(n: int) -> dict[str, Any]:
        return hold(service, *rows, who=DISPATCHER, key=f"k-{n}", kind="register", source="12345")

    with ThreadPoolExecutor(4) as crowd:
        answers = list(crowd.map(send, range(4)))
    assert counts(database) == (4, 5, 0)
    assert len({tuple(item["id"] for item in answer["items"]) for answer in answers}) == 1


def test_attendees_are_told_once_when_all_is_decided_and_once_when_all_has_ended(
    service: CasesService, database: Stored, clock: SetClock
) -> None:
    receipt = hold(service, LAMP, NEED)
    case, need = (item["id"] for item in receipt["items"])

    def told() -> list[str]:
        for _ in range(3):
            service.follow_sessions()
        history = (database["intake_sessions"].find_one() or {})["history"]
        return [entry["data"]["stage"] for entry in history if entry["type"] == "session.progressed"]

    assert told() == []
    service.move(DISPATCHER.dump(), "m-1", case, "register", {"category": "0101"})
    assert told() == ["decided"]
    service.move(DISPATCHER.dump(), "m-2", case, "dispatch", {"assignees": ["p-electrician"]})
    assert told() == ["decided"]
    service.give_up_demand(WORKER.dump(), "g-1", need)
    database["cases"].update_one({"_id": case}, {"$set": {"status": "CLOSED"}})
    assert told() == ["decided", "done"]
    document = database["intake_sessions"].find_one() or {}
    assert (document["followed"], document["stage"]) == (False, Stage.DONE.value)
    assert document["history"][-1]["data"]["attendees"] == ["p-xie"]
    assert document["history"][-1]["data"]["by_hand"] == 1


def test_whoever_comes_late_does_not_turn_a_session_back(
    service: CasesService, database: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    [item] = hold(service, LAMP)["items"]
    service.move(DISPATCHER.dump(), "m-1", item["id"], "register", {"category": "0101"})
    noted = IntakeSessionStore.looked_at

    def meanwhile(*given: Any) -> None:
        monkeypatch.setattr(IntakeSessionStore, "looked_at", noted)
        database["cases"].update_one({"_id": item["id"]}, {"$set": {"status": "CLOSED"}})
        service.follow_sessions()

    monkeypatch.setattr(IntakeSessionStore, "looked_at", meanwhile)
    service.follow_sessions()
    document = database["intake_sessions"].find_one() or {}
    assert (document["stage"], document["followed"]) == (Stage.DONE.value, False)
    assert [entry["data"]["stage"] for entry in document["history"]] == ["held", "done"]


def test_no_event_of_a_session_names_anybody(service: CasesService, database: Stored) -> None:
    hold(service, {**LAMP, "asker": ASKER}, {**NEED, "asker": ASKER})
    told = [entry["data"] for name in ("intake_sessions", "cases", "demands") for entry in _entries(database, name)]
    assert len(told) == 3
    assert PHONE not in repr(told)
    assert "谢测009" not in repr(told)


def _entries(database: Stored, name: str) -> list[dict[str, Any]]:
    return [entry for document in database[name].find() for entry in document["history"]]


def test_a_session_shows_where_each_of_its_items_stands(service: CasesService) -> None:
    receipt = hold(service, LAMP, NEED)
    seen = service.intake_session(OTHER_WORKER.dump(), receipt["session_id"])
    assert (seen["attendance"], seen["left_contact"], seen["stage"]) == (23, 2, "held")
    assert [(item["case"] or item["demand"])["status"] for item in seen["items"]] == ["REPORTED", "open"]
    assert seen["attendees"][0] == {"person_id": None, "name": "谢**", "phone": "120****0009", "callback": "voice"}
    assert service.intake_session(ADMIN.dump(), receipt["session_id"])["attendees"] == []
    for who, code in ((RESIDENT, "out_of_scope"), (caller("p", "dispatcher", scope="360702"), "session_not_found")):
        with pytest.raises(Refusal, match=code):
            service.intake_session(who.dump(), receipt["session_id"])


def test_the_sessions_of_an_area_are_listed_by_an_index(
    service: CasesService, overheard: tuple[Overheard, Stored]
) -> None:
    for n in range(3):
        hold(service, LAMP, key=f"k-{n}", held_at=(AT - timedelta(hours=n)).isoformat())
    listener, database = overheard
    service.intake_sessions = IntakeSessionStore(Home(database))
    first = service.intake_sessions_of(WORKER.dump(), area=COMMUNITY, limit=2)
    rest = service.intake_sessions_of(WORKER.dump(), area=COMMUNITY, limit=2, after=first["next"])
    times = [line["held_at"] for line in [*first["items"], *rest["items"]]]
    assert times == sorted(times, reverse=True)
    assert (len(times), rest["next"]) == (3, None)
    service.intake_sessions.followed(10)
    for find in listener.finds:
        plan = database.command({"explain": find, "verbosity": "queryPlanner"})["queryPlanner"]["winningPlan"]
        assert not {"COLLSCAN", "SORT"} & stages_of(plan), plan
    assert indexes_of(plan) == {"followed"}
    with pytest.raises(Refusal, match="out_of_scope"):
        service.intake_sessions_of(FAR.dump(), area=COMMUNITY)


def test_phones_of_attendees_are_told_in_full_only_once_it_is_written_down(
    service: CasesService, database: Stored
) -> None:
    id = hold(service, LAMP)["session_id"]
    told = service.attendee_contacts(WORKER.dump(), "r-1", id)
    assert told["items"] == [{"name": "谢测009", "phone": PHONE, "callback": "voice"}]
    with pytest.raises(Refusal, match="reason_missing"):
        service.attendee_contacts(DISPATCHER.dump(), "r-2", id)
    with pytest.raises(Refusal, match="reason_missing"):
        service.attendee_contacts(DISPATCHER.dump(), "r-2", id, reason=" ")
    service.attendee_contacts(DISPATCHER.dump(), "r-3", id, reason="告知进展")
    trace = [(row["session_id"], row["by"], row["reason"]) for row in database["reveals"].find().sort("at")]
    assert trace == [(id, "p-worker", None), (id, "p-desk", "告知进展")]
    entered = database["audit"].find({"act": "contact.revealed"}).sort("seq")
    session = {"kind": "intake_session", "id": id}
    told_of = [(row["what"], row["who"], row["reason"]) for row in entered]
    assert told_of == [(session, "p-worker", None), (session, "p-desk", "告知进展")]
    narrow = caller("p-grid", "grid_worker", scope=GRID)
    for who, code in ((RESIDENT, "not_permitted"), (FAR, "out_of_scope"), (narrow, "out_of_scope")):
        with pytest.raises(Refusal) as refused:
            service.attendee_contacts(who.dump(), "r-4", id, reason="告知进展")
        assert refused.value.code == code
    assert database["reveals"].count_documents({}) == 2


def test_a_long_sheet_is_kept_whole(service: CasesService, database: Stored) -> None:
    hold(service, *({**LAMP, "text": f"第{n}行"} for n in range(200)))
    assert counts(database) == (1, 200, 0)


def test_of_a_long_sheet_the_first_cases_are_compared(service: CasesService) -> None:
    receipt = hold(service, *[LAMP] * (COMPARED + 2), NEED)
    assert hold(service, *[LAMP] * (COMPARED + 2), NEED) == receipt
    *compared, one, other, need = [item["duplicates"] for item in receipt["items"]]
    assert [len(each) for each in compared] == [10] * COMPARED
    assert (one, other, need) == (None, None, [])


def test_the_items_of_a_session_ask_for_their_places_and_people_together(
    service: CasesService,
    members: MembersDouble,
    overheard: tuple[Overheard, Stored],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Five hundred that each asked anew took longer than anybody waits for an answer."""
    listener, database = overheard
    service.places = PlaceStore(Home(database))
    asked: list[list[str]] = []
    assignees = members.assignees

    def overheard_assignees(*, ids: list[str], tenant: str) -> list[dict[str, Any]]:
        asked.append(ids)
        return list(assignees(ids=ids, tenant=tenant))

    monkeypatch.setattr(members, "assignees", overheard_assignees)
    spot = {"location": {"lon": 115.0058, "lat": 25.8672}}
    people = [{"person_id": id, "consent": True} for id in ("p-xie", "p-electrician")]
    items = [{**each, "asker": who} for each in (LAMP, {**LAMP, **spot}, NEED) for who in people]
    hold(service, *items * 4, attendees=people)
    assert asked == [["p-electrician", "p-xie"]]
    queries = [(find["find"], str(find["filter"])) for find in listener.finds]
    assert len(queries) == len(set(queries)) == 4


def test_somebody_unknown_among_many_is_told_at_each_item_that_names_them(service: CasesService) -> None:
    known, unknown = ({"person_id": id, "consent": True} for id in ("p-xie", "p-ghost"))
    malformed = {"person_id": "x" * 101, "consent": True}
    items: list[dict[str, Any]] = [{**LAMP, "asker": who} for who in (known, unknown, malformed)]
    with pytest.raises(Refusal, match="items_refused") as refused:
        hold(service, *items, {**NEED, "asker": unknown}, {**NEED, "asker": known}, {**LAMP, "asker": "谢测009"})
    assert faults(refused) == {
        "/items/1/asker": "unknown_person",
        "/items/2/asker/person_id": "",
        "/items/3/asker": "unknown_person",
        "/items/5/asker": "",
    }


def test_where_very_much_is_open_fewer_cases_are_compared(
    service: CasesService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "MOST_READ", 3)
    lamp, lift = LAMP, {**LAMP, "category": "0303"}
    told = [item["duplicates"] for item in hold(service, lamp, lamp, lamp, lift, NEED)["items"]]
    assert [None if each is None else len(each) for each in told] == [2, None, None, None, 0]
