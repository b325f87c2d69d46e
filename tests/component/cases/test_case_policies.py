"""What a district decides about its cases (F53): versions from a day on, and each case keeps the one of its own."""

from collections.abc import Collection, Iterable
from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest
from pymongo.database import Database

from cases.category import BOOK, Book, Catalogue, catalogue, published
from cases.deadline import LOCAL
from cases.policies.store import PolicyStore, opened
from cases.service import CasesService
from cases.store import CaseStore
from chassis.caller import Caller, Grant
from chassis.errors import Refusal
from chassis.mongo import Home
from tests.component.set_clock import SetClock
from tests.unit.cases.play import (
    ADMIN,
    DISPATCHER,
    GRID,
    INSPECTOR,
    OTHER_DISTRICT,
    RESIDENT,
    caller,
    code_of,
    refusal,
)

Answer = dict[str, Any]

DISTRICT = GRID[:6]
FOREIGNER = caller("p-admin-2", "district_admin", scope=OTHER_DISTRICT[:6])
SPOT = {"lon": 115.0058, "lat": 25.8672}
SCORING: Answer = {
    "area": DISTRICT,
    "valid_from": "2026-04-01",
    "weights": {"response": 0.2, "resolution": 0.4, "satisfaction": 0.4},
    "partly": 0.5,
    "exclusions": ["duplicate", "malicious"],
    "smallest_group": 12,
}


class Office:
    """Asks the service as the gateway would."""

    def __init__(self, service: CasesService, clock: SetClock) -> None:
        self.service, self.clock, self.commands = service, clock, 0

    def at(self, text: str) -> "Office":
        self.clock.moment = datetime.fromisoformat(f"2026-{text}").replace(tzinfo=LOCAL)
        return self

    def report(self, **more: Any) -> str:
        body = {"text": "路灯闪烁", "category": "0101", "location": SPOT, **more}
        return str(self.service.report(RESIDENT.dump(), self.command(), **body)["case_id"])

    def do(self, case_id: str, act: str, who: Caller = DISPATCHER, **fields: Any) -> Answer:
        return self.service.move(who.dump(), self.command(), case_id, act, fields)

    def registered(self, **more: Any) -> str:
        case_id = self.report(**more)
        self.do(case_id, "register")
        return case_id

    def seen(self, case_id: str) -> Answer:
        return self.service.case(DISPATCHER.dump(), case_id)

    def due(self, case_id: str) -> str:
        return datetime.fromisoformat(self.seen(case_id)["resolve_due"]).astimezone(LOCAL).strftime("%m-%d %H:%M")

    def rows(self, **of_lamp: Any) -> list[Answer]:
        rows = deepcopy(self.service.categories(area=DISTRICT)["items"])
        return [{**row, **of_lamp} if row["code"] == "0101" else row for row in rows]

    def enter(self, who: Caller = ADMIN, command: str | None = None, **body: Any) -> Answer:
        said = {"area": DISTRICT, "valid_from": "2026-04-01", "items": self.rows(resolve="2wd"), **body}
        return self.service.enter_case_categories(who.dump(), command or self.command(), **said)

    def score(self, who: Caller = ADMIN, **body: Any) -> Answer:
        return self.service.enter_case_scoring(who.dump(), self.command(), **{**SCORING, **body})

    def history(self, who: Caller = ADMIN, **asked: Any) -> list[Answer]:
        found: list[Answer] = self.service.case_policies(who.dump(), **{"area": DISTRICT, **asked})["items"]
        return found

    def command(self) -> str:
        self.commands += 1
        return f"command-{self.commands}"


@pytest.fixture
def office(service: CasesService, clock: SetClock) -> Office:
    return Office(service, clock).at("03-12 10:00")


@pytest.fixture
def another(database: Database[Answer]) -> Book:
    """What a second instance knows, which has heard of nothing."""
    book = Book()
    book.open(PolicyStore(Home(database)).catalogues_besides)
    return book


