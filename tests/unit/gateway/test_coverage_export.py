"""The report of coverage as a file: checks and what they name, headings in both languages, nothing ever a formula."""

import csv
import io

from flask.testing import FlaskClient
from openpyxl import load_workbook

from tests.unit.gateway.fakes import FakeServices

CHECK = {
    "id": "V2",
    "title": {"zh": "每个网格 1 名工会领导、1 名工会干部", "en": "Grids with one union leader and one union cadre"},
    "rule": {"zh": "全部", "en": "all of them"},
    "numerator": 17,
    "denominator": 18,
    "percentage": 94.44,
    "passes": False,
    "reason": None,
    "failing": [{"id": "g-1", "name": "=HYPERLINK(1)", "reason": "union_cadre_missing", "zh": "缺", "en": "missing"}],
    "failing_total": 1,
    "noted": [],
    "noted_total": 0,
}
UNKNOWN = {
    **CHECK,
    "id": "H8",
    "percentage": None,
    "passes": None,
    "reason": {"code": "nothing_recorded", "zh": "尚无记录", "en": "Nothing is recorded yet."},
    "failing": [],
    "failing_total": 0,
}
REPORT = {"area": "360704", "as_of": "2026-03-02", "checks": [CHECK, UNKNOWN]}


def test_a_workbook_has_a_sheet_of_checks_and_one_of_what_fails(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["members.coverage"] = REPORT
    answer = client.get("/v1/coverage/360704/export?as_of=2026-03-02")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="coverage-360704-2026-03-02.xlsx"'
    assert services.last["as_of"] == "2026-03-02"
    book = load_workbook(io.BytesIO(answer.data))
    checks, items = (book[name] for name in book.sheetnames)
    assert [cell.value for cell in checks[2]][:9] == [
        "V2",
        *CHECK["title"].values(),  # type: ignore[attr-defined]  # a table of mixed values
        *CHECK["rule"].values(),  # type: ignore[attr-defined]  # likewise
        17,
        18,
        94.44,
        "不合格 no",
    ]
    assert [checks["I3"].value, checks["K3"].value] == ["— n/a", "Nothing is recorded yet."]
    assert [cell.value for cell in items[2]] == [
        "V2",
        "未通过 failing",
        "g-1",
        "=HYPERLINK(1)",
        "union_cadre_missing",
        "缺",
        "missing",
    ]
    assert all(cell.data_type != "f" for sheet in (checks, items) for row in sheet.iter_rows() for cell in row)


def test_csv_has_the_checks(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["members.coverage"] = REPORT
    answer = client.get("/v1/coverage/360704/export?format=csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["编号 Id", "V2", "H8"]
