"""Which resource suits which demand: by skills, place, availability and load, ties by the longest idle (§2.1)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cases.match_lists.demand import Demand
from cases.match_lists.matching import NEARNESS, WEIGHTS, assess, demands_for, resources_for, suits
from cases.match_lists.resource import Resource
from cases.place import AREA_DIGITS
from tests.unit.cases.match_lists import STATION, asked_for, offered
from tests.unit.cases.play import AT


def codes(demand: Demand, resource: Resource) -> list[str]:
    return [reason.code for reason in assess(demand, resource, AT).reasons]


def skilled(id: str = "resource-1", **fields: Any) -> Resource:
    return offered(id=id, **{"categories": [], "skills": ["electrician"], "serves": [STATION], **fields})


WANTS = asked_for(skills=["electrician", "construction"])


def test_the_weights_are_a_hundred_and_every_kind_of_area_has_its_share() -> None:
    assert sum(WEIGHTS.values()) == 100
    assert set(NEARNESS) == set(AREA_DIGITS)


@pytest.mark.parametrize(
    ("resource", "score", "reasons"),
    [
        (offered(serves=[STATION]), 100.0, ["same_category", "same_grid", "available", "idle"]),
        (skilled(), 80.0, ["skill", "same_grid", "available", "idle"]),
        (skilled(serves=[STATION[:12]]), 68.0, ["skill", "same_community", "available", "idle"]),
        (skilled(serves=[STATION[:9]]), 59.0, ["skill", "same_town", "available", "idle"]),
        (skilled(serves=[STATION[:6]]), 56.0, ["skill", "same_district", "available", "idle"]),
        (skilled(serves=[STATION[:6], STATION]), 80.0, ["skill", "same_grid", "available", "idle"]),
    ],
)
def test_a_match_is_scored_and_says_why(resource: Resource, score: float, reasons: list[str]) -> None:
    found = assess(WANTS, resource, AT)
    assert (found.score, [reason.code for reason in found.reasons]) == (score, reasons)
    assert all(reason.zh and reason.en for reason in found.reasons)


def test_what_is_available_later_or_has_a_load_counts_less() -> None:
    later = replace(skilled(), since="2026-03-20")
    busy = replace(skilled(capacity=5), reserved_for=("project-1", "project-2"))
    assert assess(WANTS, later, AT).score == 72.5
    assert codes(WANTS, later) == ["skill", "same_grid", "available_later", "idle"]
    assert assess(WANTS, busy, AT).score == 70.0
    assert codes(WANTS, busy)[-1] == "busy"


def test_where_a_demand_names_no_skill_those_of_its_category_count() -> None:
    wants = asked_for(category="0803")
    assert wants.wanted_skills == ("medical",)
    assert suits(wants, skilled(skills=["medical"]), AT)
    assert not suits(wants, skilled(), AT)


def test_where_neither_side_names_anything_the_words_decide() -> None:
    plain = skilled(skills=[])
    assert suits(asked_for(), plain, AT)
    assert codes(asked_for(), plain)[0] == "no_skill_named"


@pytest.mark.parametrize(
    "resource",
    [
        skilled(serves=["360704100002001"]),
        skilled(skills=["cleaning"]),
        replace(skilled(), reserved_for=("project-1",)),
        replace(skilled(), used=1),
        replace(skilled(), withdrawn=True),
        replace(skilled(), until="2026-03-11"),
        replace(skilled(), since="2026-12-01"),
    ],
)
def test_what_cannot_help_is_not_proposed(resource: Resource) -> None:
    assert not suits(WANTS, resource, AT)
    assert resources_for(WANTS, [resource], AT, 10) == []


def test_of_equals_the_longest_idle_comes_first() -> None:
    lately, never, long_ago = (
        replace(skilled("r-1"), idle_since=AT),
        skilled("r-2"),
        replace(skilled("r-3"), idle_since=AT - timedelta(days=9)),
    )
    found = resources_for(WANTS, [lately, never, long_ago], AT, 10)
    assert [each.resource.id for each in found] == ["r-2", "r-3", "r-1"]
    assert [each.resource.id for each in resources_for(WANTS, [lately, never], AT, 1)] == ["r-2"]


def test_of_equal_demands_the_one_that_waits_longest_comes_first() -> None:
    late, early = replace(WANTS, id="late"), replace(WANTS, id="early", opened_at=AT - timedelta(days=3))
    assert [each.demand.id for each in demands_for(skilled(), [late, early], AT, 10)] == ["early", "late"]
