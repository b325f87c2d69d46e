"""A service that is told to end while it starts ends once it has started."""

import os
import signal
from collections.abc import Iterator

import eventlet
import pytest
from eventlet.event import Event

from chassis import launcher, logs
from chassis.settings import settings


class Starting:
    """A container that a signal comes to in the middle of its start."""

    def __init__(self) -> None:
        self._worker_threads = self._managed_threads = ()
        self.told: list[str] = []
        self._died = Event()

    def start(self) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        eventlet.sleep(0.05)
        self.told.append("started")

    def stop(self) -> None:
        self.told.append("stopped")
        self._died.send()

    def wait(self) -> None:
        with eventlet.Timeout(5):
            self._died.wait()


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_signal_in_the_middle_of_the_start_stops_what_has_been_started(monkeypatch: pytest.MonkeyPatch) -> None:
    container, cut_short_after = Starting(), list[float]()
    monkeypatch.setattr(logs, "configure", lambda *_: None)
    monkeypatch.setattr(launcher, "service_class", lambda _: None)
    monkeypatch.setattr(launcher, "ServiceContainer", lambda *_: container)
    monkeypatch.setattr(launcher, "_cut_short_after", cut_short_after.append)
    launcher.run("lamps")
    assert container.told == ["started", "stopped"]
    assert cut_short_after == [settings.grace_seconds]
