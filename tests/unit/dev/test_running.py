"""One suite at a time from one directory, and the tools know whether it runs."""

import json
from pathlib import Path

import pytest

from dev import running
from dev.running import AlreadyRunning, NotRunning, Running, alone, announced, clean, find


@pytest.fixture(autouse=True)
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(running, "LOCAL", tmp_path / ".local")
    monkeypatch.setattr(running, "ANNOUNCED", tmp_path / ".local/running.json")
    return tmp_path / ".local"


def test_two_suites_cannot_share_a_directory() -> None:
    with alone(), pytest.raises(AlreadyRunning), alone():
        pass


def test_a_running_suite_is_found_and_a_stopped_one_is_not() -> None:
    with alone(), announced("http://127.0.0.1:8000", "amqp://", "mongodb://"):
        assert find() == Running("http://127.0.0.1:8000", "amqp://", "mongodb://")
    with pytest.raises(NotRunning):
        find()


def test_a_suite_that_was_killed_is_not_taken_for_running(local: Path) -> None:
    local.mkdir()
    (local / "running.json").write_text(json.dumps({"url": "", "amqp_uri": "", "mongo_uri": ""}))
    with pytest.raises(NotRunning):
        find()


def test_data_in_use_is_not_removed(local: Path) -> None:
    with alone(), pytest.raises(AlreadyRunning):
        clean()
    assert local.exists()
    assert clean()
    assert not local.exists()
    assert not clean(), "there is nothing left to remove"
