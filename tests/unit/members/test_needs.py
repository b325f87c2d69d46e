"""What is needed is taken down in codes and in words that reach nobody."""

import json
from datetime import UTC, datetime

import pytest
from marshmallow import ValidationError

from cases.category import in_force
from cases.match_lists.demand import Status
from members.needs.need import BY_STATUS, CATEGORIES, GROUP_OF_WORKERS, USUAL, Source, stated, without_numbers
from members.needs.schemas import NeedSchema, WorkerNeedSchema

NOW = datetime(2026, 3, 12, tzinfo=UTC)
WHERE = {"tenant": "360704", "grid_code": "360704100007001", "stated_at": NOW}


def test_the_categories_of_needs_are_those_of_the_catalogue() -> None:
    """Written here, since members knows no other service: a type that the catalogue gets has to be entered."""
    assert set(CATEGORIES) == set(in_force(NOW).categories)
    assert [code for code in CATEGORIES if code.startswith(GROUP_OF_WORKERS)][0::4] == ["0901", "0905"]


def test_a_worker_who_names_no_category_lacks_something_at_the_station() -> None:
    [need] = stated(iter(["n-1"]), [{"text": "夜间充电"}], Source.WORKER, "w-1", **WHERE)
    assert (need.id, need.category, need.text, need.source_id) == ("n-1", USUAL, "夜间充电", "w-1")


def test_a_worker_needs_something_of_group_09_and_a_household_anything() -> None:
    assert WorkerNeedSchema().load({"text": "x"})
    assert NeedSchema().load({"text": "x", "category": "0803"})
    for schema, fields in (
        (WorkerNeedSchema(), {"text": "x", "category": "0803"}),
        (NeedSchema(), {"text": "x", "category": "808"}),
        (NeedSchema(), {"text": "x"}),
    ):
        with pytest.raises(ValidationError, match="category"):
            schema.load(fields)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("请打12000000001联系", "请打****联系"),
        ("请打 120 0000 0001 联系", "请打 **** 联系"),
        ("１２０００００００１２", "****"),
        ("身份证999999199001010016", "身份证****"),
        ("身份证 999999 19900101 001X", "身份证 ****"),
        ("座机0797-4441234", "座机****"),
        ("座机4441234", "座机****"),
        ("邮编341100", "邮编341100"),
        ("3号楼501要2个充电口，2026年", "3号楼501要2个充电口，2026年"),
    ],
)
def test_numbers_that_reach_or_name_somebody_are_not_kept(said: str, kept: str) -> None:
    assert without_numbers(said) == kept


def test_every_status_of_a_demand_says_something_of_its_need() -> None:
    assert set(BY_STATUS) == {each.value for each in Status}
    assert json.dumps([each.value for each in BY_STATUS.values()])
