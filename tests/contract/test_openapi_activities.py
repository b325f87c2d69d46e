"""What the interface takes of activities and sign-ups is what members takes."""

from collections.abc import Iterable
from typing import Any

import pytest
from marshmallow import Schema

from gateway.problems import PROBLEMS
from gateway.problems.activities import ACTIVITIES, SIGNUPS
from gateway.schemas import activities as offered
from gateway.schemas.paging import PageQuery
from members.activities import schemas as activities
from members.activities.activity import Kind, State
from members.signups import schemas as signups
from members.signups import signup
from tests.contract.test_openapi_cases import described
from tests.contract.test_openapi_problems import codes

POINTS = ("muster",)
"""What is a nested schema of its own on both sides."""


def plain(schema: Schema, without: Iterable[str] = ()) -> dict[str, Any]:
    return {name: described(each) for name, each in schema.fields.items() if name not in without}


@pytest.mark.parametrize(
    ("offer", "taken"),
    [
        (offered.NewActivity(), activities.ActivitySchema()),
        (offered.ActivityChange(), activities.ChangeActivitySchema()),
        (offered.Cancelling(), activities.CancelActivitySchema()),
        (offered.SigningUp(), signups.SignUpSchema()),
        (offered.TaskChoice(), signups.TaskChoiceSchema()),
    ],
    ids=lambda schema: type(schema).__name__,
)
def test_a_body_is_what_members_takes(offer: Schema, taken: Schema) -> None:
    assert plain(offer, POINTS) == plain(taken, POINTS)


@pytest.mark.parametrize(
    ("offer", "taken"),
    [
        (offered.ActivityQuery(), activities.ActivityFiltersSchema()),
        (offered.SignupQuery(), signups.SignupFiltersSchema()),
        (offered.OwnSignupQuery(), signups.OwnFiltersSchema()),
    ],
    ids=lambda schema: type(schema).__name__,
)
def test_a_list_is_filtered_as_members_filters_it(offer: Schema, taken: Schema) -> None:
    assert plain(offer, PageQuery().fields) == plain(taken)


def test_the_codes_are_those_of_members() -> None:
    assert set(offered.KINDS) == {kind.value for kind in Kind}
    assert set(offered.STANDINGS) == {state.value for state in State}
    assert set(offered.STATES) == {state.value for state in signup.State}
    assert set(offered.REASONS) == {reason.value for reason in signup.Reason}


def test_every_refusal_about_activities_has_a_row_and_every_row_a_refusal() -> None:
    raised = codes("services/members/activities", "services/members/signups")
    assert raised <= set(PROBLEMS)
    assert {*ACTIVITIES, *SIGNUPS} <= codes("services/members")
