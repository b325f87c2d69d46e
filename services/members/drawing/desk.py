"""The entrypoints of drawing the map: grids are opened, and redrawn on a date (docs/domain.md §4, §8.5)."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from eventlet import tpool
from nameko.timer import timer

from chassis.caller import CLOCK, THE_CLOCK, Caller
from chassis.command import Asked, digest
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.instant import written
from chassis.outbox import Entry, StaleVersion
from chassis.records import Kept, Outcome, Writing
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.drawing import redrawing as rules
from members.drawing import schemas
from members.drawing.feature import MapFault
from members.drawing.redrawing import Redrawing
from members.drawing.store import CANCELLED, CARRIED_OUT, DRAWN, PLANNED, DistrictMap, DrawingStore, drawn
from members.drawing.surveying import Survey, Surveyor
from members.noun import Noun
from members.organisations.managing import following, succeeding
from members.organisations.store import UnitStore
from members.permission import permit, role_in, tenants
from members.territory.grid import CLOSED, Grid
from members.territory.store import TerritoryStore

Answer = dict[str, Any]

log = structlog.get_logger()

SWEEP_SECONDS = 5
SWEPT_AT_ONCE = 20

OPEN, REDRAW = "open_grids", "redraw_grids"


class DrawingDesk(Desk):
    """Opens grids from a file, all of them or none, and plans, calls off and carries out redrawings."""

    drawings: DrawingStore = Store(DrawingStore)
    territory: TerritoryStore
    organisations: UnitStore

    @rpc
    def open_grids(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Open the grids of a GeoJSON FeatureCollection: the receipt, with their codes.

        Refuses `not_permitted`, and `map_not_valid` with every fault of every feature.
        """
        given, asked = load(schemas.CollectionSchema(), body), self._asked(caller, command_id, body)
        opened = given["opened"] or asked.now

        def decide() -> tuple[str, str, Answer, list[Writing]]:
            survey = self._surveyor.survey(body, opened)
            role = _permitted(asked.caller, OPEN, survey)
            _check(survey.faults)
            codes = sorted(grid.code for grid in survey.grids)
            writings = [_opening(self.territory.grids, grid, asked, role) for grid in survey.grids]
            return str(survey.tenant), role, {"from": written(opened), "grid_codes": codes}, writings

        return self.drawings.draw(asked, decide)

    @rpc
    def plan_redrawing(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Plan which grids close at a moment to come and what opens in their place: the receipt.

        Refuses `not_permitted`, and `map_not_valid` with every fault.
        """
        given, asked = load(schemas.PlanSchema(), body), self._asked(caller, command_id, body)

        def decide() -> tuple[str, str, Answer, list[Writing]]:
            survey = self._surveyor.survey(given["opens"], given["at"], given["closes"])
            role = _permitted(asked.caller, REDRAW, survey)
            faults = [fault.under("/opens") for fault in survey.faults]
            faults += self._misplanned(given, survey, asked)
            _check(faults)
            closes, tenant = tuple(sorted(set(given["closes"]))), str(survey.tenant)
            plan = Redrawing(new_id(), tenant, given["at"], closes, survey.grids, asked.now)
            opens = sorted(grid.code for grid in plan.opens)
            planned = {"closes": list(closes), "opens": opens, "for": written(plan.at)}
            outcome = Outcome(plan, PLANNED, planned, role)
            told = {"redrawing_id": plan.id, "at_date": written(plan.at), "closes": list(closes)}
            return (
                tenant,
                role,
                {**told, "opens": opens},
                [self.drawings.redrawings.opening(asked, outcome, along=True)],
            )

        return self.drawings.draw(asked, decide)

    @rpc
    def cancel_redrawing(self, caller: Answer, command_id: str, redrawing_id: str) -> Answer:
        """Call off a redrawing before its date: the receipt. Refuses `redrawing_not_found` and `redrawing_over`."""
        load(schemas.RedrawingSchema(), {"redrawing_id": redrawing_id})
        asked = self._asked(caller, command_id, {"redrawing_id": redrawing_id})

        def decide(plan: Redrawing) -> Outcome[Redrawing]:
            role = role_in(asked.caller, REDRAW, plan.tenant)
            return Outcome(rules.cancelled(plan, asked.now), CANCELLED, {}, role)

        return self.drawings.redrawings.change(asked, redrawing_id, tenants(asked.caller), decide)

    @rpc
    def redrawing(self, caller: Answer, redrawing_id: str) -> Answer:
        """One redrawing; refuses `redrawing_not_found` and `not_permitted`."""
        who = Caller.load(caller)
        found = self.drawings.redrawings.load(redrawing_id, tenants(who))
        permit(who, "see_redrawings", found.item.tenant)
        return {**rules.shown(found.item), "version": found.version}

    @rpc
    def redrawings(self, caller: Answer, **page: Any) -> Answer:
        """A page of the redrawings of the caller's districts, the latest dates first: `{items, next}`."""
        who, asked = Caller.load(caller), load(schemas.RedrawingsSchema(), page)
        seen = [tenant for tenant in tenants(who) if _sees(who, tenant)]
        if not seen:
            raise Refusal("not_permitted", act="see_redrawings")
        found = self.drawings.page(seen, asked["stage"], asked["after"], asked["limit"] + 1)
        items = found[: asked["limit"]]
        last = items[-1] if len(found) > len(items) else None
        onward = [written(last.item.at), last.id] if last else None
        return {"items": [rules.shown(kept.item) for kept in items], "next": onward}

    @timer(interval=SWEEP_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def carry_out_redrawings(self) -> None:
        """Redraw what is due; one that cannot be carried out holds up no other."""
        now = self.clock.now()
        for kept in self.drawings.due(now, SWEPT_AT_ONCE):
            try:
                self._carry_out(kept, Asked(THE_CLOCK, f"carry_out:{kept.id}", digest({"id": kept.id}), now))
            except StaleVersion:
                log.info("somebody else redraws here", redrawing_id=kept.id)
            except Refusal as refused:
                log.exception("a redrawing cannot be carried out", redrawing_id=kept.id, code=refused.code)

    def _carry_out(self, kept: Kept[Redrawing], asked: Asked) -> None:
        """Close, open, and move what lies in between, in one transaction; raises StaleVersion."""
        plan, map_ = kept.item, self.drawings.map_of(kept.item.tenant)
        closing = self.territory.grids_of(plan.closes, plan.tenant)
        self.territory.check_open(plan.closes, plan.tenant, plan.at)
        grids, compounds = self.territory.grids, self.territory.compounds
        became = {"closed": list(plan.closes), "opened": [grid.code for grid in plan.opens]}
        done = Outcome(rules.carried_out(plan), CARRIED_OUT, became, CLOCK)
        told = {"redrawing_id": plan.id, **became}
        closed = [(rules.closed(grid, plan), version) for grid, version in closing]
        moved = [(rules.moved_below(grid, plan), version) for grid, version in self._below(plan)]
        lying = self.territory.compounds_in(plan.closes, plan.tenant)
        placed = [(rules.placed_anew(compound, plan), version) for compound, version in lying]
        pairs = [(before, after) for (before, _), (after, _) in zip(lying, placed, strict=True)]
        follow = {grid.code: grid.successors for grid, _ in closed}
        drawn(
            [
                self.drawings.redrawings.changing(asked, kept, done),
                self.drawings.next_version(
                    asked, map_, Outcome(DistrictMap(plan.tenant), DRAWN, told, CLOCK), along=True
                ),
                *(_rewriting(grids, grid, n, asked, CLOSED) for grid, n in closed),
                *(_opening(grids, grid, asked, CLOCK) for grid in plan.opens),
                *(_rewriting(grids, grid, n, asked, grids.changed) for grid, n in moved),
                *(_rewriting(compounds, compound, n, asked, compounds.changed) for compound, n in placed),
                *following(self.organisations, self.territory, asked, CLOCK, pairs, plan.at),
                *succeeding(self.organisations, asked, CLOCK, plan.tenant, follow, plan.at),
            ]
        )

    def _below(self, plan: Redrawing) -> list[tuple[Grid, int]]:
        return self.territory.grids_below(plan.closes, plan.at)

    def _misplanned(self, given: Mapping[str, Any], survey: Survey, asked: Asked) -> list[MapFault]:
        """What is wrong with a plan beside what is wrong with its features by themselves."""
        tenant = survey.tenant or min(tenants(asked.caller), default="")
        kept = {grid.code: grid for grid, _ in self.territory.grids_of(given["closes"], tenant)}
        planned = {code for each in self.drawings.planned(tenant) for code in each.closes}
        faults = [] if given["at"] > asked.now else [MapFault("redrawing_too_early", None, "/at")]
        for n, code in enumerate(given["closes"]):
            if code not in kept:
                faults.append(MapFault("unknown_grid", None, f"/closes/{n}", {"grid_codes": [code]}))
            elif not kept[code].open_at(given["at"]):
                faults.append(MapFault("grid_closed", None, f"/closes/{n}", {"grid_codes": [code]}))
            elif code in planned:
                faults.append(MapFault("grid_redrawn_already", None, f"/closes/{n}", {"grid_codes": [code]}))
        if len(kept) == len(set(given["closes"])):
            below = [grid for grid, _ in self.territory.grids_below(kept, given["at"])]
            faults += tpool.execute(lambda: list(rules.unfit(list(kept.values()), below, survey.grids)))
        return faults

    @property
    def _surveyor(self) -> Surveyor:
        return Surveyor(self.territory, self.drawings, tpool.execute)


def _permitted(caller: Caller, act: str, survey: Survey) -> str:
    """The role in which the caller draws in the district; where no district can be told, in one of the caller's."""
    return role_in(caller, act, survey.tenant or min(tenants(caller), default=""))


def _sees(caller: Caller, tenant: str) -> bool:
    try:
        permit(caller, "see_redrawings", tenant)
    except Refusal:
        return False
    return True


def _check(faults: Sequence[MapFault]) -> None:
    if faults:
        raise Refusal("map_not_valid", errors=[fault.dump() for fault in faults])


def _opening(grids: Noun[Grid], grid: Grid, asked: Asked, role: str) -> Writing:
    return grids.opening(grid, _entry(grids, grid, asked, grids.registered, role))


def _rewriting(noun: Noun[Any], item: Any, version: int, asked: Asked, type: str) -> Writing:
    return noun.rewriting(item, version, _entry(noun, item, asked, type, CLOCK))


def _entry(noun: Noun[Any], item: Any, asked: Asked, type: str, role: str) -> Entry:
    return Entry(new_id(), type, asked.now, noun.announcement(item), by={"id": asked.caller.id, "role": role})
