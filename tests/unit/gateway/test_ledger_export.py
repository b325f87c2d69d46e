"""The ledger as a file: every page of every list, in words, for office programs."""

import csv
import io
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from gateway.problems import phrase
from gateway.schemas.ledgers import LISTS
from gateway.sheets import exporting
from gateway.sheets.ledger import COLUMNS, WITHHELD
from tests.unit.gateway.fakes import FakeServices, said

GRID = "360704100002001"
SUMS = {"waiting": 1, "problem": 2, "unassigned": 0, "overdue": 1, "completion": 3, "left": 0}
LINE = {
    "number": "360704-20260312-7K3F9Q",
    "status": "CLOSED",
    "category": "0101",
    "category_name": {"zh": "路灯不亮/闪烁", "en": "Street lamp out or flickering"},
    "severity": "N",
    "grid_code": GRID,
    "compound_id": None,
    "text": "=HYPERLINK(1)",
    "reported_at": "2026-03-12T11:40:00Z",
    "resolve_due": "2026-03-17T10:00:00Z",
    "overdue": False,
    "units": ["u-1", "u-2"],
    "people": ["p-1"],
    "lead": "p-1",
    "closed_at": "2026-03-13T11:10:00Z",
    "in_time": True,
    "evidence": 2,
    "solved": "yes",
    "satisfaction": 4,
}
NAMES = {GRID: "高新社区第一网格", "u-1": "居委会", "p-1": "李**"}


def ledger(pages: int) -> Any:
    """A ledger whose lists have so many pages, each of one line."""

    def found(*, after: Any, **asked: Any) -> dict[str, Any]:
        page = (after or 0) + 1
        return {
            "area": GRID,
            "list": asked["list"],
            "since": "2026-02-12T16:00:00Z",
            "until": "2026-03-13T16:00:00Z",
            "totals": SUMS,
            "parts": [{"area": GRID, **SUMS}],
            "items": [{**LINE, "number": f"n-{page}"}],
            "names": NAMES,
            "next": page if page < pages else None,
        }

    return found


def test_a_workbook_has_the_sums_and_every_line_of_every_list(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.ledger"] = ledger(3)
    answer = client.get(f"/v1/ledgers/{GRID}/export")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="ledger-{GRID}.xlsx"'
    assert answer.headers["Cache-Control"] == "no-store"
    book = load_workbook(io.BytesIO(answer.data))
    period = [datetime(2026, 2, 13, 0, 0), datetime(2026, 3, 13, 23, 59)]  # noqa: DTZ001 - a cell knows no zone
    assert book.sheetnames == ["汇总", "问题清单", "责任清单", "办结清单"]
    assert [cell.value for cell in book["汇总"][2]] == ["高新社区第一网格", 1, 2, 0, 1, 3, 0]
    assert book["汇总"]["A3"].value == "合计"
    assert [cell.value for cell in book["汇总"][4]][:3] == ["统计区间", *period]
    for name in book.sheetnames[1:]:
        assert book[name].HeaderFooter.oddHeader.center.text == f"高新社区第一网格 {name}（2026-02-13 至 2026-03-13）"
        assert [row[0].value for row in book[name].iter_rows(min_row=2)] == ["n-1", "n-2", "n-3"]
        assert all(cell.data_type != "f" for row in book[name].iter_rows() for cell in row)


@pytest.mark.parametrize(("language", "sheet"), [("zh-CN", "汇总"), ("en", "Sums")])
def test_a_workbook_says_what_is_left_blank_for_whom(
    client: FlaskClient, services: FakeServices, language: str, sheet: str
) -> None:
    services.outcomes["cases.ledger"] = ledger(3)
    answer = client.get(f"/v1/ledgers/{GRID}/export", headers={"Accept-Language": language})
    notes = [row[1] for row in load_workbook(io.BytesIO(answer.data))[sheet].iter_rows(min_row=5, values_only=True)]
    assert notes == [phrase(each, language) for each in WITHHELD]


def test_csv_has_one_list_in_the_language_of_the_request(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.ledger"] = ledger(1)
    query = {"format": "csv", "list": "completion"}
    answer = client.get(f"/v1/ledgers/{GRID}/export", query_string=query, headers={"Accept-Language": "en"})
    head, line = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert dict(zip(head, line, strict=True)) == {
        "Number": "n-1",
        "Status": "Closed",
        "Category": "Street lamp out or flickering",
        "Urgency": "Normal",
        "Grid": "高新社区第一网格",
        "Compound": "",
        "What was reported": "'=HYPERLINK(1)",
        "Reported": "2026-03-12 19:40",
        "Due": "2026-03-17 18:00",
        "Overdue": "No",
        "Units": "居委会, u-2",
        "People": "李**",
        "Lead": "李**",
        "Closed": "2026-03-13 19:10",
        "In time": "Yes",
        "Photos": "2",
        "Solved": "Solved",
        "Satisfaction": "Satisfied",
    }


def test_a_file_holds_what_the_filters_and_the_period_let_through(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.ledger"] = ledger(1)
    asked = {"list": "problem", "since": "2026-03-01T00:00:00+08:00", "category": "0101", "overdue": "true"}
    assert client.get(f"/v1/ledgers/{GRID}/export", query_string=asked).status_code == 200
    assert {name: services.last[name] for name in ("list", "since", "filters")} == {
        "list": "problem",
        "since": "2026-03-01T00:00:00+08:00",
        "filters": {"category": "0101", "overdue": True},
    }


def test_a_list_that_is_too_long_for_a_file_is_refused_before_it_is_read_to_its_end(
    client: FlaskClient, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MOST_LINES", 2)
    services.outcomes["cases.ledger"] = ledger(9)
    answer = client.get(f"/v1/ledgers/{GRID}/export")
    assert (answer.status_code, said(answer)["code"], said(answer)["details"]) == (422, "export_too_large", {"most": 2})
    assert len(services.calls) == 3


@pytest.mark.parametrize("query", [{"format": "pdf"}, {"list": "all"}, {"limit": "3"}, {"after": "x"}])
def test_other_formats_lists_and_pages_are_refused(
    client: FlaskClient, services: FakeServices, query: dict[str, str]
) -> None:
    assert client.get(f"/v1/ledgers/{GRID}/export", query_string=query).status_code == 422
    assert services.calls == []


def test_every_list_has_its_columns() -> None:
    assert set(COLUMNS) == set(LISTS)
