"""`./sandan` becomes the command itself, so that what is sent to it reaches the command and nobody else."""

import os
import sys
from typing import Any

import pytest

from dev import operating, running
from dev.running import NotRunning, Running

SUITE = Running("http://127.0.0.1:1", "amqp://127.0.0.1:2//", "mongodb://127.0.0.1:3/")


def became(monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[list[str], dict[str, str]]:
    """The command that the process becomes, and its environment."""
    found: list[Any] = []

    def become(*given: Any) -> None:
        found.extend(given)
        raise SystemExit

    monkeypatch.setattr(os, "execve", become)
    monkeypatch.setattr(sys, "argv", ["sandan", *words])
    with pytest.raises(SystemExit):
        operating.main()
    program, command, environment = found
    assert program == sys.executable
    return command, environment


def test_it_becomes_the_command_with_the_settings_of_the_suite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "find", lambda: SUITE)
    command, environment = became(monkeypatch, "export", "cases", "--area", "360704")
    assert command == [sys.executable, "-m", "chassis", "export", "cases", "--area", "360704"]
    assert (environment["AMQP_URI"], environment["MONGO_URI"]) == (SUITE.amqp_uri, SUITE.mongo_uri)
    assert environment["PATH"] == os.environ["PATH"]


def test_help_needs_no_suite_and_all_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    def find() -> Running:
        raise NotRunning("start it with make run")

    monkeypatch.setattr(running, "find", find)
    assert became(monkeypatch, "recount", "--help")[0][3:] == ["recount", "--help"]
    monkeypatch.setattr(sys, "argv", ["sandan", "recount"])
    with pytest.raises(SystemExit, match="start it with make run"):
        operating.main()
