"""The entrypoints by which an office opens somebody's login and resets it: a first password, shown once."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from chassis.clock import Clock
from chassis.command import Asked
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.records import Kept, Outcome, Writing, again_when_stale
from chassis.rpc import rpc
from chassis.schema import load, with_reason
from members.accounts import account, hashing, password
from members.accounts.account import Account
from members.accounts.factor_store import FactorStore
from members.accounts.schemas import LoginSchema, ReasonSchema
from members.accounts.store import AccountStore, Beside, ending_with
from members.identity_providers.store import LinkedIdentityStore
from members.people.person import Person, check_here
from members.people.sign_in_change import SignInChange
from members.people.store import PeopleStore
from members.people.tenure import role_to_open
from members.permission import tenants
from members.trail import TrailDesk

Answer = dict[str, Any]
Accounts = Mapping[Account, Kept[Account]]
Known = tuple[Person, Accounts]
"""Whose login it is, and every account of theirs at its version."""


CHANGES: Mapping[str, SignInChange] = {
    "open_login": SignInChange.LOGIN_OPENED,
    "reset_login": SignInChange.LOGIN_RESET,
}
"""What each act is to whose login it is."""


class LoginDesk(TrailDesk):
    """Opens ways in for others, and never one for whoever asks."""

    accounts: AccountStore
    factors: FactorStore
    linked: LinkedIdentityStore
    people: PeopleStore
    present: Clock

    @rpc
    def open_login(self, caller: Answer, command_id: str, person_id: str, **body: Any) -> Answer:
        """Open a login for somebody: `{person_id, login, password, version, at}`, the password a first one.

        A repetition answers without it: nothing is kept that could tell it again. Refuses `invalid`, `own_login`,
        `not_permitted` unless all that is theirs lies in the caller's scope, `role_above_own` unless the caller gives
        every role that they hold, `person_not_found`, `person_left`, `login_open` where they have one, `login_taken`,
        `busy_try_again` and `command_id_reused`.
        """
        given, asked = load(LoginSchema(), body), self._asked(caller, command_id, {"id": person_id, **body})

        def decide(known: Known, role: str, hashed: str) -> list[Writing]:
            return [self._opening(asked, known, given["login"], role, hashed)]

        with self.accounts.one_way_each():
            return self._given(asked, "open_login", person_id, decide, self._single)

    @rpc
    def reset_login(self, caller: Answer, command_id: str, person_id: str, **body: Any) -> Answer:
        """Give somebody's login a first password, with a reason, as `open_login` answers.

        All their sessions end, and the second factor and every linked identity are gone: whoever had got in may have
        linked one of their own.

        Refuses as that does, but for the login, and `reason_missing`, and `no_login` where they have none.
        """
        given = with_reason(ReasonSchema(), body)
        asked = self._asked(caller, command_id, {"id": person_id, **body})

        def decide(known: Known, role: str, hashed: str) -> list[Writing]:
            writings, person = self._resetting(asked, known, role, hashed), known[0]
            self._audit_asked(asked, "login.reset", role, ("person", person.id), _areas(person), given["reason"])
            return writings

        answer = self._given(asked, "reset_login", person_id, decide, self._shut_out)
        if answer["password"] is not None and (person := self.people.person(person_id)):
            # The transaction has not seen what was opened while it went on, by what was good until its end.
            self.accounts.end_others("", sorted(person.ids), self.present.now())
        return answer

    def _given(
        self,
        asked: Asked,
        act: str,
        person_id: str,
        decide: Callable[[Known, str, str], list[Writing]],
        beside: Callable[[Person], Beside],
    ) -> Answer:
        """Carry out what gives somebody a first password; a repetition answers the same without it."""

        def once() -> Answer:
            # Loaded first: what this very command has done meanwhile is either found or makes what was loaded stale.
            person, accounts = self._loaded(asked, person_id)
            if answer := self.accounts.records.answered(asked):
                return _receipt(answer, None)
            role = _role(asked, act, person.item)
            first = password.first(secrets.randbelow(password.FIRSTS))
            with hashing.ROOM.place() as hasher:
                hashed = hasher.hashed(first)
            made = decide((person.item, accounts), role, hashed)
            # The person is written too: of two who open a login for them at once one is turned back.
            writings = [*made, self.people.telling(asked, person, CHANGES[act], role)]
            answer = self.accounts.records.carry_out(asked, writings, beside(person.item))
            return _receipt(answer, first if answer["event_id"] == made[0].answer["event_id"] else None)

        try:
            return again_when_stale(once)
        except Refusal:
            # What is in the way may be what this very command has made meanwhile.
            if answer := self.accounts.records.answered(asked):
                return _receipt(answer, None)
            raise

    def _shut_out(self, person: Person) -> Beside:
        """Every session, the second factor and linked identities, under whichever of their ids."""
        return ending_with(
            self.accounts.ending_others("", sorted(person.ids), self.present.now()),
            self.factors.ending(person.ids),
            self.linked.ending(person.ids),
        )

    def _single(self, person: Person) -> Beside:
        return self.accounts.one_login(person.id)

    def _loaded(self, asked: Asked, person_id: str) -> tuple[Kept[Person], Accounts]:
        person = self.people.records.load(person_id, tenants(asked.caller))
        return person, {kept.item: kept for kept in self.accounts.of_person(person_id)}

    def _opening(self, asked: Asked, known: Known, login: str, role: str, hashed: str) -> Writing:
        person, found = known
        item = account.for_login(found)
        self.accounts.check_login_free(login)
        self._audit_asked(asked, "login.opened", role, ("person", person.id), _areas(person))
        after = account.with_first_password(item or Account(new_id(), person.id, person.tenant), login, hashed)
        told = Outcome(after, "account.login_opened", {}, role, answer=_answered(person, login))
        records = self.accounts.records
        return records.changing(asked, found[item], told) if item else records.opening(asked, told)

    def _resetting(self, asked: Asked, known: Known, role: str, hashed: str) -> list[Writing]:
        """The first of their logins is given the password; by another, of an entry that was merged, nobody gets in."""
        (person, found), records = known, self.accounts.records
        item, *others = account.logins(found)
        after = account.with_first_password(item, str(item.login), hashed)
        told = Outcome(after, "account.login_reset", {}, role, answer=_answered(person, str(item.login)))
        shut = [Outcome(account.shut(each), "account.login_reset", {}, role) for each in others]
        return [
            records.changing(asked, found[item], told),
            *(records.changing(asked, found[each], gone, along=True) for each, gone in zip(others, shut, strict=True)),
        ]


def _role(asked: Asked, act: str, person: Person) -> str:
    """The role in which the caller may touch the person's login."""
    if asked.caller.is_(person.id):
        raise Refusal("own_login")
    check_here(person)
    return role_to_open(asked.caller, act, person.at_stake(asked.now))


def _areas(person: Person) -> list[str]:
    return sorted(person.areas, key=len)


def _answered(person: Person, login: str) -> Answer:
    return {"person_id": person.id, "login": login}


def _receipt(answer: Answer, first: str | None) -> Answer:
    return {name: answer[name] for name in ("person_id", "login", "version", "at")} | {"password": first}
