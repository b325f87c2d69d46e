"""A spreadsheet of what came up: read line by line, kept whole or not at all, its faults named by line and column."""

import io
import zipfile
from datetime import datetime
from typing import Any

import pytest
import xlsxwriter
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from chassis.errors import Refusal
from gateway.sheets.intake_sessions import sheet
from gateway.sheets.reading import MOST_LINES, from_csv, from_xlsx, plain
from gateway.sheets.spreadsheet import XLSX
from tests.unit.gateway.fakes import FakeServices, said

HEAD = ["内容", "类别", "小区", "姓名", "电话", "同意留电话", "经度", "纬度"]
QUERY = {"kind": "register", "area": "360704100002", "held_at": "2026-03-12T19:00:00+08:00"}
ITEM = {"form": "case", "id": "c-1", "number": "n-1", "known": False, "duplicates": []}
DIRECTORY = b"PK\x01\x02"
RECEIPT = {"session_id": "s-1", "version": 1, "at": "2026-03-12T11:40:00Z", "event_id": "e-1"}


def workbook(*rows: list[Any]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for n, row in enumerate(rows):
            page.write_row(n, 0, row)
    return file.getvalue()


def send(client: FlaskClient, content: bytes, media_type: str = XLSX, **query: str) -> TestResponse:
    path = "/v1/intake-sessions/import"
    return client.post(path, query_string={**QUERY, **query}, data=content, content_type=media_type)


def items(content: bytes) -> list[dict[str, Any]]:
    return sheet(from_xlsx(content)).items()


def test_each_line_becomes_an_item(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.open_intake_session"] = {**RECEIPT, "items": [ITEM, ITEM]}
    lamp = ["路灯不亮", 101, "东源胜景小区", "谢测009", 12000000009, "是", 115.0058, 25.8672]
    answer = send(client, workbook(HEAD, lamp, [], ["楼道脏乱", "0303"]))
    assert (answer.status_code, [line["line"] for line in said(answer)["items"]]) == (201, [2, 4])
    assert {name: services.last[name] for name in QUERY} == QUERY
    assert services.last["items"] == [
        {
            "text": "路灯不亮",
            "category": "0101",
            "compound_name": "东源胜景小区",
            "asker": {"name": "谢测009", "phone": "12000000009", "consent": True},
            "location": {"lon": 115.0058, "lat": 25.8672},
        },
        {"text": "楼道脏乱", "category": "0303"},
    ]


def test_headings_may_be_english_and_in_any_order() -> None:
    rows = workbook(["category", "Text", "form", "tags"], ["0804", "想学用手机", "需求", "老人、盼"])
    assert items(rows) == [{"category": "0804", "text": "想学用手机", "form": "need", "tags": ["elderly", "hoped"]}]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_is_read_as_office_programs_write_it(encoding: str, mark: str) -> None:
    text = f'内容{mark}类别\r\n"灯不亮{mark}三天了"{mark}0101\r\n'
    assert sheet(from_csv(text.encode(encoding))).items() == [{"text": f"灯不亮{mark}三天了", "category": "0101"}]


def test_who_left_a_phone_and_is_not_said_to_agree_does_not() -> None:
    [item] = items(workbook(["内容", "电话"], ["灯", "12000000009"]))
    assert item["asker"] == {"phone": "12000000009", "consent": False}


def test_a_fault_of_an_item_is_named_by_line_column_and_heading(client: FlaskClient, services: FakeServices) -> None:
    faults = [
        {"pointer": "/items/0/category", "code": "unknown_category", "detail": "unknown_category", "details": {}},
        {"pointer": "/items/1/asker/consent", "detail": "Not without consent."},
        {"pointer": "/items/1/compound_id", "code": "unknown_compound", "detail": "unknown_compound"},
        {"pointer": "/items/1/location/lon", "detail": "Not a valid number."},
        {"pointer": "/items/0", "code": "source_not_permitted", "detail": "source_not_permitted"},
    ]
    services.outcomes["cases.open_intake_session"] = Refusal("items_refused", errors=faults)
    answer = send(client, workbook(HEAD, ["灯", "9999"], [], ["灯", "0101", "没有", "谢", "120", "否", "east", 1]))
    problem = said(answer)
    assert (answer.status_code, problem["code"]) == (422, "items_refused")
    assert [(each["line"], each.get("column"), each.get("heading")) for each in problem["errors"]] == [
        (2, "B", "类别"),
        (4, "F", "同意留电话"),
        (4, "C", "小区"),
        (4, "G", "经度"),
        (2, None, None),
    ]
    assert [each["detail"] for each in problem["errors"]][:2] == ["没有这个类别", "须征得本人同意。"]
    assert "pointer" not in problem["errors"][0]


def test_a_sheet_is_only_looked_at_when_that_is_asked(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.check_intake_session"] = {"items": [{**ITEM, "id": None, "number": None}]}
    answer = send(client, workbook(HEAD, ["灯", "0101"]), check="true")
    assert (answer.status_code, said(answer)["items"][0]["line"]) == (200, 2)
    assert [name for name, _ in services.calls] == ["cases.check_intake_session"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 no zip", "sheet_not_readable"),
        (workbook(), "sheet_empty"),
        (workbook(HEAD), "sheet_empty"),
        (workbook(["内容", "颜色"], ["灯", "红"]), "unknown_sheet_column"),
        (workbook(["内容", "text"], ["灯", "灯"]), "sheet_column_twice"),
        (workbook(["类别"], ["0101"]), "sheet_column_missing"),
        (workbook(HEAD, *([["灯"]] * (MOST_LINES + 1))), "sheet_too_long"),
    ],
)
def test_a_sheet_that_cannot_be_read_is_refused_and_nobody_is_asked(
    client: FlaskClient, services: FakeServices, content: bytes, code: str
) -> None:
    answer = send(client, content)
    assert (answer.status_code, said(answer)["code"], services.calls) == (422, code, [])


def packed(**parts: bytes) -> bytes:
    """A workbook whose parts (by the last part of their names) are replaced."""
    good, file = zipfile.ZipFile(io.BytesIO(workbook(["内容"], ["灯"]))), io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name in good.namelist():
            made.writestr(name, parts.get(name.rpartition("/")[2].partition(".")[0], good.read(name)))
    return file.getvalue()


def lines(*rows: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{"".join(rows)}</sheetData></worksheet>'.encode()


def flagged(at: int, value: int) -> bytes:
    """A workbook with one byte changed in each entry of its directory."""
    before, *entries = workbook(["内容"], ["灯"]).split(DIRECTORY)
    at -= len(DIRECTORY)
    changed = [entry[:at] + bytes([value]) + entry[at + 1 :] for entry in entries]
    return DIRECTORY.join([before, *changed])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (packed(sheet1=lines('<row r="1"><c r="A1"><v>1</v></c></row><row r="2000000000"/>')), "sheet_too_long"),
        (packed(sheet1=lines("<row/>" * 100_000)), "sheet_too_long"),
        (packed(sheet1=lines("<row>", "<c/>" * 1_000_000, "</row>")), "sheet_not_readable"),
    ],
)
def test_a_small_file_cannot_fill_the_memory(content: bytes, code: str) -> None:
    assert len(content) < 50_000
    with pytest.raises(Refusal, match=code):
        from_xlsx(content)


def test_nor_can_lines_without_anything() -> None:
    with pytest.raises(Refusal, match="sheet_too_long"):
        from_csv(b"\n" * 20_000)


@pytest.mark.parametrize(
    "content",
    [
        packed(sheet1=b"<worksheet"),
        packed(styles=b"<"),
        packed(workbook=b""),
        packed(workbook=b"<a/>"),
        flagged(8, 1),
        flagged(10, 99),
        workbook(["内容"], ["灯"])[:200] + bytes(400) + workbook(["内容"], ["灯"])[600:],
    ],
    ids=["cut off", "no styles", "no book", "other book", "encrypted", "packed otherwise", "damaged"],
)
def test_a_broken_workbook_is_refused(client: FlaskClient, content: bytes) -> None:
    answer = send(client, content)
    assert (answer.status_code, said(answer)["code"]) == (422, "sheet_not_readable")


@pytest.mark.parametrize(
    ("content", "place", "detail"),
    [
        ("内容,姓名\n灯\x07坏,王\n", (2, "A"), "除换行和制表符外，不能含有控制字符。"),
        ('内容,姓名\n灯,"王\n五"\n', (2, "B"), "不能含有换行等控制字符。"),
        ("内容,姓名\n灯,王\u202e五\n", (2, "B"), "不能含有看不见的字符，或改变书写方向的字符。"),
        ("内容,姓名\n灯坏了,王,三天了\n", (2, "C"), "该列没有表头，内容无法识别。"),
        ("内容,\n灯,12000000009\n", (2, "B"), "该列没有表头，内容无法识别。"),
    ],
)
def test_what_no_item_can_take_is_named(
    client: FlaskClient, services: FakeServices, content: str, place: tuple[int, str], detail: str
) -> None:
    answer = client.post(
        "/v1/intake-sessions/import",
        query_string=QUERY,
        data=content.encode(),
        content_type="text/csv",
        headers={"Accept-Language": "zh-CN"},
    )
    [fault] = said(answer)["errors"]
    assert (said(answer)["code"], services.calls) == ("items_refused", [])
    assert ((fault["line"], fault["column"]), fault["detail"]) == (place, detail)


def test_lines_within_a_text_are_kept() -> None:
    assert sheet(from_csv('内容\n"灯\n坏"\n'.encode())).items() == [{"text": "灯\n坏"}]


def test_a_column_that_is_not_known_is_named_by_its_letter(client: FlaskClient) -> None:
    details = said(send(client, workbook(["内容", "颜色"], ["灯", "红"])))["details"]
    assert details["columns"] == [{"column": "B", "heading": "颜色"}]
    assert {"类别", "category"} <= set(details["known"])


def test_what_a_cell_may_say_is_named_in_the_words_of_the_sheet(client: FlaskClient, services: FakeServices) -> None:
    faults = [
        {"pointer": "/items/0/form", "detail": "Must be one of: case, need."},
        {"pointer": "/items/0/tags/0", "detail": "Must be one of: elderly, hoped."},
    ]
    services.outcomes["cases.open_intake_session"] = Refusal("items_refused", errors=faults)
    problem = said(send(client, workbook(["内容", "类型", "标签"], ["灯", "愿望", "急急"])))
    assert [each["detail"] for each in problem["errors"]] == [
        "应为以下之一：案件 (case), 需求 (need)。",
        "应为以下之一：老人 (elderly), 盼 (hoped)。",
    ]
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    problem = said(send(client, workbook(["text", "form", "tags"], ["灯", "愿望", "急急"])))
    told = ["Must be one of: case, need.", "Must be one of: elderly, hoped."]
    assert [each["detail"] for each in problem["errors"]] == told


def test_a_workbook_that_unpacks_to_too_much_is_not_opened() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * (41 * 1024 * 1024))
    with pytest.raises(Refusal) as refused:
        from_xlsx(file.getvalue())
    assert refused.value.details["reason"] == "too large once unpacked"


