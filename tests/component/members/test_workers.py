"""The census on a real database: who is entered, found, counted and left out, and how needs leave."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from chassis.caller import Grant
from chassis.errors import Refusal
from chassis.event import Event
from members.organisations.store import UnitStore
from members.people.person import Person
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.small_district import GRID, MoveIn, refusal, settle
from tests.component.members.staging import NOW
from tests.component.set_clock import SetClock

Stored = Database[dict[str, Any]]

NEXT = "360704100002002"
RIDER = {"nickname": "阿测", "kind": "rider", "platform": "美团", "grid_code": GRID, "needs": [{"text": "夜间充电"}]}
PHONE: dict[str, Any] = {"phone": "12000000077", "consent": True}


def caller(role: str, scope: str) -> dict[str, Any]:
    return {"id": f"p-{role}", "grants": [{"role": role, "scope": scope}], "unit": None}


WORKER, CADRE, OFFICE = (
    caller("community_worker", GRID),
    caller("union_cadre", GRID),
    caller("district_admin", "360704"),
)


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)
    riders = (
        Person("p-rider-party-01", "360704", "骑测001", (Grant("rider", "360704"),)),
        Person("p-elsewhere", "360703", "骑测002", (Grant("rider", "360703"),)),
    )
    move_in((each, None) for each in riders)


def enter(service: MembersService, key: str = "k", who: dict[str, Any] = WORKER, **told: Any) -> dict[str, Any]:
    return service.register_worker(caller=who, command_id=key, **(RIDER | told))


def demand(need_id: str, sequence: int, status: str) -> Event:
    data = {"demand_id": need_id, "status": status, "category": "0901"}
    return Event("e", "demand.opened", "/services/cases", f"demand/{need_id}", sequence, NOW, None, data, b"", "")


def test_f08_a_rider_is_entered_without_an_identity(service: MembersService, database: Stored) -> None:
    """F08: nickname, platform, grid and the need 夜间充电 are enough; the need has the code 0901 and leaves."""
    receipt = enter(service, who=CADRE)
    shown = service.worker(caller=CADRE, worker_id=receipt["worker_id"])
    assert (shown["nickname"], shown["platform"], shown["grid_code"]) == ("阿**", "美团", GRID)
    assert [(each["category"], each["text"], each["progress"]) for each in shown["needs"]] == [
        ("0901", "夜间充电", "stated")
    ]
    [need] = database["needs"].find()
    assert need["_id"] == receipt["needs"][0]
    [entry] = need["history"]
    assert (entry["type"], entry["data"]["category"], need["unrelayed"]) == ("need.stated", "0901", True)
    assert "夜间" not in str(entry)
    assert service.need_words(need_id=need["_id"], tenant="360704") == {"text": "夜间充电"}
    assert refusal(service.need_words, need_id=need["_id"], tenant="360703").code == "need_not_found"


def test_however_often_it_is_sent_a_worker_is_entered_once(service: MembersService, database: Stored) -> None:
    with ThreadPoolExecutor(4) as phones:
        receipts = list(phones.map(lambda _: enter(service, **PHONE), range(8)))
    assert all(each == receipts[0] for each in receipts)
    assert (database["workers"].count_documents({}), database["needs"].count_documents({})) == (1, 1)
    assert refusal(enter, service=service, nickname="别人").code == "command_id_reused"


def test_a_phone_is_kept_sealed_and_shown_masked(service: MembersService, database: Stored) -> None:
    id = enter(service, **PHONE)["worker_id"]
    assert service.worker(caller=WORKER, worker_id=id)["phone"] == "120****0077"
    assert "12000000077" not in str(database["workers"].find_one())
    service.worker_leaves(caller=WORKER, command_id="gone", worker_id=id)
    assert service.worker(caller=WORKER, worker_id=id)["phone"] is None


def test_the_phone_of_a_worker_is_told_an_office_with_a_reason_that_is_written_down_first(
    service: MembersService, database: Stored
) -> None:
    service.grant_role(caller=OFFICE, command_id="g", person_id="p-near", role="rider", scope="360704")
    id = enter(service, **PHONE, person_id="p-near")["worker_id"]
    ask: dict[str, Any] = {"caller": OFFICE, "command_id": "r", "worker_id": id, "reason": "通知送餐通道变更"}
    for _ in range(2):
        assert service.reveal_worker_phone(**ask) == {"worker_id": id, "phone": "12000000077"}
    [kept] = database["reveals"].find()
    assert (kept["worker_id"], kept["by"], kept["role"], kept["at"]) == (id, "p-district_admin", "district_admin", NOW)
    assert "12000000077" not in str(kept)
    [entered] = database["audit"].find({"act": "phone.revealed"})
    told_of = (entered["what"], entered["who"], entered["reason"])
    assert told_of == ({"kind": "worker", "id": id}, "p-district_admin", "通知送餐通道变更")
    mine = service.own_data(caller={"id": "p-near", "grants": [{"role": "rider", "scope": "360704"}], "unit": None})
    assert [each["reason"] for each in mine["phone_told"]] == ["通知送餐通道变更"]
    assert refusal(service.reveal_worker_phone, **{**ask, "reason": "别的"}).code == "command_id_reused"
    for none in ("", " ", "\u200b", None):
        assert refusal(service.reveal_worker_phone, **{**ask, "reason": none}).code == "reason_missing", none
    assert refusal(service.reveal_worker_phone, **{**ask, "caller": WORKER}).code == "not_permitted"
    near = caller("district_admin", "360704100007")
    assert refusal(service.reveal_worker_phone, **{**ask, "caller": near}).code == "out_of_scope"
    stranger = caller("district_admin", "360703")
    assert refusal(service.reveal_worker_phone, **{**ask, "caller": stranger}).code == "worker_not_found"
    service.worker_leaves(caller=WORKER, command_id="l", worker_id=id)
    assert refusal(service.reveal_worker_phone, **{**ask, "command_id": "s"}).code == "nobody_to_ask"


def test_who_is_linked_to_an_account_later_finds_who_was_told_the_phone_before(service: MembersService) -> None:
    service.grant_role(caller=OFFICE, command_id="g", person_id="p-near", role="rider", scope="360704")
    mine = enter(service, **PHONE)["worker_id"]
    others = enter(service, "k2", phone="12000000078", consent=True)["worker_id"]
    for n, id in enumerate((mine, others)):
        service.reveal_worker_phone(caller=OFFICE, command_id=f"r{n}", worker_id=id, reason=f"核对{n}")
    service.change_worker(caller=WORKER, command_id="c", worker_id=mine, person_id="p-near")
    rider = {"id": "p-near", "grants": [{"role": "rider", "scope": "360704"}], "unit": None}
    copy = service.own_data(caller=rider)
    assert [each["reason"] for each in copy["phone_told"]] == ["核对0"]
    assert [(each["worker_id"], each["phone"]) for each in copy["census"]] == [(mine, "12000000077")]


def test_nobody_is_entered_twice_by_phone_or_account(service: MembersService) -> None:
    account: dict[str, Any] = {"person_id": "p-rider-party-01"}
    first = enter(service, **PHONE, **account)["worker_id"]
    assert refusal(enter, service=service, key="k2", **PHONE).code == "worker_known"
    assert refusal(enter, service=service, key="k3", **account).code == "worker_known"
    service.worker_leaves(caller=WORKER, command_id="gone", worker_id=first)
    assert enter(service, "k4", **PHONE, **account)["worker_id"] != first


def told(found: Refusal) -> set[tuple[str, str]]:
    return {(each["pointer"], each["code"]) for each in found.details["errors"]}


def test_everything_that_is_wrong_with_a_worker_is_told_at_once(service: MembersService, database: Stored) -> None:
    enter(service, **PHONE)
    wide, nowhere = caller("grid_worker", "360704"), "360704100002009"
    wrong: dict[str, Any] = {**PHONE, "station_id": "v-none", "person_id": "p-none"}
    found = refusal(enter, service=service, key="k2", who=wide, grid_code=nowhere, **wrong)
    rest = {("/station_id", "unknown_station"), ("/person_id", "unknown_person"), ("/phone", "worker_known")}
    assert (found.code, told(found)) == ("invalid", {("/grid_code", "unknown_grid"), *rest})
    unplaced = {name: value for name, value in RIDER.items() if name != "grid_code"} | PHONE | {"person_id": "p-none"}
    found = refusal(service.register_worker, command_id="k3", caller=WORKER, **unplaced)
    assert told(found) == {("", "worker_unlinked"), ("/person_id", "unknown_person"), ("/phone", "worker_known")}
    other = enter(service, "k4")["worker_id"]
    changing: dict[str, Any] = {"caller": wide, "command_id": "c", "worker_id": other, "grid_code": nowhere}
    found = refusal(service.change_worker, **changing, **wrong)
    assert told(found) == {("/grid_code", "unknown_grid"), *rest}
    assert (database["workers"].count_documents({}), database["workers"].count_documents({"version": 2})) == (2, 0)
    bare = {**RIDER, "phone": "1", "nickname": ""}
    found = refusal(service.register_worker, command_id="k5", caller=WORKER, **bare)
    assert {each["pointer"] for each in found.details["errors"]} == {"/nickname", "/phone", "/consent"}


def test_an_account_is_a_riders_of_the_district(service: MembersService) -> None:
    for id in ("p-near", "p-elsewhere", "p-none"):
        assert refusal(enter, service=service, person_id=id).code == "unknown_person"


def test_a_place_is_a_grid_in_use_within_the_scope(service: MembersService) -> None:
    assert refusal(enter, service=service, grid_code=NEXT).code == "out_of_scope"
    assert refusal(enter, service=service, who=OFFICE).code == "not_permitted"
    nowhere = "360704100002009"
    wide = caller("grid_worker", "360704")
    assert refusal(enter, service=service, who=wide, grid_code=nowhere).details["grid_codes"] == [nowhere]


def station(service: MembersService, key: str = "v", **told: Any) -> str:
    admin = caller("district_admin", "360704")
    opened = {"name": "高新社区红色驿站", "kind": "rest_station", "grid_code": GRID, "since": "2026-03-01", **told}
    return str(
        service.register_venue(caller=admin, command_id=key, location={"lon": 115.0062, "lat": 25.8671}, **opened)[
            "venue_id"
        ]
    )


def test_who_belongs_to_a_rest_station_needs_no_grid(service: MembersService) -> None:
    """H6: linked to a grid or a station; who names the station alone is counted in its grid."""
    id = station(service)
    unplaced = {name: value for name, value in RIDER.items() if name != "grid_code"}
    only: dict[str, Any] = {**unplaced, "caller": WORKER, "station_id": id}
    receipt = service.register_worker(command_id="k", **only)
    shown = service.worker(caller=WORKER, worker_id=receipt["worker_id"])
    assert (shown["grid_code"], shown["station_id"]) == (GRID, id)
    assert service.worker_census(caller=OFFICE, area=GRID)["linked"] == 1
    assert refusal(service.register_worker, command_id="k2", caller=WORKER, **unplaced).code == "worker_unlinked"
    far = caller("grid_worker", NEXT)
    assert refusal(service.register_worker, command_id="k3", **only | {"caller": far}).code == "out_of_scope"


def test_a_station_is_an_open_rest_station_of_the_district(service: MembersService, clock: SetClock) -> None:
    open_one, practice = station(service), station(service, "p", kind="practice_station", name="实践站")
    to_come = station(service, "f", name="新驿站", since="2027-01-01")
    for id in ("v-none", practice):
        found = refusal(enter, service=service, station_id=id)
        assert (found.code, found.details["station_id"]) == ("unknown_station", id)
    assert refusal(enter, service=service, station_id=to_come).code == "station_closed"
    worker = enter(service)["worker_id"]
    service.close_venue(caller=OFFICE, command_id="x", venue_id=open_one, on="2026-03-20")
    changing: dict[str, Any] = {"caller": WORKER, "worker_id": worker, "station_id": open_one}
    service.change_worker(command_id="c", **changing)
    clock.moment = NOW + timedelta(days=30)
    assert refusal(enter, service=service, key="late", station_id=open_one).code == "station_closed"
    assert service.change_worker(command_id="c", **changing)["worker_id"] == worker


def test_a_station_that_no_grid_holds_any_more_takes_nobody_and_the_rest_is_told_with_it(
    service: MembersService, database: Stored
) -> None:
    here = station(service)
    database["grids"].update_one({"_id": GRID}, {"$set": {"closed": NOW - timedelta(days=1)}})
    unplaced = {name: value for name, value in RIDER.items() if name != "grid_code"}
    body = {**unplaced, "station_id": here, "person_id": "p-none"}
    found = refusal(service.register_worker, command_id="k", caller=WORKER, **body)
    assert told(found) == {("/station_id", "outside_all_grids"), ("/person_id", "unknown_person")}
    stranger = refusal(service.register_worker, command_id="l", caller=caller("resident", GRID), **body)
    assert stranger.code == "not_permitted"


def test_a_form_has_platforms_to_propose(service: MembersService) -> None:
    assert "美团" in service.worker_platforms()["items"]


def test_a_list_shows_the_scope_alone_page_by_page(service: MembersService, clock: SetClock) -> None:
    wide = caller("grid_worker", "360704")
    for n in range(5):
        clock.moment = NOW + timedelta(minutes=n // 2)
        enter(service, f"k-{n}", wide, nickname=f"{n}号", grid_code=GRID if n < 4 else NEXT, needs=[])
    pages, after = [], None
    while True:
        page = service.workers(caller=CADRE, limit=2, after=after)
        pages.append([each["nickname"] for each in page["items"]])
        if (after := page["next"]) is None:
            break
    assert [len(each) for each in pages] == [2, 2]
    assert sorted(name for page in pages for name in page) == ["0**", "1**", "2**", "3**"]
    assert [each["grid_code"] for each in service.workers(caller=OFFICE, filters={"grid": NEXT})["items"]] == [NEXT]
    assert service.workers(caller=OFFICE, filters={"kind": "driver"})["items"] == []
    assert refusal(service.workers, caller=CADRE, filters={"grid": NEXT}).code == "out_of_scope"
    assert refusal(service.workers, caller=caller("resident", "360704")).code == "not_permitted"


def test_what_becomes_of_a_need_is_shown_whatever_comes_late(service: MembersService) -> None:
    receipt = enter(service)
    id, [need] = receipt["worker_id"], receipt["needs"]
    for sequence, status, shows in ((1, "open", "listed"), (3, "met", "met"), (2, "matched", "met")):
        service.note_demand(demand(need, sequence, status))
        [seen] = service.worker(caller=WORKER, worker_id=id)["needs"]
        assert seen["progress"] == shows
    service.note_demand(demand("some-other-demand", 1, "open"))


def test_more_needs_are_stated_later(service: MembersService) -> None:
    id = enter(service)["worker_id"]
    more: dict[str, Any] = {"needs": [{"category": "0902", "text": "门口临停"}]}
    first, again = (service.state_worker_needs(caller=CADRE, command_id="more", worker_id=id, **more) for _ in range(2))
    assert first == again
    assert [each["category"] for each in service.worker(caller=WORKER, worker_id=id)["needs"]] == ["0901", "0902"]
    service.worker_leaves(caller=WORKER, command_id="gone", worker_id=id)
    late = refusal(service.state_worker_needs, caller=CADRE, command_id="late", worker_id=id, **more)
    assert late.code == "worker_left"


def test_what_is_needed_may_be_of_a_category_that_the_district_added(service: MembersService) -> None:
    own: dict[str, Any] = {"needs": [{"text": "夜间充电"}, {"category": "0906", "text": "雨天休息处"}]}
    unknown = refusal(enter, service=service, key="early", **own)
    assert (unknown.code, [each["pointer"] for each in unknown.details["errors"]]) == (
        "invalid",
        ["/needs/1/category"],
    )
    told = {
        "area": "360704",
        "number": 1,
        "categories": [{"code": "0906", "zh": "雨天休息", "en": "Shelter from rain"}],
    }
    service.learn_categories(Event("e", "policy.entered", "/s", "policy/p", 1, NOW, None, told, b"", ""))
    shown = service.worker(caller=WORKER, worker_id=enter(service, "k-2", **own)["worker_id"])
    assert [each["category"] for each in shown["needs"]] == ["0901", "0906"]
    elsewhere = {**told, "area": "360703", "categories": [{"code": "0907", "zh": "甲", "en": "A"}]}
    service.learn_categories(Event("f", "policy.entered", "/s", "policy/q", 1, NOW, None, elsewhere, b"", ""))
    assert refusal(enter, service=service, key="k-3", needs=[{"category": "0907", "text": "x"}]).code == "invalid"


def test_h6_is_true_of_past_days_too(service: MembersService, clock: SetClock, database: Stored) -> None:
    wide = caller("grid_worker", "360704")
    ids = [enter(service, f"k-{n}", wide, needs=[])["worker_id"] for n in range(3)]
    enough: dict[str, Any] = {"area": GRID, "day": "2026-03-01", "number": 6}
    entered, again = (service.enter_estimate(caller=OFFICE, command_id="e", **enough) for _ in range(2))
    assert entered == again
    service.enter_estimate(caller=OFFICE, command_id="e2", **enough | {"number": 4})
    clock.moment = NOW + timedelta(days=1)
    service.worker_leaves(caller=wide, command_id="gone", worker_id=ids[0])
    service.change_worker(caller=wide, command_id="moves", worker_id=ids[1], grid_code=NEXT)
    assert refusal(service.enter_estimate, caller=WORKER, command_id="x", **enough).code == "not_permitted"

    def counted(day: str, area: str = GRID) -> tuple[int, int | None, str | None]:
        found = service.worker_census(caller=OFFICE, area=area, day=day)
        return found["known"], found["estimated"], found["share"]

    assert counted("2026-03-12") == (3, 4, "75.00")
    assert counted("2026-03-13") == (1, 4, "25.00")
    assert counted("2026-03-13", "360704") == (2, 4, "50.00")
    assert counted("2026-02-28") == (0, None, None)
    assert service.worker_census(caller=OFFICE, area=GRID, day="2026-03-12")["linked"] == 3


def test_the_last_day_of_the_calendar_is_a_fault(service: MembersService) -> None:
    """It ends at no moment that can be told."""
    asks: list[tuple[Any, dict[str, Any]]] = [
        (service.worker_census, {}),
        (service.enter_estimate, {"command_id": "k", "number": 1}),
    ]
    for ask, told in asks:
        assert refusal(ask, caller=OFFICE, area="360704", day="9999-12-31", **told).code == "invalid"
        assert ask(caller=OFFICE, area="360704", day="9999-12-30", **told)["area"] == "360704"


def test_who_is_in_the_census_has_it_in_the_own_copy_and_deletes_it(service: MembersService, database: Stored) -> None:
    enter(service, person_id="p-rider-party-01", **PHONE)
    me = {"id": "p-rider-party-01", "grants": [{"role": "rider", "scope": "360704"}], "unit": None}
    [held] = service.own_data(caller=me)["census"]
    assert (held["nickname"], held["platform"]) == ("阿测", "美团")
    service.delete_own_data(caller=me, command_id="d")
    [kept] = database["workers"].find()
    assert (kept["nickname"], kept["phone"], kept["phone_print"]) == ("已删除", None, None)
    assert "阿测" not in str(kept)
