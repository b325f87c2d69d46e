"""The entrypoints about people: their own profile, how they are reached, and who has left."""

from dataclasses import replace
from typing import Any

from chassis.caller import Caller
from chassis.clock import Clock
from chassis.command import Asked, digest
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.records import again_when_stale
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.accounts.store import AccountStore
from members.changing import known
from members.commands import Change
from members.identity_providers.store import LinkedIdentityStore
from members.organisations import views as organisation_views
from members.organisations.store import UnitStore
from members.people import views
from members.people.address import changed
from members.people.person import Person, check_here, check_of_others, departed, departure
from members.people.registrar import closings
from members.people.schemas import PersonIdSchema, ProfileSchema
from members.people.store import LEFT, PeopleStore
from members.people.tenure import check_lets_go
from members.permission import permit, tenants
from members.schemas import IdsSchema, OnDutySchema
from members.sealing import Seal

Answer = dict[str, Any]


class PeopleDesk(Desk):
    """Answers about people, and changes what is known of them."""

    people: PeopleStore = Store(PeopleStore)
    accounts: AccountStore
    linked: LinkedIdentityStore
    organisations: UnitStore
    seal: Seal
    present: Clock

    @rpc
    def me(self, caller: Answer) -> Answer:
        """The caller's own profile; refuses `person_not_found`."""
        who = Caller.load(caller)
        permit(who, "see_own_profile", who.id)
        person, phone = self._with_phone(who.id)
        unit = next(iter(self.organisations.units_of([person.unit_id])), None) if person.unit_id else None
        return views.profile(person, phone, self._addresses(person), unit)

    @rpc
    def change_profile(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Change the caller's own name, skills, free times, language, declined channels or addresses.

        `{person_id, version}`; of addresses a kind that is not named stays, and one that is None is taken away.
        Refuses `invalid`, `person_not_found`, `person_left`, `command_id_reused`, `busy_try_again`.
        """
        changes, who = load(ProfileSchema(), body), Caller.load(caller)
        change = Change("change_own_profile", who.id, command_id, digest(self._untold(body)), who)
        permit(who, change.act, who.id)
        return again_when_stale(lambda: self._change_profile(change, changes))

    @rpc
    def record_leaving(self, caller: Answer, command_id: str, person_id: str) -> Answer:
        """Note that a person has left the service: `{person_id, version}`; who has left before has left.

        Their roles and accounts end with it, and their phone and the identities that they linked may be another's from
        then on. Refuses `invalid`, `person_not_found`, `busy_try_again`, `not_permitted` unless all that is theirs lies
        in the caller's scope, `role_above_own` where they hold a role above the caller's, and `own_entry`.
        """
        load(PersonIdSchema(), {"person_id": person_id})
        change = Change("record_leaving", person_id, command_id, digest({}), Caller.load(caller))
        return again_when_stale(lambda: self._leave(change))

    @rpc
    def assignees(self, **body: Any) -> list[Answer]:
        """The facts about people and units that guard a dispatch; refuses `unknown_assignee` with the `ids`."""
        wanted = load(IdsSchema(), body)
        people = self.people.as_asked(wanted["ids"], wanted["tenant"])
        units = self.organisations.units_of(wanted["ids"], wanted["tenant"])
        facts = [views.person_as_assignee(id, each, self.clock.now()) for id, each in people]
        facts += [organisation_views.unit_as_assignee(each) for each in units]
        if missing := sorted(set(wanted["ids"]) - {fact["id"] for fact in facts}):
            raise Refusal("unknown_assignee", ids=missing)
        return facts

    @rpc
    def contacts(self, **body: Any) -> list[Answer]:
        """How to reach people and the contacts of units: for notify, at the moment of sending.

        Whoever is not known is left out, and who has left: their phone may be another's by now.
        """
        wanted = load(IdsSchema(), body)
        found = self.people.with_phones(wanted["ids"], wanted["tenant"])
        here = ((id, each, phone) for id, each, phone in found if each.active)
        return [views.contact(id, each, self._opened(phone), self._addresses(each)) for id, each, phone in here]

    @rpc
    def names(self, **body: Any) -> list[Answer]:
        """What people are called, masked: `[{id, name_masked}]`, also of those who have left; for other services."""
        wanted = load(IdsSchema(), body)
        return [views.named(id, each) for id, each in self.people.as_asked(wanted["ids"], wanted["tenant"])]

    @rpc
    def known_as(self, **body: Any) -> Answer:
        """Every id of the person whom that one names: `{ids}`, also of who has left; for other services.

        An id that is nobody's stands for itself.
        """
        asked = load(PersonIdSchema(), body)["person_id"]
        [ids] = self.people.whole([asked]).values()
        return {"ids": sorted(ids)}

    @rpc
    def responsible(self, **body: Any) -> dict[str, list[str]]:
        """The ids of staff who answer for a grid, for each part of `duty.ON_DUTY`, without the people of `not_of`.

        That is a unit of which a case complains: they hear nothing of it (docs/domain.md §5).
        """
        asked = load(OnDutySchema(), body)
        return self.people.on_duty(asked["grid_code"], asked["not_of"])

    def _change_profile(self, change: Change, fields: Answer) -> Answer:
        # In this order: what is done meanwhile, with the same key too, is either found or makes the version stale.
        person, version = known(self.people.versioned(change.id), "person_not_found", person_id=change.id)
        if answered := self.people.answer_of(change.id, change.command_id, change.digest):
            return dict(answered)
        check_here(person)
        answer = {"person_id": change.id, "version": version + 1}
        entry = change.entry("person.changed", self.clock.now(), {"fields": sorted(fields)}, answer)
        if "addresses" in fields:
            sealed = {kind: text and self.seal.close(text) for kind, text in fields["addresses"].items()}
            fields = fields | {"addresses": changed(person.addresses, sealed)}
        self.people.change(replace(person, **fields), version, entry)
        return answer

    def _leave(self, change: Change) -> Answer:
        person, version = known(self.people.versioned(change.id), "person_not_found", person_id=change.id)
        if person.tenant not in tenants(change.caller):
            raise Refusal("person_not_found", person_id=person.id)
        check_lets_go(change.caller, change.act, person.at_stake(self.clock.now()))
        check_of_others(change.caller, person)
        self.accounts.end_sessions(person.id, "leaving", self.present.now())
        self.linked.end(person.ids)
        if not person.active:
            return {"person_id": person.id, "version": version}
        now, answer = self.clock.now(), {"person_id": person.id, "version": version + 1}
        entry = change.entry(LEFT, now, departure(person), answer)
        asked = Asked(change.caller, change.command_id, change.digest, now)
        self.people.change(departed(person, now), version, entry, closings(self.accounts, asked, person.id))
        # Also what was opened and linked at this very moment.
        self.accounts.end_sessions(person.id, "leaving", self.present.now())
        self.linked.end(person.ids)
        return answer

    def _with_phone(self, id: str) -> tuple[Person, str | None]:
        person, phone = known(self.people.enrolled_as(id), "person_not_found", person_id=id)
        return person, self._opened(phone)

    def _untold(self, body: Answer) -> Answer:
        """What was asked, without addresses: a digest of one that stays in the history could be guessed at."""
        if "addresses" not in body:
            return body
        prints = {kind: text and self.seal.fingerprint(text) for kind, text in body["addresses"].items()}
        return {**body, "addresses": prints}

    def _addresses(self, person: Person) -> dict[str, str]:
        return {kind: self.seal.open(sealed) for kind, sealed in person.addresses.items()}

    def _opened(self, phone: str | None) -> str | None:
        return self.seal.open(phone) if phone else None
