"""A partner takes case events from its own queue, over HTTP and AMQP alone, as docs/partners.md says."""

import json
from collections.abc import Iterator
from typing import Any

import pika.exceptions
import pytest
import requests

from dev.client import Client
from dev.lamp import COMPOUND
from tests.e2e.staged import StagedSuite
from tests.unit.docs.pages import ROOT, code_blocks
from tests.waiting import eventually

GUIDE = ROOT / "docs/partners.md"


@pytest.fixture
def queue(people: dict[str, Client]) -> Iterator[tuple[str, str]]:
    """The path of a subscription that has a queue, and the password."""
    made = people["admin"].post("/v1/subscriptions", json={"way": "amqp", "types": ["case.*"]})
    assert (made.status_code, made.json()["state"]) == (201, "pending"), made.text
    path = f"/v1/subscriptions/{made.json()['subscription_id']}"
    assert eventually(lambda: people["admin"].get(path).json()["state"] == "active", 40), people["admin"].get(path).text
    yield path, made.json()["secret"]
    people["admin"].delete(path)


def sample(name: str) -> Any:
    """A function of the guide."""
    [code] = [each for each in code_blocks(GUIDE) if f"def {name}(" in each]
    namespace: dict[str, Any] = {}
    exec(code.removeprefix("```python\n").removesuffix("```"), namespace)
    return namespace[name]


def test_the_guide_s_reader_gets_what_a_webhook_would_and_nothing_after_the_end(
    suite: StagedSuite, people: dict[str, Client], queue: tuple[str, str]
) -> None:
    path, password = queue
    suite.clock.set("2026-03-26T10:00:00+08:00")
    filed = people["resident"].post("/v1/cases", json={"text": "楼道灯不亮", "location": COMPOUND}).json()
    log = f"{path}/deliveries"
    assert eventually(lambda: [each["state"] for each in people["admin"].get(log).json()["items"]] == ["delivered"])
    [sent] = people["admin"].get(log).json()["items"]
    amqp = people["admin"].get(path).json()["amqp"]
    got: list[tuple[str, str, Any]] = []
    reading = (amqp["url"], amqp["username"], password, amqp["queue"], lambda *each: got.append(each))
    sample("read")(*reading)
    by_id = {id_: (type_, data) for type_, id_, data in got}  # at least once: the test too may have come again
    type_, data = by_id.pop(sent["event_id"])
    assert (type_, data["case_id"]) == ("case.reported", filed["case_id"])
    assert ("subscription.test", "subscription.test") in {(type_, said.get("type")) for type_, said in by_id.values()}
    assert not {"reporter_id", "callback"} & set(data)
    assert "楼道灯" not in json.dumps(data, ensure_ascii=False)
    assert people["admin"].delete(path).status_code == 204
    assert eventually(lambda: refused(reading))


def test_the_guide_s_follower_gets_what_is_new_and_goes_on_from_there(
    suite: StagedSuite, people: dict[str, Client]
) -> None:
    made = people["admin"].post("/v1/subscriptions", json={"way": "feed", "types": ["case.reported"]}).json()
    follow = sample("follow")
    got: list[tuple[str, str, Any]] = []
    url = f"{suite.url}/v1/events?subscription_id={made['subscription_id']}"
    session = requests.Session()
    session.headers["Authorization"] = str(people["admin"].headers["Authorization"])
    url = follow(session, url, lambda *each: got.append(each))
    got.clear()
    suite.clock.set("2026-03-26T10:00:00+08:00")
    filed = people["resident"].post("/v1/cases", json={"text": "楼道灯不亮", "location": COMPOUND}).json()

    def has_come() -> bool:
        nonlocal url
        url = follow(session, url, lambda *each: got.append(each))
        return bool(got)

    assert eventually(has_come)
    assert [(type_, data["case_id"]) for type_, _, data in got] == [("case.reported", filed["case_id"])]
    assert follow(session, url, lambda *each: got.append(each)) == url
    assert len(got) == 1
    people["admin"].delete(f"/v1/subscriptions/{made['subscription_id']}")


def refused(reading: tuple[Any, ...]) -> bool:
    try:
        sample("read")(*reading)
    except pika.exceptions.AMQPError:
        return True
    return False


def test_the_events_describe_themselves(suite: StagedSuite) -> None:
    anyone = suite.client()
    assert anyone.get("/asyncapi.json").json()["asyncapi"] == "3.0.0"
    assert anyone.get("/events-docs").headers["Content-Security-Policy"].startswith("default-src 'none'")
