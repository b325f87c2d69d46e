"""What operators do with any service by `sandan`: parked letters, and what they are told where something is away."""

import json
from typing import Any

import pytest

from dev.ports import free_port
from tests.component.chassis.running import Pair
from tests.component.stored import everything
from tests.waiting import eventually


@pytest.fixture
def letter(pair: Pair) -> dict[str, Any]:
    """A letter that the taker has parked."""
    pair.call("giver", "give", id="bad", value="poison")
    found: dict[str, Any] = eventually(pair.database("taker")["dead_letters"].find_one)
    return found


def test_parked_letters_are_listed_a_json_object_a_line(pair: Pair, letter: dict[str, Any]) -> None:
    listed = pair.sandan("parked", "taker")
    assert (listed.returncode, listed.stderr) == (0, "")
    [line] = map(json.loads, listed.stdout.splitlines())
    assert (line["_id"], line["error"]) == (letter["_id"], "this cannot be swallowed")


def test_where_nothing_is_parked_whoever_looks_on_is_told_and_a_pipe_gets_nothing(pair: Pair) -> None:
    for words in (("parked", "taker"), ("replay", "taker"), ("replay", "taker", "--dry-run")):
        done = pair.sandan(*words)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "nothing parked\n")


def test_a_replay_can_be_looked_at_beforehand_and_changes_nothing_then(pair: Pair, letter: dict[str, Any]) -> None:
    before = everything(pair.database("taker"))
    looked = pair.sandan("replay", "taker", "--dry-run")
    assert (looked.returncode, looked.stdout) == (0, f"{letter['_id']}: would go back to its queue\n")
    assert everything(pair.database("taker")) == before


def test_a_letter_goes_back_once_and_whoever_names_it_again_is_told(pair: Pair, letter: dict[str, Any]) -> None:
    letters = pair.database("taker")["dead_letters"]
    letters.update_one({"_id": letter["_id"]}, {"$set": {"body": b'{"id":"bad","value":"mended"}'}})
    done = pair.sandan("replay", "taker", letter["_id"])
    assert (done.returncode, done.stdout) == (0, f"{letter['_id']}: back in its queue\n")
    assert eventually(lambda: pair.heard("bad")) == [1]
    for words in (("--dry-run",), ()):
        again = pair.sandan("replay", "taker", letter["_id"], *words)
        assert (again.returncode, again.stdout) == (1, f"{letter['_id']}: not parked, or not taken by the broker\n")


def test_a_broker_that_is_away_is_told_without_a_traceback(pair: Pair) -> None:
    done = pair.sandan("parked", "taker", AMQP_URI=f"amqp://127.0.0.1:{free_port()}//")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: taker does not answer at the broker that AMQP_URI names")
    assert "run the command again" in done.stderr


def test_a_service_that_does_not_run_is_told(pair: Pair) -> None:
    done = pair.sandan("rebuild", "cases", AMQP_URI=pair.broker.uri)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: cases does not answer")


@pytest.mark.parametrize(
    ("setting", "value"),
    [("LOG_LEVEL", "foo"), ("INTERNAL_HOST", "999.1.1.1"), ("INTERNAL_HOST", "192.0.2.1"), ("MONGO_URI", "foo")],
)
def test_a_setting_that_cannot_be_ends_the_start_with_a_sentence_that_names_it(
    pair: Pair, setting: str, value: str
) -> None:
    done = pair.sandan("run", "giver", **{setting: value})
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("Error: ")
    assert setting in done.stderr
