"""Registers people, one or many at once: all that is wrong with them is found first, then all are kept or none."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chassis.caller import Caller
from chassis.command import Asked
from chassis.errors import Refusal
from chassis.fault import Fault, check
from chassis.ids import new_id
from chassis.instant import written
from chassis.records import Outcome, Writing, carried_out
from members.accounts.account import Account, closed
from members.accounts.store import AccountStore
from members.area import GRID_DIGITS, tenant_of
from members.organisations.store import UnitStore
from members.people.person import Person, Residence
from members.people.registration import Newcomer, Surroundings, enters, faults
from members.people.store import PeopleStore
from members.sealing import Seal
from members.territory.compound import Compound
from members.territory.store import TerritoryStore

Answer = dict[str, Any]

MOST_AT_ONCE = 500
"""So many people are kept in one transaction, a second's work."""


class Registrar:
    """Knows where people and their accounts are kept, and what an entry is held against."""

    def __init__(
        self,
        people: PeopleStore,
        accounts: AccountStore,
        organisations: UnitStore,
        territory: TerritoryStore,
        seal: Seal,
    ) -> None:
        self._people, self._accounts, self._seal = people, accounts, seal
        self._organisations, self._territory = organisations, territory

    def faults(self, caller: Caller, newcomers: Sequence[Newcomer], now: datetime) -> list[list[Fault]]:
        """Everything that is wrong with each of them, in their order; nothing is kept."""
        around = self._surroundings(newcomers, now)
        return [faults(newcomer, around, caller, now) for newcomer in newcomers]

    def register(self, asked: Asked, newcomers: Sequence[Newcomer], acting: str | None = None) -> Answer:
        """Keep all of them or none: `{person_id, person_ids, version, at, event_id}`; a repetition gets the same.

        At most `MOST_AT_ONCE`. Refuses what is wrong with them (see `fault.check`; of several the pointers
        begin with their number), `phone_taken`, `phone_repeated`, `login_taken` and `command_id_reused`. `acting` is
        the role that the histories name where it is none of the caller's.
        """
        if answer := self._people.enrolled.answered(asked):
            return answer
        found = self.faults(asked.caller, newcomers, asked.now)
        single = len(newcomers) == 1
        check([_placed(fault, "" if single else f"/{n}") for n, row in enumerate(found) for fault in row])
        try:
            with self._accounts.one_way_each():
                return carried_out(self.writings(asked, newcomers, acting=acting))[0]
        except Refusal:
            # The same command meanwhile, or somebody else with one of the phones or logins.
            if answer := self._people.enrolled.answered(asked):
                return answer
            raise

    def writings(
        self, asked: Asked, newcomers: Sequence[Newcomer], *, along: bool = False, acting: str | None = None
    ) -> list[Writing]:
        """What keeps people with whom nothing is wrong, each with an account where there is a way to sign in.

        Unless they go `along`, the first keeps the command and answers it. For whoever writes more in the same
        transaction. `acting` as in `register`.
        """
        compounds = self._compounds(newcomers)
        people = [_person(newcomer, compounds.get(newcomer.compound_id or ""), asked) for newcomer in newcomers]
        ids = [person.id for person in people]
        writings: list[Writing] = []
        for n, (newcomer, person) in enumerate(zip(newcomers, people, strict=True)):
            answer = {"person_ids": ids} if n == 0 else {}
            role = acting or self._role(asked.caller, newcomer, person)
            sealed = self._seal.close(newcomer.phone) if newcomer.phone else None
            outcome = Outcome((person, sealed), "person.registered", _told(newcomer), role, answer=answer)
            writings.append(self._people.enrolled.opening(asked, outcome, along=along or n > 0))
            writings += self._account(asked, person, newcomer, role)
        return writings

    def _account(self, asked: Asked, person: Person, newcomer: Newcomer, role: str) -> Iterator[Writing]:
        if newcomer.phone is not None or newcomer.login is not None:
            print = self._seal.fingerprint(newcomer.phone) if newcomer.phone else None
            ways = (print, newcomer.login, newcomer.password_hash)
            account = Account(new_id(), person.id, person.tenant, *ways)
            yield self._accounts.records.opening(asked, Outcome(account, "account.opened", {}, role), along=True)

    def _role(self, caller: Caller, newcomer: Newcomer, person: Person) -> str:
        return enters(caller, newcomer, person.home.grid_code if person.home else None)

    def _compounds(self, newcomers: Sequence[Newcomer]) -> dict[str, Compound]:
        ids = sorted({each.compound_id for each in newcomers if each.compound_id})
        return {each.id: each for each in self._territory.compounds.find({"_id": {"$in": ids}})}

    def _surroundings(self, newcomers: Sequence[Newcomer], now: datetime) -> Surroundings:
        compounds = self._compounds(newcomers)
        codes = {each.grid_code for each in compounds.values()}
        codes |= {grant.scope for each in newcomers for grant in each.roles if len(grant.scope) == GRID_DIGITS}
        units = self._organisations.units_of(sorted({each.unit_id for each in newcomers if each.unit_id}))
        communities = self._territory.areas_of({each.registered_with for each in newcomers if each.registered_with})
        times = Counter(each.phone for each in newcomers if each.phone)
        return Surroundings(
            compounds=compounds,
            units={unit.id: unit.tenant for unit in units},
            communities=frozenset(area.code for area in communities if area.holds_at(now)),
            grid_faults=grid_faults(self._territory, codes, now),
            phones=self._taken(times),
            repeated=frozenset(phone for phone in times if times[phone] > 1),
        )

    def _taken(self, phones: Iterable[str]) -> frozenset[str]:
        """Those of the phones that somebody has."""
        prints = {self._seal.fingerprint(phone): phone for phone in phones}
        return frozenset(prints[print] for print in self._accounts.taken(prints))


