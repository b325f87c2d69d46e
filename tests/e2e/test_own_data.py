"""What people get to see and have deleted of their own in cases, and keys that are changed while the suite runs."""

import os
import subprocess
import sys
from datetime import date

from cryptography.fernet import Fernet

from dev.client import Client, sign_in_with_code
from dev.lamp import COMPOUND
from tests.e2e.staged import StagedSuite
from tests.waiting import eventually

PHONE, OTHER = "12000009946", "12000009947"
NOON = "2026-03-12T12:00:00+08:00"
LOOKED_SECONDS = 75


def newcomer(suite: StagedSuite, people: dict[str, Client], phone: str) -> Client:
    suite.clock.set(NOON)
    body = {"name": f"周测{phone[-3:]}", "phone": phone, "tenant": "360704", "born": str(date(1980, 1, 1))}
    assert people["admin"].post("/v1/people", json=body).status_code == 201
    return suite.client(sign_in_with_code(Client(suite.url), suite.console_file, phone))


def test_who_has_everything_deleted_is_gone_from_the_case_and_the_case_goes_on(
    suite: StagedSuite, people: dict[str, Client]
) -> None:
    someone = newcomer(suite, people, PHONE)
    report = {"text": f"灯不亮,电话{PHONE}", "category": "0201", "location": COMPOUND}
    made = someone.post("/v1/cases", json=report).json()
    copy = someone.get("/v1/me/data").json()
    assert [(each["case_id"], each["text"]) for each in copy["cases"]] == [(made["case_id"], report["text"])]
    person = copy["person_id"]
    kept = suite.database("cases")["cases"]
    assert kept.count_documents({"_id": made["case_id"], "reporter.id": person}) == 1
    assert someone.post("/v1/me/deletion").ok
    assert eventually(lambda: not kept.count_documents({"reporter.id": person}), LOOKED_SECONDS)
    assert person not in str(kept.find_one({"_id": made["case_id"]}))
    seen = people["dispatcher"].get(f"/v1/cases/{made['case_id']}").json()
    assert (seen["status"], seen["reporter"]["id"], PHONE in seen["text"]) == ("REPORTED", None, False)
    registered = people["dispatcher"].post(f"/v1/cases/{made['case_id']}/register", json={"category": "0201"})
    assert registered.json()["status"] == "REGISTERED"


def test_a_contact_is_sealed_and_sealed_anew_while_the_suite_runs(
    suite: StagedSuite, people: dict[str, Client]
) -> None:
    suite.clock.set(NOON)
    contact = {"name": "周测947", "phone": OTHER, "consent": True}
    report = {"text": "灯不亮", "location": COMPOUND, "on_behalf_of": contact}
    made = people["worker"].post("/v1/cases", json=report).json()
    kept = suite.database("cases")["cases"]
    before = str(kept.find_one({"_id": made["case_id"]}))
    assert "120****9947" in before
    assert not [each for each in (OTHER, "周测947") if each in before]

    old, new = suite.secrets["CASES_PERSON_KEYS"], Fernet.generate_key().decode()
    said = reseal(suite, f"{new},{old}")
    assert said.returncode == 0, said.stdout
    assert "Everything is sealed with the newest key" in said.stdout
    # The suite goes on with the old key: back to it, as whoever has to take a new one back would do.
    assert reseal(suite, f"{old},{new}").returncode == 0
    told = people["dispatcher"].post(f"/v1/cases/{made['case_id']}/reporter-contact", json={"reason": "回访"})
    assert told.json()["phone"] == OTHER
    wrong = reseal(suite, Fernet.generate_key().decode())
    assert (wrong.returncode, "CASES_PERSON_KEYS: none of these keys opens" in wrong.stdout) == (1, True)


def reseal(suite: StagedSuite, keys: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **suite.environment, "CASES_PERSON_KEYS": keys}
    return subprocess.run(
        [sys.executable, "-m", "chassis", "reseal", "cases"],
        env=environment,
        check=False,
        timeout=60,
        capture_output=True,
        text=True,
    )
