"""What the interface offers of cases is what cases takes: the same acts, fields, codes and limits."""

import json
from typing import Any

import pytest
from marshmallow import Schema, fields, validate

from cases import act_schemas, listing_schemas, schemas
from cases.act import CLOCK_ACTS, UNASKED, Act
from cases.moves.table import MOVES
from cases.showing.sight import Sight
from gateway.acts import ACTS
from gateway.schemas.case_views import SIGHTS, CaseView
from gateway.schemas.cases import CaseQuery, Report, Reveal
from gateway.schemas.paging import LARGEST_PAGE, PageQuery
from members.demo.cast import ACCOUNTS

NOT_OFFERED = {*UNASKED, *CLOCK_ACTS}
"""Reporting has a route of its own, a report joins by a merge, and time runs out by the clock."""

KINDS: dict[str, tuple[type, ...]] = {
    "text": (fields.String, fields.Date),
    "truth": (fields.Boolean,),
    "whole number": (fields.Integer,),
    "number": (fields.Float,),
}

OFFERED = {act.name: act.takes for act in ACTS}


def shape(schema: Schema) -> dict[str, Any]:
    """Each field by name: its type, whether it is needed, its codes and its longest."""
    return {name: described(each) for name, each in schema.fields.items()}


def described(field: fields.Field[Any]) -> Any:
    if isinstance(field, fields.Nested):
        return shape(field.schema)
    if isinstance(field, fields.List):
        return ["list", longest(field), described(field.inner)]
    return [next(name for name, kinds in KINDS.items() if isinstance(field, kinds)), field.required, codes(field)]


def codes(field: fields.Field[Any]) -> list[str]:
    written = field.metadata.get("enum", ())
    checked = [code for each in field.validators if isinstance(each, validate.OneOf) for code in each.choices]
    return sorted([*written, *checked])


def longest(field: fields.Field[Any]) -> list[int | None]:
    return [each.max for each in field.validators if isinstance(each, validate.Length)]


def test_every_act_is_offered() -> None:
    assert set(OFFERED) == {act.value for act in Act if act not in NOT_OFFERED}


@pytest.mark.parametrize("act", OFFERED)
def test_an_act_takes_what_cases_takes(act: str) -> None:
    assert shape(OFFERED[act]) == shape(act_schemas.ACTS[Act(act)])


def test_a_report_takes_what_cases_takes() -> None:
    assert shape(Report()) == shape(schemas.ReportSchema())


def test_a_reveal_takes_what_cases_takes() -> None:
    assert shape(Reveal()) == shape(schemas.RevealSchema())


def test_a_list_is_filtered_as_cases_filters_it() -> None:
    offered = shape(CaseQuery())
    for name in shape(PageQuery()):
        del offered[name]
    assert offered == shape(listing_schemas.FiltersSchema())


def test_a_page_is_as_long_as_cases_allows() -> None:
    assert LARGEST_PAGE == listing_schemas.MOST_IN_PAGE


def test_a_case_shows_the_acts_and_sights_that_cases_knows() -> None:
    acts: Any = CaseView().fields["acts"]
    assert set(acts.inner.metadata["enum"]) == {move.act.value for move in MOVES} - NOT_OFFERED
    assert list(SIGHTS) == [each.name.lower() for each in sorted(Sight) if each is not Sight.NONE]


def test_the_examples_name_people_of_the_demo() -> None:
    known = {account["person_id"] for account in json.loads(ACCOUNTS.read_text(encoding="utf-8")).values()}
    named = {id for act in ACTS for id in (act.example or {}).get("assignees", ())}
    assert named
    assert named <= known
    assert all(act.example.get("lead") in {None, *act.example.get("assignees", ())} for act in ACTS if act.example)