def grid_faults(territory: TerritoryStore, codes: Iterable[str], now: datetime) -> dict[str, str]:
    """By the code of a grid, why nobody can be tied to it now: `unknown_grid` or `grid_closed`."""
    wanted = set(codes)
    found: dict[str, str] = {}
    for tenant in {tenant_of(code) for code in wanted}:
        # Of several faults one is told at a time: what has one is left out until nothing more is refused.
        while refused := _refused(territory, wanted - set(found), tenant, now):
            found |= refused
    return found


def _refused(territory: TerritoryStore, codes: Iterable[str], tenant: str, now: datetime) -> dict[str, str]:
    try:
        territory.check_open([code for code in codes if tenant_of(code) == tenant], tenant, now)
    except Refusal as refusal:
        return dict.fromkeys(refusal.details["grid_codes"], refusal.code)
    return {}


def closings(accounts: AccountStore, asked: Asked, person_id: str) -> list[Writing]:
    """What closes every account of a person; their phones are free for others from then on."""
    return [
        accounts.records.changing(asked, kept, Outcome(closed(kept.item), "account.closed", {}, ""), along=True)
        for kept in accounts.of_person(person_id)
        if kept.item.active
    ]


def _person(newcomer: Newcomer, compound: Compound | None, asked: Asked) -> Person:
    consent = newcomer.consent
    return Person(
        id=new_id(),
        tenant=newcomer.tenant,
        name=newcomer.name,
        grants=newcomer.grants,
        honorific=newcomer.honorific,
        unit_id=newcomer.unit_id,
        registered_with=newcomer.registered_with,
        home=Residence(compound.id, compound.grid_code, compound.at) if compound else None,
        skills=newcomer.skills,
        certificates=newcomer.certificates,
        free_times=newcomer.free_times,
        language=newcomer.language,
        consent={**vars(consent), "noted_by": asked.caller.id, "at": written(asked.now)} if consent else None,
    ).since(asked.now)


def _placed(fault: Fault, before: str) -> Fault:
    return replace(fault, pointer=f"{before}{fault.pointer}")


def _told(newcomer: Newcomer) -> Answer:
    """What the history keeps of it: in which way, with which roles, and nothing of the person."""
    roles = [f"{grant.role} {grant.scope}" for grant in newcomer.roles]
    return {
        "with_phone": newcomer.phone is not None,
        "consent": newcomer.consent.how if newcomer.consent else None,
        **({"roles": roles} if roles else {}),
    }
