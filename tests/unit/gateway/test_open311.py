"""Open311 over HTTP: paths, formats, arguments, and errors as the standard has them whatever goes wrong."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cases.category import published
from cases.deadline import Unit
from cases.open311.request import TOLD
from cases.open311.schemas import RequestsSchema
from cases.tracking.link import SHOWN as FOLLOWED
from chassis.errors import Refusal
from chassis.rpc import DeadlineExceeded, Unreachable
from chassis.schema import load
from gateway.app import create_app
from gateway.case_words import ACTS, ASKED, STATUSES
from gateway.open311.words import GROUPS, UNITS
from gateway.schemas.cases import STATUSES as EVERY_STATUS
from gateway.settings import Settings
from gateway.transfers import IN_MEMORY, SHARING, Holder, Transfers, Way
from tests.unit.gateway.fakes import RECEIPT, FakePort, FakeServices
from tests.unit.gateway.open311_samples import LAMP, REQUEST
from tests.unit.gateway.reading_xml import as_text, read

V2 = "/open311/v2"
FORMS = ("xml", "json")
HERE = {"jurisdiction_id": "360704"}


@pytest.fixture
def services() -> FakeServices:
    found = FakeServices()
    found.outcomes = {
        "cases.offered_services": {"items": [LAMP]},
        "cases.offered_service": LAMP,
        "cases.public_requests": {"items": [REQUEST]},
        "cases.public_request": REQUEST,
    }
    return found


def told(answer: TestResponse) -> Any:
    """What an answer says, from either format, as texts."""
    if answer.mimetype == "text/xml":
        return read(answer.data)[1]
    assert answer.mimetype == "application/json"
    return as_text(json.loads(answer.data))


def errors(answer: TestResponse) -> list[dict[str, str]]:
    """The errors of an answer; its root says so where it has one."""
    if answer.mimetype == "text/xml":
        assert read(answer.data)[0] == "errors"
    found: list[dict[str, str]] = told(answer)
    assert found
    assert all(set(each) == {"code", "description"} for each in found)
    assert {each["code"] for each in found} == {str(answer.status_code)}
    assert "problem" not in answer.content_type
    return found


@pytest.mark.parametrize("path", ["services", "services/0101", "requests", "requests/360704-20260312-7K3F9Q"])
def test_both_formats_say_the_same_in_their_own_types(anyone: FlaskClient, path: str) -> None:
    xml, of_json = (anyone.get(f"{V2}/{path}.{form}", query_string=HERE) for form in FORMS)
    assert (xml.status_code, of_json.status_code) == (200, 200)
    assert xml.content_type == "text/xml; charset=utf-8"
    assert of_json.content_type == "application/json; charset=utf-8"
    assert xml.data.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    assert told(xml) == told(of_json)


def test_lists_are_bare_and_of_one_request_too(anyone: FlaskClient) -> None:
    one = json.loads(anyone.get(f"{V2}/requests/360704-20260312-7K3F9Q.json", query_string=HERE).data)
    assert [each["service_request_id"] for each in one] == ["360704-20260312-7K3F9Q"]
    assert isinstance(json.loads(anyone.get(f"{V2}/services.json", query_string=HERE).data), list)
    root, _ = read(anyone.get(f"{V2}/requests.xml", query_string=HERE).data)
    assert root == "service_requests"


def test_a_request_says_what_the_standard_asks_for(anyone: FlaskClient) -> None:
    [found] = json.loads(anyone.get(f"{V2}/requests.json", query_string=HERE, headers={"Accept-Language": "en"}).data)
    assert found == {
        "service_request_id": "360704-20260312-7K3F9Q",
        "status": "open",
        "status_notes": "Dispatched",
        "service_name": "Street lamp out or flickering",
        "service_code": "0101",
        "description": "3栋旁 <路灯> 不亮",
        "agency_responsible": "区路灯管理所, community staff",
        "service_notice": None,
        "requested_datetime": "2026-03-12T00:00:00+08:00",
        "updated_datetime": "2026-03-12T00:00:00+08:00",
        "expected_datetime": None,
        "address": "高新社区东源胜景小区",
        "address_id": "c-dongyuan",
        "zipcode": None,
        "lat": 25.8672,
        "long": 115.0058,
        "media_url": None,
    }


def test_notes_are_told_to_who_asks_for_extensions(anyone: FlaskClient, services: FakeServices) -> None:
    [found] = json.loads(anyone.get(f"{V2}/requests.json", query_string=HERE).data)
    assert "notes" not in found
    [found] = json.loads(anyone.get(f"{V2}/requests.json", query_string={**HERE, "extensions": "true"}).data)
    assert found["notes"] == [{"datetime": "2026-03-12T00:00:00+08:00", "description": "上报", "type": "report"}]
    assert services.last["with_history"] is True


def test_every_status_and_every_act_that_is_told_has_its_words() -> None:
    assert set(STATUSES) == set(EVERY_STATUS)
    assert set(ACTS) == set(TOLD)
    assert {*ACTS, *ASKED} >= {act.value for act in FOLLOWED}


def test_what_nobody_has_is_the_offices(anyone: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.public_request"] = {**REQUEST, "units": [], "people": False}
    [found] = json.loads(anyone.get(f"{V2}/requests/N.json", query_string=HERE).data)
    assert found["agency_responsible"] == "综合治理办"


def test_the_arguments_are_handed_on_as_cases_takes_them(anyone: FlaskClient, services: FakeServices) -> None:
    query = {
        **HERE,
        "service_request_id": "A,B,,A",
        "service_code": "0101, 0303",
        "start_date": "2026-03-01T00:00:00Z",
        "end_date": "2026-03-02T00:00:00+08:00",
        "status": "open,closed",
        "updated_after": "2026-03-01T00:00:00Z",
        "updated_before": "",
        "page": "2",
        "page_size": "50",
        "api_key": "of no use here",
        "bbox": "1,2,3,4",
    }
    assert anyone.get(f"{V2}/requests.xml", query_string=query).status_code == 200
    assert services.last == {
        "jurisdiction": "360704",
        "numbers": ["A", "B"],
        "codes": ["0101", "0303"],
        "since": "2026-03-01T00:00:00Z",
        "until": "2026-03-02T00:00:00+08:00",
        "statuses": ["open", "closed"],
        "updated_since": "2026-03-01T00:00:00Z",
        "page": 2,
        "page_size": 50,
        "with_history": False,
    }


def test_an_empty_argument_is_none(anyone: FlaskClient, services: FakeServices) -> None:
    anyone.get(f"{V2}/requests.json", query_string={**HERE, "status": " ", "page": "", "service_code": ""})
    assert services.last == {"jurisdiction": "360704", "with_history": False}


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-CN", "2小时内响应，1个工作日内解决"), ("en", "Answered within 2 hours, solved within 1 working day")],
)
def test_a_service_says_how_long_it_takes(
    anyone: FlaskClient, services: FakeServices, language: str, words: str
) -> None:
    services.outcomes["cases.offered_services"] = {"items": [{**LAMP, "resolve": {"count": 1, "unit": "wd"}}]}
    [found] = json.loads(
        anyone.get(f"{V2}/services.json", query_string=HERE, headers={"Accept-Language": language}).data
    )
    assert found["description"] == words
    assert set(UNITS) == {each.value for each in Unit}


@pytest.mark.parametrize(("language", "group"), [("zh-CN", "公用设施"), ("en", "Public facilities")])
def test_a_service_says_its_group_in_words(anyone: FlaskClient, language: str, group: str) -> None:
    [found] = json.loads(
        anyone.get(f"{V2}/services.json", query_string=HERE, headers={"Accept-Language": language}).data
    )
    assert found["group"] == group
    assert set(GROUPS) == {each.en for catalogue in published().values() for each in catalogue.groups}


def test_a_definition_asks_for_what_a_report_takes(anyone: FlaskClient, services: FakeServices) -> None:
    found = json.loads(anyone.get(f"{V2}/services/0101.json", query_string=HERE).data)
    assert [each["code"] for each in found["attributes"]] == ["emergency", "compound", "asset", "weighs_on"]
    assert [each["order"] for each in found["attributes"]] == [1, 2, 3, 4]
    assert [each["variable"] for each in found["attributes"]] == [False, True, True, True]
    assert [each["key"] for each in found["attributes"][3]["values"]] == ["elderly", "child", "disabled"]
    services.outcomes["cases.offered_service"] = {**LAMP, "physical": False}
    codes = json.loads(anyone.get(f"{V2}/services/0801.json", query_string=HERE).data)["attributes"]
    assert "asset" not in {each["code"] for each in codes}


@pytest.mark.parametrize("path", ["/open311/discovery", "/open311/v2/discovery"])
@pytest.mark.parametrize("form", FORMS)
def test_discovery_needs_no_jurisdiction_and_says_where_what_is(anyone: FlaskClient, path: str, form: str) -> None:
    found = told(anyone.get(f"{path}.{form}", base_url="https://sandan.example.cn"))
    assert set(found) == {"changeset", "contact", "key_service", "endpoints"}
    [endpoint] = found["endpoints"]
    assert endpoint["url"] == "https://sandan.example.cn/open311/v2"
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]


def test_the_district_of_the_installation_is_meant_where_none_is_named(
    services: FakeServices, settings: Settings
) -> None:
    anyone = create_app(services, replace(settings, open311_district="360704")).test_client()
    for query in ({}, {"jurisdiction_id": ""}):
        assert anyone.get(f"{V2}/services.json", query_string=query).status_code == 200
        assert services.last == {"jurisdiction": "360704"}


def test_answers_are_cached_by_language_and_limited(services: FakeServices, settings: Settings) -> None:
    anyone = create_app(services, replace(settings, reading_rate="2 per minute")).test_client()
    first = anyone.get(f"{V2}/requests.json", query_string=HERE)
    assert (first.headers["Cache-Control"], first.headers["Vary"]) == ("public, max-age=60", "Accept-Language")
    again = anyone.get(f"{V2}/requests.json", query_string=HERE, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    refused = anyone.get(f"{V2}/requests.json", query_string=HERE)
    assert refused.status_code == 429
    assert errors(refused)
    assert int(refused.headers["Retry-After"]) >= 1


OUTCOMES = [
    (Refusal("service_request_not_found"), 404),
    (Refusal("jurisdiction_not_found", jurisdiction_id="360702"), 404),
    (Refusal("service_not_found", service_code="0701"), 404),
    (Refusal("outside_your_district", act="report"), 403),
    (Refusal("invalid", errors=[{"pointer": "/until", "detail": "At most 90 days at once."}]), 400),
    (Refusal("stale_version", version=2), 400),
    (Unreachable("cases"), 503),
    (DeadlineExceeded("cases.public_requests"), 504),
    (RuntimeError("nobody foresaw it"), 500),
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("outcome", "status"), OUTCOMES, ids=[str(each)[:30] for each, _ in OUTCOMES])
def test_whatever_goes_wrong_is_told_as_the_standard_has_it(
    anyone: FlaskClient, services: FakeServices, outcome: Exception, status: int, form: str
) -> None:
    services.outcomes["cases.public_requests"] = outcome
    answer = anyone.get(f"{V2}/requests.{form}", query_string=HERE)
    assert answer.status_code == status
    assert errors(answer)
    assert "nobody foresaw it" not in answer.get_data(as_text=True)


WRONG = [
    ("GET", f"{V2}/nothing.{{}}", 404),
    ("GET", f"{V2}/requests/a/b.{{}}", 404),
    ("GET", f"{V2}/tokens/t-1.{{}}", 404),
    ("DELETE", f"{V2}/requests.{{}}", 405),
    ("POST", f"{V2}/services.{{}}", 405),
    ("GET", f"{V2}/services/0101.{{}}", 400),
    ("GET", f"{V2}/requests.{{}}?jurisdiction_id={'x' * 8001}", 414),
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("method", "path", "status"), WRONG, ids=[f"{each[0]} {each[1][:45]}" for each in WRONG])
def test_errors_come_in_the_format_of_the_path(
    anyone: FlaskClient, method: str, path: str, status: int, form: str
) -> None:
    answer = anyone.open(path.format(form), method=method)
    assert answer.status_code == status
    assert errors(answer)
    assert answer.mimetype == ("text/xml" if form == "xml" else "application/json")


def test_without_a_format_an_error_is_in_xml(anyone: FlaskClient) -> None:
    for path in (f"{V2}/requests", f"{V2}/requests.yaml", "/open311/v3/requests", "/open311/"):
        answer = anyone.get(path)
        assert (answer.status_code, answer.mimetype) == (404, "text/xml")
        assert errors(answer)


@pytest.mark.parametrize(("language", "says"), [("en", "add the ending"), ("zh-CN", "请补上后缀")])
def test_an_address_without_a_format_is_told_which_there_are(anyone: FlaskClient, language: str, says: str) -> None:
    for path in (f"{V2}/requests", f"{V2}/requests.json/", "/open311/v2/nothing.json"):
        [error] = errors(anyone.get(path, headers={"Accept-Language": language}))
        assert all(each in error["description"] for each in (says, ".xml", ".json", "/open311/discovery.json"))
        assert "/docs" not in error["description"]


def test_elsewhere_errors_are_what_they_were(anyone: FlaskClient) -> None:
    assert anyone.get("/v1/nothing.json").mimetype == "application/problem+json"
    assert anyone.get("/open311x/requests.json").mimetype == "application/problem+json"


def _several() -> Iterator[dict[str, str]]:
    yield {"pointer": "/since", "detail": "Not an RFC 3339 instant with offset."}
    yield {"pointer": "/statuses/1", "detail": "Must be one of: open, closed."}


def test_each_fault_is_an_error_and_bears_the_name_that_the_standard_gives_it(
    anyone: FlaskClient, services: FakeServices
) -> None:
    services.outcomes["cases.public_requests"] = Refusal("invalid", errors=list(_several()))
    answer = anyone.get(f"{V2}/requests.json", query_string=HERE, headers={"Accept-Language": "en"})
    assert json.loads(answer.data) == [
        {"code": 400, "description": "start_date: Not an RFC 3339 instant with offset."},
        {"code": 400, "description": "status: Must be one of: open, closed."},
    ]


HOLDER = {"id": "k-1", "grants": [{"role": "api_key", "scope": "360704"}], "unit": None}
FORM = {
    **HERE,
    "api_key": "the secret",
    "service_code": "0101",
    "description": "路灯不亮\n两天了",
    "lat": "25.8672",
    "long": "115.0058",
    "attribute[asset]": "a-1",
    "attribute[weighs_on][]": ["elderly", "child"],
    "phone": "12000000001",
    "first_name": "测001",
    "last_name": "谢",
    "email": "not-kept@example.cn",
    "device_id": "d-1",
    "media_url": "http://example.cn/lamp.jpg",
}


@pytest.fixture
def filing(services: FakeServices) -> FakeServices:
    services.outcomes["members.api_key_holder"] = HOLDER
    services.outcomes["cases.file_request"] = RECEIPT
    return services


@pytest.mark.parametrize("form", FORMS)
def test_what_is_filed_gets_its_number_at_once(anyone: FlaskClient, filing: FakeServices, form: str) -> None:
    answer = anyone.post(f"{V2}/requests.{form}", data=FORM)
    assert answer.status_code == 201
    [made] = told(answer)
    assert made["service_request_id"] == RECEIPT["number"]
    assert "token" not in made
    assert answer.headers["Location"] == f"{V2}/requests/{RECEIPT['number']}.{form}"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_report_is_handed_on_with_who_files_it_and_nothing_that_is_not_kept(
    anyone: FlaskClient, filing: FakeServices
) -> None:
    anyone.post(f"{V2}/requests.json", data=FORM)
    assert filing.calls[0] == ("members.api_key_holder", {"secret": "the secret"})
    given = {name: value for name, value in filing.last.items() if name != "command_id"}
    assert given == {
        "caller": HOLDER,
        "jurisdiction": "360704",
        "service_code": "0101",
        "description": "路灯不亮\n两天了",
        "lat": 25.8672,
        "long": 115.0058,
        "asset": "a-1",
        "weighs_on": ["elderly", "child"],
        "phone": "12000000001",
        "first_name": "测001",
        "last_name": "谢",
    }


def test_the_same_key_of_a_program_is_the_same_command_and_without_one_each_is_its_own(
    anyone: FlaskClient, filing: FakeServices
) -> None:
    ids = []
    for headers in ({"Idempotency-Key": "k"}, {"Idempotency-Key": "k"}, {}, {}):
        anyone.post(f"{V2}/requests.json", data=FORM, headers=headers)
        ids.append(filing.last["command_id"])
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("secret", [..., "", "wrong"], ids=["missing", "empty", "wrong"])
def test_without_a_good_key_nothing_is_filed(anyone: FlaskClient, filing: FakeServices, secret: Any, form: str) -> None:
    filing.outcomes["members.api_key_holder"] = Refusal("api_key_refused")
    data = {name: value for name, value in {**FORM, "api_key": secret}.items() if value is not ...}
    answer = anyone.post(f"{V2}/requests.{form}", data=data, query_string={"api_key": "of no use in a query"})
    assert answer.status_code == 403
    assert errors(answer)
    assert "cases.file_request" not in {name for name, _ in filing.calls}


@pytest.mark.parametrize(
    ("name", "text"),
    [("lat", "north"), ("lat", "nan"), ("lat", "1_0"), ("long", "1e3"), ("long", "１２"), ("attribute[colour]", "red")],
)
def test_what_cannot_be_read_goes_on_as_it_came(
    anyone: FlaskClient, filing: FakeServices, name: str, text: str
) -> None:
    anyone.post(f"{V2}/requests.json", data={**FORM, name: text})
    assert filing.last[name] == text


@pytest.mark.parametrize("text", ["two", "1.5", "１", "-1"])
def test_so_does_a_number_of_a_page(anyone: FlaskClient, services: FakeServices, text: str) -> None:
    anyone.get(f"{V2}/requests.json", query_string={**HERE, "page": text, "page_size": "7"})
    assert (services.last["page"], services.last["page_size"]) == (text, 7)


def test_faults_that_cases_finds_bear_the_names_of_the_standard(anyone: FlaskClient, filing: FakeServices) -> None:
    filing.outcomes["cases.file_request"] = Refusal(
        "invalid", errors=[{"pointer": "/weighs_on/0", "detail": "Must be one of: elderly."}]
    )
    answer = anyone.post(f"{V2}/requests.json", data=FORM)
    assert errors(answer)[0]["description"].startswith("attribute[weighs_on]: ")


@pytest.mark.parametrize(
    ("language", "says"), [("en", "No such request. Check the "), ("zh-CN", "没有找到该请求。请核对")]
)
def test_an_error_says_what_is_wrong_and_what_to_do(
    anyone: FlaskClient, services: FakeServices, language: str, says: str
) -> None:
    services.outcomes["cases.public_request"] = Refusal("service_request_not_found")
    answer = anyone.get(f"{V2}/requests/1.json", query_string=HERE, headers={"Accept-Language": language})
    assert errors(answer)[0]["description"].startswith(says)


@pytest.mark.parametrize(
    ("code", "language", "says"),
    [
        ("unknown_compound", "en", "Name a compound that there is in address_id or attribute[compound], or a point."),
        ("unknown_compound", "zh-CN", "请在 address_id 或 attribute[compound] 填写已有的小区，或改填位置。"),
        ("unknown_asset", "en", "Name an asset of the district in attribute[asset], or leave it out."),
        ("asset_retired", "zh-CN", "请在 attribute[asset] 另填在用的部件，或不填。"),
    ],
)
def test_what_to_do_names_the_arguments_of_the_standard(
    anyone: FlaskClient, filing: FakeServices, code: str, language: str, says: str
) -> None:
    filing.outcomes["cases.file_request"] = Refusal(code)
    answer = anyone.post(f"{V2}/requests.json", data=FORM, headers={"Accept-Language": language})
    assert errors(answer)[0]["description"].endswith(says)


@pytest.mark.parametrize(
    ("language", "says"),
    [("en", "service_request_id: At most 100 at once."), ("zh-CN", "service_request_id: 一次最多 100 个。")],
)
def test_how_many_numbers_may_be_asked_for_is_said(
    anyone: FlaskClient, services: FakeServices, language: str, says: str
) -> None:
    asked = {"jurisdiction": "360704", "numbers": [str(n) for n in range(101)]}
    with pytest.raises(Refusal) as refused:
        load(RequestsSchema(), asked)
    services.outcomes["cases.public_requests"] = refused.value
    answer = anyone.get(f"{V2}/requests.json", query_string=HERE, headers={"Accept-Language": language})
    assert [each["description"] for each in errors(answer)] == [says]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("query", [{}, {"api_key": "the secret"}], ids=["no key", "key in the address"])
def test_json_is_no_form(anyone: FlaskClient, filing: FakeServices, query: dict[str, str], form: str) -> None:
    answer = anyone.post(f"{V2}/requests.{form}", json=FORM, query_string=query)
    assert answer.status_code == 415
    [error] = errors(answer)
    assert "application/x-www-form-urlencoded、multipart/form-data" in error["description"]
    assert not filing.calls


def test_a_body_without_a_type_is_no_form_and_without_a_body_the_key_is_missing(
    anyone: FlaskClient, filing: FakeServices
) -> None:
    assert anyone.post(f"{V2}/requests.json", data=b"api_key=secret").status_code == 415
    assert anyone.post(f"{V2}/requests.json").status_code == 403


def test_a_photo_comes_along_in_a_form_of_parts(anyone: FlaskClient, filing: FakeServices, port: FakePort) -> None:
    filing.outcomes["cases.photo_ticket"] = {"ticket": "t-1"}
    port.answers["PUT", "/photos/t-1"] = (201, "application/json", b'{"photo_id": "f-1"}')
    data = {**FORM, "media": (BytesIO(b"bytes of a lamp"), "lamp.jpg", "image/jpeg")}
    answer = anyone.post(f"{V2}/requests.json", data=data, content_type="multipart/form-data")
    assert answer.status_code == 201
    assert filing.last["photos"] == ["f-1"]
    assert [each[2] for each in port.got] == [b"bytes of a lamp"]
    assert filing.calls[1][1]["caller"] == HOLDER


def test_a_form_of_parts_is_under_way_like_every_photo_that_is_sent(anyone: FlaskClient, filing: FakeServices) -> None:
    transfers = Transfers(dict.fromkeys(Way, 1), patience=0.05)
    anyone.application.extensions["transfers"] = transfers
    with ExitStack() as under_way:
        for _ in range(SHARING):
            under_way.enter_context(transfers.of(Holder("127.0.0.1", SHARING), Way.SENT))
        parts = anyone.post(f"{V2}/requests.json", data=FORM, content_type="multipart/form-data")
        plain = anyone.post(f"{V2}/requests.json", data=FORM)
    again = anyone.post(f"{V2}/requests.json", data=FORM, content_type="multipart/form-data")
    assert [each.status_code for each in (parts, plain, again)] == [503, 201, 201]


def test_a_form_whose_photo_finds_no_room_on_disk_comes_again(
    anyone: FlaskClient, filing: FakeServices, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    data = {**FORM, "media": (BytesIO(bytes(IN_MEMORY + 1)), "lamp.jpg", "image/jpeg")}
    answer = anyone.post(f"{V2}/requests.json", data=data, content_type="multipart/form-data")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert errors(answer)
    assert not filing.calls


def test_each_photo_of_a_command_is_a_command_of_its_own_that_comes_again_with_it(
    anyone: FlaskClient, filing: FakeServices, port: FakePort
) -> None:
    filing.outcomes["cases.photo_ticket"] = {"ticket": "t-1"}
    port.answers["PUT", "/photos/t-1"] = (201, "application/json", b'{"photo_id": "f-1"}')
    for headers in ({"Idempotency-Key": "k"}, {"Idempotency-Key": "k"}, {}):
        data = {**FORM, "media": [(BytesIO(b"bytes of a lamp"), f"lamp-{n}.jpg", "image/jpeg") for n in range(2)]}
        anyone.post(f"{V2}/requests.json", data=data, content_type="multipart/form-data", headers=headers)
    first, second, again, second_again, *others = (
        given["command_id"] for name, given in filing.calls if name == "cases.photo_ticket"
    )
    assert (first, second) == (again, second_again)
    assert len({first, second, *others}) == 4


def test_a_photo_that_is_none_is_refused_as_the_standard_has_it(
    anyone: FlaskClient, filing: FakeServices, port: FakePort
) -> None:
    filing.outcomes["cases.photo_ticket"] = {"ticket": "t-1"}
    refused = json.dumps(Refusal("photo_not_readable").dump()).encode()
    port.answers["PUT", "/photos/t-1"] = (422, "application/json", refused)
    data = {**FORM, "media": (BytesIO(b"text"), "lamp.jpg", "image/jpeg")}
    answer = anyone.post(f"{V2}/requests.xml", data=data, content_type="multipart/form-data")
    assert answer.status_code == 400
    assert errors(answer)
