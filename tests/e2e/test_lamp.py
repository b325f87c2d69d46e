"""The main job on real servers: one street lamp, from report to rating, with every refusal on the way (F21-F26)."""

import io
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from dev.client import Client
from dev.lamp import COMPOUND, STORY, Lamp
from dev.receiver import Receiver
from tests.e2e.cast import ACCOUNTS
from tests.e2e.staged import StagedSuite
from tests.waiting import eventually

STEPS = {step.do.__name__: step for step in STORY}


@pytest.fixture(scope="module")
def receiver(people: dict[str, Client]) -> Iterator[Receiver]:
    """A partner that follows every event, from before the lamp goes out."""
    with Receiver() as receiver:
        answer = people["admin"].post("/v1/subscriptions", json={"url": receiver.url, "types": ["case.*"]})
        assert answer.status_code == 201, answer.text
        receiver.secret = answer.json()["secret"]
        path = f"/v1/subscriptions/{answer.json()['subscription_id']}"
        assert eventually(lambda: people["admin"].get(path).json()["state"] == "active")
        yield receiver


class Stage:
    """The lamp with the suite's clock: each step happens when docs/domain.md §8.4 says."""

    def __init__(self, suite: StagedSuite, people: dict[str, Client]) -> None:
        self.suite, self.lamp, self.people = suite, Lamp(people), people

    def at(self, instant: str) -> None:
        """Set the clock, and let it do what it has to do by then."""
        self.suite.clock.set(instant)
        waiting = {"alarm_at": {"$lte": datetime.fromisoformat(instant)}}
        cases = self.suite.database("cases")["cases"]
        assert eventually(lambda: not cases.count_documents(waiting), 60)

    def step(self, name: str) -> dict[str, Any]:
        step = STEPS[name]
        self.at(step.at)
        answer = step.do(self.lamp)
        assert answer.ok, (name, answer.status_code, answer.text)
        receipt: dict[str, Any] = answer.json()
        return receipt

    def case(self, who: str = "dispatcher") -> dict[str, Any]:
        view: dict[str, Any] = self.people[who].get(f"/v1/cases/{self.lamp.case_id}").json()
        return view

    def refused(self, who: str, act: str, **body: Any) -> tuple[int, str]:
        before = self.case()
        answer = self.lamp.act(who, act, **body)
        assert self.case() == before, "a refusal changes nothing"
        assert answer.headers["Content-Type"].startswith("application/problem+json")
        return answer.status_code, answer.json()["code"]


def same_instant(one: str, other: str) -> bool:
    return datetime.fromisoformat(one) == datetime.fromisoformat(other)


def test_the_lamp_from_report_to_rating(suite: StagedSuite, people: dict[str, Client], receiver: Receiver) -> None:
    stage = Stage(suite, people)

    # F21: place and photo give the grid and the receipt; deadlines are set when it is registered.
    reported = stage.step("report")
    assert reported["status"] == "REPORTED"
    assert reported["grid_code"] == "360704100002001"
    assert stage.refused("resident", "register", category="0101") == (403, "not_permitted")
    registered = stage.step("register")
    assert same_instant(registered["respond_due"], "2026-03-12T21:40:00+08:00")
    assert same_instant(registered["resolve_due"], "2026-03-17T18:00:00+08:00")

    # F22: no property management, so the community and a certified electrician are proposed, with reasons.
    proposal = people["dispatcher"].get(f"/v1/cases/{stage.lamp.case_id}/proposal").json()
    assert "PROPERTY" in {skipped["unit_type"] for skipped in proposal["skipped"]}
    assert "COMMUNITY" in {unit["unit_type"] for unit in proposal["units"]}
    proposed = {person["person_id"]: person["reasons"] for person in proposal["people"]}
    assert proposed[ACCOUNTS["member"]["person_id"]]

    # F23: a team; each member accepts and arrives for himself.
    stage.step("dispatch")
    assert stage.refused("inspector", "accept")[0] == 403
    stage.step("accept_as_worker")
    assert stage.step("accept_as_member")["status"] == "ACCEPTED"
    assert stage.refused("member", "feedback", text="好了")[1] == "illegal_move"
    stage.step("arrive_as_worker")
    assert stage.step("arrive_as_member")["status"] == "IN_PROGRESS"
    for name in ("note", "leave_as_member", "leave_as_worker", "come_back"):
        stage.step(name)

    # F24: something that can be seen is shown.
    stage.at("2026-03-13T18:30:00+08:00")
    assert stage.refused("member", "feedback", text="已修好。") == (422, "after_photo_missing")
    assert stage.step("feedback")["status"] == "RESOLVED"

    # F25: whoever handled it does not inspect it.
    stage.at("2026-03-13T19:10:00+08:00")
    assert stage.refused("worker", "inspect-pass")[1] == "handler_inspects"
    assert stage.step("inspect")["status"] == "CLOSED"

    # F26: the reporter's rating, and nobody else's.
    stage.at("2026-03-14T09:30:00+08:00")
    assert stage.refused("neighbour", "rate", solved="yes", satisfaction=4)[0] in {403, 404}
    assert stage.refused("member", "rate", solved="yes", satisfaction=4)[0] == 403
    stage.step("rate")
    assert stage.refused("resident", "rate", solved="yes", satisfaction=4)[1] == "already_rated"

    told_in_order(stage, receiver)
    told_once(stage)
    stands_in_the_ledger(stage)


