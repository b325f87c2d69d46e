"""A port that was given out is nobody else's, also while nobody listens there yet."""

from random import SystemRandom

import pytest

from dev import ports
from dev.ports import HIGHEST, LOWEST, free_port


def test_no_port_is_given_out_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = iter([LOWEST, LOWEST, LOWEST, HIGHEST - 1])
    monkeypatch.setattr(SystemRandom, "randrange", lambda *_: next(dice))
    monkeypatch.setattr(ports, "is_free", lambda _: True)
    monkeypatch.setattr(ports, "_GIVEN", set())
    assert [free_port(), free_port()] == [LOWEST, HIGHEST - 1]
