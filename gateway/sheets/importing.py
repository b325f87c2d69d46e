"""Taking a register from a spreadsheet: every fault of every line at once, and all lines are kept or none."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from flask import Response

from chassis.errors import Refusal
from gateway.answers import answer, attachment
from gateway.facade import services
from gateway.problem_answers import said, spoken
from gateway.sheets.intake_sessions import Sheet, sheet
from gateway.sheets.reading import FORMULA, from_csv, from_xlsx
from gateway.sheets.receiving import CSV, Readers, by_lines, received
from gateway.sheets.registry import Register
from gateway.sheets.spreadsheet import CSV as CSV_UTF_8
from gateway.sheets.spreadsheet import XLSX, text, xlsx

MOST_LINES = 2_000
"""Lines of a register in one file, at most: as many as members keeps in one transaction."""

READERS: Readers = {
    XLSX: partial(from_xlsx, most=MOST_LINES, formulas=True),
    CSV: partial(from_csv, most=MOST_LINES),
}

CALCULATED = "A formula, which is not calculated."

Ask = Callable[[list[dict[str, Any]], bool], dict[str, Any]]
"""What members answers to the lines: the receipt or, when it only looks (True), the faults."""


def imported(register: Register, ask: Ask, *, dry_run: bool) -> Response:
    """The receipt of an import, or with `dry_run` the report: `{checked, lines, faults}`, in the reader's language.

    Refuses `lines_refused`, and what is refused of a file that cannot be read.
    """
    known = sheet(received(READERS), register.columns, register.needed)
    own = [*known.faults(), *_formulas(known)]
    lines = known.lines()
    if dry_run or own:
        found = [known.placed(fault, spoken()) for fault in ask(lines, True)["faults"]]
        faults = sorted([*own, *(each for each in found if not _calculated(each, own))], key=lambda each: each["line"])
        if dry_run:
            return answer({"checked": len(lines), "lines": [], "faults": [_worded(each) for each in faults]})
        raise Refusal("lines_refused", errors=faults)
    try:
        receipt = ask(lines, False)
    except Refusal as refused:
        raise by_lines(refused, known) from None
    rows = zip(known.table.rows, receipt["ids"], strict=True)
    kept = {name: receipt[name] for name in ("import_id", "version", "at", "event_id")}
    told = [{"line": row.line, "id": id} for row, id in rows]
    return answer({**kept, "checked": len(lines), "lines": told, "faults": []}, 201)


def template(register: Register, format_: str, name: str) -> Response:
    """The template of a register as a file."""
    page = register.template(spoken())
    if format_ == "csv":
        return attachment(text(page), CSV_UTF_8, f"{name}.csv")
    return attachment(services().apart(xlsx, [page]), XLSX, f"{name}.xlsx")


def _formulas(known: Sheet) -> Iterator[dict[str, Any]]:
    for row in known.table.rows:
        for n, cell in enumerate(row.cells):
            if cell.startswith(FORMULA) and n < len(known.columns):
                at = {"column": known.table.column(n), "heading": known.table.headings[n]}
                yield {"line": row.line, **at, "code": "formula_in_cell", "detail": CALCULATED}


def _calculated(fault: Mapping[str, Any], own: list[dict[str, Any]]) -> bool:
    """Whether it is about a cell of which it is told already that it cannot be read."""
    return any((each["line"], each["column"]) == (fault["line"], fault.get("column")) for each in own)


def _worded(fault: Mapping[str, Any]) -> dict[str, Any]:
    return {**fault, "code": fault.get("code", "not_valid"), "detail": said(fault, spoken())}
