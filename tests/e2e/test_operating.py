"""What operators do by command while everything runs: each command does its work and says nothing else."""

import re
import subprocess
import sys
import time
from typing import Any

import pytest
from pymongo.database import Database

from cases.service import SWEEP_SECONDS
from dev.client import Client
from tests.e2e.docket import Docket
from tests.e2e.staged import DEMO_NOW, StagedSuite
from tests.waiting import eventually


@pytest.fixture(scope="module")
def open_case(suite: StagedSuite, people: dict[str, Client]) -> None:
    """A hygiene case that somebody has in hand, as members has heard of it."""
    suite.clock.set(DEMO_NOW)
    docket = Docket(suite, people)
    docket.report("resident", text="楼道堆物")
    docket.act("dispatcher", "register", category="0303")
    docket.act("dispatcher", "dispatch", assignees=["p-worker"])
    copies = suite.database("members")
    assert eventually(
        lambda: copies["hygiene_cases"].find_one(docket.case_id) and copies["engagements"].find_one(docket.case_id)
    )
    # The clock has come from elsewhere, so sweeps have something to do with cases of other tests.
    seen: list[list[Any]] = []
    assert eventually(lambda: is_at_rest(copies, seen), 60)


def is_at_rest(copies: Database[dict[str, Any]], seen: list[list[Any]]) -> bool:
    """Whether no case has moved for longer than it is from one sweep to the next."""
    seen.append([list(copies[name].find().sort("_id")) for name in ("hygiene_cases", "engagements")])
    time.sleep(SWEEP_SECONDS + 2)
    return seen[-2:-1] == seen[-1:]


@pytest.mark.parametrize(
    ("service", "collection", "matters", "said"),
    [
        ("cases", "grids", {}, "the territory"),
        ("notify", "names", {}, "names"),
        ("members", "hygiene_cases", {"awaited": True}, "cases"),
        ("members", "engagements", {"people": {"$ne": []}}, "cases"),
    ],
)
def test_a_copy_that_was_lost_is_made_anew(
    suite: StagedSuite, open_case: None, service: str, collection: str, matters: dict[str, Any], said: str
) -> None:
    """What matters is as it was; the versions that events without news have made may be told as well."""
    copy = suite.database(service)[collection]
    shown = {"sequence": False}
    whole = list(copy.find(matters, shown).sort("_id"))
    assert whole
    copy.delete_many({})
    rebuilt = subprocess.run(
        [sys.executable, "-m", "chassis", "rebuild", service],
        env=suite.environment,
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    assert rebuilt.stdout.startswith(f"{service}: {said}: pages copied: ")
    assert re.fullmatch(rf"({service}: [a-z ]+: pages copied: [1-9]\d*\n)+", rebuilt.stdout)
    assert rebuilt.stderr == ""
    assert list(copy.find(matters, shown).sort("_id")) == whole
