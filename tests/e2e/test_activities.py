"""Activities over HTTP: places, a waiting list that moves up, a task board, and the last place asked for by many."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dev.client import Client
from gateway.tokens import Tokens
from tests.e2e.serving import DAY
from tests.e2e.staged import StagedSuite
from tests.waiting import eventually

GRID = "360704100002001"
FIRST, CROWD = 301, 100
"""Which volunteers of the demo these tests have to themselves, and how many; on Thursdays some of them have places."""

TRIES = 5

Volunteers = Callable[[int], Client]

CLEAN_UP: dict[str, Any] = {
    **DAY,
    "title": "扮靓周四：清扫楼道",
    "begins": "2025-09-03T09:00:00+08:00",
    "ends": "2025-09-03T11:00:00+08:00",
    "capacity": 30,
}


@pytest.fixture(scope="module")
def volunteer(suite: StagedSuite, people: dict[str, Client]) -> Volunteers:
    """The nth of a hundred volunteers, with a token as they would get it by the code on their phone."""
    tokens = Tokens(suite.secrets["TOKEN_KEY"], 3600)

    def client(n: int) -> Client:
        caller = {"id": f"p-volunteer-{FIRST + n:04d}", "grants": [{"role": "volunteer", "scope": "360704"}]}
        signed_in = suite.client(tokens.issue(f"s-{n}", caller, time.time()))
        signed_in.hooks["response"] = list(people["worker"].hooks["response"])
        return signed_in

    return client


def done(client: Client, path: str, **body: Any) -> dict[str, Any]:
    answer = client.post(path, json=body)
    assert answer.ok, (path, answer.status_code, answer.text)
    receipt: dict[str, Any] = answer.json()
    return receipt


def published(suite: StagedSuite, organiser: Client, **changes: Any) -> str:
    suite.clock.set("2025-09-01T09:00:00+08:00")
    return f"/v1/activities/{done(organiser, '/v1/activities', **(CLEAN_UP | changes))['activity_id']}"


def heard(client: Client) -> list[str]:
    return [item["template"] for item in client.get("/v1/inbox", params={"limit": 100}).json()["items"]]


def at_once(volunteer: Volunteers, path: str, numbers: Iterable[int], **body: Any) -> Counter[str]:
    """What becomes of all who sign up at once, by state or code."""
    clients = [volunteer(n) for n in numbers]

    def outcome(client: Client) -> str:
        key = {"Idempotency-Key": path}
        answers = (client.post(path, json=body, headers=key) for _ in range(TRIES))
        # On a busy machine one of a hundred may be answered too late: it asks again, with the same key.
        answer = next((each for each in answers if each.status_code < 500), None)
        assert answer is not None
        found = answer.json()
        return str(found.get("code", found.get("state")))

    with ThreadPoolExecutor(len(clients)) as crowd:
        return Counter(crowd.map(outcome, clients))


def test_rider_31_moves_up_and_is_notified(
    suite: StagedSuite, people: dict[str, Client], volunteer: Volunteers
) -> None:
    """F12: capacity 30 and 30 signed; rider 31 signs and one cancels; rider 31 moves up and is notified."""
    path = published(suite, people["worker"])
    for n in range(30):
        assert done(volunteer(n), f"{path}/signups")["state"] == "in"
    rider = people["rider"]
    assert done(rider, f"{path}/signups")["state"] == "waiting"
    assert rider.get(path).json()["own"]["waiting_before"] == 0
    done(volunteer(7), f"{path}/leave")
    found = rider.get(path).json()
    assert (found["own"]["state"], found["signed_up"], found["waiting"]) == ("in", 30, 0)
    assert eventually(lambda: "activity_seated" in heard(rider))
    [seated] = [each for each in rider.get("/v1/inbox").json()["items"] if each["template"] == "activity_seated"]
    assert path.endswith(seated["activity_id"])
    [mine] = [each for each in rider.get("/v1/signups").json()["items"] if path.endswith(each["activity_id"])]
    assert (mine["title"], mine["place"], mine["state"]) == (CLEAN_UP["title"], CLEAN_UP["place"], "in")
    listed = people["worker"].get(f"{path}/signups", params={"limit": 100}).json()["items"]
    assert len(listed) == 30
    assert all(each["name_masked"].endswith("**") for each in listed)
    assert rider.get(f"{path}/signups").json()["code"] == "not_permitted"


def test_a_full_task_steers_to_short_ones(suite: StagedSuite, people: dict[str, Client], volunteer: Volunteers) -> None:
    """F42: five tasks with head counts and tools; a task is full; the next volunteers are steered to short ones."""
    tasks = [
        {"task_id": "sweep", "name": "清扫楼道", "heads": 8, "tools": ["扫把", "簸箕"]},
        {"task_id": "wipe", "name": "擦扶手", "heads": 1, "tools": ["抹布"]},
        {"task_id": "litter", "name": "捡垃圾", "heads": 6},
        {"task_id": "clear", "name": "清杂物", "heads": 4},
        {"task_id": "scrape", "name": "铲小广告", "heads": 4, "tools": ["铲刀"], "minutes": 40},
    ]
    path = published(
        suite, people["worker"], tasks=tasks, begins="2025-09-05T09:00:00+08:00", ends="2025-09-05T11:00:00+08:00"
    )
    done(volunteer(0), f"{path}/signups", task_id="wipe")
    full = volunteer(1).post(f"{path}/signups", json={"task_id": "wipe"})
    assert (full.status_code, full.json()["code"]) == (409, "task_full")
    needing = full.json()["details"]["open_tasks"]
    assert {each["task_id"]: each["needed"] for each in needing} == {"sweep": 8, "litter": 6, "clear": 4, "scrape": 4}
    assert done(volunteer(1), f"{path}/signups", task_id=needing[0]["task_id"])["state"] == "in"
    assert done(volunteer(1), f"{path}/task", task_id="scrape")["task_id"] == "scrape"


def test_the_last_place_is_asked_for_by_a_hundred_at_once(
    suite: StagedSuite, people: dict[str, Client], volunteer: Volunteers
) -> None:
    """F12: as many winners as places, and all others on the waiting list."""
    path = published(
        suite, people["worker"], capacity=1, begins="2025-09-06T09:00:00+08:00", ends="2025-09-06T11:00:00+08:00"
    )
    assert at_once(volunteer, f"{path}/signups", range(CROWD)) == {"in": 1, "waiting": CROWD - 1}
    found = people["worker"].get(path).json()
    assert (found["signed_up"], found["waiting"]) == (1, CROWD - 1)


def test_what_is_called_off_is_told_and_sets_everybody_free(
    suite: StagedSuite, people: dict[str, Client], volunteer: Volunteers
) -> None:
    day = {"begins": "2025-09-07T09:00:00+08:00", "ends": "2025-09-07T11:00:00+08:00"}
    path, other = published(suite, people["worker"], **day), published(suite, people["worker"], **day)
    one = volunteer(50)
    done(one, f"{path}/signups")
    assert one.post(f"{other}/signups", json={}).json()["code"] == "overlaps_own_signup"
    done(people["worker"], f"{path}/cancel", reason="暴雨红色预警")
    assert eventually(lambda: "activity_called_off" in heard(one))
    assert done(one, f"{other}/signups")["state"] == "in"
    assert volunteer(51).post(f"{path}/signups", json={}).json()["code"] == "activity_cancelled"


def test_everything_that_is_wrong_with_an_activity_is_named_at_once(
    suite: StagedSuite, people: dict[str, Client]
) -> None:
    suite.clock.set("2025-09-01T09:00:00+08:00")
    wrong = CLEAN_UP | {"ends": CLEAN_UP["begins"], "capacity": -1, "compounds": ["c-none"]}
    refused = people["worker"].post("/v1/activities", json=wrong)
    assert refused.status_code == 422
    assert {(each["pointer"], each["code"]) for each in refused.json()["errors"]} == {
        ("/ends", "ends_before_it_begins"),
        ("/capacity", "capacity_not_positive"),
        ("/compounds/0", "unknown_compound"),
    }
    assert people["member"].post("/v1/activities", json=CLEAN_UP).json()["code"] == "not_permitted"
