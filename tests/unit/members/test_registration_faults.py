"""What is told of an entry of a person whose home is not known."""

from datetime import UTC, datetime

import pytest

from chassis.caller import Caller, Grant
from members.people.registration import Newcomer, Surroundings, faults

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("role", ["community_worker", "party_office"])
def test_a_home_that_there_is_not_is_told_as_that_and_not_as_out_of_scope(role: str) -> None:
    caller = Caller("p-1", (Grant(role, "360704100002001"),))
    found = faults(Newcomer("周测101", "360704", compound_id="c-none"), Surroundings(), caller, NOW)
    assert [(each.pointer, each.code) for each in found] == [("/compound_id", "unknown_compound")]


def test_who_enters_nobody_is_told_so_whatever_the_home() -> None:
    caller = Caller("p-1", (Grant("resident", "360704"),))
    found = faults(Newcomer("周测101", "360704", compound_id="c-none"), Surroundings(), caller, NOW)
    assert ("", "not_permitted") in [(each.pointer, each.code) for each in found]
