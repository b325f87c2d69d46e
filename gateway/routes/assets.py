"""Fixed assets (部件): the register, what stands near a point, and what became of each."""

from typing import Any

from flask import Response, url_for

from gateway.answers import answer, page, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import IDEMPOTENCY_KEY, Operations
from gateway.schemas.assets import (
    AssetChange,
    AssetList,
    AssetQuery,
    AssetReceipt,
    AssetsNear,
    AssetView,
    NearQuery,
    NewAsset,
)

LAMP = {
    "number": "L-0007",
    "kind": "0118",
    "location": {"lon": 115.0058, "lat": 25.8672},
    "compound_id": "c-dongyuan",
    "label": "3号楼前灯杆",
}

routes = Operations("assets", "Fixed assets such as street lamps: where each stands, and the cases about it.")


@routes.does("/assets", AssetReceipt, status=201, takes=NewAsset(), examples=LAMP, errors=(409,))
def register_asset(body: dict[str, Any]) -> Response:
    """Enter an asset in the register."""
    receipt = ask().cases.register_asset(**command(), **body)
    return answer(receipt, 201, {"Location": url_for("assets.asset", asset_id=receipt["asset_id"])})


@routes.reads("/assets", AssetList, query=AssetQuery)
def assets(query: dict[str, Any]) -> Response:
    """The assets of the caller's districts, by number."""
    found = ask().cases.assets(
        caller=identity().caller, filters=filters(query), after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)


@routes.reads("/assets/near", AssetsNear, query=NearQuery)
def assets_near(query: dict[str, Any]) -> Response:
    """The assets within 200 m of a point, nearest first, at most ten.

    For whoever reports something: the one that it is about is named in the report as `asset_id`.
    """
    return readable(ask().cases.assets_near(caller=identity().caller, **query))


@routes.reads("/assets/<asset_id>", AssetView)
def asset(asset_id: str) -> Response:
    """One asset, with the cases about it that the caller may see and what each has done good for."""
    return readable(ask().cases.asset(caller=identity().caller, asset_id=asset_id))


@routes.operation(
    "PATCH",
    "/assets/<asset_id>",
    AssetReceipt,
    takes=AssetChange(),
    headers=(IDEMPOTENCY_KEY,),
    examples={"label": "3号楼前灯杆（已换LED）"},
    errors=(409,),
)
def change_asset(body: dict[str, Any], asset_id: str) -> Response:
    """Tell something anew of an asset, or take it out of use."""
    return answer(ask().cases.change_asset(**command(), asset_id=asset_id, **body))