def faults(refused: Refusal) -> set[tuple[str, str]]:
    return {(each["pointer"], each.get("code", "form")) for each in refused.details["errors"]}


def test_a_case_keeps_the_time_limit_that_it_was_registered_under(office: Office) -> None:
    """F53: 0101 goes from 3 wd to 2 wd on April 1; a March case is open and keeps 3 wd, whatever is corrected."""
    office.enter()
    march = office.at("03-31 09:00").registered()
    assert office.due(march) == "04-03 18:00"
    april = office.at("04-01 09:00").registered()
    assert office.due(april) == "04-03 18:00"
    assert office.seen(march)["category_version"] == "2025.1"
    assert office.seen(april)["category_version"] == f"{DISTRICT}-categories-1"

    office.do(march, "correct", location={"lon": 115.0058, "lat": 25.8671})
    assert office.due(march) == "04-03 18:00"
    office.do(march, "correct", category="0303")
    office.do(march, "correct", category="0101")
    assert (office.due(march), office.seen(march)["category_version"]) == ("04-03 18:00", "2025.1")
    office.do(april, "correct", category="0303")
    office.do(april, "correct", category="0101")
    assert office.due(april) == "04-03 18:00"
    assert office.seen(april)["category_version"] == f"{DISTRICT}-categories-1"


def test_what_is_reported_in_march_and_registered_in_april_has_the_times_of_april(office: Office) -> None:
    office.enter()
    case_id = office.at("03-31 23:59").report()
    office.at("04-01 00:00").do(case_id, "register")
    assert office.seen(case_id)["category_version"] == f"{DISTRICT}-categories-1"
    assert office.due(case_id) == "04-02 18:00"


def test_other_districts_keep_theirs(office: Office) -> None:
    office.enter()
    office.at("04-01 09:00")
    lamp = {each["code"]: each for each in office.service.categories(area=DISTRICT)["items"]}["0101"]
    elsewhere = {each["code"]: each for each in office.service.categories(area=OTHER_DISTRICT[:6])["items"]}["0101"]
    assert (lamp["resolve"], elsewhere["resolve"]) == ("2wd", "3wd")
    assert office.service.categories()["version"] == "2025.1"


@pytest.mark.parametrize(
    ("scopes", "version"),
    [
        pytest.param((GRID,), f"{DISTRICT}-categories-1", id="a resident"),
        pytest.param((DISTRICT,), f"{DISTRICT}-categories-1", id="the desk"),
        pytest.param((GRID, DISTRICT), f"{DISTRICT}-categories-1", id="two roles in one district"),
        pytest.param((OTHER_DISTRICT,), "2025.1", id="a neighbouring district"),
        pytest.param((GRID, OTHER_DISTRICT), "2025.1", id="two districts"),
        pytest.param(("36",), "2025.1", id="the province"),
        pytest.param((), "2025.1", id="no role"),
    ],
)
def test_the_catalogue_is_that_of_the_callers_own_district_unless_another_is_named(
    office: Office, scopes: tuple[str, ...], version: str
) -> None:
    office.enter()
    who = Caller("p-1", tuple(Grant("resident", scope) for scope in scopes))
    assert office.service.categories(caller=who.dump())["version"] == "2025.1", "the version of the district is to come"
    office.at("04-01 09:00")
    assert office.service.categories(caller=who.dump())["version"] == version
    assert office.service.categories(area=DISTRICT, caller=who.dump())["version"] == f"{DISTRICT}-categories-1"
    assert office.service.categories(version="2025.1", caller=who.dump())["version"] == "2025.1"


def test_an_instance_that_has_heard_of_nothing_reads_a_case_of_any_version(
    office: Office, database: Database[Answer]
) -> None:
    office.enter()
    case_id = office.at("04-01 09:00").registered()
    opened(PolicyStore(Home(database)))
    assert office.seen(case_id)["severity"] == "N"
    assert catalogue(f"{DISTRICT}-categories-1").find("0101").physical


