"""What was answered is kept, once, whatever is killed meanwhile: seen over HTTP on the whole suite."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import kombu
import pytest
import requests

from dev.lamp import COMPOUND, Lamp
from dev.receiver import Receiver
from tests.e2e.cast import ACCOUNTS, cast
from tests.e2e.conftest import SuiteMaker
from tests.e2e.staged import StagedSuite
from tests.waiting import eventually

pytestmark = pytest.mark.timeout(420)

PEOPLE = ("resident", "dispatcher", "worker", "member", "second_member", "inspector", "admin")
CLERKS = 8
LEASE_SECONDS = 120
"""A delivery that died with its process is taken up again when its lease is over: 90 s, and some."""


class Town:
    """A suite of its own with two instances of each service, its people, and a partner who follows everything."""

    def __init__(self, suite: StagedSuite, receiver: Receiver) -> None:
        self.suite, self.receiver = suite, receiver
        self.people = cast(suite, PEOPLE)
        admin = self.people["admin"]
        made = admin.post("/v1/subscriptions", json={"url": receiver.url, "types": ["case.*"]}).json()
        receiver.secret = made["secret"]
        path = f"/v1/subscriptions/{made['subscription_id']}"
        assert eventually(lambda: admin.get(path).json()["state"] == "active")

    def file(self, key: str) -> str | None:
        """The id of the case that this report opened, or None when it was not acknowledged."""
        body = {"text": "路灯不亮", "location": COMPOUND}
        try:
            answer = self.people["resident"].post("/v1/cases", json=body, headers={"Idempotency-Key": key})
        except requests.RequestException:
            return None
        return str(answer.json()["case_id"]) if answer.status_code == 201 else None

    def file_many(self, count: int, meanwhile: Callable[[], None]) -> dict[str, str]:
        """File reports while something happens; the acknowledged ones by key."""
        keys = [f"{time.time_ns()}-{n}" for n in range(count)]
        with ThreadPoolExecutor(CLERKS) as pool:
            filed = pool.map(self.file, keys)
            meanwhile()  # in this thread: what it starts would end with a thread of the pool
            return {key: case_id for key, case_id in zip(keys, filed, strict=True) if case_id}

    def cases(self) -> list[str]:
        """Every case there is, page by page."""
        found: list[str] = []
        cursor: dict[str, Any] = {}
        while True:
            answer = self.people["dispatcher"].get("/v1/cases", params={"limit": 100, **cursor})
            assert answer.ok, answer.text
            page = answer.json()
            found += [item["case_id"] for item in page["items"]]
            if not page["next"]:
                return found
            cursor = {"after": page["next"]}

    def check_kept(self, kept: dict[str, str]) -> None:
        """Each acknowledged case is there once, its notices once, and the partner has heard of it in order."""
        self.suite.wait_ready()
        stored = self.cases()
        assert len(stored) == len(set(stored))
        assert set(kept.values()) <= set(stored)
        assert len(set(kept.values())) == len(kept)
        for key, case_id in list(kept.items())[:5]:
            assert self.file(key) == case_id
        heard = set(kept.values())
        assert eventually(
            lambda: heard <= {each.data.get("case_id") for each in self.receiver.deliveries}, LEASE_SECONDS
        )
        self.check_order()
        self.check_notices()

    def check_order(self) -> None:
        """Per case, the first occurrences of its events came in order."""
        first: dict[str, list[int]] = {}
        for each in self.receiver.deliveries:
            if each.sequence and each.sequence not in first.setdefault(each.subject, []):
                first[each.subject].append(each.sequence)
        assert all(seen == sorted(seen) for seen in first.values())

    def check_notices(self) -> None:
        """No notice is there twice."""
        notices = self.suite.database("notify")["notices"]
        rows = [(row["event_id"], row["recipient"], row["template"]) for row in notices.find()]
        assert len(rows) == len(set(rows))


@pytest.fixture(scope="module")
def town(new_suite: SuiteMaker) -> Iterator[Town]:
    """One town for all faults: each test leaves it whole."""
    with Receiver() as receiver:
        yield Town(new_suite(instances={"cases": 2, "members": 2, "notify": 2}), receiver)


def test_everything_acknowledged_survives_a_killed_broker(town: Town) -> None:
    def kill_and_restart() -> None:
        time.sleep(2)
        town.suite.broker.kill()
        time.sleep(1)
        town.suite.broker.restart()

    kept = town.file_many(200, kill_and_restart)
    assert kept
    town.check_kept(kept)


@pytest.mark.parametrize("service", ["cases", "members", "notify"])
def test_everything_acknowledged_survives_killed_instances(town: Town, service: str) -> None:
    def kill_each_in_turn() -> None:
        for name in (f"{service}.1", f"{service}.2"):
            time.sleep(1)
            town.suite.kill(name)
            town.suite.processes[name].start()

    kept = town.file_many(80, kill_each_in_turn)
    assert kept
    town.check_kept(kept)


def test_a_database_that_is_away_is_said_to_be_and_costs_no_process(town: Town) -> None:
    town.suite.mongod.kill()
    answer = town.people["resident"].post("/v1/cases", json={"text": "路灯不亮", "location": COMPOUND})
    town.suite.mongod.restart()
    assert answer.status_code in {503, 504}, answer.text
    assert answer.status_code == 504 or int(answer.headers["Retry-After"]) > 0
    assert eventually(lambda: town.file("after-the-database"), 30)
    town.suite.require_alive()


def test_a_relay_that_dies_between_publish_and_mark_loses_nothing(town: Town) -> None:
    town.suite.down("cases.2")
    town.suite.restart("cases.1", CRASH_AT="after-confirm:3")
    kept = town.file_many(20, lambda: None)
    assert eventually(lambda: not town.suite.processes["cases.1"].alive())
    town.suite.restart("cases.1")
    town.suite.restart("cases.2")
    town.check_kept(kept)


def test_a_killed_gateway_is_back_with_its_tokens_still_good(town: Town) -> None:
    town.suite.kill("gateway.1")
    town.suite.processes["gateway.1"].start()
    assert eventually(town.suite.ready, 30)
    assert town.people["dispatcher"].get("/v1/cases").status_code == 200


def offered(town: Town, places: int) -> Lamp:
    """The lamp, offered openly."""
    lamp = Lamp(town.people)
    assert lamp.report().ok
    assert lamp.act("dispatcher", "register", category="0303").ok
    answer = lamp.act("dispatcher", "dispatch", places=places)
    assert answer.ok, answer.text
    return lamp


def test_of_fifty_concurrent_claims_of_one_place_exactly_one_wins(town: Town) -> None:
    lamp = offered(town, places=1)
    claimants = [town.people["member"], town.people["second_member"]]

    def claim(n: int) -> tuple[int, str]:
        answer = claimants[n % 2].post(f"/v1/cases/{lamp.case_id}/accept", json={})
        return answer.status_code, answer.json().get("code", "")

    with ThreadPoolExecutor(50) as pool:
        outcomes = list(pool.map(claim, range(50)))
    assert [status for status, _ in outcomes].count(200) == 1
    assert {code for status, code in outcomes if status != 200} <= {
        "places_taken",
        "already_accepted",
        "busy_try_again",
    }


def test_an_acceptance_whose_process_dies_before_it_answers_succeeds_when_repeated(town: Town) -> None:
    lamp = offered(town, places=1)
    town.suite.down("cases.2")
    town.suite.restart("cases.1", CRASH_AT="after-write")
    key = {"Idempotency-Key": "accept-once"}
    path = f"/v1/cases/{lamp.case_id}/accept"
    first = town.people["member"].post(path, json={}, headers=key)
    assert first.status_code in {503, 504}
    assert not town.suite.processes["cases.1"].alive()
    town.suite.restart("cases.1")
    town.suite.restart("cases.2")
    again = town.people["member"].post(path, json={}, headers=key)
    assert again.status_code == 200, again.text
    assert again.json()["status"] == "ACCEPTED"
    case = town.people["dispatcher"].get(f"/v1/cases/{lamp.case_id}").json()
    assert [each["id"] for each in case["assignees"]] == [ACCOUNTS["member"]["person_id"]]


def merge(town: Town, joining: str | None, target: str | None, key: str) -> requests.Response:
    path, headers = f"/v1/cases/{joining}/merge", {"Idempotency-Key": key}
    return town.people["dispatcher"].post(path, json={"target_case_id": target}, headers=headers)


def test_of_two_reports_that_are_merged_into_each_other_at_once_one_stays_open(town: Town) -> None:
    for n in range(10):
        pair = [town.file(f"each-other-{n}-{side}") for side in "ab"]
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(partial(merge, town), pair, pair[::-1], [f"{n}-there", f"{n}-back"]))
        assert sorted(answer.json().get("code", "merged") for answer in answers) == ["merged", "target_not_open"]
        seen = [town.people["dispatcher"].get(f"/v1/cases/{id}").json()["status"] for id in pair]
        assert sorted(seen) == ["MERGED", "REPORTED"]


def test_a_merge_whose_process_dies_half_way_changes_nothing_and_succeeds_when_repeated(town: Town) -> None:
    joining, target = town.file("half-way-joining"), town.file("half-way-target")
    town.suite.down("cases.2")
    town.suite.restart("cases.1", CRASH_AT="before-write:2")
    assert merge(town, joining, target, "half-way").status_code in {503, 504}
    assert not town.suite.processes["cases.1"].alive()
    town.suite.restart("cases.1")
    town.suite.restart("cases.2")
    views = [town.people["dispatcher"].get(f"/v1/cases/{id}").json() for id in (joining, target)]
    assert [(view["status"], view["version"]) for view in views] == [("REPORTED", 1)] * 2
    assert eventually(lambda: merge(town, joining, target, "half-way").ok, 30)
    told = town.people["dispatcher"].get(f"/v1/cases/{target}").json()["timeline"]
    assert [line["act"] for line in told] == ["report", "join"]


def test_two_instances_of_each_service_share_the_work(town: Town) -> None:
    """Each takes its part; how much is up to what else it does, such as the events in order, which one has alone."""
    pairs = {service: [f"{service}.{n}" for n in (1, 2)] for service in ("cases", "members", "notify")}
    before = {name: handled(town, name) for pair in pairs.values() for name in pair}

    def shares(pair: list[str]) -> list[float]:
        return [handled(town, name) - before[name] for name in pair]

    def all_done(pair: list[str]) -> bool:
        return sum(shares(pair)) >= 100

    assert len(town.file_many(100, lambda: None)) == 100
    for service, pair in pairs.items():
        assert eventually(partial(all_done, pair), 60), (service, shares(pair))
        assert min(shares(pair)) >= 0.05 * sum(shares(pair)), (service, shares(pair))


def test_garbage_on_every_queue_ends_in_the_dead_letters_and_the_suite_goes_on(town: Town) -> None:
    queues = [name for name in town.suite.broker.queues() if ".retry." not in name and not name.endswith(".dead")]
    assert {"rpc-cases", "notify:cases.all"} <= set(queues)
    with kombu.Connection(town.suite.broker.uri) as connection:
        producer = connection.Producer()
        for queue in queues:
            producer.publish(b"\xff junk", exchange="", routing_key=queue, content_type="application/json")
    # What a gateway hears while it happens it asks for anew: a line that nobody can read is only told in the log.
    kept = {name for name in queues if not name.startswith("amq.gen-")}
    assert len(kept) < len(queues)
    assert eventually(lambda: parked_queues(town) >= kept, 60)
    assert all(town.suite.instance_ready(name) for name in town.suite.processes)
    assert town.file("after-garbage")


def parked_queues(town: Town) -> set[str]:
    letters = [town.suite.database(service)["dead_letters"].find() for service in ("cases", "members", "notify")]
    return {letter["queue"] for found in letters for letter in found if letter["error"]}


def handled(town: Town, name: str) -> float:
    """Commands and events that an instance has handled; without those in order, which one instance has at a time."""
    lines = requests.get(f"{town.suite.internal_url(name)}/metrics", timeout=10).text.splitlines()
    counted = ("sandan_rpc_requests_total{", "sandan_messages_total{")
    shared = [line for line in lines if line.startswith(counted) and '.all"' not in line]
    return sum(float(line.rpartition(" ")[2]) for line in shared)
