"""The mechanisms that are taken out are still there to be taken out, and the tests that have to fail are there."""

import re

import pytest

from dev.layout import ROOT
from tests.chaos.checker import INVARIANTS
from tests.chaos.faults import FAULTS
from tests.chaos.mechanisms import MUTATIONS, Mutation


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.mechanism)
def test_the_mechanism_and_its_tests_are_where_it_says(mutation: Mutation) -> None:
    assert (ROOT / mutation.file).read_text().count(mutation.text) == 1
    for test in mutation.tests:
        path, _, name = test.partition("::")
        assert f"def {name.partition('[')[0]}(" in (ROOT / path).read_text()
    assert bool(mutation.tests) != bool(mutation.fault and mutation.invariants)
    assert not mutation.fault or mutation.fault in {fault.name for fault in FAULTS}
    assert {*mutation.invariants} <= {*INVARIANTS, "own"}


def test_the_page_has_a_row_for_each_mechanism_in_their_order() -> None:
    page = (ROOT / "docs/chaos.md").read_text().partition("## Which test shows which guarantee")[2]
    rows = [line for line in page.splitlines() if re.match(r"\| \d", line)]
    assert rows == [f"| {each.guarantee} | {each.mechanism} | {_red(each)} |" for each in MUTATIONS]


def _red(mutation: Mutation) -> str:
    if mutation.fault:
        return f"the fault *{mutation.fault}*: {', '.join(mutation.invariants)}"
    return "<br>".join(f"`{test}`" for test in mutation.tests)


def test_each_guarantee_has_a_mechanism() -> None:
    assert {mutation.guarantee for mutation in MUTATIONS} == set(range(1, 11))
