"""The codes for walls and musters say, to a reader that knows nothing of them, what they are to say."""

import pytest
from flask.testing import FlaskClient

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
