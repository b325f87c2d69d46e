"""Registers as they are typed in office programs: what cells mean, and what is told of those that mean nothing."""

import io
from datetime import datetime
from typing import Any

import pytest
import xlsxwriter
from flask.testing import FlaskClient
from openpyxl import load_workbook

from gateway.sheets.people import sheet
from gateway.sheets.registry import PEOPLE, UNITS, Register, day, role
from gateway.sheets.spreadsheet import XLSX
from tests.unit.gateway.fakes import FakeServices

HEAD = ["单位名称", "unit_type", "网格", "起始日期"]
RECEIPT = {"import_id": "i-1", "version": 1, "at": "2026-03-12T11:40:00Z", "event_id": "e-1"}


def workbook(*rows: list[Any]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet()
        dated = book.add_format({"num_format": "yyyy-mm-dd"})
        for n, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    page.write_number(n, column, cell, dated)
                else:
                    page.write(n, column, cell)
    return file.getvalue()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-04-15", "2026-04-15"),
        ("2026/4/5", "2026-04-05"),
        ("2026年4月5日", "2026-04-05"),
        ("46127", "2026-04-15"),
        ("2026-02-30", "2026-02-30"),
        ("99999999", "99999999"),
        ("12", "12"),
        ("去年", "去年"),
    ],
)
def test_a_day_is_read_however_it_was_typed_and_what_is_none_stays_to_be_refused(typed: str, meant: str) -> None:
    assert day(typed) == meant


def test_lines_reach_members_as_they_are_meant(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["members.import_units"] = {**RECEIPT, "ids": ["u-1", "u-2"]}
    content = workbook(HEAD, ["甲", "企业", "g-1、g-2", datetime(2026, 4, 15)], ["乙", "PROPERTY", "", 46127])  # noqa: DTZ001
    response = client.post("/v1/units/import", data=content, content_type=XLSX)
    assert response.status_code == 201, response.text
    assert response.get_json()["lines"] == [{"line": 2, "id": "u-1"}, {"line": 3, "id": "u-2"}]
    assert services.last["items"] == [
        {"name": "甲", "unit_type": "ENTERPRISE", "grid_codes": ["g-1", "g-2"], "from": "2026-04-15"},
        {"name": "乙", "unit_type": "PROPERTY", "from": "2026-04-15"},
    ]
    assert services.last["dry_run"] is False


@pytest.mark.filterwarnings("ignore:Cell .* is marked as a date")
def test_a_formula_is_not_calculated_and_every_fault_is_told_with_it(
    client: FlaskClient, services: FakeServices
) -> None:
    fault = {"pointer": "/items/1/from", "code": "impossible_date", "detail": "impossible_date"}
    services.outcomes["members.import_units"] = {"lines": 2, "faults": [fault]}
    content = workbook(HEAD, ["=1+1", "企业"], ["乙", "企业", "", 99_999_999])
    response = client.post("/v1/units/import", data=content, content_type=XLSX)
    assert (response.status_code, response.get_json()["code"]) == (422, "lines_refused")
    assert services.last["dry_run"] is True
    assert [(each["line"], each["column"], each["code"], each["detail"]) for each in response.get_json()["errors"]] == [
        (2, "A", "formula_in_cell", "单元格是公式，不予计算，请粘贴为数值。"),
        (3, "D", "impossible_date", "没有这一天"),
    ]
    assert services.last["items"][1]["from"].startswith("#")
    looked = client.post("/v1/units/import?dry_run=true", data=content, content_type=XLSX)
    assert (looked.status_code, [each["line"] for each in looked.get_json()["faults"]]) == (200, [2, 3])


@pytest.mark.parametrize(("path", "register"), [("units", UNITS), ("people", PEOPLE)])
def test_a_template_has_the_headings_that_are_read(client: FlaskClient, path: str, register: Register) -> None:
    book = load_workbook(io.BytesIO(client.get(f"/v1/{path}/import/template").data))
    heads, example = list(book.worksheets[0].iter_rows(values_only=True))
    assert list(heads) == [column.zh for column in register.columns]
    assert sum(cell is not None for cell in example) == len(register.example)


def test_roles_are_named_in_either_language_or_by_their_codes() -> None:
    wanted = [
        ("volunteer", "360704100002"),
        ("union_cadre", "360704100002001"),
        ("rider", "360704"),
        ("king", "360704"),
    ]
    for typed in (
        "志愿者@360704100002 工会干部@360704100002001 骑手@360704 king@360704",
        "Volunteer@360704100002, union cadre@360704100002001; rider@360704，king@360704",
        "volunteer@360704100002\nunion_cadre@360704100002001 rider@360704\n king @ 360704",
    ):
        assert [(each["role"], each["scope"]) for each in role(typed)] == wanted


@pytest.mark.parametrize(
    ("language", "roles", "kinds"),
    [
        ("zh-CN", "应为以下之一：居民 (resident), 工会干部 (union_cadre)。", "应为以下之一：企业 (ENTERPRISE)。"),
        ("en", "Must be one of: resident, union cadre (union_cadre).", "Must be one of: enterprise (ENTERPRISE)."),
    ],
)
def test_what_a_cell_may_hold_is_named_in_the_language_of_the_request(
    client: FlaskClient, services: FakeServices, language: str, roles: str, kinds: str
) -> None:
    faults = {
        "units": {"pointer": "/items/0/unit_type", "code": "not_valid", "detail": "Must be one of: ENTERPRISE."},
        "people": {
            "pointer": "/items/0/roles/0/role",
            "code": "not_valid",
            "detail": "Must be one of: resident, union_cadre.",
        },
    }
    content = {
        "units": workbook(HEAD, ["甲", "公司", "", 46127]),
        "people": workbook(["姓名", "角色"], ["谢测901", "king@360704"]),
    }
    for register, expected in (("units", kinds), ("people", roles)):
        services.outcomes[f"members.import_{register}"] = {"lines": 1, "faults": [faults[register]]}
        path, asked = f"/v1/{register}/import?dry_run=true", {"Accept-Language": language}
        answered = client.post(path, data=content[register], content_type=XLSX, headers=asked).get_json()
        assert [each["detail"] for each in answered["faults"]] == [expected]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-CN", ["居民（360704）、工会干部（360704100002001）", "电工、juggler", "骑手党员"]),
        ("en", ["resident (360704), union cadre (360704100002001)", "electrician, juggler", "rider and Party member"]),
    ],
)
def test_people_are_printed_in_words(language: str, words: list[str]) -> None:
    held = [("resident", "360704"), ("union_cadre", "360704100002001")]
    person = {
        "person_id": "p-1",
        "name_masked": "谢**",
        "roles": [{"role": each, "scope": scope} for each, scope in held],
        "skills": ["electrician", "juggler"],
        "tags": ["rider_party_member"],
    }
    assert next(iter(sheet([person], language).rows))[2:] == words