def test_an_instance_learns_of_a_version_by_itself_and_asks_for_no_case(office: Office, another: Book) -> None:
    assert [each.version for each in another.of(DISTRICT)] == list(published())
    name = office.enter()["policy_id"]
    assert name not in {each.version for each in another.of(DISTRICT)}
    another.renew()
    assert name in {each.version for each in another.of(DISTRICT)}
    later = office.enter(valid_from="2026-05-01")["policy_id"]
    found = another.find(later)
    assert found is not None
    assert found.tenant == DISTRICT


def test_no_case_asks_the_database_for_its_category(office: Office, cases: CaseStore, policies: PolicyStore) -> None:
    office.enter()
    office.at("04-01 09:00")
    ids, asked = [office.registered() for _ in range(3)], []

    def source(known: Collection[str]) -> Iterable[Catalogue]:
        asked.append(sorted(known))
        return policies.catalogues_besides(known)

    BOOK.open(source)
    assert [case.kind.resolve.count for case in cases.several(ids).values() if case.kind] == [2, 2, 2]
    assert office.due(office.registered()) == "04-03 18:00"
    assert asked == [[]], "the first case that is read asks once, and for all"


def test_of_two_that_begin_on_one_day_the_one_entered_last_holds_and_the_other_stays_to_be_read(office: Office) -> None:
    office.enter()
    office.enter(items=office.rows(resolve="1wd"))
    lines = office.history(kind="categories")
    assert [(each["number"], each["state"], each["valid_from"], each["valid_to"]) for each in lines] == [
        (2, "planned", "2026-04-01", None),
        (1, "replaced", "2026-04-01", None),
        (0, "in_force", "2025-01-01", "2026-03-31"),
    ]
    assert [each["changes"]["changed"] for each in lines[:2]] == [["0101"], ["0101"]]
    assert office.due(office.at("04-01 09:00").registered()) == "04-02 18:00"
    assert [each["state"] for each in office.history(kind="categories")] == ["in_force", "replaced", "over"]


def test_what_has_begun_is_never_changed(office: Office) -> None:
    office.enter()
    office.at("04-01 09:00")
    for day in ("2026-04-01", "2026-03-31", "2025-01-01"):
        assert code_of(office.enter, valid_from=day) == "policy_begins_too_early"
        assert code_of(office.score, valid_from=day) == "policy_begins_too_early"
    assert code_of(office.enter, valid_from="2027-04-03") == "policy_begins_too_late"
    assert len(office.history(kind="categories")) == 2


def test_a_command_that_comes_again_enters_nothing_more(office: Office) -> None:
    first = office.enter(command="once")
    assert office.at("05-01 09:00").enter(command="once", items=office.rows(resolve="2wd")) == first
    assert code_of(office.enter, command="once", valid_from="2026-06-01") == "command_id_reused"
    assert len(office.history(kind="categories")) == 2


def test_only_the_administrator_of_the_district_decides(office: Office) -> None:
    for who, code in ((DISPATCHER, "not_permitted"), (RESIDENT, "not_permitted"), (FOREIGNER, "out_of_scope")):
        assert code_of(office.enter, who) == code
        assert code_of(office.score, who) == code
    assert len(office.history()) == 2
    assert office.history(INSPECTOR) == office.history()
    for stranger in (RESIDENT, FOREIGNER):
        assert code_of(office.history, stranger) == "not_permitted"


