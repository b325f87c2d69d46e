"""Registering step by step: what a command checks, and the records that it changes together."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from chassis.command import Asked
from chassis.errors import Refusal
from chassis.fault import Fault, listed
from chassis.ids import new_id
from chassis.outbox import Entry
from chassis.records import Answer, Outcome, Writing, again_when_stale
from members.area import community_of, tenant_of
from members.organisations.store import UnitStore
from members.people.person import LOCAL, Person
from members.people.store import CORRECTED, PeopleStore
from members.permission import may, of_own_unit, permit, role_of, tenants
from members.registrations import registration as rules
from members.registrations.fault import Facts, check
from members.registrations.registration import HOLDING, Act, Kind, Registration
from members.registrations.store import RegistrationStore
from members.territory.store import TerritoryStore

CHANGED = "person.changed"


@dataclass(frozen=True)
class Registering:
    """Carries out the commands about registrations."""

    kept: RegistrationStore
    organisations: UnitStore
    people: PeopleStore
    territory: TerritoryStore

    def submit_unit(self, asked: Asked, form: Mapping[str, Any]) -> Answer:
        """Register the Party organisation of a unit; refuses `not_permitted`, and as `fault.check`."""
        if answer := self.kept.records.answered(asked):
            return answer
        act = self._act_for_unit(asked, form["unit_id"], form["community"])
        found = self._drafted(asked, Kind.UNIT, form, basis="chosen")
        self._check(found, asked, tenant_of(found.community))
        return self._opened(asked, found, act)

    def submit_member(self, asked: Asked, form: Mapping[str, Any]) -> Answer:
        """Register a member: with the home community unless one is named, else where the unit is.

        Refuses as `Registering.submit_unit`, and `community_missing` where the member has no known home and the unit is
        not registered.
        """
        if answer := self.kept.records.answered(asked):
            return answer
        person_id = form.get("person_id", asked.caller.id)
        person = self._person(person_id, tenants(asked.caller))
        unit_id = form.get("unit_id") or (person.unit_id if person else None) or ""
        community, basis = self._community(form.get("community"), person, unit_id)
        act = self._act_for_member(asked, person_id, person, community)
        named = {**form, "person_id": person_id, "unit_id": unit_id, "community": community}
        found = self._drafted(asked, Kind.MEMBER, named, basis=basis)
        self._check(found, asked, person.tenant if person else tenant_of(community))
        return self._opened(asked, found, act)

    def transfer(self, asked: Asked, id: str, form: Mapping[str, Any]) -> Answer:
        """Register with another community instead: what holds now ends with the acceptance of the new one.

        Refuses `registration_not_found`, `registration_not_open`, `not_permitted`, and `invalid` as above.
        """
        if answer := self.kept.records.answered(asked):
            return answer
        before = self.kept.records.load(id, tenants(asked.caller)).item
        act = self._act_for(asked, before, form["community"])
        if before.status not in HOLDING:
            raise Refusal("registration_not_open", act="transfer", status=before.status.value)
        form = {**vars(before), "signed_on": None, **form}
        found = replace(self._drafted(asked, before.kind, form, basis="chosen"), replaces=before.id)
        self._check(found, asked, before.tenant)
        return self._opened(asked, found, act)

    def accept(self, asked: Asked, id: str) -> Answer:
        """Accept it: the receipt with the `slip`; what it replaces ends, and the member's own record follows.

        Refuses `registration_not_found`, `not_permitted`, `own_registration`, `registration_not_open`, and `invalid`
        for what has become wrong since it was submitted.
        """
        today = _day(asked.now)
        slips: list[str] = []

        def once() -> Answer:
            found = self.kept.records.load(id, tenants(asked.caller))
            if answer := self.kept.records.answered(asked):
                return answer
            role = _decider(asked, found.item)
            rules.moved(found.item, Act.ACCEPT)
            self._check(found.item, asked, found.item.tenant, decided=True)
            slips[:] = slips or [self.kept.next_slip(found.item.community, today.year)]
            after = rules.accepted(found.item, slips[0], today)
            writings = [self.kept.records.changing(asked, found, _outcome(after, Act.ACCEPT, role))]
            return self.kept.carry_out(asked, [*writings, *self._following(asked, after, role, today)])

        return again_when_stale(once)

    def refuse(self, asked: Asked, id: str, reason_code: str) -> Answer:
        """Refuse it for a reason; refuses as `accept` does."""

        def decide(found: Registration) -> Outcome[Registration]:
            role = _decider(asked, found)
            return _outcome(rules.refused(found, reason_code), Act.REFUSE, role)

        return self.kept.records.change(asked, id, tenants(asked.caller), decide)

    def give_back(self, asked: Asked, id: str) -> Answer:
        """The unit has the slip; refuses `registration_not_found`, `not_permitted` and `registration_not_open`."""

        def decide(found: Registration) -> Outcome[Registration]:
            act = self._act_for_unit(asked, found.unit_id, found.community)
            role = role_of(asked.caller, act, found.community)
            return _outcome(rules.moved(found, Act.RETURN), Act.RETURN, role)

        return self.kept.records.change(asked, id, tenants(asked.caller), decide)

    def end(self, asked: Asked, id: str, reason_code: str) -> Answer:
        """End it today; a member is registered nowhere then. Refuses as `give_back` does."""
        today = _day(asked.now)

        def once() -> Answer:
            found = self.kept.records.load(id, tenants(asked.caller))
            if answer := self.kept.records.answered(asked):
                return answer
            act = self._act_for(asked, found.item, found.item.community)
            role = role_of(asked.caller, act, found.item.community)
            after = rules.ended(found.item, reason_code, today)
            writings = [self.kept.records.changing(asked, found, _outcome(after, Act.END, role))]
            if found.item.status in HOLDING and after.person_id:
                writings += self._recorded(asked, after.person_id, {"registered_with": None})
            return self.kept.carry_out(asked, writings)

        return again_when_stale(once)

    def _following(self, asked: Asked, after: Registration, role: str, today: date) -> list[Writing]:
        """What changes with an acceptance: the registration before it ends, and the person's record says the new."""
        writings: list[Writing] = []
        before = self.kept.holding(*self._ids(after))
        if before is not None:
            gone = _outcome(rules.ended(before.item, "moved", today), Act.END, role)
            writings.append(self.kept.records.changing(asked, before, gone, along=True))
        if after.person_id:
            fields = {"registered_with": after.community, "unit_id": after.unit_id}
            writings += self._recorded(asked, after.person_id, fields, own_unit=True)
        return writings

    def _recorded(
        self, asked: Asked, person_id: str, fields: Mapping[str, Any], *, own_unit: bool = False
    ) -> list[Writing]:
        """The person with these fields; `own_unit` says that the unit is theirs, also when they speak for none."""
        found = next((self.people.versioned(id) for id in self.people.whole([person_id])), None)
        if found is None:
            return []
        person, version = found
        by = {"id": asked.caller.id, "roles": sorted(asked.caller.roles)}
        type = CHANGED if asked.caller.is_(person.id) else CORRECTED
        entry = Entry(new_id(), type, asked.now, {"fields": sorted(fields)}, by=by)
        along = person.unit_along and not own_unit
        return [self.people.changing(replace(person, **fields, unit_along=along), version, entry)]

    def _opened(self, asked: Asked, found: Registration, act: str) -> Answer:
        role = role_of(asked.caller, act, found.community)
        told = {"community": found.community, "status": found.status.value}
        outcome = Outcome(found, rules.SUBMITTED, rules.told(found), role, found.community, told)
        return self.kept.carry_out(asked, [self.kept.records.opening(asked, outcome)])

    def _drafted(self, asked: Asked, kind: Kind, form: Mapping[str, Any], *, basis: str) -> Registration:
        today = _day(asked.now)
        return Registration(
            id=new_id(),
            kind=kind,
            unit_id=form["unit_id"],
            person_id=form.get("person_id"),
            community=form["community"],
            basis=basis,
            signed_on=form.get("signed_on") or today,
            submitted_on=today,
            submitted_by=asked.caller.id,
            posts=tuple(form["posts"]),
            agreement=form.get("agreement"),
            resources=tuple(form.get("resources", ())),
            contact_id=form.get("contact_id"),
        )

    def _check(self, found: Registration, asked: Asked, tenant: str, *, decided: bool = False) -> None:
        """Refuses all that is wrong with it now."""
        ids = self._ids(found)
        holding = self.kept.holding(*ids)
        elsewhere = holding is not None and (holding.id != found.replaces or holding.item.community == found.community)
        area = self.territory.area(found.community) if tenant_of(found.community) == tenant else None
        facts = Facts(
            unit=next(iter(self.organisations.units_of([found.unit_id], tenant)), None),
            community_open=area.holds_at(asked.now) if area else None,
            signed_on=found.signed_on,
            registered=elsewhere,
            waiting=not decided and self.kept.waits(*ids),
            person=self._person(found.person_id, [tenant]) if found.person_id else None,
            person_named=found.kind is Kind.MEMBER,
            contact=self._person(found.contact_id, [tenant]) if found.contact_id else None,
            contact_named=found.contact_id is not None,
        )
        check(facts, _day(asked.now))

    def _ids(self, found: Registration) -> frozenset[str]:
        """Every id of whom it registers."""
        return frozenset({found.subject}).union(*self.people.whole([found.subject]).values())

    def _person(self, id: str, within: Any) -> Person | None:
        found = next((person for _, person in self.people.as_asked([id])), None)
        return found if found and found.tenant in within else None

    def _community(self, named: str | None, person: Person | None, unit_id: str) -> tuple[str, str]:
        """With which community, and why: the one that is named, the home community, else the unit's (§3.1)."""
        if named:
            return named, "chosen"
        if person and person.home:
            return community_of(person.home.grid_code), "home"
        paired = self.kept.holding(unit_id) if unit_id else None
        if paired is None:
            raise listed(Fault("/community", "community_missing"))
        return paired.item.community, "unit"

    def _act_for(self, asked: Asked, found: Registration, community: str) -> str:
        if found.kind is Kind.UNIT:
            return self._act_for_unit(asked, found.unit_id, community)
        person = self._person(found.person_id or "", tenants(asked.caller))
        return self._act_for_member(asked, found.person_id or "", person, community)

    def _act_for_unit(self, asked: Asked, unit_id: str, community: str) -> str:
        """By which row of the table the caller acts for the unit; refuses `not_permitted`."""
        if of_own_unit(asked.caller, "register_own_unit", unit_id):
            return "register_own_unit"
        permit(asked.caller, "register_others", community)
        return "register_others"

    def _act_for_member(self, asked: Asked, person_id: str, person: Person | None, community: str) -> str:
        if may(asked.caller, "register_own", person_id):
            return "register_own"
        if person and of_own_unit(asked.caller, "register_own_unit", person.unit_id):
            return "register_own_unit"
        permit(asked.caller, "register_others", community)
        return "register_others"


def _decider(asked: Asked, found: Registration) -> str:
    permit(asked.caller, "decide_registration", found.community)
    if asked.caller.is_(found.person_id) or found.subject == asked.caller.unit:
        raise Refusal("own_registration")
    return role_of(asked.caller, "decide_registration", found.community)


def _outcome(after: Registration, act: Act, role: str) -> Outcome[Registration]:
    answer = {"status": after.status.value, "community": after.community, "slip": after.slip}
    return Outcome(after, rules.EVENTS[act], rules.told(after), role, after.community, answer)


def _day(now: datetime) -> date:
    return now.astimezone(LOCAL).date()
