"""The ledger of points on a real database: nothing counts twice, and nothing is ever changed."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymongo.database import Database

from members.organisations.store import UnitStore
from members.service import MembersService
from members.service_points.entry import Tally, tally
from members.territory.store import TerritoryStore
from tests.component.members.dual_service import (
    AT_GAOXIN,
    AT_GUANGCHANG,
    BUREAU,
    CONTACT,
    GUANGCHANG,
    MEMBER,
    OFFICE,
    STRANGER,
    codes,
    registered,
    settle,
)
from tests.component.members.small_district import MoveIn, refusal

Stored = Database[dict[str, Any]]
CLEANED = {"person_id": "p-1", "on": "2026-03-12", "kind": "governance", "points": 3, "text": "清扫楼道"}
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn, service: MembersService) -> None:
    settle(territory, organisations, move_in)
    registered(service, "p-1")


def total(service: MembersService) -> Tally:
    found: Tally = service.points_kept.tallies({"p-1": {"p-1"}}, *YEAR).get("p-1", Tally())
    return found


def test_points_are_recorded_once_however_often_the_command_comes(service: MembersService) -> None:
    first = service.record_points(caller=AT_GUANGCHANG, command_id="k", **CLEANED)
    assert service.record_points(caller=AT_GUANGCHANG, command_id="k", **CLEANED) == first
    assert total(service) == Tally(3, 1)
    reused = refusal(service.record_points, caller=AT_GUANGCHANG, command_id="k", **{**CLEANED, "points": 4})
    assert reused.code == "command_id_reused"


def test_one_source_counts_once_and_again_only_after_it_is_taken_back(service: MembersService) -> None:
    body = {**CLEANED, "source": "activity:a-1"}
    first = service.record_points(caller=AT_GUANGCHANG, command_id="a", **body)
    assert codes(refusal(service.record_points, caller=OFFICE, command_id="b", **body)) == {
        ("/source", "already_counted")
    }
    service.reverse_points(caller=OFFICE, command_id="c", entry_id=first["entry_id"])
    assert total(service) == Tally(0, 0)
    again = refusal(service.reverse_points, caller=OFFICE, command_id="d", entry_id=first["entry_id"])
    assert again.code == "already_reversed"
    service.record_points(caller=AT_GUANGCHANG, command_id="e", **{**body, "points": 2})
    assert total(service) == Tally(2, 1)


def test_a_reversal_is_a_row_of_its_own_and_final(service: MembersService, database: Stored) -> None:
    first = service.record_points(caller=AT_GUANGCHANG, command_id="a", **CLEANED)["entry_id"]
    before = database["service_points"].find_one({"_id": first})
    taken = service.reverse_points(caller=AT_GUANGCHANG, command_id="b", entry_id=first)
    assert (taken["points"], taken["reverses"]) == (-3, first)
    assert database["service_points"].find_one({"_id": first}) == before
    final = refusal(service.reverse_points, caller=OFFICE, command_id="c", entry_id=taken["entry_id"])
    assert final.code == "reversal_is_final"
    missing = refusal(service.reverse_points, caller=STRANGER, command_id="d", entry_id=first)
    assert missing.code == "entry_not_found"


def test_every_fault_of_an_entry_is_listed_at_once(service: MembersService, database: Stored) -> None:
    body = {**CLEANED, "person_id": "p-2", "on": "2026-03-13"}
    assert codes(refusal(service.record_points, caller=OFFICE, command_id="a", **body)) == {
        ("/person_id", "not_registered"),
        ("/on", "date_in_the_future"),
    }
    old = refusal(service.record_points, caller=OFFICE, command_id="o", **{**body, "on": "2024-12-31"})
    assert ("/on", "service_too_long_ago") in codes(old)
    unknown = refusal(service.record_points, caller=OFFICE, command_id="b", **{**CLEANED, "person_id": "p-x"})
    assert codes(unknown) == {("/person_id", "unknown_person")}
    self_made = {**OFFICE, "id": "p-1"}
    assert codes(refusal(service.record_points, caller=self_made, command_id="c", **CLEANED)) == {
        ("/person_id", "own_points")
    }
    assert database["service_points"].count_documents({}) == 0


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"points": 0}, "/points"),
        ({"points": -3}, "/points"),
        ({"points": 101}, "/points"),
        ({"kind": "dancing"}, "/kind"),
        ({"on": "2026-02-30"}, "/on"),
        ({"source": "a b"}, "/source"),
    ],
)
def test_what_an_entry_cannot_say_is_refused(service: MembersService, body: dict[str, Any], pointer: str) -> None:
    found = refusal(service.record_points, caller=OFFICE, command_id="k", **{**CLEANED, **body})
    assert (found.code, [each["pointer"] for each in found.details["errors"]]) == ("invalid", [pointer])


def test_only_the_community_of_the_member_records(service: MembersService) -> None:
    for who in (AT_GAOXIN, CONTACT, MEMBER):
        found = refusal(service.record_points, caller=who, command_id="a", **CLEANED)
        assert found.code == "not_permitted"
    first = service.record_points(caller=AT_GUANGCHANG, command_id="b", **CLEANED)["entry_id"]
    own = refusal(service.reverse_points, caller={**OFFICE, "id": "p-1"}, command_id="c", entry_id=first)
    assert own.code == "own_points"
    assert [each["points"] for each in service.points(caller=MEMBER)["items"]] == [3]
    assert service.points(caller=AT_GUANGCHANG, person_id="p-1")["items"][0]["community"] == GUANGCHANG
    assert refusal(service.points, caller=CONTACT, person_id="p-1").code == "not_permitted"
    assert refusal(service.points, caller=MEMBER, person_id="p-2").code == "not_permitted"


def test_an_entry_names_the_version_of_the_rule_that_was_in_force(service: MembersService) -> None:
    rule = {"area": "360704", "metric": "points", "period": "year", "effect": "fails", "minimum": 12}
    service.enter_member_policy(caller=OFFICE, command_id="p", valid_from="2026-01-01", **rule)
    service.enter_member_policy(caller=OFFICE, command_id="q", valid_from="2026-04-01", **{**rule, "minimum": 20})
    service.record_points(caller=AT_GUANGCHANG, command_id="b", **CLEANED)
    [row] = service.points(caller=MEMBER)["items"]
    assert (row["policy_id"], row["policy_version"]) == ("360704-points-year", 1)


def test_an_employer_is_told_sums_and_nothing_of_anybody_in_particular(service: MembersService) -> None:
    service.record_points(caller=AT_GUANGCHANG, command_id="a", **CLEANED)
    few = service.unit_feedback(caller=CONTACT, unit_id=BUREAU, quarter="2026Q1")
    assert few == {
        "unit_id": BUREAU,
        "quarter": "2026Q1",
        "registered": 1,
        "services": None,
        "points": None,
        "withheld": "too_few_members",
    }
    for person in ("p-2", "p-3"):
        registered(service, person)
    service.record_points(caller=AT_GUANGCHANG, command_id="b", **{**CLEANED, "person_id": "p-2"})
    told = service.unit_feedback(caller=CONTACT, unit_id=BUREAU, quarter="2026Q1")
    assert (told["registered"], told["services"], told["points"], told["withheld"]) == (3, 2, 6, None)
    rate = service.registration_rate(caller=CONTACT, unit_id=BUREAU)
    assert (rate["registered"], rate["served"], rate["completion_rate"]) == (3, None, None)
    assert service.registration_rate(caller=CONTACT, unit_id=BUREAU, as_of="2026-03-11")["registered"] == 0


ACTS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 9), st.booleans()), max_size=12)


def test_whatever_is_recorded_and_taken_back_the_sum_is_that_of_what_stands(
    service: MembersService, database: Stored
) -> None:
    @settings(max_examples=25, deadline=None, database=None)
    @given(acts=ACTS)
    def plays(acts: list[tuple[str, int, bool]]) -> None:
        database["service_points"].delete_many({})
        standing: dict[str, tuple[str, int]] = {}
        for n, (source, points, takes_back) in enumerate(acts):
            if takes_back and source in standing:
                service.reverse_points(caller=OFFICE, command_id=f"{n}", entry_id=standing.pop(source)[0])
            elif source in standing:
                body = {**CLEANED, "points": points, "source": source}
                assert (
                    refusal(service.record_points, caller=OFFICE, command_id=f"{n}", **body).code == "already_counted"
                )
            else:
                body = {**CLEANED, "points": points, "source": source}
                entry = service.record_points(caller=OFFICE, command_id=f"{n}", **body)
                standing[source] = (entry["entry_id"], points)
        rows = [kept.item for kept in service.points_kept.page(["p-1"], None, 100)]
        expected = Tally(sum(points for _, points in standing.values()), len(standing))
        assert tally(rows) == expected
        assert total(service) == expected

    plays()


def test_the_first_and_the_last_day_of_a_period_count(service: MembersService) -> None:
    for day in ("2026-03-10", "2026-03-12"):
        service.record_points(caller=AT_GUANGCHANG, command_id=day, **{**CLEANED, "on": day})
    sums = service.points_kept.tallies({"p-1": {"p-1"}}, date(2026, 3, 10), date(2026, 3, 12))
    assert sums["p-1"] == Tally(6, 2)
    assert service.points_kept.tallies({"p-1": {"p-1"}}, date(2026, 3, 11), date(2026, 3, 11)) == {}
