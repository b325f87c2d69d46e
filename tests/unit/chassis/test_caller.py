"""A caller under every id that is or was theirs, as it travels between services."""

from datetime import UTC, datetime

import pytest

from chassis.caller import Caller, Grant
from chassis.command import Asked, digest
from chassis.errors import Refusal

NOW = datetime(2026, 3, 12, tzinfo=UTC)
ONE = Caller("p-1", (Grant("resident", "360704"),), "u-1", former=("p-0",))


def test_what_is_said_of_a_caller_is_read_back() -> None:
    for caller in (ONE, Caller("p-2"), Caller("k-1", unit="u-1", program=True)):
        assert Caller.load(caller.dump()) == caller
    assert not {"former", "program"} & Caller("p-2").dump().keys()


def test_a_caller_is_known_by_each_id_and_by_no_other() -> None:
    assert [ONE.is_(id) for id in ("p-1", "p-0", "p-2", "", None)] == [True, True, False, False, False]


@pytest.mark.parametrize(
    ("grants", "role"),
    [
        pytest.param((("desk", "36"), ("resident", "360704")), "desk", id="the first of those around it"),
        pytest.param((("desk", "360702"), ("resident", "360704")), "resident", id="the one around it"),
        pytest.param((("desk", "360702"), ("resident", "360704100002001")), "resident", id="the one nearest by"),
        pytest.param((("resident", "360702"), ("desk", "360702")), "desk", id="the first of those elsewhere"),
        pytest.param((("clerk", "360704"),), None, id="none"),
    ],
)
def test_a_role_that_is_held_around_something_is_that_in_which_one_acts(
    grants: tuple[tuple[str, str], ...], role: str | None
) -> None:
    who = Caller("p-1", tuple(Grant(*each) for each in grants))
    assert who.acting(("desk", "resident"), "360704100") == role


def test_what_was_asked_under_a_former_id_is_not_done_again() -> None:
    before = Asked(Caller("p-0"), "k", digest({"a": 1}), NOW)
    entry = {"command": before.key, "digest": before.digest, "answer": {"done": 1}}
    assert Asked(ONE, "k", before.digest, NOW).answered([entry]) == {"done": 1}
    assert Asked(Caller("p-1"), "k", before.digest, NOW).answered([entry]) is None
    with pytest.raises(Refusal, match="command_id_reused"):
        Asked(ONE, "k", digest({"a": 2}), NOW).answered([entry])
