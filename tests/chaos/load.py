"""Commands over HTTP from several clients, at a bounded rate, each logged with its key and what was answered."""

import random
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

from tests.chaos.reading import Sent

CLIENTS = 6
PAUSE_SECONDS = (0.1, 0.4)
MOST = 3_000
"""Commands of one load, so that a forgotten one ends."""
REPEAT_SECONDS = 30.0


class Caller(Protocol):
    """One client of a suite, for one thread."""

    def send(self, kind: str, case: str | None, key: str) -> tuple[str, str | None, str]:
        """Send one command: its outcome, the case answered, and the status or error."""


class Load:
    """Reports cases and moves them until it is told to stop."""

    def __init__(self, callers: Callable[[], Caller], moves: Iterable[str], dice: random.Random, name: str) -> None:
        """`moves` are the kinds of commands for a case that was reported; the first of them comes once, and first."""
        self.sent: list[Sent] = []
        self._callers = callers
        self._first, *self._later = moves
        self._name = name
        self._seeds = [dice.random() for _ in range(CLIENTS)]
        self._stop = threading.Event()
        self._new: list[str] = []
        self._known: list[str] = []
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin."""
        for number, seed in enumerate(self._seeds):
            thread = threading.Thread(target=self._run, args=(number, random.Random(seed)), daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """End, and wait for the answers that are still out."""
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def _run(self, client: int, dice: random.Random) -> None:
        caller, count = self._callers(), 0
        while not self._stop.wait(dice.uniform(*PAUSE_SECONDS)) and len(self.sent) < MOST:
            kind, case = self._choose(dice)
            count += 1
            sent = carried(caller, Sent(f"{self._name}-{client}-{count}", kind, case, 0, 0, "failed"))
            self.sent.append(sent)
            self._learn(sent)

    def _choose(self, dice: random.Random) -> tuple[str, str | None]:
        roll = dice.random()
        if roll < 0.25:
            with suppress(IndexError):  # another client was faster
                return self._first, self._new.pop(0)
        if roll < 0.55 and self._known and self._later:
            return dice.choice(self._later), dice.choice(self._known)
        return "report", None

    def _learn(self, sent: Sent) -> None:
        if sent.outcome == "acknowledged" and sent.case:
            {"report": self._new, self._first: self._known}.get(sent.kind, []).append(sent.case)


def carried(caller: Caller, sent: Sent) -> Sent:
    """The command, sent now, with what came of it."""
    began = time.monotonic()
    outcome, case, detail = caller.send(sent.kind, sent.case, sent.key)
    return replace(sent, sent_at=began, answered_at=time.monotonic(), outcome=outcome, case=case, detail=detail)


def repeated(caller: Caller, sent: Iterable[Sent]) -> list[Sent]:
    """As a client does after an outage: what failed is sent again with its key, until something is known."""
    deadline = time.monotonic() + REPEAT_SECONDS
    return [_until_known(caller, each, deadline) if each.outcome == "failed" else each for each in sent]


def _until_known(caller: Caller, sent: Sent, deadline: float) -> Sent:
    again = sent
    while time.monotonic() < deadline:
        again = carried(caller, sent)
        if again.outcome != "failed":
            break
        time.sleep(1)
    return replace(again, sent_at=sent.sent_at, detail=f"{sent.detail}, then {again.detail}")


def seconds_until_answers(sent: Iterable[Sent], healed_at: float) -> float:
    """From the end of a fault to the first answer, or to the last failure of a command that was sent after it."""
    answered = [each.answered_at for each in sent if each.outcome != "failed" and each.answered_at >= healed_at]
    failed = [each.answered_at for each in sent if each.outcome == "failed" and each.sent_at >= healed_at]
    return max([min(answered, default=float("inf")), *failed]) - healed_at
