"""What each act takes: unknown fields, wrong types and unknown codes are refused by their pointer."""

from typing import Any

import pytest
from marshmallow import ValidationError, validate

from cases.act import Act
from cases.act_schemas import ACTS
from cases.assets.schemas import CODE, KIND, NUMBER
from cases.intake_sessions.schemas import PLACE_OF_SESSION
from cases.listing_schemas import AREA, FiltersSchema
from cases.schemas import CATEGORY, GRID_CODE, LONGEST_TEXT, PHONE
from cases.trend.schemas import QUARTER
from chassis.errors import Refusal
from chassis.schema import load
from tests.unit.cases.play import refusal


@pytest.mark.parametrize(
    ("act", "fields", "pointer"),
    [
        (Act.NOTE, {"colour": "red"}, "/colour"),
        (Act.NOTE, {"text": "x" * (LONGEST_TEXT + 1)}, "/text"),
        (Act.NOTE, {"text": "   "}, "/text"),
        (Act.NOTE, {"text": None}, "/text"),
        (Act.NOTE, {"photos": ["f"] * 2}, "/photos"),
        (Act.NOTE, {"photos": [str(n) for n in range(10)]}, "/photos"),
        (Act.REJECT, {"text": "x"}, "/reason_code"),
        (Act.REJECT, {"reason_code": "mood"}, "/reason_code"),
        (Act.DISPATCH, {"places": 0}, "/places"),
        (Act.DISPATCH, {"places": "two"}, "/places"),
        (Act.DISPATCH, {"assignees": "p-1"}, "/assignees"),
        (Act.RATE, {"satisfaction": 5}, "/satisfaction"),
        (Act.RATE, {"solved": "perhaps"}, "/solved"),
        (Act.EXTEND, {"reason_code": "parts", "until": "2026-03-19T18:00:00"}, "/until"),
        (Act.EXTEND, {"reason_code": "parts", "until": "tomorrow"}, "/until"),
        (Act.EXTEND, {"reason_code": "parts", "until": "9999-12-31T23:59:59-01:00"}, "/until"),
        (Act.EXTEND, {"reason_code": "parts", "until": "0001-01-01T00:00:00+08:00"}, "/until"),
        (Act.SUSPEND, {"reason_code": "funds", "review_on": "soon"}, "/review_on"),
        (Act.ARRIVE, {"location": {"lon": 115.0}}, "/location/lat"),
        (Act.START, {}, "/contact"),
        (Act.VERIFY, {"finding": "maybe"}, "/finding"),
        (Act.MERGE, {}, "/target_case_id"),
        (Act.TIME_OUT, {"assignees": ["a", "b"]}, "/assignees"),
    ],
)
def test_a_field_that_is_not_right_is_named(act: Act, fields: dict[str, Any], pointer: str) -> None:
    refused: Refusal = refusal(load, ACTS[act], fields)
    assert (refused.code, [error["pointer"] for error in refused.details["errors"]]) == ("invalid", [pointer])


def test_blanks_around_words_do_not_count() -> None:
    assert load(ACTS[Act.NOTE], {"text": "  灯不亮 \n"}) == {"text": "灯不亮"}


def test_a_number_is_taken_as_people_type_it() -> None:
    assert load(FiltersSchema(), {"number": " 360704-20260312-7k3f9q "}) == {"number": "360704-20260312-7K3F9Q"}


@pytest.mark.parametrize("number", ["", "7K3F9Q", "360704-20260312-7K3F9O", "360704-20260312-7K3F9Q2", 5, None])
def test_what_is_no_number_is_refused(number: Any) -> None:
    refused: Refusal = refusal(load, FiltersSchema(), {"number": number})
    assert [error["pointer"] for error in refused.details["errors"]] == ["/number"]


@pytest.mark.parametrize("digits", range(1, 17))
def test_a_grid_code_begins_with_whole_levels(digits: int) -> None:
    filters = {"grid": "360704100002001"[:digits] + "0" * (digits - 15)}
    if digits in {6, 9, 12, 15}:
        assert load(FiltersSchema(), filters) == filters
    else:
        refused: Refusal = refusal(load, FiltersSchema(), filters)
        assert "first 6, 9 or 12" in refused.details["errors"][0]["detail"]


def test_every_act_has_a_schema() -> None:
    assert set(ACTS) == set(Act)


@pytest.mark.parametrize(
    ("form", "written"),
    [
        (CATEGORY, "0101"),
        (GRID_CODE, "360704100002001"),
        (PHONE, "12000000009"),
        (AREA, "360704"),
        (PLACE_OF_SESSION, "360704100002"),
        (NUMBER, "L-0007"),
        (KIND, "0118"),
        (CODE, "3607040118000001"),
        (QUARTER, "2026Q1"),
    ],
)
def test_digits_are_those_that_everybody_types(form: validate.Regexp, written: str) -> None:
    assert form(written) == written
    with pytest.raises(ValidationError):
        form(written.translate({ord(str(n)): chr(ord("０") + n) for n in range(10)}))
    with pytest.raises(ValidationError):
        form(written[:-1] + chr(ord("٠") + int(written[-1])))
