"""Taking a register from a spreadsheet: every fault of every line at once, and all lines are kept or none."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import Response, request
from werkzeug.exceptions import LengthRequired, UnsupportedMediaType

from chassis.errors import Refusal
from gateway.answers import answer, attachment
from gateway.facade import services
from gateway.problem_answers import said, spoken
from gateway.sheets.intake_sessions import Sheet, sheet
from gateway.sheets.reading import FORMULA, Table, from_csv, from_xlsx
from gateway.sheets.registry import Register
from gateway.sheets.spreadsheet import CSV as CSV_UTF_8
from gateway.sheets.spreadsheet import XLSX, text, xlsx

CSV = "text/csv"
BINARY = {"schema": {"type": "string", "format": "binary"}}
BODY = {"required": True, "content": dict.fromkeys((XLSX, CSV), BINARY)}

SHEET_LIMIT = 4 * 1024 * 1024
"""Bytes of a spreadsheet, at most."""

MOST_LINES = 2_000
"""Lines of a register in one file, at most: as many as members keeps in one transaction."""

CALCULATED = "A formula, which is not calculated."

Ask = Callable[[list[dict[str, Any]], bool], dict[str, Any]]
"""What members answers to the lines: the receipt or, when it only looks (True), the faults."""


def imported(register: Register, ask: Ask, *, dry_run: bool) -> Response:
    """The receipt of an import, or with `dry_run` the report: `{checked, lines, faults}`, in the reader's language.

    Refuses `lines_refused`, and what is refused of a file that cannot be read.
    """
    known = sheet(services().apart(_read, _media_type(), _content()), register.columns, register.needed)
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
        errors = [known.placed(fault, spoken()) for fault in refused.details.get("errors", ())]
        raise Refusal(refused.code, **{**refused.details, **({"errors": errors} if errors else {})}) from None
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


def _read(media_type: str, content: bytes) -> Table:
    return from_csv(content, MOST_LINES) if media_type == CSV else from_xlsx(content, MOST_LINES, formulas=True)


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


def _media_type() -> str:
    if request.mimetype not in {XLSX, CSV}:
        raise UnsupportedMediaType
    return request.mimetype


def _content() -> bytes:
    """The file; raises LengthRequired, and RequestEntityTooLarge for more than 4 MB."""
    request.max_content_length = SHEET_LIMIT
    if request.content_length is None or "Transfer-Encoding" in request.headers:
        raise LengthRequired
    return request.get_data(cache=False)
