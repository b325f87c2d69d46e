"""The entrypoints of the census of new-employment workers: each loads, lets the rules decide, and stores."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time, timedelta
from functools import partial
from itertools import repeat
from typing import Any

from chassis.caller import Caller
from chassis.command import Asked, digest
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.event import Event
from chassis.ids import new_id
from chassis.instant import written
from chassis.logs import bind
from chassis.records import Kept, Outcome, Writing, again_when_stale
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from chassis.subscribe import subscribe
from members.area import tenant_of
from members.needs.need import Need, Source, stated
from members.needs.store import NeedStore
from members.people.person import LOCAL
from members.people.store import PeopleStore
from members.permission import permitted_role, scopes_for, tenants
from members.posts.schemas import GridEventSchema, heard
from members.sealing import Seal
from members.territory.grid import Grid, Level, holding
from members.territory.store import TerritoryStore
from members.venues.store import VenueStore
from members.venues.venue import REST_STATION, Venue
from members.workers import census, schemas, views, worker
from members.workers.census import Estimate
from members.workers.gathering import counted
from members.workers.store import WorkerStore
from members.workers.worker import Worker

Answer = dict[str, Any]

SYSTEM = Caller("members")
"""Who moves the workers of a grid that is redrawn."""

Changes = tuple[Outcome[Worker], list[Writing]]
"""What becomes of a worker, and what is written together with that."""


class WorkerDesk(Desk):
    """Keeps the census: who is known by which nickname, where they belong and what they need (F08)."""

    workers_kept: WorkerStore = Store(WorkerStore)
    needs_kept: NeedStore
    people: PeopleStore
    territory: TerritoryStore
    venues_kept: VenueStore
    seal: Seal
    demo: bool

    @rpc
    def register_worker(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Enter a worker with what is needed: the receipt, with `needs`, their ids.

        Refuses `invalid`, `worker_unlinked` without grid and station, `unknown_grid`, `grid_closed`,
        `unknown_station`, `station_closed`, `unknown_person`, `worker_known`, `command_id_reused`, `busy_try_again`
        and what `permission` does.
        """
        fields = self._sealed_phone(load(schemas.WorkerSchema(demo=self.demo), body))
        asked = self._asked(caller, command_id, body)
        fields["grid_code"] = fields.get("grid_code") or self._grid_of_station(fields, asked)
        role = permitted_role(asked.caller, "register_worker", fields["grid_code"])
        if answer := self.workers_kept.records.answered(asked):
            return answer
        self._check_places(fields, tenant_of(fields["grid_code"]), asked.now)
        made = worker.registered(new_id(), fields, asked.now)
        needs = _needs(made, fields["needs"], asked.now)
        opening = self.workers_kept.records.opening(asked, _told(made, worker.REGISTERED, role, needs))
        writings = [opening, *self.needs_kept.writings(asked, needs, role)]
        return again_when_stale(lambda: self.workers_kept.write(asked, writings))

    @rpc
    def change_worker(self, caller: Answer, command_id: str, worker_id: str, **body: Any) -> Answer:
        """Tell something anew of a worker: the receipt.

        Refuses as `register_worker`, and `worker_not_found`, `worker_left` and `nothing_changed`.
        """
        fields = self._sealed_phone(load(schemas.ChangeWorkerSchema(demo=self.demo), body))
        asked = self._asked(caller, command_id, {"worker_id": worker_id, **body})

        def decide(kept: Worker) -> Changes:
            role = permitted_role(asked.caller, "change_worker", kept.link.grid_code)
            if "grid_code" in fields:
                permitted_role(asked.caller, "change_worker", fields["grid_code"])
            self._check_places(fields, kept.tenant, asked.now, kept.id)
            return _told(worker.changed(kept, fields, asked.now), worker.CHANGED, role), []

        return self._change(asked, worker_id, decide)

    @rpc
    def worker_leaves(self, caller: Answer, command_id: str, worker_id: str) -> Answer:
        """The worker is here no more: the receipt. Refuses `worker_not_found` and `worker_left`."""
        asked = self._asked(caller, command_id, {"worker_id": worker_id})

        def decide(kept: Worker) -> Changes:
            role = permitted_role(asked.caller, "change_worker", kept.link.grid_code)
            return _told(worker.left(kept, asked.now), worker.LEFT, role), []

        return self._change(asked, worker_id, decide)

    @rpc
    def state_worker_needs(self, caller: Answer, command_id: str, worker_id: str, **body: Any) -> Answer:
        """Write down what a worker needs besides: the receipt, with `needs`. Refuses as `worker_leaves`."""
        rows = load(schemas.NeedsSchema(), body)["needs"]
        asked = self._asked(caller, command_id, {"worker_id": worker_id, **body})

        def decide(kept: Worker) -> Changes:
            role = permitted_role(asked.caller, "change_worker", kept.link.grid_code)
            worker.check_here(kept)
            needs = _needs(kept, rows, asked.now)
            return _told(kept, worker.STATED, role, needs), self.needs_kept.writings(asked, needs, role)

        return self._change(asked, worker_id, decide)

    @rpc
    def worker(self, caller: Answer, worker_id: str) -> Answer:
        """One worker, masked, with what is needed; refuses `worker_not_found` and what `permission` does."""
        bind({"worker_id": worker_id})
        who = Caller.load(caller)
        kept = self._load(worker_id, who)
        permitted_role(who, "see_workers", kept.item.link.grid_code)
        return self._shown([kept])[0]

    @rpc
    def workers(self, caller: Answer, **page: Any) -> Answer:
        """A page of the workers in the caller's scopes, masked, the newest first: `{items, next}`.

        Refuses `not_permitted`, and `out_of_scope` for an area outside.
        """
        who, asked = Caller.load(caller), load(schemas.WorkerPageSchema(), page)
        limit, area = asked["limit"], asked["filters"].get("grid")
        areas = scopes_for(who, "see_workers", area)
        found = self.workers_kept.page(areas, asked["filters"], asked["after"], limit + 1)
        last = found[limit - 1] if len(found) > limit else None
        after = [written(last.item.registered_at), last.id] if last else None
        return {"items": self._shown(found[:limit]), "next": after}

    @rpc
    def worker_platforms(self) -> Answer:
        """The platforms that a form proposes; any other name is taken as well: `{items}`."""
        return {"items": list(worker.PLATFORMS)}

    @rpc
    def enter_estimate(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Enter how many workers there may be in an area from a day on: the receipt. Who enters it again corrects it.

        Refuses `invalid` and what `permission` does.
        """
        given, asked = load(schemas.EstimateSchema(), body), self._asked(caller, command_id, body)
        role = permitted_role(asked.caller, "enter_estimate", given["area"])
        day = given["day"] or asked.now.astimezone(LOCAL).date()
        made = Estimate(given["area"], day, given["number"])
        data = {"area": made.area, "day": day.isoformat(), "number": made.number}
        return self.workers_kept.enter(asked, Outcome(made, census.ENTERED, data, role, answer=data))

    @rpc
    def worker_census(self, caller: Answer, **body: Any) -> Answer:
        """How many workers are known of those estimated, in an area, at the end of a local day (H6).

        `{area, day, known, linked, estimated, share}`; refuses `invalid` and what `permission` does.
        """
        who, given = Caller.load(caller), load(schemas.CensusSchema(), body)
        permitted_role(who, "see_workers", given["area"])
        now = self.clock.now()
        day = given["day"] or now.astimezone(LOCAL).date()
        end = datetime.combine(day + timedelta(days=1), time(), LOCAL)
        stores = self.workers_kept, self.territory, self.venues_kept
        return census.shown(given["area"], day, counted(*stores, given["area"], min(end, now), day))

    @subscribe("members", "grid.closed")
    def follow_redrawn_grid(self, event: Event) -> None:
        """Who belonged to a grid that was redrawn belongs to the one that follows it, each by themselves.

        Where several follow, to the one in which the station stands; who has none stays, and the census names them.
        """
        closed = self.territory.grid(heard(GridEventSchema(), event.data)["grid_code"])
        if closed is None or not closed.successors:
            return
        following = [grid for grid, _ in self.territory.grids_of(closed.successors, tenant_of(closed.code))]
        asked = Asked(SYSTEM, event.id, digest({}), self.clock.now())
        for kept in self.workers_kept.belonging_to(closed.code):
            again_when_stale(partial(self._follow_grid, asked, kept.id, closed, following))

    def _follow_grid(self, asked: Asked, id: str, closed: Grid, following: list[Grid]) -> Answer:
        kept = self.workers_kept.records.load(id, None)
        codes = [grid.code for grid in following]
        if len(codes) > 1 and kept.item.link.station_id:
            station = self._station(kept.item.link.station_id, (kept.item.tenant,))
            codes = [grid.code for grid in following if grid.holds(*station.at)]
        after = worker.followed(kept.item, closed.code, codes, closed.closed or asked.now)
        if after == kept.item:
            return {}
        outcome = _told(after, worker.FOLLOWED, "members")
        return self.workers_kept.write(asked, [self.workers_kept.records.changing(asked, kept, outcome, along=True)])

    def _sealed_phone(self, fields: Answer) -> Answer:
        phone = fields.get("phone")
        sealed = {"phone": self.seal.close(phone), "phone_print": self.seal.fingerprint(phone)} if phone else {}
        return {name: value for name, value in fields.items() if name != "consent"} | sealed

    def _grid_of_station(self, fields: Mapping[str, Any], asked: Asked) -> str:
        """The grid of the station; where that was redrawn, the one that holds the station now."""
        if not fields.get("station_id"):
            raise Refusal("worker_unlinked")
        station = self._station(fields["station_id"], tenants(asked.caller))
        grid = self.territory.grid(station.grid_code)
        if grid is None or grid.open_at(asked.now):
            return station.grid_code
        around = self.territory.grids_around(*station.at, Level.SERVICE, [tenant_of(grid.code)], asked.now)
        return holding(around, *station.at, Level.SERVICE, asked.now).code

    def _station(self, id: str, tenants: Iterable[str]) -> Venue:
        try:
            station = self.venues_kept.one(id, tenants).item
        except Refusal:
            raise Refusal("unknown_station", station_id=id) from None
        if station.kind != REST_STATION:
            raise Refusal("unknown_station", station_id=id)
        return station

    def _check_places(self, fields: Mapping[str, Any], tenant: str, at: datetime, itself: str = "") -> None:
        if "grid_code" in fields:
            self.territory.check_open([fields["grid_code"]], tenant, at)
        station_id = fields.get("station_id")
        if station_id and not self._station(station_id, (tenant,)).open_on(at.astimezone(LOCAL).date()):
            raise Refusal("station_closed", station_id=station_id)
        if id := fields.get("person_id"):
            person = self.people.person(id)
            if person is None or person.tenant != tenant or not person.active or "rider" not in person.caller().roles:
                raise Refusal("unknown_person", person_id=id)
            # The index knows one id; a person who was two entries has several.
            known = self.workers_kept.of_people(person.ids)
            if any(kept.id != itself and kept.item.left_at is None for kept in known):
                raise Refusal("worker_known")

    def _load(self, id: str, caller: Caller) -> Kept[Worker]:
        return self.workers_kept.records.load(id, tenants(caller))

    def _change(self, asked: Asked, id: str, decide: Callable[[Worker], Changes]) -> Answer:
        bind({"worker_id": id})
        records = self.workers_kept.records

        def once() -> Answer:
            kept = self._load(id, asked.caller)
            if answer := records.answered(asked):
                return answer
            outcome, along = decide(kept.item)
            return self.workers_kept.write(asked, [records.changing(asked, kept, outcome), *along])

        return again_when_stale(once)

    def _shown(self, found: list[Kept[Worker]]) -> list[Answer]:
        stated_by = self.needs_kept.of([kept.id for kept in found])
        return [views.worker(kept.item, kept.version, self.seal, stated_by.get(kept.id, ())) for kept in found]


def _needs(of: Worker, rows: list[Mapping[str, Any]], now: datetime) -> list[Need]:
    where = {"tenant": of.tenant, "grid_code": of.link.grid_code, "person_id": of.person_id, "stated_at": now}
    return stated((new_id() for _ in repeat(None)), rows, Source.WORKER, of.id, **where)


def _told(found: Worker, type: str, role: str, needs: list[Need] | None = None) -> Outcome[Worker]:
    ids = {} if needs is None else {"needs": [need.id for need in needs]}
    data = {"kind": found.kind.value, "grid_code": found.link.grid_code, "station_id": found.link.station_id, **ids}
    return Outcome(found, type, data, role, answer={"grid_code": found.link.grid_code, **ids})
