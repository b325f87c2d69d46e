"""The register of units over HTTP: who serves which grids (F05), and registers that come as spreadsheets."""

from typing import Any

import pytest

from dev.client import Client
from members.demo.enterprises import credit_code
from tests.e2e.staged import StagedSuite

COMMUNITY, WEST, EAST = "360704100015", "360704100015001", "360704100015002"
HEAD = "单位名称,类型,统一社会信用代码,网格,起始日期"
CSV = {"Content-Type": "text/csv"}


def square(code: str, west: float, east: float) -> dict[str, Any]:
    ring = [[west, 26.2], [east, 26.2], [east, 26.208], [west, 26.208], [west, 26.2]]
    return {
        "type": "Feature",
        "properties": {"grid_code": code, "name": f"测试网格{code[-3:]}", "level": "SERVICE"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def posted(client: Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(path, json=body)
    assert answer.ok, (path, answer.status_code, answer.text)
    receipt: dict[str, Any] = answer.json()
    return receipt


@pytest.fixture(scope="module")
def office(suite: StagedSuite, people: dict[str, Client]) -> Client:
    """The office of a community with two grids, for these tests alone."""
    suite.clock.set("2026-02-20T09:00:00+08:00")
    posted(people["admin"], "/v1/areas", {"code": COMMUNITY, "name": "测试单位社区"})
    grids = [square(WEST, 115.5, 115.508), square(EAST, 115.508, 115.516)]
    posted(people["admin"], "/v1/grids/import", {"type": "FeatureCollection", "features": grids})
    suite.clock.set("2026-03-12T19:00:00+08:00")
    return people["admin"]


def totals(office: Client) -> dict[str, Any]:
    found: dict[str, Any] = office.get("/v1/units/totals", params={"area": COMMUNITY}).json()
    return found


def test_a_property_company_is_in_each_of_its_grids_and_counts_once(office: Client) -> None:
    """F05: of the property companies one manages compounds in two grids; it is in both, and once in totals."""
    before = office.get("/v1/units/totals", params={"area": "360704"}).json()
    company = posted(office, "/v1/units", {"name": "测试物业901公司", "unit_type": "PROPERTY"})["unit_id"]
    for name, lon in (("测试甲小区", 115.504), ("测试乙小区", 115.512)):
        place = {"lon": lon, "lat": 26.204}
        posted(office, "/v1/compounds", {"name": name, "location": place, "property_company_id": company})
    shown = office.get(f"/v1/units/{company}").json()
    assert shown["grid_codes"] == [WEST, EAST]
    found = totals(office)
    assert [(each["grid_code"], each["by_type"]) for each in found["by_grid"]] == [
        (WEST, {"PROPERTY": 1}),
        (EAST, {"PROPERTY": 1}),
    ]
    assert (found["distinct"], found["by_type"]) == (1, {"PROPERTY": 1})
    after = office.get("/v1/units/totals", params={"area": "360704"}).json()
    assert after["by_type"]["PROPERTY"] == before["by_type"]["PROPERTY"] + 1
    left = office.post(f"/v1/units/{company}/close", json={})
    assert (left.status_code, left.json()["code"]) == (409, "unit_manages_compounds")


def test_a_register_with_faults_is_refused_line_by_line_and_nothing_is_half_done(office: Client) -> None:
    taken = credit_code("91360704", 950)
    posted(office, "/v1/units", {"name": "测试企业950", "unit_type": "ENTERPRISE", "credit_code": taken})
    codes = [credit_code("91360704", number) for number in (951, 952, 953)]
    lines = [
        HEAD,
        f"测试企业951,企业,{taken},{WEST},",
        f"测试企业952,企业,{codes[0]},{WEST},2026-02-30",
        f"测试企业953,企业,{codes[1]},{WEST},2000-01-01",
        f"测试企业954,企业,{codes[1]},{WEST},",
        f"=A1,企业,{codes[2]},{WEST},",
        f"测试企业956,企业,{codes[2]},{WEST},2026-03-01",
    ]
    register = office.get("/v1/units", params={"unit_type": "ENTERPRISE", "grid": WEST}).json()
    content = "\n".join(lines).encode()
    refused = office.post("/v1/units/import", data=content, headers=CSV)
    assert (refused.status_code, refused.json()["code"]) == (422, "lines_refused")
    assert [(each["line"], each["column"], each["code"]) for each in refused.json()["errors"]] == [
        (2, "C", "credit_code_taken"),
        (3, "E", "impossible_date"),
        (4, "D", "grid_closed"),
        (4, "C", "credit_code_repeated"),
        (5, "C", "credit_code_repeated"),
        (6, "A", "formula_in_cell"),
        (6, "C", "credit_code_repeated"),
        (7, "C", "credit_code_repeated"),
    ]
    looked = office.post("/v1/units/import", params={"dry_run": "true"}, data=content, headers=CSV)
    assert looked.status_code == 200
    assert [each["line"] for each in looked.json()["faults"]] == [2, 3, 4, 4, 5, 6, 6, 7]
    assert office.get("/v1/units", params={"unit_type": "ENTERPRISE", "grid": WEST}).json() == register


def test_a_faultless_register_is_kept_once(office: Client) -> None:
    codes = [credit_code("91360704", number) for number in (961, 962)]
    lines = [
        HEAD,
        f"测试企业961,企业,{codes[0]},{WEST},2026/3/1",
        f"测试企业962,ENTERPRISE,{codes[1]},{EAST};{WEST},46082",
    ]
    headers = CSV | {"Idempotency-Key": "register-961"}
    kept = office.post("/v1/units/import", data="\n".join(lines).encode("gb18030"), headers=headers)
    assert kept.status_code == 201, kept.text
    again = office.post("/v1/units/import", data="\n".join(lines).encode("gb18030"), headers=headers)
    assert again.json() == kept.json()
    assert [each["line"] for each in kept.json()["lines"]] == [2, 3]
    second = office.get(f"/v1/units/{kept.json()['lines'][1]['id']}").json()
    assert second["grid_codes"] == [WEST, EAST]
    assert second["ties"][0]["from"] == "2026-03-01T00:00:00+08:00"
    book = office.get("/v1/units/export", params={"area": COMMUNITY, "format": "csv"})
    assert (book.status_code, "测试企业961" in book.text) == (200, True)


def test_the_templates_can_be_sent_as_they_are(office: Client) -> None:
    template = office.get("/v1/people/import/template", params={"format": "csv"})
    looked = office.post("/v1/people/import", params={"dry_run": "true"}, data=template.content, headers=CSV)
    assert (looked.status_code, looked.json()["checked"], looked.json()["faults"]) == (200, 1, []), looked.text


def test_people_too_young_or_born_on_no_day_are_told_by_line(office: Client) -> None:
    lines = [
        "姓名,电话,出生日期,小区编号",
        "谢测971,12009990971,2014-12-31,c-dongyuan",
        "谢测972,12009990972,2026-02-30,c-dongyuan",
        "谢测973,12009990973,1980-02-03,c-nowhere",
        "谢测974,12009990971,1980-02-03,c-dongyuan",
    ]
    refused = office.post("/v1/people/import", data="\n".join(lines).encode(), headers=CSV)
    assert [(each["line"], each["code"]) for each in refused.json()["errors"]] == [
        (2, "under_age"),
        (2, "phone_repeated"),
        (3, "impossible_date"),
        (4, "unknown_compound"),
        (5, "phone_repeated"),
    ]
