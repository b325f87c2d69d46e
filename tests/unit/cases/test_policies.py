"""Versions of what a district decides: which holds when, and what is wrong with a catalogue."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cases.category import published
from cases.exclusion import Ground
from cases.policies import catalogues, scoring
from cases.policies.policy import Kind, Policy, Standing, day_faults, history, on
from cases.policies.vocabulary import CERTIFICATES, SKILLS, UNIT_TYPES
from chassis.event import heard
from members.needs.schemas import PolicyHeard
from members.organisations.unit import UNIT_TYPES as UNITS
from members.people import skill
from notify.names.schemas import categories
from tests.unit.cases.samples import FOLDER as SAMPLES

TODAY = date(2026, 3, 12)


def version(number: int, day: str) -> Policy:
    return Policy(f"360704-scoring-{number}", Kind.SCORING, number, date.fromisoformat(day), {})


def test_the_latest_that_has_begun_holds() -> None:
    first, second, third = version(0, "2025-01-01"), version(1, "2026-04-01"), version(2, "2026-02-01")
    versions = [second, first, third]
    days = [date(2024, 1, 1), date(2026, 1, 31), date(2026, 2, 1), date(2026, 3, 31), date(2026, 4, 1)]
    assert [on(versions, day).number for day in days] == [0, 0, 2, 2, 1]


def test_each_stands_where_it_does_among_the_others() -> None:
    versions = [version(n, day) for n, day in enumerate(("2025-01-01", "2026-02-01", "2026-04-01", "2026-04-01"))]
    lines = history(versions, TODAY)
    assert [(each.policy.number, each.standing, each.valid_to) for each in lines] == [
        (3, Standing.PLANNED, None),
        (2, Standing.REPLACED, None),
        (1, Standing.IN_FORCE, date(2026, 3, 31)),
        (0, Standing.OVER, date(2026, 1, 31)),
    ]
    assert [each.before.number if each.before else None for each in lines] == [1, 1, 0, None]


def test_a_version_begins_after_today_and_within_a_year() -> None:
    assert [each.code for each in day_faults(TODAY, TODAY)] == ["policy_begins_too_early"]
    assert list(day_faults(date(2026, 3, 13), TODAY)) == []
    assert list(day_faults(date(2027, 3, 13), TODAY)) == []
    assert [each.details for each in day_faults(date(2027, 3, 14), TODAY)] == [{"latest": "2027-03-13"}]


def test_what_comes_with_the_service_is_a_version_like_any_other() -> None:
    [policy] = catalogues.shipped()
    assert list(catalogues.faults(policy.terms["categories"], published()["2025.1"].categories)) == []
    read = catalogues.catalogue(policy)
    assert (read.categories, read.groups) == (published()["2025.1"].categories, published()["2025.1"].groups)
    rules = scoring.scoring(scoring.shipped())
    assert rules.weights == {
        "response": Decimal("0.30"),
        "resolution": Decimal("0.35"),
        "satisfaction": Decimal("0.35"),
    }
    assert rules.exclusions == frozenset(Ground)


def test_the_codes_are_those_that_members_knows() -> None:
    """Written here, since cases knows no other service: a kind that members gets has to be entered."""
    assert frozenset(UNITS) | {"IN_SERVICE_MEMBER"} == UNIT_TYPES
    assert (frozenset(skill.SKILLS), frozenset(skill.CERTIFICATES)) == (SKILLS, CERTIFICATES)


@pytest.mark.parametrize("term", ["", "2", "h", "0h", "-1h", "2 h", "2H", "1.5h", "2hours", "1３wd", "+2h", "02h"])
def test_what_is_no_term_is_refused(term: str) -> None:
    assert [each.code for each in catalogues.faults([{"respond": term}], ())] == ["term_not_readable"]


@pytest.mark.parametrize(
    ("respond", "resolve", "codes"),
    [
        ("2h", "3wd", []),
        ("1wd", "1wd", []),
        ("24h", "1wd", []),
        ("1wd", "24h", ["respond_after_resolve"]),
        ("366d", "366d", []),
        ("2h", "367d", ["term_too_long"]),
        ("2h", "9" * 90 + "wd", ["term_too_long"]),
    ],
)
def test_an_answer_is_due_no_later_than_the_solution(respond: str, resolve: str, codes: list[str]) -> None:
    row: dict[str, Any] = {"respond": respond, "resolve": resolve}
    assert [each.code for each in catalogues.faults([row], ())] == codes


def test_names_are_compared_in_whichever_letters() -> None:
    rows = [{"code": "0101", "en": "Lamp"}, {"code": "0102", "en": "lamp"}]
    assert [(each.pointer, each.code) for each in catalogues.faults(rows, ())] == [
        ("/items/1/en", "category_named_twice")
    ]


def test_the_sample_of_what_is_told_of_a_version_is_what_the_rule_makes() -> None:
    sample = json.loads((SAMPLES / "policy.entered.json").read_text(encoding="utf-8"))["data"]
    row = {"code": "0199", "zh": "充电桩损坏", "en": "Charging post broken", "severity": "N"}
    entered = Policy("360704-categories-1", Kind.CATEGORIES, 1, date(2026, 4, 1), {"categories": [row]}, "360704")
    made = catalogues.announced(entered)
    assert {name: sample[name] for name in made} == made
    assert heard(PolicyHeard(), sample)["categories"] == [{"code": "0199"}]
    assert ("category/360704/0199/en", "Charging post broken", 1, date(2026, 4, 1)) in categories(sample)
