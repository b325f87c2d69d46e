"""The page of a compound (F38): what everybody may read of it, and that nothing of a person is in it."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pymongo.database import Database

from cases.act import Act
from cases.case import Remark
from cases.compound_pages.store import CompoundPageStore
from cases.service import CasesService
from cases.store import CaseStore
from chassis.errors import Refusal
from chassis.mongo import Home
from tests.component.cases.test_case_store import Overheard, indexes_of, kept, overheard, stages_of
from tests.component.set_clock import SetClock
from tests.unit.cases import play as stage
from tests.unit.cases.play import DISPATCHER, Play

__all__ = ["overheard"]

SECRET = "谢测001，电话12000000001，身份证999999199001010016，住3栋2单元502"
Page = Callable[..., dict[str, Any]]


def secretive(build: Callable[..., Play], **fields: Any) -> Callable[[], Play]:
    """The case of `build`, in which everybody says what must not be seen."""

    def built() -> Play:
        play = build(**fields)
        said = [
            replace(each, text=SECRET, photos=(f"photo-{play.case.id}-{n}",))
            for n, each in enumerate(play.case.remarks)
        ]
        said.append(
            Remark("e-x", "note", play.now, "p-worker", "community_worker", SECRET, ("photo-x" + play.case.id,))
        )
        play.case = replace(play.case, remarks=tuple(said))
        return play

    return built


def to_unit() -> Play:
    return stage.registered().do(Act.DISPATCH, DISPATCHER, assignees=["u-lighting"])


CASES = (
    secretive(stage.opened),
    secretive(stage.registered),
    secretive(stage.in_progress),
    secretive(to_unit),
    secretive(stage.closed),
    lambda: secretive(stage.closed)().do(Act.RATE, stage.RESIDENT),
    secretive(stage.registered, category="0701"),
    secretive(stage.dispatched, complained_unit_id="u-property"),
    secretive(stage.closed, complained_unit_id="u-property"),
    stage.rejected,
)


@pytest.fixture
def page(service: CasesService, clock: SetClock, cases: CaseStore) -> Page:
    clock.moment = stage.opened().at("03-20 12:00").now
    for n, build in enumerate(CASES):
        kept(cases, build(), f"command-{n}")
    return lambda id="c-dongyuan": service.compound_page(compound_id=id)


def test_anybody_reads_what_is_open_who_sees_to_it_and_what_is_done(page: Page) -> None:
    """F38: open problems of 东源胜景小区, who is responsible, finished ones, the next service day; no personal data."""
    found = page()
    assert (found["name"], found["community"], found["next_service_day"]) == ("东源胜景小区", "高新社区", None)
    kinds = [[each["kind"] for each in line["responsible"]] for line in found["open"]]
    assert sorted(kinds) == [["community_staff"], ["office"], ["unit"]]
    unit = next(line for line in found["open"] if line["responsible"][0]["kind"] == "unit")
    assert unit["responsible"] == [{"kind": "unit", "zh": "u-lighting", "en": "u-lighting"}]
    assert (unit["category"], unit["category_name"]["en"]) == ("0101", "Street lamp out or flickering")
    assert (unit["since"], unit["due"], unit["status"]) == ("2026-03-12", "2026-03-17", "DISPATCHED")
    done = {(line["closed_on"], line["solved"]) for line in found["finished"]}
    assert done == {("2026-03-13", None), ("2026-03-13", "yes")}


def test_the_counts_hold_what_is_not_listed_and_leave_out_complaints(page: Page) -> None:
    assert page()["counts"] == {
        "waiting": 1,
        "open": 4,
        "overdue": 3,
        "finished": 2,
        "rated_solved": 1,
        "not_listed": 2,
    }


@pytest.mark.parametrize(("build", "overdue"), [(stage.in_progress, 1), (stage.suspended, 0), (stage.resolved, 0)])
def test_what_rests_or_waits_for_its_inspection_is_not_overdue(
    page: Page, cases: CaseStore, clock: SetClock, build: Callable[..., Play], overdue: int
) -> None:
    before = page()["counts"]
    kept(cases, build(), "another")
    clock.wait(days=60)
    late = page()["counts"]
    assert (late["open"], late["overdue"]) == (before["open"] + 1, before["open"] + overdue)


def test_nothing_of_a_person_is_in_it(page: Page) -> None:
    told = json.dumps(page(), ensure_ascii=False)
    for secret in ("谢测", "12000000001", "999999", "502", "p-", "photo", "text", "satisfaction", "T19:40", "0701"):
        assert secret not in told, secret


def test_what_the_page_reads_has_no_words_in_it(page: Page, database: Database[dict[str, Any]]) -> None:
    store = CompoundPageStore(Home(database))
    read = repr([*store.standing("c-dongyuan"), *store.done("c-dongyuan", stage.AT)])
    assert "12000000001" not in read
    assert "p-" not in read


def test_what_was_done_long_ago_is_gone(page: Page, clock: SetClock) -> None:
    clock.wait(days=90)
    assert (page()["finished"], page()["counts"]["finished"]) == ([], 0)


def test_a_compound_that_nobody_knows_has_no_page(page: Page) -> None:
    with pytest.raises(Refusal) as refused:
        page("c-nowhere")
    assert refused.value.code == "compound_not_found"


def test_a_compound_without_cases_has_an_empty_page(page: Page, service: CasesService) -> None:
    calm = service.places.compound("c-dongyuan")
    assert calm is not None
    service.places.put_compound(replace(calm, id="c-calm"), 1)
    found = page("c-calm")
    assert (found["open"], found["finished"], set(found["counts"].values())) == ([], [], {0})


def test_it_is_found_by_its_index(
    cases: CaseStore, overheard: tuple[Overheard, Database[dict[str, Any]]], page: Page
) -> None:
    for n in range(30):
        kept(cases, secretive(stage.closed)(), f"more-{n}")
    listener, database = overheard
    store = CompoundPageStore(Home(database))
    assert store.standing("c-dongyuan")
    assert store.done("c-dongyuan", stage.AT)
    assert len(listener.finds) == 2
    for find in listener.finds:
        explained = database.command({"explain": find, "verbosity": "executionStats"})
        plan = explained["queryPlanner"]["winningPlan"]
        assert not {"COLLSCAN", "SORT"} & stages_of(plan), (find, plan)
        assert indexes_of(plan) == {"compound_ended"}
        looked_at = explained["executionStats"]["totalDocsExamined"]
        assert looked_at <= explained["executionStats"]["nReturned"] + 2  # the complaints
