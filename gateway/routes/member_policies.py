"""The annual rules for members and units, as data: each version of a rule from a day on."""

from typing import Any

from flask import Response

from gateway.answers import answer, page
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import Operations
from gateway.schemas.member_policies import (
    MemberPolicyList,
    MemberPolicyQuery,
    MemberPolicyReceipt,
    NewMemberPolicy,
)

TWELVE = {
    "area": "360704",
    "metric": "points",
    "period": "year",
    "minimum": 12,
    "effect": "not_eligible_for_excellent",
    "valid_from": "2026-01-01",
}

routes = Operations("member-policies", "What members and units have to reach in a period, area by area.")


@routes.does(
    "/member-policies", MemberPolicyReceipt, status=201, located=False, takes=NewMemberPolicy(), examples=TWELVE
)
def enter_member_policy(body: dict[str, Any]) -> Response:
    """Enter a rule of an area, or its next version.

    The version before ends the day before. What was evaluated, or is being evaluated, under it stays as it is.
    """
    return answer(ask().members.enter_member_policy(**command(), **body), 201)


@routes.reads("/member-policies", MemberPolicyList, query=MemberPolicyQuery)
def member_policies(query: dict[str, Any]) -> Response:
    """The rules around and in an area, with all their versions; of several around a place the narrowest holds."""
    found = ask().members.member_policies(
        caller=identity().caller, **filters(query), after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)
