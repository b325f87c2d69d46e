"""What the interface offers of cases is what cases takes: the same acts, fields, codes and limits."""

from typing import Any

import pytest
from marshmallow import Schema, fields, validate

from cases import schemas
from cases.act import Act
from gateway.acts import ACTS
from gateway.schemas.cases import CaseQuery, Report, Reveal
from gateway.schemas.paging import LARGEST_PAGE, PageQuery

NOT_OFFERED = {Act.REPORT, Act.TIME_OUT}
"""Reporting has a route of its own; time runs out by the clock."""

OFFERED = {act.name: act.takes for act in ACTS}


def shape(schema: Schema) -> dict[str, Any]:
    """Each field by name: its type, whether it is needed, its codes and its longest."""
    return {name: described(each) for name, each in schema.fields.items()}


def described(field: fields.Field[Any]) -> Any:
    if isinstance(field, fields.Nested):
        return shape(field.schema)
    if isinstance(field, fields.List):
        return ["list", longest(field), described(field.inner)]
    kind = "text" if isinstance(field, fields.String | fields.Date) else type(field).__name__
    return [kind, field.required, codes(field)]


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
    assert shape(OFFERED[act]) == shape(schemas.ACTS[Act(act)])


def test_a_report_takes_what_cases_takes() -> None:
    assert shape(Report()) == shape(schemas.ReportSchema())


def test_a_reveal_takes_what_cases_takes() -> None:
    assert shape(Reveal()) == shape(schemas.RevealSchema())


def test_a_list_is_filtered_as_cases_filters_it() -> None:
    offered = shape(CaseQuery())
    for name in shape(PageQuery()):
        del offered[name]
    assert offered == shape(schemas.FiltersSchema())


def test_a_page_is_as_long_as_cases_allows() -> None:
    assert LARGEST_PAGE == schemas.MOST_IN_PAGE
