"""A gateway says at its start where the system lets it open too few files for all its places."""

import resource

import pytest
from structlog.testing import capture_logs

from gateway.listener.descriptors import check, needed


def told(monkeypatch: pytest.MonkeyPatch, allowed: int, number: int) -> list[dict[str, object]]:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (allowed, 1_048_576))
    with capture_logs() as lines:
        check(number)
    return [dict(line) for line in lines]


def test_as_many_as_docs_say() -> None:
    assert needed(connections=1_000, streams=2_500) == 5_000


def test_too_few_are_told_with_how_many_there_should_be(monkeypatch: pytest.MonkeyPatch) -> None:
    [line] = told(monkeypatch, 1_024, 5_000)
    assert (line["log_level"], line["allowed"], line["needed"]) == ("warning", 1_024, 5_000)


@pytest.mark.parametrize("allowed", [5_000, 1_048_576, resource.RLIM_INFINITY])
def test_enough_are_not_worth_a_word(monkeypatch: pytest.MonkeyPatch, allowed: int) -> None:
    assert told(monkeypatch, allowed, 5_000) == []
