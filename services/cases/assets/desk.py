"""The entrypoints of the register of assets: each loads, lets the rules decide, and stores."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cases import outcome
from cases.assets import asset as rules
from cases.assets import schemas
from cases.assets.asset import Asset
from cases.assets.store import AssetStore
from cases.case import Case
from cases.casework import WHERE, Casework
from cases.place import Place, point
from cases.showing import view
from cases.showing.listing import tenants
from cases.showing.sight import Sight, sight
from cases.store import CaseStore, PhotoStore, PlaceStore
from chassis.caller import Caller
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.logs import bind
from chassis.records import Outcome
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store

Answer = dict[str, Any]

MOST_CASES = 100
"""How many of its cases an asset shows at the most, the latest."""

LINE = ("case_id", "number", "status", "category", "reported_at", "closed_at")
"""What an asset shows of a case that was about it."""

TOLD = ("number", "kind", "code", "grid_code", "compound_id", "owner_unit_id", "retired")
"""What its history keeps of an asset with each change."""


class AssetDesk(Desk):
    """Keeps the register of fixed assets, and shows what became of each (docs/domain.md §2.5, F29)."""

    cases_kept: CaseStore
    places: PlaceStore
    photos: PhotoStore
    members: Any
    assets_kept: AssetStore = Store(AssetStore)

    @rpc
    def register_asset(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Enter an asset: the receipt. Refuses `asset_number_taken`, `component_code_taken`, `unknown_component`,
        `component_code_mismatch`, `unknown_unit`, a place in no grid, and who keeps no assets there.
        """
        fields, asked = load(schemas.AssetSchema(), body), self._asked(caller, command_id, body)
        made = rules.registered(new_id(), fields, self._place_of_asset(fields))
        role = rules.keeper_role(asked.caller, made.place)
        self._check_owner_of_asset(fields)
        with self.assets_kept.once_each():
            return self.assets_kept.records.open(asked, _told(made, rules.REGISTERED, role))

    @rpc
    def change_asset(self, caller: Answer, command_id: str, asset_id: str, **body: Any) -> Answer:
        """Tell something anew of an asset: the receipt. Refuses as `register_asset`, and `asset_not_found`,
        `outside_your_district` and `nothing_changed`.
        """
        bind({"asset_id": asset_id})
        fields = load(schemas.ChangeAssetSchema(), body)
        asked = self._asked(caller, command_id, {"asset_id": asset_id, **body})
        place = self._place_of_asset(fields) if WHERE & set(fields) else None
        self._check_owner_of_asset(fields)

        def decide(asset: Asset) -> Outcome[Asset]:
            role = rules.keeper_role(asked.caller, asset.place, *([place] if place else []))
            return _told(rules.changed(asset, fields, place), rules.CHANGED, role)

        with self.assets_kept.once_each():
            return self.assets_kept.records.change(asked, asset_id, tenants(asked.caller), decide)

    @rpc
    def assets(self, caller: Answer, **page: Any) -> Answer:
        """A page of the assets of the caller's districts, by number: `{items, next}`; `next` is `after` later on."""
        who, asked = Caller.load(caller), load(schemas.AssetPageSchema(), page)
        limit = asked["limit"]
        found = self.assets_kept.page(tenants(who), asked["filters"], asked["after"], limit + 1)
        last = found[limit - 1].item if len(found) > limit else None
        items = [rules.shown(kept.item) for kept in found[:limit]]
        return {"items": items, "next": [last.number, last.id] if last else None}

    @rpc
    def assets_near(self, caller: Answer, **asked: Any) -> Answer:
        """The assets around a point, nearest first: `{items}`, at most ten, each with `distance_m`."""
        who, given = Caller.load(caller), load(schemas.NearSchema(), asked)
        here = point(given)
        found = self.assets_kept.around(tenants(who), here, given.get("kind"))
        return {"items": [rules.shown(one) | {"distance_m": far} for one, far in rules.nearest(found, here)]}

    @rpc
    def asset(self, caller: Answer, asset_id: str) -> Answer:
        """One asset with the cases about it that the caller may see, the latest first; refuses `asset_not_found`."""
        bind({"asset_id": asset_id})
        who, now = Caller.load(caller), self.clock.now()
        kept = self.assets_kept.records.load(asset_id, tenants(who))
        about = self.cases_kept.of_asset(asset_id, MOST_CASES)
        # Where the asset stands would tell of a case what its outline keeps back.
        seen = [case for case in about if sight(case, who) > Sight.OUTLINE]
        return {**rules.shown(kept.item), "version": kept.version, "cases": [_line(case, now) for case in seen]}

    def _place_of_asset(self, fields: Mapping[str, Any]) -> Place:
        return Casework(self.cases_kept, self.places, self.photos, self.members).place(fields, self.clock.now())

    def _check_owner_of_asset(self, fields: Mapping[str, Any]) -> None:
        owner = fields.get("owner_unit_id")
        unit = self.places.unit(owner) if owner else None
        if owner and (unit is None or not unit.active):
            raise Refusal("unknown_unit", unit_id=owner)


def _line(case: Case, now: datetime) -> Answer:
    outlined = view.outline(case, now, Sight.MASKED)
    return {**{name: outlined[name] for name in LINE}, "outcomes": [outcome.shown(each) for each in case.outcomes]}


def _told(asset: Asset, type: str, role: str) -> Outcome[Asset]:
    said = rules.shown(asset)
    data = {name: said[name] for name in TOLD}
    return Outcome(asset, type, data, role, asset.place.grid_code, {"number": asset.number})
