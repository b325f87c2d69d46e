"""Giving a board as a file: its lists are read to their ends, page by page, and written apart from other requests."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response

from chassis.errors import Refusal
from gateway.answers import attachment
from gateway.facade import ask, services
from gateway.identity import identity
from gateway.operations import BINARY
from gateway.problem_answers import spoken
from gateway.sheets.spreadsheet import CSV, XLSX, Sheet, text, xlsx
from gateway.sheets.table import Line, Reader, titled

LINES_AT_ONCE = 200
MOST_LINES = 10_000
"""Lines of a list in a file, at most; more are for a machine, which reads them page by page."""

FILES = {"200": {"description": "The file.", "content": dict.fromkeys((XLSX, CSV), BINARY)}}
"""What an export answers, for its description."""

Page = Callable[[str, Any, int], dict[str, Any]]
"""The page of the list of that name after a position, with at most so many lines."""


@dataclass(frozen=True)
class Source:
    """Where the lines of a file come from: the service that keeps them, what they are, and of which area or thing.

    That service enters the file in its audit trail (docs/domain.md §5, F55).
    """

    service: str
    kind: str
    area: str | None = None
    id: str | None = None


@dataclass(frozen=True)
class Board:
    """A board: how a page of one of its lists is read, and how lists and sums are written as tables."""

    source: Source
    name: str
    lists: Sequence[str]
    page: Page
    listed: Callable[[str, Sequence[Line], Reader], Sheet]
    summed: Callable[[Mapping[str, Any], Reader], Sheet]


def filters_of(query: Mapping[str, Any]) -> dict[str, Any]:
    """What a query asks for, whatever the file."""
    return {name: value for name, value in query.items() if name != "format"}


def leaves(source: Source, format_: str, lines: int) -> None:
    """Have it entered in the audit trail that a file with so many lines leaves, before it does."""
    told = {"format": format_, "lines": lines, "area": source.area, "id": source.id}
    getattr(ask(), source.service).note_download(caller=identity().caller, kind=source.kind, **told)


def handed_out(source: Source, format_: str, name: str, sheets: Sequence[Sheet], lines: int) -> Response:
    """All sheets as XLSX, or the first of them as CSV, under that name, once it is in the audit trail."""
    leaves(source, format_, lines)
    if format_ == "csv":
        return attachment(services().apart(text, sheets[0]), CSV, f"{name}.csv")
    return attachment(services().apart(xlsx, sheets), XLSX, f"{name}.xlsx")


def exported(board: Board, format_: str, only: str | None) -> Response:
    """The board as XLSX, or one of its lists as CSV; refuses `export_too_large` and `busy_try_again`."""
    lists = [only] if only else list(board.lists)
    if format_ == "csv":
        sheets, number = _sheets(board, lists[:1])
        name = board.name if len(board.lists) == 1 else f"{board.name}-{lists[0]}"
        return handed_out(board.source, format_, name, sheets, number)
    sheets, number = _sheets(board, lists, sums=True)
    return handed_out(board.source, format_, board.name, sheets, number)


def _sheets(board: Board, lists: Sequence[str], *, sums: bool = False) -> tuple[list[Sheet], int]:
    """The sheets, and how many lines there are on them."""
    sheets: list[Sheet] = []
    number = 0
    for name in lists:
        lines, first = _read(board, name)
        number += len(lines)
        reader = Reader(spoken(), first["names"])
        if sums and not sheets:
            sheets.append(titled(board.summed(first, reader), first, reader))
        sheets.append(titled(board.listed(name, lines, reader), first, reader))
    return sheets, number


def _read(board: Board, name: str) -> tuple[list[Line], dict[str, Any]]:
    """Every line of a list, and its first page with the names of all."""
    first = found = board.page(name, None, LINES_AT_ONCE)
    lines: list[Line] = list(found["items"])
    names: dict[str, str] = dict(found["names"])
    while found["next"] is not None:
        found = board.page(name, found["next"], LINES_AT_ONCE)
        lines += found["items"]
        names |= found["names"]
        if len(lines) > MOST_LINES:
            raise Refusal("export_too_large", most=MOST_LINES)
    return lines, {**first, "names": names}
