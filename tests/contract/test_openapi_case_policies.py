"""What the interface offers of a district's policies for cases is what cases takes."""

from cases.category import Severity
from cases.exclusion import Ground
from cases.policies import schemas
from cases.policies.policy import Kind, Standing
from gateway.schemas.case_policies import (
    EXCLUSIONS,
    KINDS,
    MOST_CATEGORIES,
    MOST_CODES,
    STATES,
    CasePolicyQuery,
    CategoryEntered,
    NewCaseCategories,
    NewCaseScoring,
    Weights,
)
from gateway.schemas.cases import CategoryQuery
from gateway.schemas.paging import PageQuery


def fields(schema: object) -> dict[str, bool]:
    """The fields of a schema, and which of them are required."""
    return {name: field.required for name, field in schema.fields.items()}  # type: ignore[attr-defined]


def test_versions_are_entered_as_cases_takes_them() -> None:
    for offered, taken in (
        (NewCaseCategories(), schemas.CategoriesSchema()),
        (CategoryEntered(), schemas.CategorySchema()),
        (NewCaseScoring(), schemas.ScoringSchema()),
        (Weights(), schemas.WeightsSchema()),
        (CategoryQuery(), schemas.CatalogueQuerySchema()),
    ):
        assert fields(offered) == fields(taken), type(offered).__name__


def test_the_history_is_asked_for_as_cases_takes_it() -> None:
    asked = {"area", "kind", *PageQuery().fields}
    assert set(CasePolicyQuery().fields) == set(schemas.PoliciesSchema().fields) == asked


def test_the_codes_and_limits_are_those_of_cases() -> None:
    assert [each.value for each in Kind] == list(KINDS)
    assert [each.value for each in Ground] == list(EXCLUSIONS)
    assert [each.value for each in Standing] == list(STATES)
    assert (MOST_CATEGORIES, MOST_CODES) == (schemas.MOST_CATEGORIES, schemas.MOST_CODES)
    entered = CategoryEntered().fields
    assert entered["severity"].metadata["enum"] == [each.value for each in Severity]
    assert set(entered["basis"].metadata["enum"]) == set(schemas.BASES)
