"""The entrypoints of the register of people: entering, roles, lists, one person, and a phone on request."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from nameko.timer import timer

from chassis.caller import Caller, Grant
from chassis.clock import Clock
from chassis.command import Asked
from chassis.errors import Refusal
from chassis.records import Outcome, again_when_stale, carried_out
from chassis.rpc import rpc
from chassis.schema import load, with_reason
from chassis.store import Store
from members.accounts.store import AccountStore
from members.area import GRID_DIGITS, tenant_of
from members.changing import known
from members.identity_providers.store import LinkedIdentityStore
from members.organisations.store import UnitStore
from members.people.person import Person, check_here, check_of_others
from members.people.registrar import Registrar
from members.people.registration import Newcomer
from members.people.schemas import PersonIdSchema
from members.people.sign_in_change import SignInChange
from members.people.speaking import speaking
from members.people.store import SIGN_IN_CHANGED, Enrolled, PeopleStore
from members.people.tenure import Tenure, check_lets_go, giver, granted, revoked
from members.permission import permitted_role, role_of, tenants
from members.reading import read
from members.registry import schemas
from members.registry.sight import AUDITOR, REVEALS, Row, answers, audits, reaches, rows_of, shown
from members.registry.store import RevealStore, RollStore
from members.role import SPEAKER
from members.sealing import Seal
from members.territory.store import TerritoryStore
from members.trail import TrailDesk
from members.workers.store import WorkerStore

Answer = dict[str, Any]

TURN_SECONDS = 60
"""How often roles that begin or end by themselves are looked for; a role ends at most so much late."""


class RegistryDesk(TrailDesk):
    """Keeps the register of people for the offices, each of which sees no more than its columns."""

    people: PeopleStore
    accounts: AccountStore
    linked: LinkedIdentityStore
    organisations: UnitStore
    territory: TerritoryStore
    roll: RollStore = Store(RollStore)
    workers_kept: WorkerStore
    reveals: RevealStore = Store(RevealStore)
    seal: Seal
    demo: bool
    present: Clock

    @rpc
    def register_person(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Enter a person, with an account where there is a phone: the receipt with the `person_id`.

        Refuses all that is wrong at once: `invalid` or, where it is all of one kind, that kind: `under_age`,
        `born_in_future`, `phone_taken`, `unknown_compound`, `unknown_unit`, `unknown_grid`, `grid_closed`,
        `role_above_own`, `out_of_scope`, `consent_missing`, `unit_missing`, `not_permitted`.
        """
        reading, asked = read(schemas.NewcomerSchema(demo=self.demo), body), self._asked(caller, command_id, body)
        newcomer = Newcomer(**{"tenant": _district(asked.caller), **reading.fields})
        registrar = self._registrar()
        if reading.errors:
            reading.check(registrar.faults(asked.caller, [newcomer], asked.now)[0])
        return registrar.register(asked, [newcomer])

    @rpc
    def grant_role(self, caller: Answer, command_id: str, person_id: str, **body: Any) -> Answer:
        """Give a person a role from a moment on, and perhaps until another: the receipt.

        Who is to speak for a unit is of it, or of none so far and gets it along. Refuses `not_permitted`,
        `role_above_own`, `out_of_scope`, `role_held`, `role_ends_too_early`, `unknown_grid`, `person_not_found`,
        `person_left`, `grid_closed`, `unknown_unit`, `unit_closed`, `unit_missing`, `speaks_for_another_unit` and
        `person_not_of_unit`.
        """
        given, asked = load(schemas.GrantSchema(), body), self._asked(caller, command_id, {"id": person_id, **body})
        tenure = Tenure(given["role"], given["scope"], given["since"] or asked.now, given["until"])
        role = giver(asked.caller, tenure.grant)

        def decide(person: Person) -> Outcome[Person]:
            _check_theirs(person, tenure.grant)
            if len(tenure.scope) == GRID_DIGITS:
                self.territory.check_open([tenure.scope], person.tenant, max(tenure.since, asked.now))
            if tenure.role == SPEAKER:
                self.organisations.check_open(given["unit_id"], person.tenant)
                person = speaking(person.turned(asked.now), given["unit_id"])  # one may have ended just now
            after = granted(person.tenures, tenure)
            return _turned(replace(person, tenures=after), asked.now, "person.role_granted", tenure.grant, role)

        return self.people.records.change(asked, person_id, tenants(asked.caller), decide)

    @rpc
    def revoke_role(self, caller: Answer, command_id: str, person_id: str, **body: Any) -> Answer:
        """Take a role from a person, now or from a moment on: the receipt.

        A unit that came along with the role to speak for it goes with the last such role. Refuses as `grant_role`,
        `role_not_held`.
        """
        given = load(schemas.RevokeSchema(), body)
        asked = self._asked(caller, command_id, {"id": person_id, "act": "revoke", **body})
        grant, until = Grant(given["role"], given["scope"]), given["until"] or asked.now
        role = giver(asked.caller, grant)

        def decide(person: Person) -> Outcome[Person]:
            _check_theirs(person, grant)
            after = revoked(person.tenures, grant, until)
            return _turned(replace(person, tenures=after), asked.now, "person.role_revoked", grant, role)

        return self.people.records.change(asked, person_id, tenants(asked.caller), decide)

    @rpc
    def people_list(self, caller: Answer, **page: Any) -> Answer:
        """A page of the people whom the caller's first row of the table reaches, with its columns: `{items, next}`.

        Refuses `not_permitted` to who reads no profiles, and who asks for what is in none of their columns.
        """
        who, asked = Caller.load(caller), load(schemas.PageSchema(), page)
        row = next(iter(rows_of(who)), None)
        if row is None or not answers(row, asked["filters"]):
            raise Refusal("not_permitted", act="see_people")
        limit, filters = asked["limit"], {"active": True, **asked["filters"]}
        found = self.roll.page(who, row, filters, asked["after"], limit + 1)
        items = [shown(person, self._phone(sealed, [row]), [row]) for person, sealed in found[:limit]]
        return {"items": items, "next": items[-1]["person_id"] if len(found) > limit else None}

    @rpc
    def person(self, caller: Answer, person_id: str) -> Answer:
        """One person as the caller's rows of the table show them; refuses `person_not_found`.

        An auditor who reads of somebody else leaves a row in the audit trail first, one for each local day.
        """
        load(PersonIdSchema(), {"person_id": person_id})
        who = Caller.load(caller)
        person, sealed = known(self.people.enrolled_as(person_id), "person_not_found")
        rows = [row for row in rows_of(who) if reaches(row, who, person)]
        if not rows:
            raise Refusal("person_not_found")
        if audits(rows) and not who.is_(person.id):
            self._audit_day(who, "person.audited", AUDITOR, ("person", person.id), _areas_of(person))
        return shown(person, self._phone(sealed, rows), rows)

    @rpc
    def reveal_phone(self, caller: Answer, command_id: str, person_id: str, **body: Any) -> Answer:
        """The phone of a person, for an office that gives a reason, which is written down first: `{person_id, phone}`.

        Refuses `reason_missing`, `not_permitted`, `person_not_found`, `nobody_to_ask` where there is none, and
        `command_id_reused`.
        """
        given, asked = (
            with_reason(schemas.RevealSchema(), body),
            self._asked(caller, command_id, {"id": person_id, **body}),
        )
        rows = [row for row in rows_of(asked.caller) if row.role in REVEALS]
        if not rows:
            raise Refusal("not_permitted", act="reveal_phone")
        person, sealed = known(self.people.enrolled_as(person_id), "person_not_found")
        role = known(next((row.role for row in rows if reaches(row, asked.caller, person)), None), "person_not_found")
        if sealed is None:
            raise Refusal("nobody_to_ask")
        trace = {"person_id": person.id, "by": asked.caller.id, "role": role, "reason": given["reason"]}
        self.reveals.note(asked.key, asked.digest, {**trace, "tenant": person.tenant, "at": asked.now})
        self._audit_asked(asked, "phone.revealed", role, ("person", person.id), _areas_of(person), given["reason"])
        return {"person_id": person.id, "phone": self.seal.open(sealed)}

    @rpc
    def reveal_worker_phone(self, caller: Answer, command_id: str, worker_id: str, **body: Any) -> Answer:
        """The phone of a new-employment worker, in the same way: `{worker_id, phone}`.

        Whose account the worker is linked to finds it among the own data. Refuses `invalid`, `worker_not_found`,
        `not_permitted`, `out_of_scope`, `nobody_to_ask` where there is none, and `command_id_reused`.
        """
        given, asked = (
            with_reason(schemas.RevealSchema(), body),
            self._asked(caller, command_id, {"id": worker_id, **body}),
        )
        worker = self.workers_kept.records.load(worker_id, tenants(asked.caller)).item
        role = permitted_role(asked.caller, "reveal_worker_phone", worker.link.grid_code)
        if worker.phone is None:
            raise Refusal("nobody_to_ask")
        whose = {"worker_id": worker.id, "person_id": worker.person_id, "tenant": worker.tenant}
        trace = {"by": asked.caller.id, "role": role, "reason": given["reason"], "at": asked.now}
        self.reveals.note(asked.key, asked.digest, whose | trace)
        areas = self._audit_areas(worker.link.grid_code)
        self._audit_asked(asked, "phone.revealed", role, ("worker", worker.id), areas, given["reason"])
        return {"worker_id": worker.id, "phone": self.seal.open(worker.phone)}

    @rpc
    def release_phone(self, caller: Answer, command_id: str, person_id: str, **body: Any) -> Answer:
        """Take from a person a phone that they have no longer, with a reason: the receipt.

        Their sessions end, codes that were sent to it are void, linked identities are gone, for whoever has the phone
        may have linked one of theirs, and somebody else may have it from then on. Refuses `not_permitted` unless all
        that is theirs lies in the caller's scope, `role_above_own`, `own_entry`, `person_not_found`, `nobody_to_ask`
        where there is no phone, and `command_id_reused`.
        """
        given, asked = (
            with_reason(schemas.RevealSchema(), body),
            self._asked(caller, command_id, {"id": person_id, **body}),
        )
        if answer := self.people.enrolled.answered(asked):
            return answer
        answer = again_when_stale(lambda: self._release(asked, person_id, given["reason"]))
        self.accounts.end_sessions(person_id, "release", self.present.now())
        return answer

    @timer(interval=TURN_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def turn_roles(self) -> None:
        """Let roles begin and end whose time has come."""
        self.people.turn(self.clock.now())

    def _release(self, asked: Asked, person_id: str, reason: str) -> Answer:
        # Loaded first: what this very command has done meanwhile is either found or makes what was loaded stale.
        kept = self.people.enrolled.load(person_id, tenants(asked.caller))
        if answer := self.people.enrolled.answered(asked):
            return answer
        person, sealed = kept.item
        check_lets_go(asked.caller, "release_phone", person.at_stake(asked.now))
        check_of_others(asked.caller, person)
        if sealed is None:
            raise Refusal("nobody_to_ask")
        trace = {"person_id": person.id, "by": asked.caller.id, "act": "release", "reason": reason}
        self.reveals.note(asked.key, asked.digest, {**trace, "tenant": person.tenant, "at": asked.now})
        areas = _areas_of(person)
        role = role_of(asked.caller, "release_phone", areas[-1] if areas else "")
        self._audit_asked(asked, "phone.released", role, ("person", person.id), areas, reason)
        without: Enrolled = (person, None)
        outcome = Outcome(without, SIGN_IN_CHANGED, {"change": SignInChange.PHONE_RELEASED.value}, "")
        freed = [
            self.accounts.records.changing(
                asked, each, Outcome(replace(each.item, phone_print=None), "account.released", {}, ""), along=True
            )
            for each in self.accounts.of_person(person.id)
            if each.item.phone_print
        ]
        changed = self.people.enrolled.changing(asked, kept, outcome)
        answer = carried_out([changed, *freed], self.linked.ending(person.ids))[0]
        self.accounts.forget_codes(self.seal.fingerprint(self.seal.open(sealed)))
        return answer

    def _registrar(self) -> Registrar:
        return Registrar(self.people, self.accounts, self.organisations, self.territory, self.seal)

    def _phone(self, sealed: str | None, rows: list[Row]) -> str | None:
        wanted = any("phone_masked" in row.columns for row in rows)
        return self.seal.open(sealed) if sealed and wanted else None


def _district(caller: Caller) -> str:
    """The district of an entry that names none; refuses `district_missing` to who works in several."""
    found = tenants(caller)
    if len(found) != 1:
        raise Refusal("district_missing")
    return next(iter(found))


def _check_theirs(person: Person, grant: Grant) -> None:
    check_here(person)
    if tenant_of(grant.scope) != person.tenant:
        raise Refusal("out_of_scope", act="grant_role")


def _areas_of(person: Person) -> list[str]:
    return sorted(person.areas, key=len)


def _turned(person: Person, at: datetime, type: str, grant: Grant, role: str) -> Outcome[Person]:
    return Outcome(person.turned(at), type, {"role": grant.role, "scope": grant.scope}, role)
