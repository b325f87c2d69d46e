"""The entrypoints by which people show a special identity of their own and hide it again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chassis.caller import Caller
from chassis.command import Asked
from chassis.desk import Desk
from chassis.records import Outcome
from chassis.rpc import rpc
from chassis.schema import load
from members.changing import known
from members.identities import identity
from members.identities.schemas import OptInSchema, WithdrawSchema
from members.people.person import Person, Tag, check_here
from members.people.store import PeopleStore
from members.permission import permit

Answer = dict[str, Any]

CHANGED = "person.tags_changed"
"""Stays in the history and says not which: a special identity is in no event (docs/domain.md §5)."""


class IdentityDesk(Desk):
    """Takes consent and its end from the person alone; nobody else may give or end it for them."""

    people: PeopleStore

    @rpc
    def show_identity(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Agree to show an identity: the receipt.

        Refuses `identity_shown`, `identity_of_another_role` and `person_left`.
        """
        given, asked = load(OptInSchema(), body), self._asked(caller, command_id, body)
        kind, text_version = given["kind"], given["text_version"]

        def show(person: Person) -> tuple[Tag, ...]:
            identity.check_may_show(kind, person.caller().roles)
            return identity.opted_in(person.tags, kind, text_version, asked.now)

        return self._tagged(asked, show)

    @rpc
    def hide_identity(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Withdraw the consent to show an identity: the receipt. Refuses `identity_not_shown`, `person_left`."""
        kind, asked = load(WithdrawSchema(), body)["kind"], self._asked(caller, command_id, {**body, "hide": True})
        return self._tagged(asked, lambda person: identity.withdrawn(person.tags, kind, asked.now))

    @rpc
    def identities(self, caller: Answer) -> Answer:
        """Every consent of the caller and its end: `{items}`."""
        who = Caller.load(caller)
        permit(who, "show_identity", who.id)
        person, _ = known(self.people.enrolled_as(who.id), "person_not_found")
        return {"items": identity.acts(person.tags)}

    def _tagged(self, asked: Asked, change: Callable[[Person], tuple[Tag, ...]]) -> Answer:
        permit(asked.caller, "show_identity", asked.caller.id)
        person, _ = known(self.people.enrolled_as(asked.caller.id), "person_not_found")

        def decide(person: Person) -> Outcome[Person]:
            check_here(person)
            return Outcome(replace(person, tags=change(person)), CHANGED, {}, "")

        return self.people.records.change(asked, person.id, [person.tenant], decide)
