"""The cases at the edges (docs/domain.md §8.5), each played by the rules, and the page that says which they are."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from cases.act import Act
from cases.case import Case, Status
from cases.deadline import LOCAL
from tests.unit.cases.demo_played import cases, demo, plan, played, registered, spent
from tests.unit.docs.pages import ROOT, text

EVE = datetime(2025, 9, 30, tzinfo=LOCAL)


def about_one_lamp(case: Case) -> bool:
    target = played().docket.cases[case.merged_into] if case.merged_into else case
    return target.category == "0101" and bool(target.followers)


def of_the_eve(case: Case) -> bool:
    return EVE <= case.reported_at < EVE + timedelta(days=1) and case.category == "0303"


def transferred_twice() -> str:
    sent = Counter(step.fields.get("external_number") for story in plan().stories for step in story.steps)
    [twice] = [str(number) for number, times in sent.items() if number and times == 2]
    return twice


def offered_in_vain(case: Case) -> bool:
    return Act.TIME_OUT in {act for _, act in spent(case)}


def test_two_reports_of_one_lamp_are_merged() -> None:
    merged = [case for case in cases() if case.status is Status.MERGED]
    targets = [played().docket.cases[case.merged_into or ""] for case in merged]
    assert sum(target.category == "0101" for target in targets) == 2
    assert all(target.followers and target.status is Status.CLOSED for target in targets)


def test_a_report_on_the_border_of_two_grids_is_in_the_one_east_of_it() -> None:
    [case] = [case for case in cases() if case.place.point and case.place.point.lon == 114.994]
    assert case.place.grid_code == "360704100001002"


def test_a_case_of_the_eve_of_the_holidays_is_due_when_they_are_over() -> None:
    found = [case for case in registered() if of_the_eve(case)]
    assert {case.dues.resolve_due for case in found} == {datetime(2025, 10, 11, 18, tzinfo=LOCAL)}


def test_one_case_is_handed_back_twice_and_closed_by_those_who_took_it_then() -> None:
    [case] = [case for case in cases() if case.returns == 2]
    assert case.status is Status.CLOSED


def test_what_is_redone_keeps_its_due_time() -> None:
    redone = [case for case in cases() if case.reworks]
    assert len(redone) == 9
    for case in redone:
        history = played().docket.histories[case.id]
        assert len({entry.data["resolve_due"] for entry in history if entry.data["resolve_due"]}) == 1


def test_nobody_answers_for_some_closed_cases_and_that_is_no_good_mark() -> None:
    silent = [case for case in cases() if case.status is Status.CLOSED and not any(r.contacted for r in case.ratings)]
    assert len(silent) == 32
    assert any(rating.result == "NO_ANSWER" for case in silent for rating in case.ratings)


def test_somebody_complains_namelessly_of_a_unit_and_the_unit_has_no_part_in_it() -> None:
    found = [case for case in cases() if case.reporter.anonymous and case.complained_unit_id]
    assert found
    for case in found:
        assert case.complained_unit_id not in case.tried


def test_a_phone_stands_in_the_words_of_one_report() -> None:
    assert [case.number for case in cases() if "12000009999" in (case.text or "")]


def test_what_the_hotline_transfers_twice_is_one_case() -> None:
    assert [case.external_number for case in cases()].count(transferred_twice()) == 1


def test_an_electricians_work_where_there_is_none_is_offered_in_vain_and_done_by_the_committee() -> None:
    [case] = [case for case in cases() if offered_in_vain(case)]
    compound = next(each for each in demo().compounds if each.id == case.place.compound_id)
    assert (case.category, compound.has_property_mgmt) == ("0102", False)
    assert compound.grid_code not in {each.grid_code for each in demo().people if each.licences}
    acts = [act for _, act in spent(case)]
    first = acts.index("dispatch")
    assert acts[first : first + 4] == ["dispatch", "time_out", "reassign", "accept"]
    timed_out = next(each for each in played().docket.histories[case.id] if each.data["act"] == "time_out")
    assert timed_out.data["escalated"]
    assert [each.id for each in case.assignment.assignees] == [f"u-community-{compound.grid_code[10:12]}"]
    assert case.status is Status.CLOSED
    assert case.dues.resolve_due is not None
    assert case.dues.resolve_due > spent(case)[acts.index("feedback")][0]


NAMED: dict[str, Callable[[Case], bool]] = {
    "two reports of one lamp": about_one_lamp,
    "a point on the edge of a grid": lambda case: case.place.point is not None and case.place.point.lon == 114.994,
    "the evening before a holiday": of_the_eve,
    "returned twice": lambda case: case.returns == 2,
    "rework with the original due time": lambda case: case.reworks > 0,
    "an anonymous complaint about a unit": lambda case: case.reporter.anonymous and bool(case.complained_unit_id),
    "a phone number inside free text": lambda case: "12000009999" in (case.text or ""),
    "one 12345 case that arrives twice": lambda case: case.external_number == transferred_twice(),
    "an unmanaged compound without an electrician": offered_in_vain,
}
"""The rows of the page that name cases."""


@pytest.mark.parametrize("fixture", NAMED)
def test_the_page_names_the_cases_that_are_played(fixture: str) -> None:
    """Of nine that are redone the page names one."""
    [row] = [line for line in text(ROOT / "docs/domain.md").splitlines() if line.startswith(f"| {fixture} |")]
    named = set(re.findall(r"360704-[0-9]{8}-[0-9A-Z]{6}", row))
    found = {case.number for case in cases() if NAMED[fixture](case)}
    assert named
    assert named <= found
