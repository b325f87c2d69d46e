"""What a district decides about its cases: the categories and their times, and how the three rates are made."""

from typing import Any

from flask import Response

from gateway.answers import answer, page
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import Operations
from gateway.schemas.case_policies import (
    CasePolicyList,
    CasePolicyQuery,
    CasePolicyReceipt,
    NewCaseCategories,
    NewCaseScoring,
)

LAMP = {
    "code": "0101",
    "zh": "路灯不亮/闪烁",
    "en": "Street lamp out or flickering",
    "severity": "N",
    "respond": "2h",
    "resolve": "2wd",
    "units": ["LIGHTING_OFFICE", "PROPERTY", "COMMUNITY"],
    "skills": ["electrician"],
    "certificates": ["low_voltage_electrician"],
    "member_eligible": True,
    "restricted": False,
}
CATALOGUE = {"area": "360704", "valid_from": "2026-04-01", "items": [LAMP]}
RATES = {
    "area": "360704",
    "valid_from": "2026-04-01",
    "weights": {"response": 0.2, "resolution": 0.4, "satisfaction": 0.4},
    "partly": 0.5,
    "exclusions": ["duplicate", "withdrawn", "malicious", "out_of_jurisdiction", "unreasonable", "answered_directly"],
    "smallest_group": 10,
}

routes = Operations("case-policies", "What a district decides about its cases, version after version.")


@routes.does(
    "/case-policies/categories",
    CasePolicyReceipt,
    status=201,
    located=False,
    takes=NewCaseCategories(),
    examples=CATALOGUE,
    errors=(409,),
)
def enter_case_categories(body: dict[str, Any]) -> Response:
    """Enter the whole catalogue of a district, as it holds from a later day on.

    Take the one in force (`GET /v1/categories?area=…`), change it and send all its `items`. A case keeps the version
    that it was registered under, whatever is done with it. A version that has begun is never changed; of two that begin
    on the same day the one entered last holds.
    """
    return answer(ask().cases.enter_case_categories(**command(), **body), 201)


@routes.does(
    "/case-policies/scoring", CasePolicyReceipt, status=201, located=False, takes=NewCaseScoring(), examples=RATES
)
def enter_case_scoring(body: dict[str, Any]) -> Response:
    """Enter how the three rates of a district are made, as it holds from a later day on."""
    return answer(ask().cases.enter_case_scoring(**command(), **body), 201)


@routes.reads("/case-policies", CasePolicyList, query=CasePolicyQuery)
def case_policies(query: dict[str, Any]) -> Response:
    """All versions of a district with what each changed and who entered it, those that begin last first."""
    found = ask().cases.case_policies(
        caller=identity().caller, **filters(query), after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)
