"""Open311 on a real database: what anybody may read and what never, pages, periods, filing, and the index of each."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pymongo.database import Database

from cases.act import Act
from cases.case import Remark
from cases.open311.store import Asked, Open311Store
from cases.place import Compound, Place, Point
from cases.service import CasesService
from cases.store import CaseStore
from chassis.errors import Refusal
from chassis.mongo import Home
from tests.component.cases.test_case_store import Overheard, entry, indexes_of, overheard, stages_of
from tests.component.cases.test_service import SPOT, Desk, code_of, picture
from tests.component.set_clock import SetClock
from tests.unit.cases import play as stage
from tests.unit.cases.play import AT, DISPATCHER, GRID, OTHER_DISTRICT, Play, caller, opened
from tests.unit.cases.test_open311 import KEY

__all__ = ["overheard"]

HERE = "360704"
SECRET = "谢测001，电话12000000001，身份证999999199001010016"

Build = Callable[[], Play]


def to_unit() -> Play:
    return stage.registered().do(Act.DISPATCH, DISPATCHER, assignees=["u-lighting"])


SHOWN: dict[str, Build] = {
    "waiting": stage.opened,
    "registered": stage.registered,
    "team": stage.in_progress,
    "unit": to_unit,
    "closed": stage.closed,
    "rejected": stage.rejected,
}
HIDDEN: dict[str, Build] = {
    "without category": lambda: opened(category=None),
    "sensitive": lambda: stage.registered(category="0701"),
    "sensitive and waiting": lambda: opened(category="0806"),
    "complaint": lambda: stage.dispatched(complained_unit_id="u-property"),
    "closed complaint": lambda: stage.closed(complained_unit_id="u-property"),
    "of another district": lambda: opened(caller("p-far", "resident", scope=OTHER_DISTRICT), Place(OTHER_DISTRICT)),
}


def put(cases: CaseStore, name: str, build: Build) -> str:
    """Keep the case, in which everybody says what must not be read, under a number that has its name."""
    play = build()
    said = [replace(each, text=SECRET, photos=(), before_photos=()) for each in play.case.remarks]
    said.append(Remark("e-x", "note", play.now, "p-worker", "community_worker", SECRET, ("photo-x" + play.case.id,)))
    number = name.replace(" ", "-").upper()
    cases.add(replace(play.case, number=number, remarks=tuple(said)), entry(play, f"command-{name}"))
    return number


@pytest.fixture
def numbers(service: CasesService, clock: SetClock, cases: CaseStore) -> dict[str, str]:
    clock.moment = stage.opened().at("03-20 12:00").now
    return {name: put(cases, name, build) for name, build in {**SHOWN, **HIDDEN}.items()}


def found(service: CasesService, **asked: Any) -> set[str]:
    items = service.public_requests(**{"jurisdiction": HERE, **asked})["items"]
    return {each["number"] for each in items}


def test_a_list_holds_what_is_for_everybody_and_nothing_else(service: CasesService, numbers: dict[str, str]) -> None:
    assert found(service) == {numbers[name] for name in SHOWN}


@pytest.mark.parametrize("name", HIDDEN)
def test_what_is_hidden_is_answered_by_no_way_as_what_there_is(
    service: CasesService, numbers: dict[str, str], name: str
) -> None:
    number = numbers[name]
    with pytest.raises(Refusal) as hidden:
        service.public_request(jurisdiction=HERE, number=number)
    with pytest.raises(Refusal) as unknown:
        service.public_request(jurisdiction=HERE, number="NO-SUCH")
    assert hidden.value.dump() == unknown.value.dump()
    assert found(service, numbers=[number, numbers["registered"]]) == {numbers["registered"]}


def test_nothing_of_a_person_nor_of_what_staff_say_is_in_it(service: CasesService, numbers: dict[str, str]) -> None:
    told = service.public_requests(jurisdiction=HERE, with_history=True)
    text = json.dumps(told, ensure_ascii=False)
    for secret in ("12000000001", "999999199001010016", '"p-', "photo", "satisfaction", "T11:4", "note"):
        assert secret not in text, secret
    words = {each["number"]: each["text"] for each in told["items"]}
    assert words[numbers["waiting"]] is None
    assert words[numbers["rejected"]] is None
    assert words[numbers["registered"]].startswith("谢测001，电话120****0001")


def test_of_a_case_the_database_hands_out_the_first_words_alone(
    overheard: tuple[Overheard, Database[dict[str, Any]]], numbers: dict[str, str]
) -> None:
    listener, database = overheard
    for with_history in (False, True):
        Open311Store(Home(database)).page(Asked(HERE), 0, 10, with_history=with_history)
        names = {name.partition(".")[0] for name in listener.finds[-1]["projection"]}
        assert not names & {"reporter", "remarks", "ratings", "followers", "mediation", "photos"}
    told = Open311Store(Home(database)).page(Asked(HERE), 0, 10, with_history=True)
    assert "p-worker" not in repr(told)


def test_it_says_where_who_and_what_was_done_by_the_day(service: CasesService, numbers: dict[str, str]) -> None:
    one = service.public_request(jurisdiction=HERE, number=numbers["unit"].lower(), with_history=True)
    assert (one["community"], one["compound"], one["compound_id"]) == ("高新社区", "东源胜景小区", "c-dongyuan")
    assert (one["units"], one["people"]) == (["u-lighting"], False)
    assert one["point"] == SPOT
    assert [each["act"] for each in one["history"]] == ["dispatch"]  # a case is kept with its last entry here


def test_open_closed_kinds_and_pages(service: CasesService, numbers: dict[str, str]) -> None:
    ended = {numbers["closed"], numbers["rejected"]}
    assert found(service, statuses=["closed"]) == ended
    assert found(service, statuses=["open"]) == found(service) - ended
    assert found(service, statuses=["open", "closed"]) == found(service)
    assert found(service, codes=["0303"]) == set()
    assert found(service, codes=["0101", "0701"]) == found(service)
    pages = [
        [each["number"] for each in service.public_requests(jurisdiction=HERE, page=n, page_size=4)["items"]]
        for n in (1, 2, 3)
    ]
    assert [len(page) for page in pages] == [4, 2, 0]
    assert {*pages[0], *pages[1]} == found(service)


def test_without_a_period_the_last_ninety_days_are_meant(
    service: CasesService, numbers: dict[str, str], clock: SetClock
) -> None:
    clock.wait(days=82)  # to 10 June, from which 12 March is 90 days ago
    assert found(service)
    clock.wait(days=1)
    assert found(service) == set()
    assert found(service, since="2026-03-12T00:00:00+08:00")
    assert found(service, until="2026-03-12T00:00:00+08:00")
    assert found(service, since="2026-03-13T00:00:00+08:00") == set()
    assert found(service, numbers=[numbers["closed"]], since="2026-06-01T00:00:00Z") == {numbers["closed"]}


def test_nobody_finds_an_instant_by_narrow_periods(service: CasesService, numbers: dict[str, str]) -> None:
    for hour in ("00", "12", "23"):
        at = f"2026-03-12T{hour}:00:00+08:00"
        assert numbers["registered"] in found(service, since=at, until=at)


def test_what_happened_to_it_lately_is_asked_for_by_another_period(
    service: CasesService, numbers: dict[str, str]
) -> None:
    assert found(service, updated_since="2026-03-13T00:00:00+08:00") == {numbers["closed"]}
    both = {"updated_since": "2026-03-12T00:00:00+08:00", "since": "2026-03-13T00:00:00+08:00"}
    assert found(service, **both) == set()


def test_a_district_that_nobody_knows_has_neither_services_nor_requests(service: CasesService) -> None:
    for unknown in ("999999", "36", "360704100002", "city.gov"):
        for ask in (service.offered_services, service.public_requests):
            assert code_of(ask, jurisdiction=unknown) == "jurisdiction_not_found"
    assert service.offered_services(jurisdiction=HERE)["items"]
    assert service.offered_service(jurisdiction=HERE, service_code="0101")["physical"] is True


def test_a_kind_that_is_sensitive_in_one_version_alone_is_hidden_where_it_is(
    cases: CaseStore, database: Database[dict[str, Any]], numbers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.open311.store.open_in", lambda _: frozenset({"0101"}))
    monkeypatch.setattr("cases.open311.store.restricted_in", lambda _: {"later": ("0101",), "2025.1": ("0701",)})
    database.cases.update_one({"number": numbers["unit"]}, {"$set": {"category_version": "later"}})
    left = {each.number for each in Open311Store(Home(database)).page(Asked(HERE), 0, 20)}
    assert left == {numbers[name] for name in SHOWN} - {numbers["unit"]}


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (Asked(HERE), "open311_reported_at"),
        (Asked(HERE, ("0101", "0303"), kinds=("open",)), "open311_reported_at"),
        (Asked(HERE, made=(AT, None), kinds=("closed",)), "open311_reported_at"),
        (Asked(HERE, updated=(AT, None)), "open311_quiet_since"),
    ],
    ids=["all", "open of two kinds", "closed since", "updated since"],
)
def test_a_page_is_one_question_that_its_index_answers(
    cases: CaseStore,
    overheard: tuple[Overheard, Database[dict[str, Any]]],
    numbers: dict[str, str],
    asked: Asked,
    index: str,
) -> None:
    for n in range(30):
        put(cases, f"more {n}", stage.closed)
        put(cases, f"sensitive {n}", HIDDEN["sensitive"])
    listener, database = overheard
    told = Open311Store(Home(database)).page(asked, 0, 20)
    assert told
    [find] = listener.finds
    explained = database.command({"explain": find, "verbosity": "executionStats"})
    plan = explained["queryPlanner"]["winningPlan"]
    assert not {"COLLSCAN", "SORT"} & stages_of(plan), plan
    assert indexes_of(plan) == {index}
    assert explained["executionStats"]["totalDocsExamined"] <= len(told) + 3  # complaints, which no index tells


def test_numbers_are_found_by_theirs(
    overheard: tuple[Overheard, Database[dict[str, Any]]], numbers: dict[str, str]
) -> None:
    listener, database = overheard
    assert Open311Store(Home(database)).numbered(HERE, [numbers["closed"], numbers["unit"]])
    explained = database.command({"explain": listener.finds[0], "verbosity": "executionStats"})
    assert indexes_of(explained["queryPlanner"]["winningPlan"]) == {"number"}
    assert explained["executionStats"]["totalDocsExamined"] == 2


LAMP = {
    "jurisdiction": HERE,
    "service_code": "0101",
    "description": "路灯不亮",
    "lat": SPOT["lat"],
    "long": SPOT["lon"],
}


@pytest.fixture
def desk(service: CasesService, clock: SetClock) -> Desk:
    return Desk(service, clock)


def test_what_is_filed_is_a_report_and_the_way_to_it_its_number(desk: Desk) -> None:
    service = desk.service
    receipt = service.file_request(KEY.dump(), "k-1", **LAMP, phone="12000000001", first_name="测001", last_name="谢")
    assert (
        service.file_request(KEY.dump(), "k-1", **LAMP, phone="12000000001", first_name="测001", last_name="谢")
        == receipt
    )
    desk.case_id = receipt["case_id"]
    seen = desk.seen(DISPATCHER)
    assert (seen["source"], seen["category"], seen["grid_code"]) == ("OPEN311", "0101", GRID)
    assert seen["reporter"]["by_proxy"] is True
    assert seen["reporter"]["contact"]["phone"] == "120****0001"
    before = service.public_request(jurisdiction=HERE, number=receipt["number"])
    assert (before["status"], before["text"], before["compound_id"]) == ("REPORTED", None, "c-dongyuan")
    desk.do(DISPATCHER, "register", category="0101")
    after = service.public_request(jurisdiction=HERE, number=receipt["number"])
    assert (after["status"], after["text"]) == ("REGISTERED", "路灯不亮")


def test_an_anonymous_one_leads_back_to_no_key(desk: Desk, database: Database[dict[str, Any]]) -> None:
    receipt = desk.service.file_request(KEY.dump(), "k-1", **LAMP)
    document = database.cases.find_one({"_id": receipt["case_id"]})
    assert document is not None
    assert document["reporter"]["anonymous"] is True
    assert KEY.id not in {each for each in repr(document).split("'") if each == KEY.id}


@pytest.mark.parametrize("contact", [{}, {"phone": "12000000001"}], ids=["anonymous", "with a phone"])
def test_the_same_command_with_the_same_photos_is_one_report(desk: Desk, contact: dict[str, str]) -> None:
    def filed(content: bytes) -> Any:
        told = desk.upload(KEY, content, command="k-1 photo")
        if "photo_id" not in told:
            raise Refusal(told["code"])
        return desk.service.file_request(KEY.dump(), "k-1", **LAMP, **contact, photos=[told["photo_id"]])

    receipt = filed(picture())
    assert filed(picture()) == receipt
    assert code_of(filed, picture((1, 2, 3))) == "command_id_reused"


def test_who_files_the_same_while_it_is_being_filed_comes_again_and_gets_the_first_answer(desk: Desk) -> None:
    def photo() -> str:
        return str(desk.upload(KEY, picture(), command="k-1 photo")["photo_id"])

    one = photo()
    assert photo() == one, "both have uploaded before either has filed"
    receipt = desk.service.file_request(KEY.dump(), "k-1", **LAMP, photos=[one])
    assert code_of(desk.service.file_request, KEY.dump(), "k-1", **LAMP, photos=[one]) == "busy_try_again"
    assert desk.service.file_request(KEY.dump(), "k-1", **LAMP, photos=[photo()]) == receipt


def test_the_calendar_may_be_asked_for_from_end_to_end(service: CasesService, numbers: dict[str, str]) -> None:
    assert found(service, since="9999-12-31T00:00:00Z") == found(service, until="0001-01-02T00:00:00Z") == set()
    assert found(service, updated_since="9999-12-31T00:00:00Z") == set()


def test_an_address_is_the_name_of_one_compound(desk: Desk) -> None:
    body = {name: value for name, value in LAMP.items() if name not in {"lat", "long"}}
    for n, address in enumerate(("东源胜景小区", "高新社区东源胜景小区")):
        receipt = desk.service.file_request(KEY.dump(), f"k-{n}", **body, address_string=address)
        desk.case_id = receipt["case_id"]
        assert desk.seen(DISPATCHER)["compound_id"] == "c-dongyuan"
    by_id = desk.service.file_request(KEY.dump(), "k-id", **body, address_id="c-dongyuan")
    assert by_id["grid_code"] == GRID
    desk.service.places.put_compound(
        Compound("c-twin", "东源胜景小区", GRID, Point(115.006, 25.867), True, False, None), 1
    )
    for address in ("东源胜景小区", "没有的小区"):
        assert code_of(desk.service.file_request, KEY.dump(), "k-x", **body, address_string=address) == (
            "address_unclear"
        )


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"service_code": "0701"}, "service_not_found"),
        ({"service_code": "9999"}, "service_not_found"),
        ({"service_code": "lamp"}, "service_not_found"),
        ({"jurisdiction": "999999"}, "jurisdiction_not_found"),
        ({"lat": 0.0, "long": 0.0}, "outside_all_grids"),
        ({"description": None}, "text_or_photo_missing"),
        ({"asset": "a-unknown"}, "unknown_asset"),
    ],
    ids=str,
)
def test_what_cannot_be_filed_is_refused_and_nothing_is_kept(
    desk: Desk, database: Database[dict[str, Any]], fields: dict[str, Any], code: str
) -> None:
    body = {name: value for name, value in {**LAMP, **fields}.items() if value is not None}
    assert code_of(desk.service.file_request, KEY.dump(), "k-1", **body) == code
    assert database.cases.count_documents({}) == 0


def test_only_a_key_files_this_way_and_only_in_its_district(desk: Desk) -> None:
    stranger = caller("k-2", "api_key", scope="360702")
    assert code_of(desk.service.file_request, stranger.dump(), "k-1", **LAMP) == "outside_your_district"
    for who in (stage.RESIDENT, DISPATCHER):
        assert code_of(desk.service.file_request, who.dump(), "k-1", **LAMP) == "source_not_permitted"
    assert code_of(desk.report, KEY) == "source_not_permitted"
