"""No file of any route tells a phone or an identity number in words, and no cell begins a formula (§5, F55)."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from gateway.sheets.spreadsheet import CSV, XLSX
from tests.unit.gateway import test_coverage_export as coverage
from tests.unit.gateway import test_indicators as indicators
from tests.unit.gateway import test_ledger_export as ledger
from tests.unit.gateway import test_match_list_export as match_lists
from tests.unit.gateway import test_rotation_sheets as rotation
from tests.unit.gateway import test_round_export as rounds
from tests.unit.gateway import test_stations as stations
from tests.unit.gateway.fakes import FakeServices

PHONE, IDENTITY = "12000000001", "360704199001011234"
CREDIT_CODE = "913607040000090062"
"""18 digits of a unit, which are nobody's."""

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")

SAID = "<said>"
"""Where people have written something, or somebody has given a name."""

WORDS = {
    begins: f"{begins}请打{PHONE}，证号{IDENTITY}" for begins in ("=1+1 ", "+1 ", "-1 ", "@x ", "\t=1 ", "\r=1", "＝1")
}
GRID = ledger.GRID
UNIT = {
    "unit_id": "u-1",
    "name": SAID,
    "type_name": {"zh": "企业", "en": "Enterprise"},
    "credit_code": CREDIT_CODE,
    "party_organisation": SAID,
    "grid_codes": [GRID],
    "active": True,
}
WORKER = {
    "nickname": SAID,
    "kind": "rider",
    "platform": SAID,
    "grid_code": GRID,
    "station_id": None,
    "phone": "120****0001",
    "needs": [{"progress": "met", "text": SAID}],
    "registered_at": "2026-03-12T11:40:00Z",
}
PERSON = {
    "person_id": "p-1",
    "name_masked": SAID,
    "roles": [{"role": SAID, "scope": GRID}],
    "unit_id": "u-1",
    "registered_with": None,
    "home": {"grid_code": GRID},
    "skills": [SAID],
    "tags": [],
    "phone_masked": "120****0001",
}
REGISTRATION = {
    "unit_id": "u-1",
    "slip": "BD-360704-2026-0001",
    "kind": "member",
    "person_name": SAID,
    "unit_name": SAID,
    "community": "360704100002",
    "status": "accepted",
    "posts": [{"zh": SAID, "en": SAID}],
    "signed_on": "2026-03-12",
    "accepted_on": None,
    "ended_on": None,
}
RATE = {
    "as_of": "2026-03-12",
    "members": 1,
    "registered": 1,
    "registration_rate": 100.0,
    "served": 0,
    "completion_rate": 0.0,
}
IN_WORDS = {"zh": SAID, "en": SAID}
TURN = {**rotation.TURN, "team": SAID, "name": SAID, "reason": IN_WORDS, "terms": [IN_WORDS], "order": SAID}
DISPLACED = {"name": SAID, "compound_id": "c-1", "score": 1, "by_name": SAID, "by_score": 2, "reason": IN_WORDS}
CHECK = {
    **coverage.CHECK,
    "failing": [{"id": "g-1", "name": SAID, "reason": "union_cadre_missing", "zh": SAID, "en": SAID}],
}


def items(*rows: Mapping[str, Any], **other: Any) -> dict[str, Any]:
    """The one page of a list."""
    return {"items": list(rows), "names": {}, "next": None, **other}


