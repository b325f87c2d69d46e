"""F55, §5: what was shown is in the audit trail, an auditor reads it, and who changes a row is found."""

import subprocess
import sys
from typing import Any

import pytest

from dev.client import Client
from dev.suite import HEADS
from tests.e2e.serving import done, read
from tests.e2e.staged import StagedSuite
from tests.waiting import eventually

GRID = "360704100007001"
REASON = "核对情况,电话12000000001"

Row = dict[str, Any]


@pytest.fixture(scope="module")
def case_id(people: dict[str, Client], suite: StagedSuite) -> str:
    suite.clock.set("2026-03-17T09:00:00+08:00")
    body = {"category": "0301", "text": "广场边垃圾没人收", "grid_code": GRID}
    return str(done(people["resident"], "/v1/cases", **body)["case_id"])


def rows(client: Client, service: str = "cases", **query: Any) -> list[Row]:
    found: list[Row] = read(client, "/v1/audit-trail", service=service, limit=100, **query)["items"]
    return found


def audit(suite: StagedSuite, service: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "chassis", "audit", service]
    return subprocess.run(command, env=suite.environment, capture_output=True, text=True, timeout=60, check=False)


def carried(suite: StagedSuite, service: str, day: str, seq: int) -> bool:
    file = suite.directory / HEADS
    lines = file.read_text().splitlines() if file.exists() else []
    return any(f'"{service}", "day": "{day}", "seq": {n},' in line for line in lines for n in range(seq, seq + 50))


def test_an_auditor_reads_who_was_told_a_phone_and_why(people: dict[str, Client], case_id: str) -> None:
    told = people["dispatcher"].post(f"/v1/cases/{case_id}/reporter-contact", json={"reason": REASON})
    assert told.ok, told.text
    [row] = rows(people["auditor"], what=case_id)
    assert (row["act"], row["role"], row["reason"]) == ("contact.revealed", "dispatcher", "核对情况,电话120****0001")
    assert [each["hash"] for each in rows(people["admin"], what=case_id)] == [row["hash"]]
    for who in ("resident", "dispatcher", "worker", "party_office"):
        answer = people[who].get("/v1/audit-trail", params={"service": "cases"})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted"), who
    assert "audit.read" in {each["act"] for each in rows(people["auditor"], who=row["who"])} | {
        each["act"] for each in rows(people["auditor"])
    }


@pytest.mark.parametrize("service", ["cases", "members", "notify"])
def test_a_trail_is_read_by_auditor_and_administrator_and_by_nobody_else(
    suite: StagedSuite, people: dict[str, Client], service: str
) -> None:
    for who, client in people.items():
        answer = client.get("/v1/audit-trail", params={"service": service, "limit": "1"})
        expected = 200 if who in {"auditor", "admin"} else 403
        assert answer.status_code == expected, (who, answer.text)
    assert suite.client().get("/v1/audit-trail", params={"service": service}).status_code == 401


def test_a_file_and_a_role_are_in_the_trail(people: dict[str, Client]) -> None:
    file = people["dispatcher"].get(f"/v1/ledgers/{GRID}/export", params={"format": "csv", "list": "problem"})
    assert file.ok, file.text
    assert rows(people["auditor"], act="file.downloaded", area=GRID)[0]["what"]["kind"] == "ledger"
    newcomer = {"name": "周测955", "roles": [{"role": "volunteer", "scope": "360704"}]}
    made = done(people["admin"], "/v1/people", **newcomer)["person_id"]
    [row] = eventually(lambda: rows(people["auditor"], "members", what=made))
    assert (row["act"], row["details"]) == ("person.registered", {"roles": ["volunteer 360704"]})


def test_a_row_that_somebody_changes_in_the_database_is_found(
    people: dict[str, Client], suite: StagedSuite, case_id: str
) -> None:
    people["dispatcher"].post(f"/v1/cases/{case_id}/reporter-contact", json={"reason": REASON})
    row = rows(people["auditor"], what=case_id)[0]
    eventually(lambda: carried(suite, "cases", row["day"], row["seq"]), seconds=30)
    sound = audit(suite, "cases")
    assert (sound.returncode, sound.stderr) == (0, ""), sound.stdout
    trail = suite.database("cases")["audit"]
    trail.update_one({"_id": row["id"]}, {"$set": {"who": "p-nobody"}})
    try:
        found = audit(suite, "cases")
    finally:
        trail.update_one({"_id": row["id"]}, {"$set": {"who": row["who"]}})
    assert found.returncode == 1
    assert f"cases: altered row {row['day']}/{row['seq']}: its content has another hash" in found.stdout
    assert audit(suite, "cases").returncode == 0
    assert audit(suite, "notify").returncode == 0
