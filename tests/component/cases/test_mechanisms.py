"""Joint mechanisms (F37): entered by the agency, linked to, counted; where none are entered there is nothing to see."""

from typing import Any

import pytest

from cases.service import CasesService
from cases.store import CaseStore
from chassis.caller import Caller
from chassis.instant import written
from tests.component.cases.test_case_store import kept
from tests.component.set_clock import SetClock
from tests.unit.cases import play as stage
from tests.unit.cases.play import ADMIN, DISPATCHER, GRID, RESIDENT, WORKER, caller, code_of
from tests.unit.cases.whistle import CALL, VISIT

AGENCY = GRID[:9]
PARTY = caller("p-party", "party_office", scope=AGENCY)
FIVE = ("组织联建", "治理联动", "服务联办", "活动联谊", "平安联防")
BODY = CALL | {"due_on_site": written(VISIT)}


class Desk:
    """Asks the service as the gateway would, about mechanisms and summons for one registered case."""

    def __init__(self, service: CasesService, clock: SetClock, case_id: str) -> None:
        self.service, self.clock, self.case_id = service, clock, case_id
        self.commands = 0

    def enter(self, who: Caller = DISPATCHER, area: str = AGENCY, **body: Any) -> list[str]:
        said = {"axis": "党建引领", "mechanisms": [{"name": name} for name in FIVE]} | body
        ids: list[str] = self.service.enter_mechanisms(who.dump(), self._command(), area, **said)["mechanism_ids"]
        return ids

    def shown(self, area: str = AGENCY, who: Caller = DISPATCHER, **asked: Any) -> dict[str, Any]:
        return self.service.mechanisms(who.dump(), area=area, **asked)

    def counts(self, **asked: Any) -> dict[str, int]:
        return {each["name"]: each["linked"]["summons"] for each in self.shown(**asked)["items"]}

    def summon(self, **body: Any) -> str:
        made = self.service.open_summons(DISPATCHER.dump(), self._command(), self.case_id, "summon", **(BODY | body))
        return str(made["summons_id"])

    def _command(self) -> str:
        self.commands += 1
        return f"command-{self.commands}"


@pytest.fixture
def desk(service: CasesService, clock: SetClock, cases: CaseStore) -> Desk:
    play = stage.registered().at("03-13 09:00")
    clock.moment = play.now
    kept(cases, play, "registered")
    return Desk(service, clock, play.case.id)


def test_an_agency_enters_an_axis_and_five_names_and_reports_group_by_them(desk: Desk) -> None:
    """F37: a summons is linked to one of them, and the report groups by it."""
    ids = desk.enter()
    for mechanism_id in (ids[1], ids[1], ids[3]):
        desk.summon(mechanism_id=mechanism_id)
    desk.summon()
    found = desk.shown()
    assert (found["axis"], [each["name"] for each in found["items"]]) == ("党建引领", list(FIVE))
    assert desk.counts() == dict(zip(FIVE, (0, 2, 0, 1, 0), strict=True))
    assert desk.counts(area=GRID)["治理联动"] == 2
    earlier = {"since": "2026-03-01T00:00:00+08:00", "until": "2026-03-10T00:00:00+08:00"}
    assert set(desk.counts(**earlier).values()) == {0}


def test_where_none_are_entered_there_is_nothing_to_see(desk: Desk) -> None:
    """F37: none entered → the feature is hidden."""
    found = desk.shown()
    assert (found["axis"], found["items"]) == (None, [])
    assert code_of(desk.summon, mechanism_id="m-1") == "no_mechanisms"
    assert "mechanism_id" not in desk.service.one_summons(DISPATCHER.dump(), desk.summon())


def test_any_number_of_names_and_no_five_are_built_in(desk: Desk) -> None:
    desk.enter(mechanisms=[{"name": "联席会议"}], axis=None)
    assert [each["name"] for each in desk.shown()["items"]] == ["联席会议"]


def test_one_is_renamed_by_its_id_and_one_left_out_ends_today_and_keeps_its_count(desk: Desk) -> None:
    ids = desk.enter()
    desk.summon(mechanism_id=ids[4])
    again = desk.enter(mechanisms=[{"mechanism_id": ids[0], "name": "组织联建共建"}])
    assert again == ids
    items = desk.shown()["items"]
    assert items[0]["name"] == "组织联建共建"
    assert items[4] | {"linked": {"summons": 1}, "valid_to": "2026-03-13", "name": "平安联防"} == items[4]
    desk.clock.wait(days=1)
    later = written(desk.clock.moment.replace(hour=15))
    assert code_of(desk.summon, mechanism_id=ids[4], due_on_site=later) == "unknown_mechanism"
    assert desk.summon(mechanism_id=ids[0], due_on_site=later)


def test_a_mechanism_holds_from_and_until_its_days(desk: Desk) -> None:
    [early, late] = desk.enter(
        mechanisms=[{"name": "一", "valid_to": "2026-03-13"}, {"name": "二", "valid_from": "2026-03-14"}]
    )
    assert desk.summon(mechanism_id=early)
    assert code_of(desk.summon, mechanism_id=late) == "unknown_mechanism"


def test_the_narrowest_area_around_a_case_decides(desk: Desk) -> None:
    wide = desk.enter(ADMIN, GRID[:6])
    [own] = desk.enter(area=GRID[:12], mechanisms=[{"name": "社区联动"}])
    assert desk.summon(mechanism_id=own)
    assert code_of(desk.summon, mechanism_id=wide[0]) == "unknown_mechanism"
    assert [each["name"] for each in desk.shown(GRID)["items"]] == ["社区联动"]


@pytest.mark.parametrize("who", [ADMIN, PARTY])
def test_the_party_office_and_the_district_enter_them_too(desk: Desk, who: Caller) -> None:
    assert len(desk.enter(who)) == 5


def test_nobody_enters_them_beyond_their_scope(desk: Desk) -> None:
    assert code_of(desk.enter, WORKER) == "not_permitted"
    assert code_of(desk.enter, RESIDENT) == "not_permitted"
    assert code_of(desk.enter, PARTY, GRID[:6]) == "out_of_scope"
    assert code_of(desk.shown, GRID, RESIDENT) == "out_of_scope"


@pytest.mark.parametrize(
    ("mechanisms", "refused"),
    [
        ([{"name": "一"}, {"name": "一"}], "mechanism_named_twice"),
        ([{"name": "一", "valid_from": "2026-03-14", "valid_to": "2026-03-13"}], "mechanism_ends_too_early"),
        ([{"name": "一", "mechanism_id": "m-none"}], "unknown_mechanism"),
        ([{"name": ""}], "invalid"),
        ([{"name": str(n)} for n in range(51)], "invalid"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    desk: Desk, mechanisms: list[dict[str, Any]], refused: str
) -> None:
    desk.enter()
    before = desk.shown()
    assert code_of(desk.enter, mechanisms=mechanisms) == refused
    assert desk.shown() == before


def test_a_command_that_comes_again_enters_nothing_twice(desk: Desk) -> None:
    ids = desk.enter()
    said = {"axis": "党建引领", "mechanisms": [{"name": name} for name in FIVE]}
    assert desk.service.enter_mechanisms(DISPATCHER.dump(), "command-1", AGENCY, **said)["mechanism_ids"] == ids
    assert len(desk.shown()["items"]) == 5
