"""H3 to H10 of docs/domain.md §4, each with what makes it fail and where its limits lie."""

from dataclasses import replace

import pytest

from members.coverage.facts import CensusFact, OrganisationFact, StationFact, UnitFact, VisitFact
from tests.unit.members.coverage.covered import (
    COMMUNITY,
    COMPOUND,
    COVERED,
    ONE,
    TWO,
    UNMANAGED,
    ago,
    found,
    named,
    noted,
    numbers,
)

METRE = 1 / 111_195.08
"""Degrees of latitude, on the sphere on which distances are measured."""


def visits(visited: int, twice: int = 0, once: int = 0, never: int = 0) -> tuple[VisitFact, ...]:
    tries = [(True, 0)] * visited + [(False, 2)] * twice + [(False, 1)] * once + [(False, 0)] * never
    return tuple(VisitFact(f"a-{n}", f"{n}号", *each) for n, each in enumerate(tries))


def test_f04_a_compound_outside_all_grids_fails_and_is_listed() -> None:
    """F04: H3 is below 100 % and names the compound."""
    outside = replace(COMPOUND, at=(115.03, 25.865))
    lost = found("H3", sites=(outside, UNMANAGED))
    assert (numbers(lost), lost.percentage, lost.passes) == ((3, 4), 75.0, False)
    assert [(each.name, each.reason) for each in lost.count.failing] == [("东源胜景小区", "outside_all_grids")]


def test_a_compound_on_a_shared_edge_lies_in_one_grid() -> None:
    edge = replace(COMPOUND, at=(115.01, 25.865))
    assert found("H3", sites=(edge,)).passes is True


def test_where_grids_overlap_a_compound_lies_in_two() -> None:
    one, _ = COVERED.grids
    twice = found("H3", grids=(one, replace(one, code=TWO)), sites=(COMPOUND,), organisations=())
    assert named(twice) == [("c-1", "in_several_grids")]


@pytest.mark.parametrize("kind", ["enterprise", "social_organisation", "co_building_unit"])
def test_an_organisation_is_tied_to_exactly_one_grid(kind: str) -> None:
    def tied(*codes: str) -> list[tuple[str, str]]:
        return named(found("H3", organisations=(OrganisationFact("u-1", "x", kind, codes),)))

    assert tied(ONE) == []
    assert tied(ONE, TWO) == [("u-1", "in_several_grids")]
    assert tied("360704100002009") == tied() == [("u-1", "outside_all_grids")]


def test_a_property_company_serves_one_grid_or_more() -> None:
    assert found("H3").passes is True
    idle = OrganisationFact("u-2", "x", "property_company", ())
    assert named(found("H3", organisations=(idle,))) == [("u-2", "outside_all_grids")]


def test_an_unmanaged_compound_needs_a_fallback_unit_and_a_managed_one_does_not() -> None:
    assert numbers(found("H4")) == (1, 1)
    helpless = found("H4", sites=(COMPOUND, replace(UNMANAGED, fallback=None)))
    assert (numbers(helpless), helpless.passes, named(helpless)) == ((0, 1), False, [("c-2", "no_fallback")])


def test_where_every_compound_is_managed_there_is_nothing_to_check() -> None:
    none = found("H4", sites=(COMPOUND,))
    assert (none.percentage, none.passes, none.reason) == (None, None, "nothing_to_check")


@pytest.mark.parametrize(("metres", "near"), [(999, True), (1001, False)])
def test_a_rest_station_is_within_1000_metres(metres: int, near: bool) -> None:
    station = StationFact("v-1", "驿站", (COMPOUND.at[0], COMPOUND.at[1] + metres * METRE))
    reached = found("H5", sites=(COMPOUND,), stations=(station,))
    assert named(reached) == ([] if near else [("c-1", "station_far")])


def test_9_of_10_compounds_near_a_station_are_enough() -> None:
    far = replace(COMPOUND, id="c-far", at=(116.0, 25.865))
    near = [replace(COMPOUND, id=f"c-{n}") for n in range(9)]
    assert found("H5", sites=(*near, far)).passes is True
    assert found("H5", sites=(*near[1:], far)).passes is False


def test_without_a_station_every_compound_fails() -> None:
    assert named(found("H5", stations=())) == [("c-1", "no_station"), ("c-2", "no_station")]


def test_new_employment_workers_are_reported_and_who_is_linked_to_nothing_is_named() -> None:
    report = found("H6", census=CensusFact(known=2, estimated=3, unlinked={"w-1": "阿**"}))
    assert (numbers(report), report.percentage) == ((2, 3), 66.67)
    assert (report.passes, report.reason, named(report)) == (None, "report_only", [("w-1", "not_linked")])
    assert report.count.failing[0].name == "阿**"


def test_without_an_estimate_there_is_no_share_of_new_employment_workers() -> None:
    report = found("H6", census=CensusFact(5, None))
    assert (report.percentage, report.passes, report.reason) == (None, None, "no_estimate")


def test_a_round_of_400_addresses_with_380_visited_is_enough_and_lists_the_8_untouched() -> None:
    walked = found("H7", visits=visits(380, twice=12, never=8))
    assert (numbers(walked), walked.percentage, walked.passes) == ((380, 400), 95.0, True)
    assert [reason for _, reason in named(walked)] == ["not_visited"] * 8
    assert [reason for _, reason in noted(walked)] == ["nobody_answered"] * 12
    assert found("H7", visits=visits(379, twice=12, never=9)).passes is False


def test_where_nobody_answered_once_a_second_try_is_missing() -> None:
    assert [reason for _, reason in named(found("H7", visits=visits(1, once=1)))] == ["no_second_try"]


def test_who_refused_was_not_visited_and_is_not_asked_again() -> None:
    refused = found("H7", visits=(*visits(19), VisitFact("a-x", "20号", visited=False, refused=True)))
    assert (refused.percentage, named(refused), noted(refused)) == (95.0, [], [("a-x", "refused")])


def test_without_a_round_nothing_is_recorded() -> None:
    assert (found("H7", visits=()).passes, found("H7", visits=()).reason) == (None, "nothing_recorded")


def test_a_compound_without_a_service_day_fails() -> None:
    missed = found("H8", served=frozenset({"c-1"}))
    assert (numbers(missed), missed.passes, named(missed)) == ((1, 2), False, [("c-2", "not_served")])


def test_without_service_days_nothing_is_said_of_them() -> None:
    unknown = found("H8", served=None)
    assert (unknown.percentage, unknown.passes, unknown.reason) == (None, None, "nothing_recorded")


def test_19_of_20_units_registered_are_enough() -> None:
    units = tuple(UnitFact(f"u-{n}", f"单位{n}", registered=n > 0) for n in range(20))
    enough = found("H9", units=units)
    assert (enough.percentage, enough.passes, named(enough)) == (95.0, True, [("u-0", "not_registered")])
    assert found("H9", units=units[:19]).passes is False


@pytest.mark.parametrize(("days", "recent"), [(30, True), (31, False)])
def test_a_community_sits_together_within_30_days(days: int, recent: bool) -> None:
    held = found("H10", sessions={COMMUNITY: ago(days)})
    assert named(held) == ([] if recent else [(COMMUNITY, "no_recent_session")])


def test_a_community_that_never_sat_together_is_named() -> None:
    silent = found("H10", sessions={})
    assert [(each.name, each.reason) for each in silent.count.failing] == [("高新社区", "no_session")]
