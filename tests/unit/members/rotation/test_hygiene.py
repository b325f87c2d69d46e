"""Which cases call for a service day."""

import json
from pathlib import Path

from members.rotation.hygiene import CATEGORIES, is_need
from members.rotation.score import SEVERITY

CATALOGUE = Path(__file__).parents[4] / "services" / "cases" / "data" / "categories-2025.1.json"


def test_the_categories_are_those_whose_skill_is_cleaning_and_that_members_may_take() -> None:
    found = json.loads(CATALOGUE.read_text(encoding="utf-8"))["categories"]
    cleaning = {each["code"] for each in found if "cleaning" in each["skills"] and each["member_eligible"]}
    assert cleaning == CATEGORIES
    assert {each["severity"] for each in found} <= SEVERITY.keys()


def test_what_is_done_or_suspended_calls_for_nobody() -> None:
    assert is_need("0303", "IN_PROGRESS")
    assert not is_need("0303", "RESOLVED")
    assert not is_need("0303", "SUSPENDED")
    assert not is_need("0101", "IN_PROGRESS")
    assert not is_need(None, "REPORTED")
    assert not is_need("0303", "IN_PROGRESS", "u-housing")
