"""cases as a process that dies while it counts: what is counted twice by two lives counts once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from cases.indicators.counter import changed, difference
from cases.indicators.documents import counts_of, key_of
from cases.store import CaseStore
from cases.tally import tally
from chassis.mongo import Home
from dev.servers import Broker, Mongod
from tests.component.cases.test_case_store import kept
from tests.component.instances import Instances
from tests.unit.cases import play as stage
from tests.waiting import eventually

KILLED = -9


@pytest.fixture
def running(broker: Broker, mongod: Mongod, tmp_path: Path) -> Iterator[Instances]:
    keys = {name: Fernet.generate_key().decode() for name in ("CASES_PERSON_KEYS", "CASES_PSEUDONYM_KEY")}
    with Instances(broker, mongod, tmp_path, **keys) as running:
        running.module("chassis", "setup", "cases")
        yield running


def test_a_process_that_is_killed_between_counting_and_saying_so_counts_nothing_twice(running: Instances) -> None:
    kept_there = running.database("cases")
    cases = CaseStore(Home(kept_there))
    plays = [stage.registered() for _ in range(3)]
    for n, play in enumerate(plays):
        kept(cases, play, f"command-{n}")

    def waiting() -> int:
        return kept_there.cases.count_documents({"uncounted": {"$exists": True}})

    running.start("cases", ready=False, CRASH_AT="counted")
    assert running.processes["cases"].wait(60) == KILLED
    assert (waiting(), kept_there.indicator_lines.count_documents({})) == (3, 3)
    running.start("cases")
    assert eventually(lambda: waiting() == 0, 30)
    counters: Any = changed({key_of(each): counts_of(each) for each in kept_there.indicator_counters.find()})
    assert counters == difference([], [tally(play.case, ()) for play in plays])
