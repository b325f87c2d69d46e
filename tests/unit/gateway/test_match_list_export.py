"""The match lists as a file: every page of every list, in words, for office programs."""

import csv
import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from gateway.schemas import match_lists as shapes
from gateway.sheets.match_lists import COLUMNS, KINDS, SOURCES, STATUSES, WITHHELD
from tests.unit.gateway.fakes import FakeServices

PLAZA = "360704100007"
SUMS = {
    "demand": dict.fromkeys(shapes.DEMAND_STATUSES, 2),
    "resource": dict.fromkeys(shapes.RESOURCE_STATUSES, 1),
    "project": dict.fromkeys(shapes.PROJECT_STATUSES, 0),
}
LINES: dict[str, dict[str, Any]] = {
    "demand": {
        "status": "met",
        "category": "0901",
        "category_name": {"zh": "驿站设施/物资需求", "en": "Rest-station facility or supply need"},
        "text": "=夜间充电",
        "grid_code": f"{PLAZA}001",
        "compound_id": None,
        "source": "RIDER",
        "opened_at": "2026-03-12T11:40:00Z",
        "until": "2026-06-10",
        "ended_at": None,
    },
    "resource": {
        "status": "used_up",
        "kind": "equipment",
        "text": "充电柜",
        "owner": {"id": "u-union", "kind": "unit"},
        "serves": [PLAZA, "360704100001"],
        "capacity": 2,
        "used": 2,
        "in_use": 0,
        "opened_at": "2026-03-12T11:40:00Z",
    },
    "project": {
        "status": "completed",
        "title": "增设充电柜",
        "text": None,
        "area": PLAZA,
        "demands": ["d-1", "d-2"],
        "resources": ["r-1"],
        "cases": [],
        "opened_at": "2026-03-12T11:40:00Z",
        "started_at": None,
        "ended_at": None,
    },
}
NAMES = {f"{PLAZA}001": "广场社区第一网格", PLAZA: "广场社区", "u-union": "区总工会"}


def board(pages: int) -> Any:
    def found(*, after: Any, **asked: Any) -> dict[str, Any]:
        page = (after or 0) + 1
        return {
            "area": PLAZA,
            "list": asked["list"],
            "totals": SUMS,
            "parts": [{"area": PLAZA, **SUMS}],
            "items": [LINES[asked["list"]]],
            "names": NAMES,
            "next": page if page < pages else None,
        }

    return found


def test_a_workbook_has_the_sums_and_all_three_lists(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.match_list"] = board(2)
    answer = client.get(f"/v1/match-lists/{PLAZA}/export")
    book = load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["汇总", "需求清单", "资源清单", "项目清单"]
    assert [cell.value for cell in book["汇总"][1]][:3] == ["区域", "需求清单: 待对接", "需求清单: 已对接"]
    assert [cell.value for cell in book["汇总"][2]][:3] == ["广场社区", 2, 2]
    assert [row[1] for row in book["汇总"].iter_rows(values_only=True) if row[0] == "说明"] == [WITHHELD.zh]
    assert [row[3].value for row in book["资源清单"].iter_rows(min_row=2)] == ["区总工会"] * 2
    assert [cell.value for cell in book["项目清单"][2]][:7] == ["已完成", "增设充电柜", None, "广场社区", 2, 1, 0]
    assert all(cell.data_type != "f" for page in book for row in page.iter_rows() for cell in row)


def test_csv_has_one_list_in_the_language_of_the_request(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.match_list"] = board(1)
    query = {"format": "csv", "list": "demand"}
    answer = client.get(f"/v1/match-lists/{PLAZA}/export", query_string=query, headers={"Accept-Language": "en"})
    head, line = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert dict(zip(head, line, strict=True)) == {
        "Status": "Met",
        "Category": "Rest-station facility or supply need",
        "What is needed": "'=夜间充电",
        "Grid": "广场社区第一网格",
        "Compound": "",
        "Source": "Rider",
        "Asked": "2026-03-12 19:40",
        "Holds until": "2026-06-10",
        "Ended": "",
    }


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (STATUSES, {*shapes.DEMAND_STATUSES, *shapes.RESOURCE_STATUSES, *shapes.PROJECT_STATUSES}),
        (SOURCES, set(shapes.SOURCES)),
        (KINDS, set(shapes.KINDS)),
        (COLUMNS, set(shapes.LISTS)),
    ],
)
def test_every_code_has_its_words(words: dict[str, Any], codes: set[str]) -> None:
    assert set(words) == codes
