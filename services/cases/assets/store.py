"""Where the register of assets is kept: found by number, place and kind, within the districts of who asks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from cases.assets.asset import NEAR_M, Asset
from cases.place import Place, Point, spot, spots_around
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Document
from chassis.records import COMMANDS, Kept, Records

AFTER = tuple[str, str]
"""Where a list goes on: after the asset with that number, and that id."""

BY_NUMBER = (("number", ASCENDING), ("_id", ASCENDING))

MOST_AROUND = 500
"""At so many assets around a point it is looked for the nearest."""


def _index(name: str, *keys: tuple[str, int], **options: Any) -> IndexModel:
    return IndexModel(list(keys), name=name, **options)


class AssetStore:
    """Keeps the assets; nobody outside hears of them, so their events stay in their histories."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "assets": [
            COMMANDS,
            _index("tenant_number", ("tenant", ASCENDING), ("number", ASCENDING), unique=True),
            _index("code", ("code", ASCENDING), unique=True, partialFilterExpression={"code": {"$gt": ""}}),
            _index("area", ("areas", ASCENDING), *BY_NUMBER),
            _index("area_kind", ("areas", ASCENDING), ("kind", ASCENDING), *BY_NUMBER),
            _index("compound", ("compound", ASCENDING), *BY_NUMBER),
            _index("spot", ("spot", ASCENDING), ("kind", ASCENDING)),
        ]
    }

    def __init__(self, home: Home) -> None:
        outbox = home.outbox("assets", subject="asset", published=())
        self.records: Records[Asset] = Records(outbox, _written, _read, lambda: Refusal("asset_not_found"))

    @contextmanager
    def once_each(self) -> Iterator[None]:
        """Refuses `asset_number_taken` and `component_code_taken` where another asset has the same."""
        try:
            yield
        except DuplicateKeyError as error:
            if "code" in (error.details or {}).get("keyPattern", {}):
                raise Refusal("component_code_taken") from None
            raise Refusal("asset_number_taken") from None

    def page(
        self, tenants: Iterable[str], filters: Mapping[str, Any], after: AFTER | None, limit: int
    ) -> list[Kept[Asset]]:
        """The first assets of these districts that the filters let through, by number, after the position."""
        within = {"areas": filters["grid"]} if "grid" in filters else {"areas": {"$in": list(tenants)}}
        query = {
            "tenant": {"$in": list(tenants)},
            **({"compound": filters["compound_id"]} if "compound_id" in filters else within),
            **{name: filters[name] for name in ("kind", "number") if name in filters},
            "retired": filters.get("retired", False),
            **_following(after),
        }
        if "grid" in filters and "compound_id" in filters:
            query["areas"] = filters["grid"]
        return self.records.find(query, BY_NUMBER, limit)

    def around(self, tenants: Iterable[str], point: Point, kind: str | None) -> list[Asset]:
        """The assets in use in the squares around a point, in no order."""
        query = {
            "spot": {"$in": spots_around(point, NEAR_M)},
            "tenant": {"$in": list(tenants)},
            "retired": False,
            **({"kind": kind} if kind else {}),
        }
        return [kept.item for kept in self.records.find(query, limit=MOST_AROUND)]


def _following(after: AFTER | None) -> Document:
    if after is None:
        return {}
    number, id = after
    # Put as what it is not: an `$or` would tempt the planner away from the index that has the order.
    return {"$and": [{"number": {"$gte": number}}], "$nor": [{"number": number, "_id": {"$lte": id}}]}


def _written(asset: Asset) -> Document:
    place, point = asset.place, asset.place.point
    return {
        "_id": asset.id,
        "tenant": place.tenant,
        "number": asset.number,
        "kind": asset.kind,
        "code": asset.code,
        "label": asset.label,
        "owner_unit_id": asset.owner_unit_id,
        "retired": asset.retired,
        "grid_code": place.grid_code,
        "areas": list(place.areas),
        "compound": place.compound_id,
        "point": vars(point) if point else None,
        "spot": spot(point) if point else None,
    }


def _read(found: Mapping[str, Any]) -> Asset:
    point = Point(**found["point"]) if found["point"] else None
    return Asset(
        id=found["_id"],
        number=found["number"],
        kind=found["kind"],
        place=Place(found["grid_code"], point, found["compound"]),
        code=found["code"],
        owner_unit_id=found["owner_unit_id"],
        label=found["label"],
        retired=found["retired"],
    )
