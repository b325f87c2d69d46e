"""The catalogue of docs/domain.md §6.1: complete, versioned, and each version stays as it was."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib import resources

import pytest

from cases.category import Catalogue, Severity, catalogue, in_force, latest, published, read
from cases.deadline import LOCAL, term
from chassis.errors import Refusal


@pytest.fixture
def today() -> Catalogue:
    return catalogue("2025.1")


def test_there_are_58_categories_in_10_groups(today: Catalogue) -> None:
    assert (len(today.categories), len(today.groups)) == (58, 10)
    counts = Counter(code[:2] for code in today.categories)
    assert [counts[f"{n:02}"] for n in range(1, 11)] == [8, 5, 8, 3, 7, 7, 5, 7, 5, 3]


def test_a_street_lamp_is_answered_in_2_hours_and_solved_in_3_working_days(today: Catalogue) -> None:
    lamp = today.find("0101")
    assert (lamp.severity, lamp.respond, lamp.resolve) == (Severity.NORMAL, term("2h"), term("3wd"))
    assert lamp.units == ("LIGHTING_OFFICE", "PROPERTY", "COMMUNITY")
    assert (lamp.member_eligible, lamp.restricted, lamp.physical) == (True, False, True)


def test_electric_work_and_nothing_else_needs_a_certificate(today: Catalogue) -> None:
    licensed = {code for code, one in today.categories.items() if one.certificates}
    assert licensed == {code for code, one in today.categories.items() if "electrician" in one.skills}
    assert today.find("0101").certificates == ("low_voltage_electrician",)


def test_sensitive_matters_are_those_of_disputes_livelihood_and_some_others(today: Catalogue) -> None:
    restricted = {code for code, one in today.categories.items() if one.restricted}
    whole_groups = {code for code in today.categories if code[:2] in {"07", "08"}}
    assert restricted == whole_groups | {"0606", "0903", "0904", "0905"}


def test_physical_matters_are_those_of_groups_01_to_06(today: Catalogue) -> None:
    assert {code[:2] for code, one in today.categories.items() if one.physical} == {f"{n:02}" for n in range(1, 7)}


def test_only_group_10_is_consultation(today: Catalogue) -> None:
    assert {code for code, one in today.categories.items() if one.is_consultation} == {"1001", "1002", "1003"}


def test_every_emergency_has_its_first_answer_within_15_minutes(today: Catalogue) -> None:
    emergencies = {code: one for code, one in today.categories.items() if one.severity is Severity.EMERGENCY}
    assert set(emergencies) == {"0502", "0603", "0604", "0607"}
    assert all(str(one.respond) in {"10m", "15m"} for one in emergencies.values())


def test_a_code_that_does_not_exist_is_refused(today: Catalogue) -> None:
    with pytest.raises(Refusal) as refused:
        today.find("9999")
    assert refused.value.code == "unknown_category"


def test_a_version_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        catalogue("1999.1")
    assert refused.value.code == "unknown_version"


def test_a_later_version_counts_from_its_local_day_on_and_the_earlier_stays_as_it_was(today: Catalogue) -> None:
    shorter = replace(today.find("0101"), resolve=term("2wd"))
    april = replace(today, version="2026.4", begins=date(2026, 4, 1), categories={**today.categories, "0101": shorter})
    midnight = datetime(2026, 4, 1, tzinfo=LOCAL)
    both = (april, today)
    assert latest(midnight - timedelta(seconds=1), both).find("0101").resolve == term("3wd")
    assert latest(midnight, both).find("0101").resolve == term("2wd")
    assert today.find("0101").resolve == term("3wd")


def test_before_the_first_version_the_first_version_counts(today: Catalogue) -> None:
    assert in_force(datetime(2001, 1, 1, tzinfo=UTC)) is published()["2025.1"]


def test_each_file_is_named_for_its_version() -> None:
    for version in published():
        text = resources.files("cases").joinpath(f"data/categories-{version}.json").read_text(encoding="utf-8")
        assert read(text).version == version
        codes = [row["code"] for row in json.loads(text)["categories"]]
        assert codes == sorted(set(codes))
