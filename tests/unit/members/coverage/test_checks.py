"""The table of checks, percentages with two decimals, and words for every reason."""

from fractions import Fraction
from string import Formatter

import pytest

from members.coverage.checks import CHECKS, report
from members.coverage.counting import ALL, REASONS, UNKNOWN, Count, at_least, percentage, verdict
from members.coverage.facts import Facts
from tests.unit.members.coverage.covered import COVERED, DAY


def test_the_table_has_the_18_checks_of_the_domain_in_their_order() -> None:
    assert [check.id for check in CHECKS] == [f"V{n}" for n in range(1, 9)] + [f"H{n}" for n in range(1, 11)]


def test_where_everything_is_covered_every_check_passes_but_the_one_that_is_only_reported() -> None:
    results = {each.check.id: (each.passes, each.reason) for each in report(COVERED)}
    assert results == {check.id: (True, None) for check in CHECKS} | {"H6": (None, "report_only")}


def test_where_there_is_nothing_no_check_passes() -> None:
    results = report(Facts(DAY))
    assert {each.passes for each in results} == {None}
    assert {each.percentage for each in results} == {None}
    assert all(each.reason in UNKNOWN for each in results)


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [(17, 18, 94.44), (2, 3, 66.67), (1, 800, 0.13), (380, 400, 95.0), (18, 18, 100.0), (0, 5, 0.0), (0, 0, None)],
)
def test_a_percentage_has_two_decimals_half_up_and_none_of_nothing(
    numerator: int, denominator: int, expected: float | None
) -> None:
    assert percentage(Count(numerator, denominator)) == expected


def test_a_share_that_only_rounds_up_to_its_mark_does_not_pass() -> None:
    close = Count(Fraction(94_999), Fraction(100_000))
    assert (percentage(close), verdict(at_least(95), close)) == (95.0, (False, None))
    assert verdict(ALL, Count(99_999, 100_000)) == (False, None)


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_says_the_same_in_both_languages(reason: str) -> None:
    fields = [{name for _, name, _, _ in Formatter().parse(words) if name} for words in REASONS[reason]]
    assert {name.removesuffix("_en") for name in fields[0]} == {name.removesuffix("_en") for name in fields[1]}
