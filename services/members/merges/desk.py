"""The entrypoint that makes one person of two entries."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from chassis.clock import Clock
from chassis.command import Asked
from chassis.desk import Desk
from chassis.records import Kept, Outcome, Writing, again_when_stale
from chassis.rpc import rpc
from chassis.schema import load
from members.accounts.account import Account
from members.accounts.factor_store import FactorStore
from members.accounts.former_phones import FormerPhones
from members.accounts.store import AccountStore
from members.activities.store import ActivityStore
from members.calls.store import CallStore
from members.certificates.store import CertificateStore
from members.hours.store import HoursStore
from members.merges import merging
from members.merges.moving import Moving, merged_at_once
from members.merges.schemas import MergeSchema
from members.merges.uniting import Uniting
from members.party_groups.store import PartyGroupStore
from members.people.person import Person
from members.people.sign_in_change import SignInChange
from members.people.store import MERGED, SIGN_IN_CHANGED, Enrolled, PeopleStore
from members.permission import tenants
from members.posts.store import PostStore
from members.registrations.store import RegistrationStore
from members.signups.store import SignupStore
from members.stars.store import BookStore
from members.workers.store import WorkerStore

Answer = dict[str, Any]


class MergeDesk(FormerPhones, Desk):
    """Joins two entries: both, what is theirs and the event that tells of it are written together or not at all."""

    people: PeopleStore
    accounts: AccountStore
    factors: FactorStore
    workers_kept: WorkerStore
    party_groups: PartyGroupStore
    posts: PostStore
    registrations_kept: RegistrationStore
    signups: SignupStore
    activities_kept: ActivityStore
    hours_kept: HoursStore
    books_kept: BookStore
    certificates_kept: CertificateStore
    calls_kept: CallStore
    present: Clock

    @rpc
    def merge_people(self, caller: Answer, command_id: str, person_id: str, **body: Any) -> Answer:
        """Let the entry `person_id` turn out to be `into`: the receipt of the one that is left.

        Sessions of both end, so that whoever signs in next is known by both ids; the accounts of both are one person's,
        who is told if there come any along, and of two second factors that of `into` stays.
        Refuses `person_not_found`, `busy_try_again`, `command_id_reused` and what `merging` does.
        """
        into, asked = load(MergeSchema(), body)["into"], self._asked(caller, command_id, {"id": person_id, **body})
        answer = again_when_stale(lambda: self._merge(asked, person_id, into))
        for id in (person_id, into):
            self.accounts.end_sessions(id, "merging", self.present.now())
        whole, gone = self.people.person(into), self.people.enrolled.load(person_id, None).item[0]
        if whole:
            self.factors.unite(whole.ids - gone.ids, gone.ids)
        return answer

    def _merge(self, asked: Asked, from_id: str, into_id: str) -> Answer:
        records, districts = self.people.enrolled, tenants(asked.caller)
        # Loaded first: what this very command has done meanwhile is either found or makes what was loaded stale.
        kept, gone = records.load(into_id, districts), records.load(from_id, districts)
        if answer := records.answered(asked):
            return answer
        (into, phone), (other, other_phone) = kept.item, gone.item
        role = merging.check(asked.caller, into, other, asked.now)
        told, left = merging.told(into, other), merging.merged(into, other, asked.now)
        moving = Moving(
            self.workers_kept,
            self.party_groups,
            self.posts,
            self.registrations_kept,
            self.signups,
            self.activities_kept,
        )
        uniting = Uniting(self.hours_kept, self.books_kept, self.certificates_kept, self.calls_kept)
        registered, ends = moving.registered(asked, other, into, role)
        if registered is not None:
            community, unit = registered.community, registered.unit_id
            left = replace(left, registered_with=community, unit_id=unit, unit_along=False)
        merging.check_unit(into, other, left.unit_id, asked.now)
        survivor = Outcome((left, phone or other_phone), MERGED, told, role)
        ways_in = self.accounts.of_person(other.id)
        writings = [
            records.changing(asked, kept, survivor),
            records.changing(asked, gone, _joined(other, into.id, ways_in, role), along=True),
            *self._moves(asked, ways_in, into.id, role),
            *moving.writings(asked, other, into, role),
            *uniting.writings(asked, other, into, role),
            *ends,
        ]
        answer = merged_at_once(writings)
        # Messages go to one number from now on, and who has the other may be who alone knows that they are two people.
        self._tell_former(gone.item, self.seal.open(phone) if phone else None, answer["at"])
        return answer

    def _moves(self, asked: Asked, accounts: Iterable[Kept[Account]], into_id: str, role: str) -> Iterator[Writing]:
        """Each way in to the one entry leads to the other."""
        for each in accounts:
            moved = Outcome(replace(each.item, person_id=into_id), "account.moved", {}, role)
            yield self.accounts.records.changing(asked, each, moved, along=True)


def _joined(other: Person, into_id: str, ways_in: Iterable[Kept[Account]], role: str) -> Outcome[Enrolled]:
    """What is left of an entry; where it was a way in, that it is one to the other is told under the old id too."""
    rest: Enrolled = (merging.alias(other, into_id), None)
    if any(each.item.opens for each in ways_in):
        return Outcome(rest, SIGN_IN_CHANGED, {"change": SignInChange.ENTRIES_MERGED.value}, role)
    return Outcome(rest, "person.joined", {"into": into_id}, role)