def listed(kinds: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The lines of a board by their list, with words wherever there is room for them."""
    return {name: {**line, **{key: SAID for key in ("text", "title") if key in line}} for name, line in kinds.items()}


MATCHED = listed(match_lists.LINES)
NAMED = {GRID: SAID, "u-1": SAID, "p-1": SAID}


@dataclass(frozen=True)
class File:
    """How one file is asked for, and what the services answer then; `SAID` stands for people's words."""

    url: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    csv_of: tuple[str, ...] = ("",)
    silent: frozenset[str] = frozenset()
    """Formats in which nobody's words are."""


BOTH = frozenset({"csv", "xlsx"})

FILES: Mapping[str, File] = {
    "/v1/coverage/{area}/export": File(
        "/v1/coverage/360704/export",
        {"members.coverage": {**coverage.REPORT, "checks": [CHECK]}},
        silent=frozenset({"csv"}),
    ),
    "/v1/indicator-ranking/export": File(
        "/v1/indicator-ranking/export?area=360704&by=grid",
        {"cases.indicator_ranking": {**indicators.RANKING, "names": NAMED}},
    ),
    "/v1/indicators/cases/export": File(
        "/v1/indicators/cases/export?area=360704&count=solved",
        {
            "cases.indicator_cases": {
                **indicators.page(after=2),
                "items": [{**ledger.LINE, "text": SAID, "category_name": IN_WORDS, "exclusion": None}],
                "names": NAMED,
                "next": None,
            }
        },
    ),
    "/v1/indicators/export": File(
        "/v1/indicators/export?area=360704&by=grid", {"cases.indicators": {**indicators.BOARD, "names": NAMED}}
    ),
    "/v1/ledgers/{area}/export": File(
        f"/v1/ledgers/{GRID}/export",
        {
            "cases.ledger": {
                **ledger.ledger(1)(after=None, list="problem"),
                "items": [{**ledger.LINE, "text": SAID}],
                "names": NAMED,
            }
        },
        csv_of=("problem", "responsibility", "completion"),
    ),
    "/v1/match-lists/{area}/export": File(
        f"/v1/match-lists/{match_lists.PLAZA}/export",
        {
            "cases.match_list": lambda **asked: {
                **match_lists.board(1)(**asked),
                "items": [MATCHED[asked["list"]]],
                "names": dict.fromkeys(match_lists.NAMES, SAID),
            }
        },
        csv_of=("demand", "resource", "project"),
    ),
    "/v1/people/export": File("/v1/people/export", {"members.people_list": items(PERSON)}),
    "/v1/people/import/template": File("/v1/people/import/template", silent=BOTH),
    "/v1/rotation/{area}/plans/{day}/export": File(
        "/v1/rotation/360704100/plans/2026-04-02/export",
        {"members.rotation_plan": {**rotation.PLAN, "turns": [TURN], "displaced": [DISPLACED], "people": IN_WORDS}},
    ),
    "/v1/rounds/{round_id}/export": File(
        "/v1/rounds/r-1/export",
        {
            "members.round": {**rounds.ROUND, "title": SAID},
            "members.round_addresses": items({**rounds.DOOR, "building": SAID}),
        },
    ),
    "/v1/station-funnel/{area}/export": File(
        "/v1/station-funnel/360704/export", {"members.station_funnel": stations.FUNNEL}, silent=BOTH
    ),
    "/v1/units/export": File(
        f"/v1/units/export?area={GRID}",
        {
            "members.units": items(UNIT),
            "members.unit_totals": {"by_grid": [{"grid_code": GRID, "units": 1}], "distinct": 1},
        },
    ),
    "/v1/units/import/template": File("/v1/units/import/template", silent=BOTH),
    "/v1/units/{unit_id}/registrations/export": File(
        "/v1/units/u-1/registrations/export",
        {"members.registration_rate": RATE, "members.registrations": items(REGISTRATION)},
    ),
    "/v1/worker-census/{area}/export": File(
        "/v1/worker-census/360704/export",
        {
            "members.worker_census": {"known": 1, "linked": 1, "estimated": 2},
            "members.workers": items(WORKER),
        },
    ),
}
"""Every route that answers a file, as the document names it."""


def test_every_file_of_the_document_is_searched(anyone: FlaskClient) -> None:
    paths = json.loads(anyone.get("/openapi.json").data)["paths"]
    giving = {
        path
        for path, operations in paths.items()
        for method, operation in operations.items()
        if method != "parameters" and _gives_a_file(operation)
    }
    assert giving == set(FILES)


def _gives_a_file(operation: Mapping[str, Any]) -> bool:
    kinds = {kind for answer in operation["responses"].values() for kind in answer.get("content", ())}
    return bool(kinds & {XLSX, CSV, "text/csv"})


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("begins", WORDS)
def test_no_cell_of_a_table_tells_a_number_or_begins_a_formula(
    client: FlaskClient, services: FakeServices, path: str, begins: str
) -> None:
    file = FILES[path]
    feed(services, file, WORDS[begins])
    for name in file.csv_of:
        cells = list(_cells_of_csv(_got(client, file, format="csv", **({"list": name} if name else {}))))
        assert [cell for cell in cells if cell[:1] in set("=+-@\t\r＝") and not NUMBER.fullmatch(cell)] == []
        _check_told(cells, "csv" in file.silent)


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("begins", WORDS)
def test_no_cell_of_a_workbook_tells_a_number_or_is_a_formula(
    client: FlaskClient, services: FakeServices, path: str, begins: str
) -> None:
    file = FILES[path]
    feed(services, file, WORDS[begins])
    book = load_workbook(io.BytesIO(_got(client, file, format="xlsx")))
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    heads = [str(page.HeaderFooter.oddHeader) for page in book]
    _check_told([*(str(cell.value) for cell in cells), *heads], "xlsx" in file.silent)


def test_numbers_of_registers_are_written_as_they_are(client: FlaskClient, services: FakeServices) -> None:
    file = FILES["/v1/units/export"]
    feed(services, file, "单位")
    assert CREDIT_CODE in list(_cells_of_csv(_got(client, file, format="csv")))
    assert CREDIT_CODE in str(
        [[cell.value for cell in row] for row in load_workbook(io.BytesIO(_got(client, file)))["单位登记册"].rows]
    )


def feed(services: FakeServices, file: File, words: str) -> None:
    """Have the services answer so, with those words."""
    services.outcomes.update({name: _answering(answer, words) for name, answer in file.answers.items()})


def _answering(answer: Any, words: str) -> Callable[..., Any]:
    def answered(**asked: Any) -> Any:
        return filled(answer(**asked) if callable(answer) else answer, words)

    return answered


def filled(value: Any, words: str) -> Any:
    """The answer with these words where some are said."""
    if isinstance(value, Mapping):
        return {key: filled(each, words) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [filled(each, words) for each in value]
    return words if value == SAID else value


def _got(client: FlaskClient, file: File, **query: str) -> bytes:
    mark = "&" if "?" in file.url else "?"
    answer = client.get(file.url + mark + "&".join(f"{name}={value}" for name, value in query.items()))
    assert answer.status_code == 200, answer.text
    content: bytes = answer.data
    return content


def _cells_of_csv(content: bytes) -> Iterator[str]:
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
        yield from row


def _check_told(cells: list[str], silent: bool) -> None:
    """The words are there, and the numbers in them are not."""
    assert [cell for cell in cells if PHONE in cell or IDENTITY in cell] == []
    told = [cell for cell in cells if "请打" in cell]
    assert bool(told) is not silent
    assert [cell for cell in told if "120****0001" not in cell or "360704********1234" not in cell] == []
