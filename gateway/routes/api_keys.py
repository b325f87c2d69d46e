"""Keys of programs: opened, listed and ended by the district."""

from typing import Any

from flask import Response

from gateway.answers import answer, page
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import Operations
from gateway.schemas.api_keys import (
    ApiKeyList,
    ApiKeyOpened,
    ApiKeyQuery,
    ApiKeyReceipt,
    NewApiKey,
)

routes = Operations("api-keys", "Keys of programs, which file reports over Open311 or work for their unit.")


@routes.does(
    "/api-keys",
    ApiKeyOpened,
    status=201,
    located=False,
    takes=NewApiKey(),
    examples=[
        ("reports", {"summary": "Files reports", "value": {"district": "360704", "name": "市民热线小程序"}}),
        (
            "unit",
            {
                "summary": "Works for its unit",
                "value": {
                    "district": "360704",
                    "name": "区路灯管理所工单系统",
                    "unit_id": "u-lighting-office",
                    "area": "360704100",
                },
            },
        ),
    ],
    errors=(409, 422),
)
def open_api_key(body: dict[str, Any]) -> Response:
    """Open a key, whose secret is shown this once.

    Whoever has it files reports under `/open311/v2/` and, where it has an `area`, works there for the unit as a contact
    of it does: `api_key_id` and `secret` are exchanged for an access token (`POST /v1/tokens`).
    """
    opened = ask().members.open_api_key(**command(), **body)
    return answer(opened, 201, {"Cache-Control": "no-store"})


@routes.reads("/api-keys", ApiKeyList, query=ApiKeyQuery)
def api_keys(query: dict[str, Any]) -> Response:
    """The keys of the caller's districts, ended ones too, without their secrets."""
    found = ask().members.api_keys(
        caller=identity().caller, **filters(query), after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)


@routes.does("/api-keys/<api_key_id>/end", ApiKeyReceipt, errors=(404, 409))
def end_api_key(api_key_id: str) -> Response:
    """End a key at once; what was filed with it stays."""
    return answer(ask().members.end_api_key(**command(), api_key_id=api_key_id))
