"""Rules for members as data: versions from a day on, the narrowest area wins (docs/domain.md §3.2)."""

from typing import Any

import pytest

from members.organisations.store import UnitStore
from members.policies.policy import Metric, in_force
from members.policies.span import Period, span
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.dual_service import AT_GAOXIN, GAOXIN, GUANGCHANG, MEMBER, OFFICE, STRANGER, codes, settle
from tests.component.members.small_district import MoveIn, refusal

TWELVE = {
    "area": "360704",
    "metric": "points",
    "period": "year",
    "minimum": 12,
    "effect": "not_eligible_for_excellent",
    "valid_from": "2025-01-01",
}
SEEN_ELSEWHERE: tuple[dict[str, Any], ...] = (
    TWELVE,
    {**TWELVE, "metric": "minutes", "minimum": 3000, "effect": "fails"},
    {**TWELVE, "metric": "services", "minimum": 2, "effect": "fails"},
    {**TWELVE, "metric": "half_year_report", "period": "half", "minimum": 1, "effect": "not_rated_qualified"},
    {**TWELVE, "metric": "unit_registration_rate", "minimum": 95, "effect": "loses_appraisal"},
    {**TWELVE, "metric": "points", "period": "quarter", "minimum": 3, "effect": "fails"},
)
"""The kinds of rule that other places have."""


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)


def test_a_rule_of_no_area_is_refused(service: MembersService) -> None:
    rule = {**TWELVE, "area": "360704999"}
    found = refusal(service.enter_member_policy, caller=OFFICE, command_id="a", **rule)
    assert codes(found) == {("/area", "unknown_area")}


def test_a_first_narrower_rule_changes_nothing_of_the_past(service: MembersService) -> None:
    service.enter_member_policy(caller=OFFICE, command_id="a", **TWELVE)
    narrow = {**TWELVE, "area": GAOXIN, "minimum": 6}
    for day in ("2025-06-01", "2026-03-12"):
        early = refusal(service.enter_member_policy, caller=OFFICE, command_id="b", **{**narrow, "valid_from": day})
        assert codes(early) == {("/valid_from", "policy_begins_too_early")}
    before_it = {**narrow, "valid_from": "2024-01-01", "valid_to": "2024-12-31"}
    assert service.enter_member_policy(caller=OFFICE, command_id="c", **before_it)["terms"] == 1
    assert service.enter_member_policy(caller=OFFICE, command_id="d", **{**narrow, "metric": "services"})["terms"] == 1


def test_every_kind_of_rule_that_other_places_have_can_be_entered(service: MembersService) -> None:
    for n, rule in enumerate(SEEN_ELSEWHERE):
        assert service.enter_member_policy(caller=OFFICE, command_id=f"{n}", **rule)["terms"] == 1
    items = service.member_policies(caller=MEMBER, area=GAOXIN)["items"]
    assert {(each["metric"], each["period"]) for each in items} == {
        (rule["metric"], rule["period"]) for rule in SEEN_ELSEWHERE
    }
    assert refusal(service.member_policies, caller=STRANGER, area=GAOXIN).code == "not_permitted"


def test_the_rule_of_the_narrowest_area_holds(service: MembersService) -> None:
    service.enter_member_policy(caller=OFFICE, command_id="a", **TWELVE)
    service.enter_member_policy(
        caller=OFFICE, command_id="b", **{**TWELVE, "area": GAOXIN, "minimum": 6, "valid_from": "2026-03-13"}
    )
    year = span("2026")
    for area, minimum in ((GAOXIN, 6), (GUANGCHANG, 12)):
        found = in_force(service.policies_kept.around(area), area, Metric.POINTS, Period.YEAR, year.last)
        assert found is not None
        assert found[1].minimum == minimum


def test_a_new_version_ends_the_one_before_and_never_reaches_back(service: MembersService) -> None:
    service.enter_member_policy(caller=OFFICE, command_id="a", **TWELVE)
    early = refusal(
        service.enter_member_policy, caller=OFFICE, command_id="b", **{**TWELVE, "valid_from": "2026-03-12"}
    )
    assert codes(early) == {("/valid_from", "policy_begins_too_early")}
    later = {**TWELVE, "minimum": 20, "valid_from": "2026-04-01"}
    assert service.enter_member_policy(caller=OFFICE, command_id="c", **later)["terms"] == 2
    first, second = service.member_policies(caller=OFFICE, area="360704")["items"]
    assert (first["version"], first["minimum"], first["valid_to"]) == (1, 12, "2026-03-31")
    assert (second["version"], second["minimum"], second["valid_to"]) == (2, 20, None)
    now = service.member_policies(caller=OFFICE, area="360704", on="2026-03-31")["items"]
    assert [each["version"] for each in now] == [1]
    again = service.enter_member_policy(caller=OFFICE, command_id="c", **later)
    assert again["terms"] == 2


def test_the_rules_come_in_pages_that_end_widest_first(service: MembersService) -> None:
    later = {**TWELVE, "area": GAOXIN, "valid_from": "2026-04-01"}
    narrow = (later, {**later, "minimum": 6, "valid_from": "2026-06-01"})
    for n, rule in enumerate((*SEEN_ELSEWHERE, *narrow, {**later, "area": GUANGCHANG})):
        service.enter_member_policy(caller=OFFICE, command_id=f"{n}", **rule)
    for asked, count in (({"area": GAOXIN}, 8), ({"area": "360704"}, 9), ({"area": GAOXIN, "on": "2026-06-01"}, 7)):
        whole = service.member_policies(caller=MEMBER, **asked, limit=100)
        assert (len(whole["items"]), whole["next"]) == (count, None)
        assert [each["area"] for each in whole["items"]] == sorted(each["area"] for each in whole["items"])
        for limit in (1, 2, count - 1, count):
            pages, after = [], None
            while True:
                page = service.member_policies(caller=MEMBER, **asked, after=after, limit=limit)
                pages += page["items"]
                after = page["next"]
                assert len(page["items"]) == limit or after is None
                if after is None:
                    break
            assert pages == whole["items"]


def test_every_fault_of_a_rule_is_listed_at_once(service: MembersService) -> None:
    rule = {**TWELVE, "metric": "unit_registration_rate", "minimum": 101, "valid_to": "2024-12-31"}
    assert codes(refusal(service.enter_member_policy, caller=OFFICE, command_id="a", **rule)) == {
        ("/minimum", "rate_over_100"),
        ("/valid_to", "policy_ends_too_early"),
    }
    shapes = {"area": "3607", "metric": "luck", "minimum": 0, "effect": "prison", "valid_from": "soon"}
    found = refusal(service.enter_member_policy, caller=OFFICE, command_id="b", **{**TWELVE, **shapes})
    assert {pointer for pointer, _ in codes(found)} == {f"/{name}" for name in shapes}


def test_only_the_office_enters_rules(service: MembersService) -> None:
    for who in (AT_GAOXIN, MEMBER):
        assert refusal(service.enter_member_policy, caller=who, command_id="a", **TWELVE).code == "not_permitted"
