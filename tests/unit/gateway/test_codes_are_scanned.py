"""The codes for walls and musters say, to a reader that knows nothing of them, what they are to say."""

import pytest
from flask.testing import FlaskClient

from chassis.errors import Refusal
from tests.drawn_code import read_off_picture
from tests.unit.gateway.fakes import FakeServices

CAMERA = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
"""What the browser asks for that a phone's camera opens."""


def test_the_code_of_the_day_is_read_as_it_was_signed(client: FlaskClient, services: FakeServices) -> None:
    """F44: what a phone reads at the muster point is the code, to the last sign."""
    code = "M1.0198a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b.20260319.u3TqzH1n0bJcVx2YwK4e"
    services.outcomes["members.muster_code"] = {"activity_id": "a-1", "day": "2026-03-19", "code": code}
    assert read_off_picture(client.get("/v1/activities/a-1/muster-code/svg").data) == [code]


def test_the_code_of_a_station_is_the_address_at_which_a_use_is_counted(
    client: FlaskClient, services: FakeServices
) -> None:
    """F11: what is read on the wall leads to the station, and holds its code behind `#`."""
    services.outcomes["members.station_code"] = {"station_id": "v-1", "code": "5b0c7f0e9c3d41aa2f60"}
    read = read_off_picture(client.get("/v1/stations/v-1/code").data)
    assert read == ["http://localhost/v1/stations/v-1/uses#5b0c7f0e9c3d41aa2f60"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-CN,zh;q=0.9", '<html lang="zh-CN">'), ("en-GB,en;q=0.9", "scan the code on the wall once more")],
    ids=["in Chinese", "in English"],
)
def test_a_camera_that_opens_the_address_of_a_station_gets_a_page_that_says_what_to_do(
    anyone: FlaskClient, services: FakeServices, language: str, words: str
) -> None:
    """F11: nothing is counted by it."""
    answer = anyone.get("/v1/stations/v-1/uses", headers={**CAMERA, "Accept-Language": language})
    assert (answer.status_code, answer.content_type) == (401, "text/html; charset=utf-8")
    page = answer.get_data(as_text=True)
    assert words in page
    assert ("扫一扫" in page) == language.startswith("zh")
    assert "form-action" in answer.headers["Content-Security-Policy"]
    assert services.calls == []


def test_programs_and_other_addresses_of_stations_answer_without_a_token_as_everywhere(anyone: FlaskClient) -> None:
    for path, headers in (("/v1/stations/v-1/uses", {"Accept": "*/*"}), ("/v1/stations", CAMERA)):
        answer = anyone.get(path, headers=headers)
        assert (answer.status_code, answer.content_type) == (401, "application/problem+json")


CHECKED = {
    "number": "V-2026-0001",
    "state": "revoked",
    "name_masked": "谢**",
    "first": "2026-01-01",
    "last": "2026-03-31",
    "minutes": 123,
    "hours": 2.0,
    "issuer": "360704",
    "issuer_name": "赣县区志愿服务<中心>",
    "issued_on": "2026-04-01",
}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-CN,zh;q=0.9", ("本证明已由记录机构撤销，不再有效", "2.0 小时（123 分钟）", "2026-01-01 至 2026-03-31")),
        ("en-GB,en;q=0.9", ("taken the certificate back", "2.0 (123 minutes)", "2026-01-01 to 2026-03-31")),
    ],
    ids=["in Chinese", "in English"],
)
def test_a_camera_that_opens_the_code_of_a_certificate_gets_a_page_and_a_program_what_it_had(
    anyone: FlaskClient, services: FakeServices, language: str, words: tuple[str, ...]
) -> None:
    services.outcomes["members.check_certificate"] = CHECKED
    address = "/v1/certificates/V-2026-0001?code=x"
    looked_at = anyone.get(address, headers={**CAMERA, "Accept-Language": language})
    assert (looked_at.status_code, looked_at.content_type) == (200, "text/html; charset=utf-8")
    page = looked_at.get_data(as_text=True)
    assert all(each in page for each in (*words, "谢**", "赣县区志愿服务&lt;中心&gt;"))
    for asked in ("*/*", "application/json", "application/json, text/html;q=0.9"):
        read = anyone.get(address, headers={"Accept": asked})
        assert (read.get_json(), read.headers["Cache-Control"]) == (CHECKED, "no-store")
        assert "Accept" in read.vary


def test_a_certificate_that_there_is_not_is_told_of_on_a_page_too(anyone: FlaskClient, services: FakeServices) -> None:
    services.outcomes["members.check_certificate"] = Refusal("certificate_not_found")
    looked_at = anyone.get("/v1/certificates/V-0?code=x", headers=CAMERA)
    assert (looked_at.status_code, looked_at.mimetype) == (404, "text/html")
    assert looked_at.headers["Content-Language"] == "zh-CN"
    assert anyone.get("/v1/certificates/V-0?code=x").mimetype == "application/problem+json"
