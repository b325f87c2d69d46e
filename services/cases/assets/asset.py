"""A fixed asset (部件): its number, what it is, where it stands and who owns it; it knows no case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cases.place import Place, Point, distance_m, shown_point
from chassis.caller import Caller
from chassis.errors import Refusal

REGISTERED, CHANGED = "asset.registered", "asset.changed"

KEEPERS = ("dispatcher", "district_admin")
"""Who registers and changes the assets of their scope."""

MAJORS: Mapping[str, tuple[str, str]] = {
    "01": ("公用设施", "public facilities"),
    "02": ("道路交通", "road traffic"),
    "03": ("市容环境", "city appearance"),
    "04": ("园林绿化", "greening"),
    "05": ("其他", "other"),
}
"""The major kinds of components: the first two digits of a kind (docs/domain.md §2.5)."""

NEAR_M = 200
MOST_NEAR = 10
"""How far around a point assets are looked for, in metres, and how many of them are named."""


@dataclass(frozen=True)
class Asset:
    """One asset; `kind` is its major and minor, `code` the 16 digits of the standard, if it has been given them."""

    id: str
    number: str
    kind: str
    place: Place
    code: str | None = None
    owner_unit_id: str | None = None
    label: str | None = None
    retired: bool = False


def registered(id: str, fields: Mapping[str, Any], place: Place) -> Asset:
    """A new asset; refuses as `changed`."""
    return _checked(
        Asset(
            id=id,
            number=fields["number"],
            kind=fields["kind"],
            place=place,
            code=fields.get("code"),
            owner_unit_id=fields.get("owner_unit_id"),
            label=fields.get("label"),
        )
    )


def changed(asset: Asset, fields: Mapping[str, Any], place: Place | None) -> Asset:
    """The asset with what is told anew.

    Refuses `unknown_component`, `component_code_mismatch`, `outside_your_district` and `nothing_changed`.
    """
    told = {name: fields[name] for name in CHANGEABLE if name in fields}
    after = _checked(replace(asset, place=place or asset.place, **told))
    if after.place.tenant != asset.place.tenant:
        raise Refusal("outside_your_district", grid_code=after.place.grid_code)
    if after == asset:
        raise Refusal("nothing_changed")
    return after


CHANGEABLE = ("number", "kind", "code", "owner_unit_id", "label", "retired")
"""What may be told anew besides the place."""


def keeper_role(caller: Caller, *places: Place) -> str:
    """The role in which the caller keeps the assets of these places; refuses `not_permitted` and `out_of_scope`."""
    held = [role for role in KEEPERS if role in caller.roles]
    if not held:
        raise Refusal("not_permitted", act="keep_asset")
    for role in held:
        if all(caller.holds((role,), place.grid_code) for place in places):
            return role
    raise Refusal("out_of_scope", act="keep_asset")


def nearest(assets: Iterable[Asset], point: Point) -> list[tuple[Asset, int]]:
    """The assets around a point with their distance in whole metres, the nearest first."""
    found = [(each, round(distance_m(point, each.place.point))) for each in assets if each.place.point]
    near = sorted((each for each in found if each[1] <= NEAR_M), key=lambda each: (each[1], each[0].number))
    return near[:MOST_NEAR]


def shown(asset: Asset) -> dict[str, Any]:
    """The asset as everybody in its district may see it."""
    zh, en = MAJORS[asset.kind[:2]]
    return {
        "asset_id": asset.id,
        "number": asset.number,
        "kind": asset.kind,
        "major": {"code": asset.kind[:2], "zh": zh, "en": en},
        "code": asset.code,
        "label": asset.label,
        "grid_code": asset.place.grid_code,
        "compound_id": asset.place.compound_id,
        "location": shown_point(asset.place.point),
        "owner_unit_id": asset.owner_unit_id,
        "retired": asset.retired,
    }


def _checked(asset: Asset) -> Asset:
    if asset.kind[:2] not in MAJORS or asset.kind[2:] == "00":
        raise Refusal("unknown_component", kind=asset.kind, majors=sorted(MAJORS))
    if asset.code is not None and not asset.code.startswith(f"{asset.place.tenant}{asset.kind}"):
        raise Refusal("component_code_mismatch", begins=f"{asset.place.tenant}{asset.kind}")
    return asset
