"""What members answers and listens to: each entrypoint loads, decides and stores."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from chassis.caller import Caller
from chassis.command import digest
from chassis.errors import Refusal
from chassis.event import Event
from chassis.outbox import StaleVersion
from chassis.records import again_when_stale
from chassis.rpc import rpc
from chassis.schema import load
from chassis.service import Service
from chassis.store import Store
from chassis.subscribe import subscribe
from members import engagement, grid, matching, schemas, views
from members.datum import to_wgs84
from members.grid import tenant_of
from members.matching import Task
from members.permission import permit, tenants
from members.person import Person, departure
from members.signing_in import SigningIn
from members.store import EngagementStore, TerritoryStore
from members.store.commands import Change
from members.store.people import LEFT
from members.store.territory import Noun
from members.views import Answer

Found = TypeVar("Found")
Item = TypeVar("Item")


class MembersService(SigningIn, Service):
    """The service `members`."""

    name = "members"

    territory: TerritoryStore = Store(TerritoryStore)
    engagements: EngagementStore = Store(EngagementStore)

    @rpc
    def me(self, caller: Answer) -> Answer:
        """The caller's own profile; refuses `person_not_found`."""
        who = Caller.load(caller)
        permit(who, "see_own_profile", who.id)
        person, phone = self._with_phone(who.id)
        unit = next(iter(self.territory.units_of([person.unit_id])), None) if person.unit_id else None
        return views.profile(person, phone, unit)

    @rpc
    def change_profile(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Change the caller's own skills, free times, language or declined channels: `{person_id, version}`.

        Refuses `invalid`, `person_not_found`, `command_id_reused` and `stale_version`.
        """
        changes, who = load(schemas.ProfileSchema(), body), Caller.load(caller)
        change = Change("change_own_profile", who.id, command_id, digest(body), who)
        permit(who, change.act, who.id)
        if answered := self.people.answer_of(who.id, command_id, change.digest):
            return dict(answered)
        person, version = _known(self.people.versioned(who.id), "person_not_found", person_id=who.id)
        answer = {"person_id": who.id, "version": version + 1}
        entry = change.entry("person.changed", self.clock.now(), {"fields": sorted(changes)}, answer)
        _unless_stale(lambda: self.people.change(replace(person, **changes), version, entry))
        return answer

    @rpc
    def record_leaving(self, caller: Answer, command_id: str, person_id: str) -> Answer:
        """Note that a person has left the service: `{person_id, version}`; who has left before has left.

        Their accounts are closed first, so that nobody signs in to one of somebody who left. Refuses `invalid`,
        `person_not_found`, `busy_try_again`, and `not_permitted` unless all that is theirs lies in the caller's scope.
        """
        load(schemas.PersonIdSchema(), {"person_id": person_id})
        change = Change("record_leaving", person_id, command_id, digest({}), Caller.load(caller))
        return again_when_stale(lambda: self._leave(change))

    @rpc
    def change_grid(self, caller: Answer, command_id: str, grid_code: str, **body: Any) -> Answer:
        """Change what a grid is called: the grid as announced, with its `version`.

        Refuses as `change_compound` does, with `grid_not_found`.
        """
        changes = load(schemas.GridSchema(), body)
        change = Change("change_grid", grid_code, command_id, digest(body), Caller.load(caller))
        kept, version = _known(self._versioned(self.territory.grids, change), "grid_not_found", grid_code=grid_code)
        permit(change.caller, change.act, kept.code)
        return self._change(self.territory.grids, replace(kept, **changes), version, change)

    @rpc
    def change_compound(self, caller: Answer, command_id: str, compound_id: str, **body: Any) -> Answer:
        """Change what is known of a compound, or who manages it: the compound as announced, with its `version`.

        Refuses `invalid`, `compound_not_found`, `not_permitted`, `command_id_reused` and `stale_version`.
        """
        changes = load(schemas.CompoundSchema(), body)
        change = Change("change_compound", compound_id, command_id, digest(body), Caller.load(caller))
        found = self._versioned(self.territory.compounds, change)
        kept, version = _known(found, "compound_not_found", compound_id=compound_id)
        permit(change.caller, change.act, kept.grid_code)
        self._check_company(changes.get("property_company_id"), tenant_of(kept.grid_code))
        return self._change(self.territory.compounds, replace(kept, **changes), version, change)

    @rpc
    def change_unit(self, caller: Answer, command_id: str, unit_id: str, **body: Any) -> Answer:
        """Change what a unit is called or which grids it serves: the unit as announced, with its `version`.

        Refuses as `change_compound` does, with `unit_not_found`, and `unknown_grid` for grids outside the district.
        """
        changes = load(schemas.UnitSchema(), body)
        change = Change("change_unit", unit_id, command_id, digest(body), Caller.load(caller))
        kept, version = _known(self._versioned(self.territory.units, change), "unit_not_found", unit_id=unit_id)
        permit(change.caller, change.act, kept.tenant)
        if missing := self.territory.unknown(changes.get("grid_codes", ()), kept.tenant):
            raise Refusal("unknown_grid", grid_codes=missing)
        return self._change(self.territory.units, replace(kept, **changes), version, change)

    @rpc
    def locate(self, caller: Answer | None = None, **body: Any) -> Answer:
        """The one grid that holds a point; with a caller, in the districts of the caller's scopes only.

        Refuses `invalid` and `outside_all_grids`.
        """
        given = load(schemas.PlaceSchema(), body)
        lon, lat = to_wgs84(given["lon"], given["lat"], given["crs"])
        districts = tenants(Caller.load(caller)) if caller else None
        around = self.territory.grids_around(lon, lat, given["level"], districts)
        return views.grid(grid.holding(around, lon, lat, given["level"]), given["crs"])

    @rpc
    def candidates(self, **body: Any) -> list[Answer]:
        """Who suits a task, best first, with reasons: for the service that dispatches. Refuses `unknown_grid`."""
        wanted = load(schemas.CandidatesSchema(), body)
        limit = wanted.pop("limit")
        task = _task(wanted)
        middle = _known(self.territory.grid(task.grid_code), "unknown_grid", grid_code=task.grid_code).middle
        pool = self.people.pool(task, task.place or middle)
        return [views.candidate(each) for each in matching.rank(task, self.engagements.helpers(pool), limit)]

    @rpc
    def assignees(self, **body: Any) -> list[Answer]:
        """The facts about people and units that guard a dispatch; refuses `unknown_assignee` with the `ids`."""
        wanted = load(schemas.IdsSchema(), body)
        people = self.people.people(wanted["ids"], wanted["tenant"])
        units = self.territory.units_of(wanted["ids"], wanted["tenant"])
        facts = [views.person_as_assignee(each, self.clock.now()) for each in people]
        facts += [views.unit_as_assignee(each) for each in units]
        if missing := sorted(set(wanted["ids"]) - {fact["id"] for fact in facts}):
            raise Refusal("unknown_assignee", ids=missing)
        return facts

    @rpc
    def contacts(self, **body: Any) -> list[Answer]:
        """How to reach people and the contacts of units: for notify, at the moment of sending.

        Whoever is not known, or no longer, is left out.
        """
        wanted = load(schemas.IdsSchema(), body)
        found = self.people.with_phones(wanted["ids"], wanted["tenant"])
        return [views.contact(person, self._opened(phone)) for person, phone in found]

    @rpc
    def names(self, **body: Any) -> list[Answer]:
        """What people are called, masked: `[{id, name_masked}]`, also of those who have left; for other services."""
        wanted = load(schemas.IdsSchema(), body)
        return [views.named(person) for person in self.people.people(wanted["ids"], wanted["tenant"])]

    @rpc
    def responsible(self, **body: Any) -> dict[str, list[str]]:
        """The ids of staff who answer for a grid, for each part of `duty.ON_DUTY`."""
        return self.people.on_duty(load(schemas.GridCodeSchema(), body)["grid_code"])

    @rpc
    def places(self, **body: Any) -> Answer:
        """Grids, compounds and units as the events that announce them, in pages: for rebuilding a read copy."""
        page = load(schemas.PlacesSchema(), body)
        items = self.territory.places(page["after"], page["limit"])
        more = len(items) == page["limit"]
        return {"items": items, "next": items[-1]["cursor"] if more else None}

    @subscribe("cases", *engagement.ENGAGING)
    def note_engagement(self, event: Event) -> None:
        """Keep in mind who has the case in hand now."""
        case = schemas.heard(event.data)
        noted = engagement.after(case["case_id"], event.sequence, case["status"], case["assignees"], event.time)
        self.engagements.note(noted, self.present.now())

    def _leave(self, change: Change) -> Answer:
        person, version = _known(self.people.versioned(change.id), "person_not_found", person_id=change.id)
        if person.tenant not in tenants(change.caller):
            raise Refusal("person_not_found", person_id=person.id)
        for scope in person.reach:
            permit(change.caller, change.act, scope)
        self.accounts.close(person.id, "leaving", self.present.now())
        if not person.active:
            return {"person_id": person.id, "version": version}
        answer = {"person_id": person.id, "version": version + 1}
        entry = change.entry(LEFT, self.clock.now(), departure(person), answer)
        self.people.change(replace(person, active=False), version, entry)
        return answer

    def _with_phone(self, id: str) -> tuple[Person, str | None]:
        found = self.people.with_phones([id])
        person, phone = _known(next(iter(found), None), "person_not_found", person_id=id)
        return person, self._opened(phone)

    def _opened(self, phone: str | None) -> str | None:
        return self.seal.open(phone) if phone else None

    def _check_company(self, id: str | None, tenant: str) -> None:
        found = self.territory.units_of([id], tenant) if id else []
        if id and not any(unit.unit_type == "PROPERTY" for unit in found):
            fault = {"pointer": "/property_company_id", "detail": "Not a property company of this district."}
            raise Refusal("invalid", errors=[fault])

    def _versioned(self, noun: Noun[Item], change: Change) -> tuple[Item, int] | None:
        return noun.versioned(change.id, tenants(change.caller))

    def _change(self, noun: Noun[Item], changed: Item, version: int, change: Change) -> Answer:
        if answered := noun.answer_of(change.id, change.command_id, change.digest):
            return dict(answered)
        announced = noun.announcement(changed)
        entry = change.entry(noun.changed, self.clock.now(), announced, {**announced, "version": version + 1})
        _unless_stale(lambda: noun.change(changed, version, entry))
        return dict(entry.answer or {})


def _known(found: Found | None, code: str, **details: Any) -> Found:
    if found is None:
        raise Refusal(code, **details)
    return found


def _unless_stale(change: Any) -> None:
    try:
        change()
    except StaleVersion:
        raise Refusal("stale_version") from None


def _task(wanted: Mapping[str, Any]) -> Task:
    place = wanted["location"]
    return Task(
        grid_code=wanted["grid_code"],
        at=wanted["at"],
        place=(place["lon"], place["lat"]) if place else None,
        skills=frozenset(wanted["skills"]),
        certificates=frozenset(wanted["certificates"]),
        exclude=frozenset(wanted["excluded"]),
    )
