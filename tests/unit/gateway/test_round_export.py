"""The doors of a round as a file: every page of them, in words and names, for office programs."""

import csv
import io
from typing import Any

from flask.testing import FlaskClient
from openpyxl import load_workbook

from gateway.schemas import rounds as shapes
from gateway.sheets.rounds import STANDINGS
from tests.unit.gateway.fakes import FakeServices

GRID = "360704100002001"
ROUND = {
    "title": "三月敲门",
    "area": GRID,
    "listed": 2,
    "coverage": "50.00",
    **dict.fromkeys(shapes.STANDINGS, 0),
    "visited": 1,
}
NEEDS = [{"progress": "met", "text": "教用手机"}, {"progress": "listed", "text": "=1+1"}]
DOOR: dict[str, Any] = {
    "number": 1,
    "grid_code": GRID,
    "compound_id": "c-dongyuan",
    "building": "=3号楼",
    "door": 7,
    "standing": "visited",
    "visits": [
        {"at": "2026-03-12T11:40:00Z", "needs": NEEDS},
        {"at": "2026-03-11T11:40:00Z", "needs": []},
    ],
}
OTHER = {**DOOR, "number": 2, "compound_id": None, "standing": "untouched", "visits": []}


def kept(services: FakeServices) -> None:
    def addresses(*, after: int, **_: Any) -> dict[str, Any]:
        names = {GRID: "高新社区第一网格", "c-dongyuan": "东源胜景小区"}
        return {"items": [OTHER if after else DOOR], "names": names, "next": None if after else 1}

    services.outcomes["members.round"] = ROUND
    services.outcomes["members.round_addresses"] = addresses


def test_a_workbook_has_the_sums_and_every_door(client: FlaskClient, services: FakeServices) -> None:
    kept(services)
    answer = client.get("/v1/rounds/r-1/export")
    assert answer.status_code == 200, answer.text
    book = load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["汇总", "敲门清单"]
    assert [cell.value for cell in book["汇总"][2]] == [2, 0, 0, 0, 0, 1, "50.00"]
    first, second = book["敲门清单"].iter_rows(min_row=2, values_only=True)
    assert first[:7] == (1, "高新社区第一网格", "东源胜景小区", "=3号楼", 7, "已走访", 2)
    assert (str(first[7]), first[8:]) == ("2026-03-12 19:40:00", (2, 1))
    assert second == (2, "高新社区第一网格", None, "=3号楼", 7, "未敲门", 0, None, 0, 0)
    assert all(cell.data_type != "f" for page in book for row in page.iter_rows() for cell in row)
    assert "教用手机" not in str([first, second])


def test_csv_has_the_doors_that_stand_so_in_the_language_of_the_request(
    client: FlaskClient, services: FakeServices
) -> None:
    kept(services)
    answer = client.get("/v1/rounds/r-1/export?format=csv&standing=visited", headers={"Accept-Language": "en"})
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0][:6] == ["Number", "Grid", "Compound", "Building", "Door", "Standing"]
    assert [row[5] for row in rows[1:]] == ["Visited", "Untouched"]
    asked = [given for name, given in services.calls if name == "members.round_addresses"]
    assert [(each["standing"], each["after"]) for each in asked] == [("visited", 0), ("visited", 1)]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="round-r-1.csv"'


def test_every_standing_has_a_word() -> None:
    assert list(STANDINGS) == list(shapes.STANDINGS)
