"""What the interface offers of demands, resources and projects is what cases takes: the same fields, codes, limits."""

import pytest
from marshmallow import Schema

from cases.match_lists import schemas
from cases.match_lists.demand import UNMET_REASONS, Source
from cases.match_lists.lists import FILTERS, STATUSES, List
from cases.match_lists.project import CANCEL_REASONS
from cases.match_lists.resource import Kind
from gateway.schemas import match_lists as offered
from gateway.schemas.paging import PageQuery
from tests.contract.test_openapi_cases import shape

LIMITS = (
    "MOST_SKILLS",
    "MOST_AREAS",
    "MOST_CAPACITY",
    "MOST_NEEDS",
    "MOST_DEMANDS",
    "MOST_RESOURCES",
    "MOST_CASES",
    "MOST_MATCHES",
)


@pytest.mark.parametrize(
    ("face", "service"),
    [
        (offered.DemandAsked(), schemas.DemandSchema()),
        (offered.Unmet(), schemas.UnmetSchema()),
        (offered.ResourceOffered(), schemas.ResourceSchema()),
        (offered.ResourceChange(), schemas.ChangeSchema()),
        (offered.ProjectPlanned(), schemas.ProjectSchema()),
        (offered.Cancel(), schemas.CancelSchema()),
    ],
)
def test_a_body_is_what_cases_takes(face: Schema, service: Schema) -> None:
    assert shape(face) == shape(service)


def test_that_a_reason_is_missing_is_said_by_cases() -> None:
    """With a code of its own, so the gateway lets a body without one through."""
    optional, needed = (shape(each)["reason"] for each in (offered.AskerReveal(), schemas.ReasonSchema()))
    assert (optional, needed) == (["text", False, []], ["text", True, []])


def test_the_needs_of_a_visit_are_what_cases_takes_besides_the_visit_in_the_path() -> None:
    taken = shape(schemas.VisitSchema())
    del taken["source_id"]
    assert shape(offered.VisitNeeds()) == taken


@pytest.mark.parametrize("name", LIMITS)
def test_the_limits_are_the_same(name: str) -> None:
    assert getattr(offered, name) == getattr(schemas, name)


def test_the_codes_are_the_same() -> None:
    assert set(offered.LISTS) == {each.value for each in List}
    assert set(offered.SOURCES) == {each.value for each in Source}
    assert set(offered.KINDS) == {each.value for each in Kind}
    assert (offered.UNMET_REASONS, offered.CANCEL_REASONS) == (UNMET_REASONS, CANCEL_REASONS)
    shown = (offered.DEMAND_STATUSES, offered.RESOURCE_STATUSES, offered.PROJECT_STATUSES)
    assert [list(each) for each in shown] == [[status.value for status in STATUSES[name]] for name in List]


def test_the_board_is_filtered_as_cases_filters_it() -> None:
    filters = set(offered.MatchListQuery().fields) - set(PageQuery().fields) - {"list"}
    assert filters == set(schemas.LinesSchema().fields) == set().union(*FILTERS.values())
