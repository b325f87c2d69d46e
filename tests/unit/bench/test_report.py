"""How results are kept and shown."""

import json

import pytest

from bench.figures import Figure, Figures, Plot, Table, cost_table
from bench.report import BEGIN, END, Kept, number, page, renewed

FIGURES = Figures(
    title="A row",
    conditions="In the open.",
    figures=(Figure("CPU", 0.612, "ms", "≤ 0.7", reached=True), Figure("errors", 3, "", "none", reached=False)),
    tables=(Table("More", ("what", "ms"), (("one", 1234.5), ("two", 0.0))),),
    plots=(Plot("row", "A plot", "bars", "", "ms", ("a",), {"x": (1.0,)}),),
)


def test_figures_are_the_same_after_they_were_kept() -> None:
    assert Figures.load(json.loads(json.dumps(FIGURES.dump()))).figures == FIGURES.figures


def test_the_page_shows_figures_verdicts_tables_and_plots() -> None:
    shown = page([Kept("row", "some machine", FIGURES)], "benchmarks/")
    assert "### A row (`row`)" in shown
    assert "| CPU | 0.61 ms | ≤ 0.7 ✓ |" in shown
    assert "| errors | 3 | none ✗ |" in shown
    assert "| one | 1,234 |" in shown
    assert "![A plot](benchmarks/row.png)" in shown


@pytest.mark.parametrize(
    ("value", "shown"), [(0.0, "0"), (7.256, "7.26"), (72.56, "72.6"), (725.6, "726"), (1e6, "1,000,000"), ("a", "a")]
)
def test_numbers_have_three_digits_that_count(value: float | str, shown: str) -> None:
    assert number(value) == shown


def test_a_cost_table_ends_in_its_sums() -> None:
    table = cost_table("CPU", {"ours": {"gateway": 1.0, "cases": 2.0}, "stock": {"front": 4.0}})
    assert table.rows == (("gateway", 1.0, 0.0), ("cases", 2.0, 0.0), ("front", 0.0, 4.0), ("all", 3.0, 4.0))


def test_a_page_keeps_the_sections_of_rows_that_were_not_measured() -> None:
    text = f"before\n{BEGIN}\n### Old (`old`)\n\nkept\n\n### A row (`row`)\n\ngone\n{END}\nafter\n"
    found = renewed(text, [Kept("row", "some machine", FIGURES), Kept("new", "it", FIGURES)], ["new", "old", "row"])
    assert found.startswith(f"before\n{BEGIN}\n### A row (`new`)")
    assert found.endswith(f"Measured on some machine.\n{END}\nafter\n")
    assert found.index("(`new`)") < found.index("### Old (`old`)\n\nkept") < found.index("(`row`)")
    assert "gone" not in found
    assert renewed(found, [], ["new", "old", "row"]) == found
