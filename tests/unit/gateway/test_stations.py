"""Uses of stations are counted for anybody, within a rate for each address; their codes are printed."""

import io
from dataclasses import replace
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from flask.testing import FlaskClient

from gateway.app import create_app
from gateway.settings import Settings
from tests.unit.gateway.fakes import FakeServices, said

COUNTED = {"station_id": "v-1", "day": "2026-03-12"}
FUNNEL = {
    "area": "360704",
    "fewest_told": 10,
    "items": [
        {"quarter": "2026Q1", "uses": 400, "used": 120, "served": 18, "rate": 15.0},
        {"quarter": "2025Q4", "uses": 3, "used": None, "served": None, "rate": None},
    ],
}


def test_anybody_counts_a_use_and_the_same_key_is_the_same_command(anyone: FlaskClient, services: FakeServices) -> None:
    services.outcomes["members.use_station"] = COUNTED
    for key in ("k", "k", "l"):
        answer = anyone.post("/v1/stations/v-1/uses", json={"code": "x"}, headers={"Idempotency-Key": key})
        assert (answer.status_code, said(answer)) == (200, COUNTED)
    first, again, other = (told for _, told in services.calls)
    assert first == again != other
    assert set(first) == {"command_id", "station_id", "code"}


def test_one_address_counts_no_more_uses_than_its_rate(services: FakeServices, settings: Settings) -> None:
    """F11: what a flood from one address is held back by."""
    anyone = create_app(services, replace(settings, station_use_rate="3 per minute")).test_client()
    services.outcomes["members.use_station"] = COUNTED
    asked = [anyone.post("/v1/stations/v-1/uses", json={"code": "x"}).status_code for _ in range(4)]
    assert asked == [200, 200, 200, 429]
    elsewhere = anyone.post("/v1/stations/v-1/uses", json={"code": "x"}, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.status_code == 200


def test_a_code_is_printed_as_a_picture(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["members.station_code"] = {"station_id": "v-1", "code": "secret"}
    answer = client.get("/v1/stations/v-1/code")
    assert (answer.status_code, answer.content_type) == (200, "image/svg+xml")
    assert ET.fromstring(answer.data).tag == "{http://www.w3.org/2000/svg}svg"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("kind", "first"), [("csv", "季度"), ("xlsx", "Quarter")], ids=["in Chinese", "in English"])
def test_the_report_is_a_file(client: FlaskClient, services: FakeServices, kind: str, first: str) -> None:
    """F13: 120 → 18 = 15.00 %, as XLSX and CSV, and nothing where nothing is told."""
    services.outcomes["members.station_funnel"] = FUNNEL
    language = {"Accept-Language": "en" if kind == "xlsx" else "zh-CN"}
    answer = client.get(f"/v1/station-funnel/360704/export?format={kind}&quarter=2026Q1", headers=language)
    assert answer.status_code == 200
    assert services.last["quarter"] == "2026Q1"
    if kind == "csv":
        rows = [line.split(",") for line in answer.data.decode("utf-8-sig").splitlines()]
        assert rows[1:] == [["2026Q1", "400", "120", "18", "15.0"], ["2025Q4", "3", "", "", ""]]
    else:
        [sheet] = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        assert rows[1:] == [["2026Q1", 400, 120, 18, 15], ["2025Q4", 3, None, None, None]]
    assert rows[0][0] == first
