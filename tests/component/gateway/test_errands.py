"""Programs of the gateway: what they write, one at a time, cut short in time, beside everything else."""

import os
import sys
from pathlib import Path

import eventlet
import psutil
import pytest

from gateway.errands import MOST_WAITING, Errands
from gateway.facade import ErrandFailed

BACKWARDS = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read()[::-1])"
WAITS = """
import sys, time
open(sys.argv[1], "a").write("b")
time.sleep(0.3)
open(sys.argv[1], "a").write("e")
"""


def python(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-I", "-c", code, *arguments]


def test_it_writes_what_is_made_of_what_it_is_given_however_much() -> None:
    given = os.urandom(3_000_000)
    assert Errands().run(python(BACKWARDS), given) == given[::-1]


def test_it_is_told_nothing_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN_KEY", "secret")
    said = Errands().run(python("import os; print(sorted(os.environ))"), b"")
    assert b"TOKEN_KEY" not in said


def test_what_ends_badly_says_why() -> None:
    with pytest.raises(ErrandFailed, match="ended with 3: no ink"):
        Errands().run(python("import sys; sys.stderr.write('no ink'); sys.exit(3)"), b"")


def test_what_is_not_done_in_time_is_ended() -> None:
    with pytest.raises(ErrandFailed, match="not done in time"):
        Errands(seconds=0.5).run(python("import time; time.sleep(600)"), b"")
    assert [each for each in psutil.Process().children() if "time.sleep(600)" in " ".join(each.cmdline())] == []


def test_one_is_run_after_the_other_while_everything_else_goes_on(tmp_path: Path) -> None:
    errands, written, steps = Errands(), tmp_path / "written", [0]

    def tick() -> None:
        while True:
            steps[0] += 1
            eventlet.sleep(0.01)

    ticking = eventlet.spawn(tick)
    runs = [eventlet.spawn(errands.run, python(WAITS, str(written)), b"") for _ in range(3)]
    for each in runs:
        each.wait()
    ticking.kill()
    assert written.read_text() == "bebebe"
    assert steps[0] > 10


def test_who_waits_too_long_for_a_turn_goes_without_and_the_next_has_it() -> None:
    errands = Errands(seconds=0.2)
    with errands._turn, pytest.raises(ErrandFailed, match="others were before it"):
        errands.run(python(BACKWARDS), b"ab")
    errands = Errands()
    with pytest.raises(ErrandFailed):
        errands.run(python("raise SystemExit(1)"), b"")
    assert errands.run(python(BACKWARDS), b"ab") == b"ba"


def test_no_more_wait_than_may_and_who_comes_later_is_told_at_once() -> None:
    errands = Errands(seconds=30)
    with errands._turn:
        waiting = [eventlet.spawn(errands.run, python(BACKWARDS), b"ab") for _ in range(MOST_WAITING)]
        eventlet.sleep(0)
        with pytest.raises(ErrandFailed, match="too many wait"):
            errands.run(python(BACKWARDS), b"ab")
        for each in waiting[1:]:
            each.kill()
    assert waiting[0].wait() == b"ba"
    assert errands.run(python(BACKWARDS), b"cd") == b"dc"