def test_a_workbook_with_entities_of_its_own_is_not_read() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(HEAD, ["灯"]))) as good, zipfile.ZipFile(file, "w") as bad:
        for name in good.namelist():
            text = good.read(name)
            if name == "xl/sharedStrings.xml":
                entity = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
                text = text.replace(b"?>", b"?>" + entity, 1)
            bad.writestr(name, text)
    with pytest.raises(Refusal, match="sheet_not_readable"):
        from_xlsx(file.getvalue())


@pytest.mark.parametrize("content", [b"\xff\xff\xff\x00", b'a,"b\r\nc'])
def test_bytes_that_are_no_csv_are_refused(content: bytes) -> None:
    with pytest.raises(Refusal, match="sheet_not_readable"):
        from_csv(content)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (101.0, "101"),
        (1.5, "1.5"),
        (True, "是"),
        (datetime(2026, 4, 1), "2026-04-01"),  # noqa: DTZ001 - a cell knows no zone
        (" 灯 ", "灯"),
    ],
)
def test_a_cell_is_read_as_people_see_it(cell: Any, text: str) -> None:
    assert plain(cell) == text


def test_another_kind_of_file_or_no_length_is_refused(client: FlaskClient, services: FakeServices) -> None:
    assert send(client, b"x", "application/pdf").status_code == 415
    assert send(client, bytes(5 * 1024 * 1024)).status_code == 413
    assert send(client, workbook(HEAD, ["灯"]), kind="").status_code == 422
    assert services.calls == []
