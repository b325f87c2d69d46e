"""The entrypoints by which people get a copy of their data or have it deleted, and the sweep that ends retention."""

from datetime import datetime
from typing import Any

from nameko.timer import timer

from chassis.caller import Caller
from chassis.clock import Clock
from chassis.command import Asked, digest
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.outbox import Entry, StaleVersion
from chassis.records import Outcome, Writing, again_when_stale
from chassis.rpc import rpc
from chassis.schema import load
from members.accounts.store import AccountStore
from members.changing import known
from members.commands import Change
from members.erasure.retention import TERMS, copied, erased, kept_since, wiped
from members.people.person import Person, departed, departure
from members.people.schemas import PersonIdSchema
from members.people.store import LEFT, PeopleStore
from members.permission import permit, tenants
from members.registry.store import RevealStore
from members.sealing import Seal

Answer = dict[str, Any]

SWEEP_SECONDS = 3600
ERASED_AT_ONCE = 200
SYSTEM = Caller("clock")


class ErasureDesk(Desk):
    """Gives people what is theirs, and lets go of what is over."""

    people: PeopleStore
    accounts: AccountStore
    reveals: RevealStore
    seal: Seal
    present: Clock

    @rpc
    def own_data(self, caller: Answer) -> Answer:
        """Everything that this service keeps of the caller, unmasked; refuses `person_not_found`."""
        who = Caller.load(caller)
        permit(who, "see_own_data", who.id)
        person, sealed = known(self.people.enrolled_as(who.id), "person_not_found")
        logins = [each.item.login for each in self.accounts.of_person(person.id) if each.item.login]
        told = [row for id in (person.id, *person.merged_from) for row in self.reveals.of_person(id)]
        return copied(person, self.seal.open(sealed) if sealed else None, logins, list(told))

    @rpc
    def delete_own_data(self, caller: Answer, command_id: str) -> Answer:
        """Leave the service and have everything personal deleted: `{person_id, version}`."""
        who = Caller.load(caller)
        permit(who, "delete_own_data", who.id)
        person, _ = known(self.people.enrolled_as(who.id), "person_not_found")
        return self._erase(Change("delete_own_data", person.id, command_id, digest({}), who))

    @rpc
    def delete_person(self, caller: Answer, command_id: str, person_id: str) -> Answer:
        """The same for somebody who has asked an office for it: `{person_id, version}`.

        Refuses `person_not_found`, and `not_permitted` unless all that is theirs lies in the caller's scope.
        """
        load(PersonIdSchema(), {"person_id": person_id})
        who = Caller.load(caller)
        person = self.people.person(person_id)
        if person is None or person.tenant not in tenants(who) or person.merged_into is not None:
            raise Refusal("person_not_found")
        for scope in person.reach:
            permit(who, "delete_person", scope)
        return self._erase(Change("delete_person", person_id, command_id, digest({}), who))

    @timer(interval=SWEEP_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def end_retention(self) -> None:
        """Erase who left three years ago, and forget who was told a phone before that."""
        now = self.clock.now()
        for kept in self.people.left_before(kept_since(TERMS["leavers"], now), ERASED_AT_ONCE):
            asked = Asked(SYSTEM, new_id(), "", now)
            try:
                self._write(kept.item, kept.version, Entry(new_id(), "person.erased", now, {}), asked)
            except StaleVersion:
                continue  # somebody has just changed it: the next sweep finds it again
        self.reveals.forget_before(kept_since(TERMS["reveals"], now))

    def _erase(self, change: Change) -> Answer:
        answer = again_when_stale(lambda: self._erase_once(change, self.clock.now()))
        self.accounts.end_sessions(change.id, "deletion", self.present.now())
        return answer

    def _erase_once(self, change: Change, now: datetime) -> Answer:
        person, version = known(self.people.versioned(change.id), "person_not_found")
        if person.erased_at is not None:
            return {"person_id": person.id, "version": version}
        answer = {"person_id": person.id, "version": version + 1}
        asked = Asked(change.caller, change.command_id, change.digest, now)
        if person.active:
            self._write(departed(person, now), version, change.entry(LEFT, now, departure(person), answer), asked)
        else:
            self._write(person, version, change.entry("person.erased", now, {}, answer), asked)
        return answer

    def _write(self, person: Person, version: int, entry: Entry, asked: Asked) -> None:
        self.people.erase(erased(person, entry.at), version, entry, self._wipings(asked, person.id))

    def _wipings(self, asked: Asked, person_id: str) -> list[Writing]:
        return [
            self.accounts.records.changing(asked, each, Outcome(wiped(each.item), "account.wiped", {}, ""), along=True)
            for each in self.accounts.of_person(person_id)
        ]