def test_all_that_is_wrong_with_a_catalogue_is_told_at_once(office: Office) -> None:
    rows = office.rows(
        severity="X",
        respond="3 wd",
        resolve="251wd",
        units=["LIGHTING_OFFICE", "CIRCUS"],
        skills=["juggler"],
        certificates=["pilot"],
        physical=False,
    )
    rows[1] |= {"respond": "5d", "resolve": "2h"}
    rows[2] |= {"code": "1101"}
    rows[3] |= {"code": rows[4]["code"], "zh": rows[4]["zh"]}
    del rows[5]["member_eligible"]
    refused = refusal(office.enter, items=rows, valid_from="2026-03-12")
    assert refused.code == "invalid"
    assert faults(refused) == {
        ("/valid_from", "policy_begins_too_early"),
        ("/items/0/severity", "unknown_severity"),
        ("/items/0/respond", "term_not_readable"),
        ("/items/0/resolve", "term_too_long"),
        ("/items/0/units/1", "unknown_unit_type"),
        ("/items/0/skills/0", "unknown_skill"),
        ("/items/0/certificates/0", "unknown_certificate"),
        ("/items/0/physical", "physical_not_as_group"),
        ("/items/1/respond", "respond_after_resolve"),
        ("/items/2/code", "unknown_category_group"),
        ("/items/4/code", "category_twice"),
        ("/items/4/zh", "category_named_twice"),
        ("/items/5/member_eligible", "form"),
    }
    assert len(office.history(kind="categories")) == 1


def test_what_is_no_catalogue_at_all_is_refused_like_any_other(office: Office) -> None:
    rows = office.rows()
    no_catalogues: tuple[Any, ...] = (None, 5, {}, "x", [], [None], ["x"], [{}], [rows[0], None, rows[1]])
    for items in no_catalogues:
        assert refusal(office.enter, items=items).code == "invalid"
    huge = {"response": 10**400, "resolution": 1, "satisfaction": 1}
    nothing: tuple[Any, ...] = (None, [], {}, {"response": "NaN"}, huge)
    for weights in nothing:
        assert refusal(office.score, weights=weights).code == "invalid"
    assert len(office.history()) == 2


def test_a_category_that_open_cases_have_is_not_left_out(office: Office) -> None:
    without = [row for row in office.rows() if row["code"] not in {"0101", "0102"}]
    case_id = office.report()
    refused = refusal(office.enter, items=without)
    assert (refused.code, refused.details["categories"]) == ("category_in_use", ["0101"])
    office.do(case_id, "reject", reason_code="not_found", text="现场未发现")
    assert office.enter(items=without)["number"] == 1
    assert office.history(kind="categories")[0]["changes"] == {
        "added": [],
        "removed": ["0101", "0102"],
        "changed": [],
    }
    office.at("04-01 09:00")
    assert code_of(office.report) == "unknown_category"


def test_a_scoring_holds_from_its_day_on(office: Office, policies: PolicyStore) -> None:
    office.score()
    before = policies.scoring(DISTRICT, datetime(2026, 3, 31, tzinfo=LOCAL).date())
    after = policies.scoring(DISTRICT, datetime(2026, 4, 1, tzinfo=LOCAL).date())
    assert {rate: str(weight) for rate, weight in before.weights.items()} == {
        "response": "0.30",
        "resolution": "0.35",
        "satisfaction": "0.35",
    }
    assert (before.version, str(before.partly), len(before.exclusions), before.smallest_group) == ("2025.1", "0", 6, 10)
    assert sum(after.weights.values()) == 1
    assert (str(after.partly), after.smallest_group) == ("0.5", 12)
    assert sorted(after.exclusions) == ["duplicate", "malicious"]
    assert office.history(kind="scoring")[0]["scoring"] == {
        name: SCORING[name] for name in ("weights", "partly", "exclusions", "smallest_group")
    }


def test_weights_add_up_to_one_and_all_that_is_wrong_is_told_at_once(office: Office) -> None:
    uneven = {"response": 0.3, "resolution": 0.3, "satisfaction": 0.3}
    refused = refusal(office.score, weights=uneven)
    assert (refused.code, refused.details["sum"]) == ("weights_not_one", "0.9")
    refused = refusal(
        office.score,
        weights=uneven,
        valid_from="2026-03-01",
        partly=1.5,
        exclusions=["tiresome"],
        smallest_group=1,
    )
    assert faults(refused) == {
        ("/weights", "weights_not_one"),
        ("/valid_from", "policy_begins_too_early"),
        ("/partly", "form"),
        ("/exclusions/0", "form"),
        ("/smallest_group", "form"),
    }
    fine = {"response": 0.33333, "resolution": 0.33333, "satisfaction": 0.33334}
    assert {pointer for pointer, _ in faults(refusal(office.score, weights=fine))} == {
        f"/weights/{rate}" for rate in fine
    }
    assert len(office.history(kind="scoring")) == 1


