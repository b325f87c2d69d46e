"""cases as a process that dies while somebody answers a survey: what was half done counts for nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from nameko.exceptions import RpcTimeout

from cases.store import PlaceStore
from chassis.mongo import Home
from dev.servers import Broker, Mongod
from tests.component.cases.staging import demo_grids
from tests.component.cases.test_counting_dies import KILLED
from tests.component.cases.test_surveys import BODY, GOOD
from tests.component.instances import Instances
from tests.unit.cases.play import DISPATCHER, GRID, RESIDENT
from tests.waiting import eventually


@pytest.fixture
def running(broker: Broker, mongod: Mongod, tmp_path: Path) -> Iterator[Instances]:
    keys = {name: Fernet.generate_key().decode() for name in ("CASES_PERSON_KEYS", "CASES_PSEUDONYM_KEY")}
    clock = tmp_path / "clock"
    clock.write_text("2026-06-01T09:00:00+08:00", encoding="utf-8")
    with Instances(broker, mongod, tmp_path, CLOCK_FILE=str(clock), **keys) as running:
        running.module("chassis", "setup", "cases")
        places = PlaceStore(Home(running.database("cases")))
        for grid in demo_grids():
            places.put_grid(grid, 1)
        yield running


@pytest.mark.parametrize("point", ["answer-marked", "answer-counted"])
def test_a_process_that_dies_between_mark_and_count_keeps_neither(running: Instances, point: str) -> None:
    office, who, kept = DISPATCHER.dump(), RESIDENT.dump(), running.database("cases")

    def ask(method: str, /, **body: Any) -> dict[str, Any]:
        answer: dict[str, Any] = running.call("cases", method, **body)
        return answer

    running.start("cases", CRASH_AT=point)
    survey_id = ask("draft_survey", caller=office, command_id="d", **BODY)["survey_id"]
    ask("move_survey", caller=office, command_id="o", survey_id=survey_id, act="open")
    said = {"caller": who, "command_id": "a", "survey_id": survey_id, "scores": GOOD, "grid_code": GRID}
    with pytest.raises(RpcTimeout):
        running.call("cases", "answer_survey", seconds_allowed=5, **said)
    assert running.processes["cases"].wait(30) == KILLED
    assert eventually(lambda: kept.survey_marks.count_documents({}) == 0, 30)
    assert kept.survey_counts.find_one({"_id": survey_id}, {"n": True}) == {"_id": survey_id, "n": {}}

    running.start("cases")
    assert ask("answer_survey", **said)["answered"]
    assert ask("answer_survey", **said)["answered"]
    assert ask("survey", caller=office, survey_id=survey_id)["answers"] == 1


def test_a_process_that_dies_after_forgetting_who_answered_forgets_again(running: Instances) -> None:
    office, kept = DISPATCHER.dump(), running.database("cases")
    running.start("cases")
    survey_id = running.call("cases", "draft_survey", caller=office, command_id="d", **BODY)["survey_id"]
    for act in ("open", "close"):
        if act == "close":
            said = {"caller": RESIDENT.dump(), "command_id": "a", "survey_id": survey_id, "scores": GOOD}
            running.call("cases", "answer_survey", **said)
            running.processes["cases"].stop()
            running.start("cases", CRASH_AT="marks-forgotten")
        running.call("cases", "move_survey", caller=office, command_id=act, survey_id=survey_id, act=act)
    assert running.processes["cases"].wait(60) == KILLED
    running.start("cases")
    assert eventually(lambda: kept.surveys.count_documents({"due_at": None}) == 1, 30)
    assert kept.survey_marks.count_documents({}) == 0
    assert running.call("cases", "survey", caller=office, survey_id=survey_id)["answers"] == 1
