"""A spreadsheet that somebody sends: in which forms and how large, and how faults are told by its lines."""

from collections.abc import Callable, Mapping

from flask import request
from werkzeug.exceptions import LengthRequired

from chassis.errors import Refusal
from gateway.facade import services
from gateway.operations import BINARY
from gateway.problem_answers import spoken
from gateway.sheets.intake_sessions import Sheet
from gateway.sheets.reading import Table
from gateway.sheets.spreadsheet import XLSX

CSV = "text/csv"
BODY = {"required": True, "content": dict.fromkeys((XLSX, CSV), BINARY)}

SHEET_LIMIT = 4 * 1024 * 1024
"""Bytes of a spreadsheet, at most."""

Readers = Mapping[str, Callable[[bytes], Table]]
"""How a table is read, by media type."""


def received(readers: Readers) -> Table:
    """The table in the body of the request, read apart from other requests.

    Raises LengthRequired, and RequestEntityTooLarge for more than 4 MB; refuses `unsupported_media_type`, and what its
    reader refuses.
    """
    if request.mimetype not in readers:
        raise Refusal("unsupported_media_type", accepted=[*readers])
    table: Table = services().apart(readers[request.mimetype], _content())
    return table


def by_lines(refused: Refusal, known: Sheet) -> Refusal:
    """The refusal with each of its faults at the line and column of the sheet."""
    errors = [known.placed(fault, spoken()) for fault in refused.details.get("errors", ())]
    return Refusal(refused.code, **{**refused.details, **({"errors": errors} if errors else {})})


def _content() -> bytes:
    request.max_content_length = SHEET_LIMIT
    if request.content_length is None or "Transfer-Encoding" in request.headers:
        raise LengthRequired
    return request.get_data(cache=False)