def test_the_history_is_read_page_by_page(office: Office) -> None:
    for day in ("2026-04-01", "2026-05-01", "2026-06-01"):
        office.enter(valid_from=day)
        office.score(valid_from=day)
    after, found = None, []
    while True:
        page = office.service.case_policies(INSPECTOR.dump(), area=DISTRICT, limit=3, after=after)
        found += [(each["kind"], each["number"]) for each in page["items"]]
        if (after := page["next"]) is None:
            break
    assert found == [(kind, number) for kind in ("categories", "scoring") for number in (3, 2, 1, 0)]


def test_versions_that_are_entered_at_once_get_numbers_of_their_own(office: Office, policies: PolicyStore) -> None:
    real, numbers = policies.versions, []

    def slow(*asked: Any) -> Any:
        found = real(*asked)
        policies.versions = real  # type: ignore[method-assign]
        numbers.append(office.score()["number"])
        return found

    policies.versions = slow  # type: ignore[method-assign,assignment]  # another administrator, between reading and writing
    assert [office.score()["number"], *numbers] == [2, 1]


@pytest.mark.parametrize("area", [GRID[:12], DISTRICT, DISTRICT[:2]])
def test_indicators_know_a_category_that_a_district_has_added(office: Office, area: str) -> None:
    added = {**office.rows()[0], "code": "0199", "zh": "充电桩损坏", "en": "Charging post broken"}
    office.enter(items=[*office.rows(), added])
    case_id = office.at("04-02 10:00").report(category="0199")
    office.do(case_id, "register")
    office.service.count_indicators()
    who = caller("p-auditor", "auditor", scope=area)
    asked = {"area": area, "from": "2026-04-01", "to": "2026-04-30"}
    board = office.service.indicators(who.dump(), **asked, by="category")
    assert board["categories"]["0199"] == {"zh": "充电桩损坏", "en": "Charging post broken"}
    alone = office.service.indicators(who.dump(), **asked, category="0199")
    assert alone["total"]["counts"]["registered"] == 1
    if len(area) >= len(DISTRICT):
        other = caller("p-other", "auditor", scope=OTHER_DISTRICT[:6])
        elsewhere = {**asked, "area": OTHER_DISTRICT[:6], "category": "0199"}
        assert code_of(office.service.indicators, other.dump(), **elsewhere) == "unknown_category"


def test_a_closed_book_knows_what_is_shipped_alone(office: Office) -> None:
    name = office.enter()["policy_id"]
    BOOK.open(None)
    with pytest.raises(Refusal) as refused:
        catalogue(name)
    assert refused.value.code == "unknown_version"


def test_what_a_district_calls_its_categories_is_told_and_can_be_asked_for_anew(
    office: Office, database: Database[Answer]
) -> None:
    added = {**office.rows()[0], "code": "0199", "zh": "充电桩损坏", "en": "Charging post broken"}
    office.enter(items=[*office.rows(), added])
    office.score()
    [entry] = [one["history"][0] for one in database["case_policies"].find({"kind": "categories"})]
    told = entry["data"]
    assert (entry["type"], told["area"], told["number"]) == ("policy.entered", DISTRICT, 1)
    assert {"code": "0199", "zh": "充电桩损坏", "en": "Charging post broken"} in told["categories"]
    page = office.service.entered_policies()
    assert page["next"] is None
    assert [(each["kind"], len(each["categories"])) for each in page["items"]] == [("categories", 59), ("scoring", 0)]
