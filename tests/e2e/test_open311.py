"""Open311 on the whole suite, as a program of another place uses it: nothing but the standard's addresses and forms."""

from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from georeport import GeoReport
from PIL import Image

from dev.client import Client
from tests.e2e.answers import ok
from tests.e2e.staged import DEMO_NOW, StagedSuite

V2 = "/open311/v2"
SPOT = {"lat": "25.8531", "long": "115.0221"}
DAY = "2026-03-31T00:00:00+08:00"


@pytest.fixture(scope="module")
def key(people: dict[str, Client]) -> dict[str, str]:
    """A key as an administrator opens it: its id and its secret."""
    body = {"district": "360704", "name": "端到端程序"}
    made = ok(people["admin"].post("/v1/api-keys", json=body), 201)
    return {"id": made["api_key_id"], "secret": made["secret"]}


def listed(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def test_a_program_finds_its_way_from_discovery_to_the_definition_of_a_service(suite: StagedSuite) -> None:
    anyone = suite.client()
    [endpoint] = anyone.get("/open311/discovery.json").json()["endpoints"]
    assert endpoint["url"] == f"{suite.url}{V2}"
    offered = listed(anyone.get(f"{V2}/services.json"))
    lamp = next(each for each in offered if each["service_code"] == "0101")
    assert (lamp["service_name"], lamp["type"]) == ("Street lamp out or flickering", "realtime")
    assert not {"0701", "0806"} & {each["service_code"] for each in offered}
    definition = anyone.get(f"{V2}/services/0101.json").json()
    assert definition["service_code"] == "0101"
    root = ET.fromstring(anyone.get(f"{V2}/services.xml").content)
    assert [each.findtext("service_code") for each in root] == [each["service_code"] for each in offered]


def test_a_report_is_filed_looked_up_and_followed(
    suite: StagedSuite, people: dict[str, Client], key: dict[str, str]
) -> None:
    suite.clock.set(DEMO_NOW)
    anyone, form = suite.client(), {"api_key": key["secret"], "service_code": "0101", **SPOT}
    said = {
        "description": "路灯不亮，电话12000000077",
        "phone": "12000000077",
        "last_name": "谢",
        "first_name": "测077",
    }
    filed = anyone.post(f"{V2}/requests.json", data={**form, **said, "attribute[weighs_on][]": ["elderly"]})
    assert filed.status_code == 201, filed.text
    number = filed.json()[0]["service_request_id"]
    [waiting] = listed(anyone.get(filed.headers["Location"]))
    assert (waiting["status"], waiting["description"], waiting["media_url"]) == ("open", None, None)
    assert waiting["requested_datetime"] == DAY

    desk = people["dispatcher"]
    [case] = ok(desk.get("/v1/cases", params={"number": number}))["items"]
    assert (case["source"], case["tags"]) == ("OPEN311", ["elderly"])
    ok(desk.post(f"/v1/cases/{case['case_id']}/register", json={"category": "0101"}))
    [shown] = listed(anyone.get(f"{V2}/requests.json", params={"service_request_id": number, "extensions": "true"}))
    assert shown["description"] == "路灯不亮，电话120****0077"
    assert [each["type"] for each in shown["notes"]] == ["report", "register"]
    assert "12000000077" not in anyone.get(f"{V2}/requests/{number}.xml").text
    period = {"start_date": DAY, "end_date": DAY, "service_code": "0101", "status": "open"}
    assert number in {each["service_request_id"] for each in listed(anyone.get(f"{V2}/requests.json", params=period))}

    ok(desk.post(f"/v1/cases/{case['case_id']}/correct", json={"category": "0806"}))
    gone = anyone.get(f"{V2}/requests/{number}.json")
    assert (gone.status_code, gone.json()[0]["code"]) == (404, 404)


def test_photos_come_along_and_are_shown_to_nobody_outside(
    suite: StagedSuite, people: dict[str, Client], key: dict[str, str]
) -> None:
    picture = BytesIO()
    Image.new("RGB", (64, 48), (10, 10, 40)).save(picture, "JPEG")
    form = {"api_key": key["secret"], "service_code": "0101", **SPOT}
    files = {"media": ("lamp.jpg", picture.getvalue(), "image/jpeg")}
    key_of_it = {"Idempotency-Key": "lamp-with-a-photo"}
    filed, again = (
        suite.client().post(f"{V2}/requests.json", data=form, files=files, headers=key_of_it) for _ in range(2)
    )
    assert filed.status_code == 201, filed.text
    assert (again.status_code, again.json()) == (201, filed.json())
    number = filed.json()[0]["service_request_id"]
    [case] = ok(people["dispatcher"].get("/v1/cases", params={"number": number}))["items"]
    whole = ok(people["dispatcher"].get(f"/v1/cases/{case['case_id']}"))
    assert len(whole["photos"]) == 1
    assert whole["reporter"]["anonymous"] is True
    [shown] = listed(suite.client().get(f"{V2}/requests/{number}.json"))
    assert shown["media_url"] is None


def test_an_address_of_ours_is_one_that_we_take(suite: StagedSuite, key: dict[str, str]) -> None:
    form = {"api_key": key["secret"], "service_code": "0303", "description": "楼道堆物"}
    filed = suite.client().post(f"{V2}/requests.json", data={**form, "address_string": "东源胜景小区"})
    assert filed.status_code == 201, filed.text
    [shown] = listed(suite.client().get(filed.headers["Location"]))
    assert shown["address"].endswith("东源胜景小区")
    again = suite.client().post(f"{V2}/requests.json", data={**form, "address_string": shown["address"]})
    assert again.status_code == 201, again.text
    assert (shown["lat"], shown["long"]) == (25.8672, 115.0058)


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_program_that_others_wrote_reads_all_of_it(suite: StagedSuite, key: dict[str, str], form: str) -> None:
    filed = {"api_key": key["secret"], "service_code": "0101", "description": "灯坏了", **SPOT}
    [made] = suite.client().post(f"{V2}/requests.json", data=filed).json()
    number = made["service_request_id"]
    program = GeoReport(suite.url + V2, jurisdiction="360704", output_format=form)
    assert "0101" in {each["service_code"] for each in program.get_service_list()}
    definition = program.get_service_definition("0101")
    assert definition["service_code"] == "0101"
    assert program.get_service_request(number)["service_request_id"] == number
    found = program.get_service_requests(service_code="0101,0303", start_date=DAY, end_date=DAY, status="open")
    assert number in {each["service_request_id"] for each in found}


WRONG = [
    ("GET", "/requests.json?status=done", None, 400),
    ("GET", "/requests.json?start_date=2026-03-31", None, 400),
    ("GET", "/requests.json?start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z", None, 400),
    ("GET", "/requests.json?jurisdiction_id=999999", None, 404),
    ("GET", "/requests.json?page_size=1001", None, 400),
    ("GET", "/requests/360704-20260331-222222.json", None, 404),
    ("GET", "/services/0701.json", None, 404),
    ("GET", "/tokens/1.json", None, 404),
    ("GET", "/nothing.json", None, 404),
    ("PUT", "/requests.json", {}, 405),
    ("POST", "/requests.json", {"service_code": "0101", **SPOT}, 403),
    ("POST", "/requests.json", {"api_key": "wrong", "service_code": "0101", **SPOT}, 403),
]


@pytest.mark.parametrize(("method", "path", "data", "status"), WRONG, ids=[f"{each[0]} {each[1]}" for each in WRONG])
def test_errors_are_lists_in_both_formats(
    suite: StagedSuite, method: str, path: str, data: dict[str, str] | None, status: int
) -> None:
    answer = suite.client().request(method, V2 + path, data=data)
    assert answer.status_code == status, answer.text
    assert {each["code"] for each in answer.json()} == {status}
    assert all(each["description"] for each in answer.json())
    xml = suite.client().request(method, V2 + path.replace(".json", ".xml"), data=data)
    assert xml.headers["Content-Type"] == "text/xml; charset=utf-8"
    root = ET.fromstring(xml.content)
    assert (root.tag, {each.findtext("code") for each in root}) == ("errors", {str(status)})


@pytest.mark.parametrize(
    "fields",
    [
        {"description": "<b>灯</b>坏了"},
        {"long": ""},
        {"lat": "0", "long": "0"},
        {"attribute[colour]": "red"},
        {"phone": "123"},
    ],
    ids=["markup", "half a point", "nowhere", "attribute", "phone"],
)
def test_what_cannot_be_filed_is_400(suite: StagedSuite, key: dict[str, str], fields: dict[str, str]) -> None:
    form = {"api_key": key["secret"], "service_code": "0101", "description": "灯坏了", **SPOT}
    answer = suite.client().post(f"{V2}/requests.json", data={**form, **fields})
    assert answer.status_code == 400, answer.text
    assert {each["code"] for each in answer.json()} == {400}


def test_the_demos_key_files_and_an_ended_one_does_not(suite: StagedSuite, people: dict[str, Client]) -> None:
    form = {"service_code": "0101", "description": "灯坏了", **SPOT}
    demo = {**form, "api_key": suite.secrets["DEMO_API_KEY"]}
    assert suite.client().post(f"{V2}/requests.xml", data=demo).status_code == 201
    body = {"district": "360704", "name": "将停用的程序"}
    made = ok(people["admin"].post("/v1/api-keys", json=body), 201)
    ended = ok(people["admin"].post(f"/v1/api-keys/{made['api_key_id']}/end"))
    assert ended["api_key_id"] == made["api_key_id"]
    refused = suite.client().post(f"{V2}/requests.xml", data={**form, "api_key": made["secret"]})
    assert (refused.status_code, ET.fromstring(refused.content).tag) == (403, "errors")
    names = {each["name"] for each in ok(people["admin"].get("/v1/api-keys?limit=100"))["items"]}
    assert {"将停用的程序", "演示程序"} <= names
    assert people["dispatcher"].get("/v1/api-keys").status_code == 403
