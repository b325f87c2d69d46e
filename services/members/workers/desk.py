"""The entrypoints of the census of new-employment workers: each loads, lets the rules decide, and stores."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import repeat
from typing import Any

from chassis.caller import Caller
from chassis.command import Asked, digest
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.event import Event, heard
from chassis.fault import check
from chassis.ids import new_id
from chassis.instant import written
from chassis.logs import bind
from chassis.records import Kept, Outcome, Writing, again_when_stale
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.area import tenant_of
from members.needs.need import Need, Source, stated
from members.needs.store import NeedStore
from members.people.person import LOCAL
from members.people.registrar import grid_faults
from members.people.store import PeopleStore
from members.permission import ITSELF, permitted_role, scopes_for, tenants
from members.posts.schemas import GridEventSchema
from members.sealing import Seal
from members.territory.grid import Grid, Level, holding
from members.territory.store import TerritoryStore
from members.venues.store import VenueStore
from members.venues.venue import Venue
from members.workers import census, schemas, views, worker
from members.workers.census import Estimate
from members.workers.fault import Surroundings, faults, unlinked
from members.workers.gathering import counted
from members.workers.store import WorkerStore
from members.workers.worker import Worker

Answer = dict[str, Any]


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

        Refuses `invalid`, `command_id_reused`, `busy_try_again`, what `permission` does, and with everything that is
        wrong at once: `worker_unlinked` without grid and station, `unknown_grid`, `grid_closed`, `unknown_station`,
        `station_closed`, `outside_all_grids` (no grid holds the station now), `unknown_person`, `worker_known`.
        """
        fields = self._sealed_phone(load(schemas.WorkerSchema(demo=self.demo), body))
        asked = self._asked(caller, command_id, body)
        named = fields.get("grid_code")
        around = self._surroundings(fields, (tenant_of(named),) if named else tenants(asked.caller), asked.now)
        where = named or (self._grid_of(around.station, asked.now) if around.station else None)
        if where is None:
            scopes_for(asked.caller, "register_worker")
        else:
            role = permitted_role(asked.caller, "register_worker", where)
        if answer := self.workers_kept.records.answered(asked):
            return answer
        try:
            check([*unlinked(fields, around.station, where), *faults(fields, around, _day(asked.now))])
        except Refusal:
            # The same command may have entered the worker at this very moment, who is known since then.
            if answer := self.workers_kept.records.answered(asked):
                return answer
            raise
        fields["grid_code"] = where
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
            worker.check_here(kept)
            around = self._surroundings(fields, (kept.tenant,), asked.now, kept.id)
            check(faults(fields, around, _day(asked.now)))
            return _told(worker.changed(kept, fields, asked.now), worker.CHANGED, role), []

        return self._change(asked, worker_id, decide)

    @rpc
    def worker_leaves(self, caller: Answer, command_id: str, worker_id: str) -> Answer:
        """The worker is here no more: the receipt. Refuses `worker_not_found` and `worker_left`."""
        asked = self._asked(caller, command_id, {"worker_id": worker_id, "act": "leave"})

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

    def follow_redrawn_grid(self, event: Event) -> None:
        """Who belonged to a grid that was redrawn belongs to the one that follows it, each by themselves.

        Where several follow, to the one in which the station stands; who has none stays, and the census names them.
        """
        closed = self.territory.grid(heard(GridEventSchema(), event.data)["grid_code"])
        if closed is None or not closed.successors:
            return
        following = [grid for grid, _ in self.territory.grids_of(closed.successors, tenant_of(closed.code))]
        asked = Asked(ITSELF, event.id, digest({}), self.clock.now())
        for kept in self.workers_kept.belonging_to(closed.code):
            again_when_stale(partial(self._follow_grid, asked, kept.id, closed, following))

    def _follow_grid(self, asked: Asked, id: str, closed: Grid, following: list[Grid]) -> Answer:
        kept = self.workers_kept.records.load(id, None)
        codes = [grid.code for grid in following]
        if len(codes) > 1 and kept.item.link.station_id:
            station = self.venues_kept.one(kept.item.link.station_id, (kept.item.tenant,)).item
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

    def _grid_of(self, station: Venue, at: datetime) -> str | None:
        """The grid of the station; where that was redrawn, the one that holds the station now. None: there is none."""
        grid = self.territory.grid(station.grid_code)
        if grid is None or grid.open_at(at):
            return station.grid_code
        around = self.territory.grids_around(*station.at, Level.SERVICE, [tenant_of(grid.code)], at)
        try:
            return holding(around, *station.at, Level.SERVICE, at).code
        except Refusal:
            return None

    def _station(self, id: str, districts: Iterable[str]) -> Venue | None:
        try:
            return self.venues_kept.one(id, districts).item
        except Refusal:
            return None

    def _surroundings(
        self, fields: Mapping[str, Any], districts: Collection[str], at: datetime, id: str = ""
    ) -> Surroundings:
        """What the fields of a new worker, or of that of the `id`, are held against."""
        code, station, person_id = (fields.get(name) for name in ("grid_code", "station_id", "person_id"))
        person = self.people.person(person_id) if person_id else None
        # The index knows one id; a person who was two entries has several.
        ids = person.ids if person else ()
        foreign = code and tenant_of(code) not in districts
        grid_fault = (
            "unknown_grid" if foreign else grid_faults(self.territory, [code] if code else [], at).get(code or "")
        )
        return Surroundings(
            districts=districts,
            grid_fault=grid_fault,
            station=self._station(station, districts) if station else None,
            person=person,
            known=self.workers_kept.known(districts, fields.get("phone_print"), ids, id),
        )

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


def _day(at: datetime) -> date:
    return at.astimezone(LOCAL).date()


def _needs(of: Worker, rows: list[Mapping[str, Any]], now: datetime) -> list[Need]:
    where = {"tenant": of.tenant, "grid_code": of.link.grid_code, "person_id": of.person_id, "stated_at": now}
    return stated((new_id() for _ in repeat(None)), rows, Source.WORKER, of.id, **where)


def _told(found: Worker, type: str, role: str, needs: list[Need] | None = None) -> Outcome[Worker]:
    ids = {} if needs is None else {"needs": [need.id for need in needs]}
    data = {"kind": found.kind.value, "grid_code": found.link.grid_code, "station_id": found.link.station_id, **ids}
    return Outcome(found, type, data, role, answer={"grid_code": found.link.grid_code, **ids})