def told_in_order(stage: Stage, receiver: Receiver) -> None:
    """The partner has each event at least once, signed, and in the order of the case's versions."""
    version = stage.case()["version"]

    def sequences() -> list[int]:
        mine = [each for each in receiver.deliveries if each.subject == f"case/{stage.lamp.case_id}"]
        assert all(each.signed for each in mine)
        return list(dict.fromkeys(each.sequence for each in mine))

    assert eventually(lambda: len(sequences()) == version)
    assert sequences() == list(range(1, version + 1))


def told_once(stage: Stage) -> None:
    """Each of those concerned has each notice once, in both languages."""

    def notices(who: str) -> list[dict[str, Any]]:
        items = stage.people[who].get("/v1/inbox", params={"limit": 50}).json()["items"]
        return [item for item in items if item["case_id"] == stage.lamp.case_id]

    assert eventually(lambda: {"registered", "dispatched", "closed"} <= {n["template"] for n in notices("resident")})
    for who in ("resident", "member", "worker"):
        found = notices(who)
        assert found
        assert len({(n["event_id"], n["template"]) for n in found}) == len(found)
        assert all(set(n["texts"]) == {"zh-CN", "en"} for n in found)


def stands_in_the_ledger(stage: Stage) -> None:
    """F31: it is done, with evidence and mark, and no problem any more; in its grid, community and town."""
    code = stage.case()["grid_code"]
    for area in (code, code[:12], code[:9]):
        found = {
            name: stage.people["dispatcher"].get(f"/v1/ledgers/{area}", params={"list": name, "limit": 100}).json()
            for name in ("problem", "responsibility", "completion")
        }
        lines = {name: {line["case_id"]: line for line in page["items"]} for name, page in found.items()}
        done = lines["completion"][stage.lamp.case_id]
        assert (done["in_time"], done["solved"], done["evidence"] > 0) == (True, "yes", True)
        assert stage.lamp.case_id not in {*lines["problem"], *lines["responsibility"]}
        for name in ("problem", "completion"):
            parts = sum(part[name] for part in found[name]["parts"])
            assert parts == found[name]["totals"][name] >= len(lines[name])
    exported = stage.people["dispatcher"].get(f"/v1/ledgers/{code}/export", headers={"Accept-Language": "zh-CN"})
    book = load_workbook(io.BytesIO(exported.content))
    [printed] = [row for row in book["办结清单"].iter_rows(values_only=True) if row[0] == done["number"]]
    assert {"高新社区第一网格（东源胜景片）", "东源胜景小区", "路灯不亮/闪烁", "满意"} <= set(printed)
    assert stage.people["resident"].get(f"/v1/ledgers/{code}").status_code == 403
    assert stage.people["resident"].get(f"/v1/ledgers/{code}/export").status_code == 403
    assert stage.people["dispatcher"].get("/v1/ledgers/3607", params={"since": "today"}).status_code == 422


def test_reporters_follow_the_case_at_the_end_of_the_merges_and_hear_of_it_once(
    suite: StagedSuite, people: dict[str, Client]
) -> None:
    stage = Stage(suite, people)
    stage.step("report")
    first, middle = (reported_by(people[who]) for who in ("neighbour", "second_member"))
    end = stage.lamp.case_id
    assert people["neighbour"].get(f"/v1/cases/{end}").status_code == 403
    for joining, target in ((first, middle), (middle, end)):
        answer = people["dispatcher"].post(f"/v1/cases/{joining}/merge", json={"target_case_id": target})
        assert answer.ok, answer.text
    assert stage.case("neighbour")["sight"] == "outline"
    assert stage.refused("resident", "withdraw") == (409, "has_followers")
    for step in STORY[1:-1]:
        stage.step(step.do.__name__)
    assert stage.case("neighbour")["status"] == "CLOSED"

    def heard(who: str, about: str) -> list[str]:
        items = people[who].get("/v1/inbox", params={"limit": 100}).json()["items"]
        return sorted(item["template"] for item in items if item["case_id"] == about)

    for who in ("neighbour", "second_member"):
        life = ["closed_for_follower", "dispatched", "registered"]
        assert eventually(lambda: heard(who, end) == life), heard(who, end)  # noqa: B023 - asked at once
    assert (heard("neighbour", first), heard("neighbour", middle)) == (["merged", "reported"], ["merged"])
    assert heard("second_member", middle) == ["merged", "reported"]


def reported_by(reporter: Client) -> str:
    """The id of a report of the same lamp."""
    answer = reporter.post("/v1/cases", json={"text": "路灯不亮", "location": COMPOUND, "compound_id": "c-dongyuan"})
    assert answer.ok, answer.text
    return str(answer.json()["case_id"])


def test_minutes_on_the_spot_are_each_members_own(suite: StagedSuite, people: dict[str, Client]) -> None:
    stage = Stage(suite, people)
    for step in STORY:
        stage.step(step.do.__name__)
    minutes = stage.case()["minutes"]
    assert minutes[ACCOUNTS["member"]["person_id"]] == 35 + 90
    assert minutes[ACCOUNTS["worker"]["person_id"]] == 35


def test_a_point_outside_every_grid_is_refused(people: dict[str, Client]) -> None:
    answer = people["resident"].post("/v1/cases", json={"text": "x", "location": {"lon": 110.0, "lat": 20.0}})
    assert (answer.status_code, answer.json()["code"]) == (422, "outside_all_grids")


def test_the_same_key_makes_one_case(people: dict[str, Client]) -> None:
    body = {"text": "路灯不亮", "location": COMPOUND}
    key = {"Idempotency-Key": f"lamp-{time.time_ns()}"}
    first = people["resident"].post("/v1/cases", json=body, headers=key)
    again = people["resident"].post("/v1/cases", json=body, headers=key)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    other = people["resident"].post("/v1/cases", json={**body, "text": "井盖"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "command_id_reused")
