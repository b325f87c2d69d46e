"""What is told of an entry of a person whose home is not known."""

from datetime import UTC, datetime

import pytest

from chassis.caller import Caller, Grant
from members.people.registration import Consent, Newcomer, Surroundings, faults
from members.territory.compound import Compound

NOW = datetime(2026, 3, 1, tzinfo=UTC)
GRID = "360704100002001"
ELSEWHERE = Compound("c-elsewhere", "测试小区", "360705100001001", (115.0, 25.8))
AROUND = Surroundings(compounds={ELSEWHERE.id: ELSEWHERE})
UNKNOWN = ("/compound_id", "unknown_compound")


def told(role: str, compound_id: str, consent: Consent | None = None, scope: str = GRID) -> list[tuple[str, str]]:
    newcomer = Newcomer("周测101", "360704", compound_id=compound_id, consent=consent)
    found = faults(newcomer, AROUND, Caller("p-1", (Grant(role, scope),)), NOW)
    return [(each.pointer, each.code) for each in found]


@pytest.mark.parametrize("compound_id", ["c-none", "c-elsewhere"])
def test_a_home_that_there_is_not_in_the_district_is_told_as_that_and_not_as_out_of_scope(compound_id: str) -> None:
    assert told("party_office", compound_id) == [UNKNOWN]
    assert told("community_worker", compound_id, Consent("paper", "1")) == [UNKNOWN]


@pytest.mark.parametrize("compound_id", ["c-none", "c-elsewhere"])
def test_that_a_worker_needs_consent_is_told_whatever_the_home(compound_id: str) -> None:
    assert told("community_worker", compound_id) == [UNKNOWN, ("/consent", "consent_missing")]


@pytest.mark.parametrize("role", ["community_worker", "party_office"])
def test_who_enters_people_of_another_district_alone_is_out_of_scope_whatever_the_home(role: str) -> None:
    assert ("", "out_of_scope") in told(role, "c-none", scope="360705")
    assert ("", "out_of_scope") in told(role, "c-elsewhere", scope="360705")


@pytest.mark.parametrize("compound_id", ["c-none", "c-elsewhere"])
def test_who_enters_nobody_is_told_that_alone(compound_id: str) -> None:
    assert told("resident", compound_id, scope="360704") == [("", "not_permitted")]
