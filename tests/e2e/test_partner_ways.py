"""A partner follows cases by a feed and by webhooks, over HTTP: the same ids and bytes, and what it asks for."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from standardwebhooks import Webhook

from dev.client import Client
from dev.lamp import COMPOUND
from dev.receiver import Receiver
from tests.e2e.staged import StagedSuite
from tests.waiting import eventually

BATCH = "application/cloudevents-batch+json"


class Follower:
    """The district's administrator as a partner, with a feed."""

    def __init__(self, client: Client) -> None:
        self.client = client
        made = client.post("/v1/subscriptions", json={"way": "feed", "types": ["case.*"]})
        assert (made.status_code, made.json()["state"], made.json()["secret"]) == (201, "active", None)
        self.id = made.json()["subscription_id"]
        self.path = f"/v1/events?subscription_id={self.id}"

    def read(self, path: str) -> tuple[list[dict[str, Any]], str]:
        """The events of a page, and where the next one is."""
        answer = self.client.get(path)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, BATCH), answer.text
        events: list[dict[str, Any]] = answer.json()
        return events, answer.links["next"]["url"] if "next" in answer.links else path

    def follow(self, path: str) -> Iterator[dict[str, Any]]:
        """Every event from there on, until there is nothing new."""
        while True:
            events, following = self.read(path)
            yield from events
            if not events and following == path:
                return
            path = following

    def end(self) -> str:
        """Where there is nothing new."""
        path = self.path
        while True:
            events, following = self.read(path)
            if not events and following == path:
                return path
            path = following


@pytest.fixture
def follower(people: dict[str, Client]) -> Iterator[Follower]:
    made = Follower(people["admin"])
    yield made
    people["admin"].delete(f"/v1/subscriptions/{made.id}")


@pytest.fixture
def hook(people: dict[str, Client]) -> Iterator[tuple[Receiver, str, str]]:
    """A receiver, the path of its subscription, and its secret."""
    with Receiver() as receiver:
        made = people["admin"].post("/v1/subscriptions", json={"url": receiver.url, "types": ["case.*"]}).json()
        path = f"/v1/subscriptions/{made['subscription_id']}"
        assert eventually(lambda: people["admin"].get(path).json()["state"] == "active")
        yield receiver, path, made["secret"]
        people["admin"].delete(path)


@pytest.fixture
def report(suite: StagedSuite, people: dict[str, Client]) -> Callable[[], str]:
    def filed() -> str:
        suite.clock.set("2026-03-26T10:00:00+08:00")
        body = {"text": "楼道灯不亮", "location": COMPOUND}
        answer = people["resident"].post("/v1/cases", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["case_id"])

    return filed


def test_a_feed_has_what_a_webhook_brings(
    follower: Follower, hook: tuple[Receiver, str, str], report: Callable[[], str]
) -> None:
    receiver, _, _ = hook
    start, case_id = follower.end(), report()
    assert eventually(lambda: [each for each in receiver.deliveries if each.subject == f"case/{case_id}"])
    [posted] = [each for each in receiver.deliveries if each.subject == f"case/{case_id}"]
    [fed] = [each for each in follower.follow(start) if each["subject"] == f"case/{case_id}"]
    assert (fed["id"], fed["type"], fed["sequence"]) == (posted.id, posted.type, str(posted.sequence))
    assert fed["data"] == posted.data
    assert "reporter_id" not in json.dumps(fed)


def test_a_part_of_the_feed_and_cursors_that_are_none(
    follower: Follower, people: dict[str, Client], report: Callable[[], str]
) -> None:
    start, case_id = follower.end(), report()
    query = start.partition("?")[2]
    assert eventually(lambda: list(follower.follow(f"/v1/events?{query}&type=case.reported")))
    found = list(follower.follow(f"/v1/events?{query}&type=case.reported&grid=360704"))
    assert [each["subject"] for each in found if each["type"] == "case.reported"] == [each["subject"] for each in found]
    assert f"case/{case_id}" in {each["subject"] for each in found}
    assert list(follower.follow(f"/v1/events?{query}&category=07")) == []
    unknown = people["admin"].get(f"{follower.path}&category=99")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_category")
    outside = people["admin"].get(f"{follower.path}&grid=360101")
    assert (outside.status_code, outside.json()["code"]) == (422, "outside_subscription")
    assert outside.json()["errors"][0]["parameter"] == "grid"
    for after, status, code in (("x", 400, "invalid_cursor"), ("x" * 3000, 422, "invalid")):
        refused = people["admin"].get(f"{follower.path}&after={after}")
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert people["resident"].get("/v1/events").json()["code"] == "not_permitted"


def test_a_secret_is_replaced_while_both_sign(
    people: dict[str, Client], hook: tuple[Receiver, str, str], report: Callable[[], str]
) -> None:
    receiver, path, old = hook
    rotated = people["admin"].post(f"{path}/rotate-secret", json={"overlap_hours": 2})
    assert (rotated.status_code, rotated.headers["Cache-Control"]) == (200, "no-store")
    for secret in (old, rotated.json()["secret"]):
        receiver.secret = secret
        case_id = report()
        assert eventually(lambda case_id=case_id: _got(receiver, case_id))  # type: ignore[misc]
    again = people["admin"].post(f"{path}/rotate-secret")
    assert (again.status_code, again.json()["code"]) == (409, "old_secret_in_force")
    assert people["admin"].post(f"{path}/end-old-secret").status_code == 200
    case_id = report()
    assert eventually(lambda: _got(receiver, case_id))
    Webhook(rotated.json()["secret"])


def test_other_filters_a_test_and_a_replay(
    people: dict[str, Client], hook: tuple[Receiver, str, str], report: Callable[[], str]
) -> None:
    receiver, path, _ = hook
    admin = people["admin"]
    case_id = report()
    assert eventually(lambda: _got(receiver, case_id))
    changed = admin.patch(path, json={"types": ["case.reported"], "categories": []})
    assert (changed.status_code, changed.json()["act"]) == (200, "change")
    assert admin.get(path).json()["types"] == ["case.reported"]
    assert admin.patch(path, json={"grid_prefix": "360101"}).json()["code"] == "out_of_scope"
    assert admin.patch(path, json={"participant_id": "u-none"}).json()["code"] == "unknown_unit"
    assert admin.patch(path, json={"url": "https://10.0.0.1/x"}).json()["code"] == "url_refused"
    before = len(receiver.deliveries)
    assert admin.post(f"{path}/test").status_code == 202
    assert eventually(lambda: [each.type for each in receiver.deliveries[before:]] == ["subscription.test"])
    since = {"since": "2020-01-01T00:00:00+08:00"}
    found, times = admin.post(f"{path}/replay", json=since), 0
    while found.json()["next"]:
        found, times = admin.post(f"{path}/replay", json={"after": found.json()["next"]}), times + 1
        assert times < 200
    assert eventually(lambda: len(_got(receiver, case_id)) == 2)
    assert {each.type for each in receiver.deliveries[before:]} == {"subscription.test", "case.reported"}

    def states() -> list[str]:
        return [each["state"] for each in admin.get(f"{path}/deliveries?state=delivered&limit=1").json()["items"]]

    assert eventually(lambda: states() == ["delivered"])  # what came to it is noted in lots, a moment later
    assert admin.get(f"{path}/deliveries?state=parked").json()["items"] == []


def _got(receiver: Receiver, case_id: str) -> list[str]:
    return [each.id for each in receiver.deliveries if each.subject == f"case/{case_id}"]
