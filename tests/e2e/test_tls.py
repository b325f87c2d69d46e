"""A suite that speaks TLS alone: with the public and partners, the broker, the databases, and within."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests

from dev.client import Client
from dev.lamp import COMPOUND, picture
from dev.ports import HOST, free_port
from dev.servers import Broker, Mongod
from tests.certificates import Authority
from tests.e2e.cast import cast
from tests.e2e.staged import StagedSuite
from tests.e2e.test_partner_queue import sample
from tests.waiting import eventually

REPORT: dict[str, Any] = {"text": "楼道灯不亮", "location": COMPOUND}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """Whom requests and the system's clients in this process believe as long as this module lasts."""
    made = Authority(tmp_path_factory.mktemp("authority"))
    with pytest.MonkeyPatch.context() as believed:
        believed.setenv("REQUESTS_CA_BUNDLE", str(made.file))
        believed.setenv("SSL_CERT_FILE", str(made.file))
        yield made


@pytest.fixture(scope="module")
def secured(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StagedSuite]:
    directory, files = tmp_path_factory.mktemp("secured"), authority.files(HOST)
    broker = Broker(directory / "rabbitmq", free_port(), free_port(), free_port(), free_port(), tls=files)
    mongod = Mongod(directory / "mongod", free_port(), testing=True, tls=files)
    shown = {f"{way}_{kind}_FILE": str(files.chain) for way in ("TLS", "INTERNAL") for kind in ("CERT", "KEY")}
    more = {"INTERNAL_CA_FILE": str(files.authority), "RATE_STORE": mongod.uri}
    with ExitStack() as stack:
        for server in (broker, mongod):
            stack.callback(server.stop)
            server.start()
        suite = StagedSuite(directory, broker, mongod, settings={**broker.settings, **shown, **more})
        stack.callback(suite.stop)
        suite.prepare()
        suite.start()
        yield suite


@pytest.fixture(scope="module")
def everybody(secured: StagedSuite) -> dict[str, Client]:
    return cast(secured, ["resident", "dispatcher", "admin"])


def test_a_case_goes_its_way_from_the_reporter_to_the_desk_and_back(
    secured: StagedSuite, everybody: dict[str, Client]
) -> None:
    assert secured.url.startswith("https://")
    resident, dispatcher = everybody["resident"], everybody["dispatcher"]
    kept = resident.post("/v1/photos", data=picture(lit=False), headers={"Content-Type": "image/jpeg"})
    assert kept.status_code == 201, kept.text
    filed = resident.post("/v1/cases", json=REPORT | {"photos": [kept.json()["photo_id"]]})
    assert filed.status_code == 201, filed.text
    case = f"/v1/cases/{filed.json()['case_id']}"
    registered = dispatcher.post(f"{case}/register", json={"category": "0101"})
    assert registered.status_code == 200, registered.text
    assert dispatcher.get(f"/v1/photos/{kept.json()['photo_id']}").status_code == 200

    def told() -> bool:
        notices = resident.get("/v1/inbox").json()["items"]
        return {"reported", "registered"} <= {each["template"] for each in notices if each["case_id"] in case}

    assert eventually(told)


def test_a_partner_reads_a_queue_under_tls(everybody: dict[str, Client]) -> None:
    admin = everybody["admin"]
    made = admin.post("/v1/subscriptions", json={"way": "amqp", "types": ["case.*"]}).json()
    path = f"/v1/subscriptions/{made['subscription_id']}"
    assert eventually(lambda: admin.get(path).json()["state"] == "active", 40), admin.get(path).text
    filed = everybody["resident"].post("/v1/cases", json=REPORT).json()
    amqp = admin.get(path).json()["amqp"]
    assert amqp["url"].startswith("amqps://")
    heard: list[tuple[str, str, Any]] = []

    def has_come() -> bool:
        reading = (amqp["url"], amqp["username"], made["secret"], amqp["queue"], lambda *each: heard.append(each))
        sample("read")(*reading)
        return filed["case_id"] in json.dumps(heard)

    assert eventually(has_come)


def test_sign_ins_are_counted_in_a_database_under_tls(secured: StagedSuite, everybody: dict[str, Client]) -> None:
    assert everybody
    with secured.mongod.client() as client:
        assert client["limits"]["counters"].count_documents({}) > 0
    assert "requests are not counted" not in secured.logs()


def test_what_happens_is_told_while_it_happens(secured: StagedSuite, everybody: dict[str, Client]) -> None:
    with everybody["dispatcher"].get("/v1/streams/desk", stream=True) as stream:
        assert stream.status_code == 200
        filed = everybody["resident"].post("/v1/cases", json=REPORT).json()
        assert any(filed["case_id"].encode() in line for line in stream.iter_lines(chunk_size=1))


@pytest.mark.usefixtures("everybody")
def test_without_its_authority_nobody_speaks_with_it(
    secured: StagedSuite, authority: Authority, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = Authority(tmp_path)
    assert other.pem != authority.pem
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(other.file))
    with pytest.raises(requests.exceptions.SSLError, match="CERTIFICATE_VERIFY_FAILED"):
        secured.client().get("/health/ready")
    plain = secured.url.replace("https:", "http:")
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{plain}/health/ready", timeout=5)
