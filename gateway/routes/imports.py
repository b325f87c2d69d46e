"""Registers from spreadsheets: units and people, all lines of a file or none."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response

from gateway.commands import command
from gateway.facade import ask
from gateway.operations import IDEMPOTENCY_KEY, Operations
from gateway.schemas.imports import ImportQuery, ImportReport, TemplateQuery
from gateway.sheets.exporting import FILES
from gateway.sheets.importing import imported, template
from gateway.sheets.receiving import BODY
from gateway.sheets.registry import PEOPLE, UNITS, Register

routes = Operations("imports", "Registers of units and people from spreadsheets, line by line.")

ERRORS = (411, 413, 415, 422)


@routes.operation(
    "POST",
    "/units/import",
    ImportReport,
    status=201,
    located=False,
    also=200,
    query=ImportQuery,
    headers=(IDEMPOTENCY_KEY,),
    requestBody=BODY,
    errors=ERRORS,
)
def import_units(query: dict[str, Any]) -> Response:
    """Register the units of a spreadsheet: XLSX or CSV, up to 2,000 lines, as the raw body.

    The template names the headings. One wrong line and nothing is kept: `errors` names every fault of every line, with
    its line, column and code. With `dry_run=true` the answer is 200 with the `faults`, and nothing is kept.
    No formula is calculated.
    """
    return _registered(UNITS, ask().members.import_units, query)


@routes.operation("GET", "/units/import/template", None, query=TemplateQuery, responses=FILES)
def unit_template(query: dict[str, Any]) -> Response:
    """A spreadsheet to fill in with units; its headings are in the language of the request, one line is an example."""
    return template(UNITS, query["format"], "units")


@routes.operation(
    "POST",
    "/people/import",
    ImportReport,
    status=201,
    located=False,
    also=200,
    query=ImportQuery,
    headers=(IDEMPOTENCY_KEY,),
    requestBody=BODY,
    errors=ERRORS,
)
def import_people(query: dict[str, Any]) -> Response:
    """Register the people of a spreadsheet, each with an account where there is a phone; as for units.

    The day of birth is only looked at: nobody under 14 is entered, and nothing of it is kept.
    """
    return _registered(PEOPLE, ask().members.import_people, query)


@routes.operation("GET", "/people/import/template", None, query=TemplateQuery, responses=FILES)
def people_template(query: dict[str, Any]) -> Response:
    """A spreadsheet to fill in with people, as that for units."""
    return template(PEOPLE, query["format"], "people")


def _registered(register: Register, entrypoint: Callable[..., dict[str, Any]], query: Mapping[str, Any]) -> Response:
    asked = {"district": query["district"]} if "district" in query else {}

    def send(lines: list[dict[str, Any]], dry_run: bool) -> dict[str, Any]:
        return entrypoint(**command(), items=lines, dry_run=dry_run, **asked)

    return imported(register, send, dry_run=query["dry_run"])
