"""What is written down under the id that goes and has to be the survivor's: from the worker to places in activities."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pymongo.errors import DuplicateKeyError

from chassis.command import Asked
from chassis.outbox import StaleVersion
from chassis.records import Answer, Outcome, Writing, carried_out
from members.activities.store import ActivityStore
from members.party_groups import party_group
from members.party_groups.store import PartyGroupStore
from members.people.person import LOCAL, Person
from members.posts import post as posts
from members.posts.post import Post
from members.posts.store import PostStore
from members.registrations import registration as registrations
from members.registrations.registration import Act, Registration
from members.registrations.store import RegistrationStore
from members.signups import signup as rules
from members.signups.store import SignupStore
from members.workers import worker as workers
from members.workers.store import WorkerStore

MOVED = ("worker.moved", "party_group.moved", "post.moved")
"""Entries of histories; nobody outside hears of them."""


@dataclass(frozen=True)
class Moving:
    """Prepares what is written together with a merge."""

    workers: WorkerStore
    groups: PartyGroupStore
    posts: PostStore
    registrations: RegistrationStore
    signups: SignupStore
    activities: ActivityStore

    def writings(self, asked: Asked, other: Person, into: Person, role: str) -> list[Writing]:
        """All that moves from the one to the other."""
        return [
            *self._workers(asked, other.id, into.id, role),
            *self._seats(asked, other.id, into.id, role),
            *self._posts(asked, other.id, into.id, role),
            *self._places(asked, other, into, role),
        ]

    def registered(
        self, asked: Asked, other: Person, into: Person, role: str
    ) -> tuple[Registration | None, list[Writing]]:
        """The registration that holds from now on, and the ends of those that can stay no longer beside it."""
        found = {kept.item: kept for kept in self.registrations.not_ended(into.ids | other.ids)}
        held, surplus = registrations.of_one_person(list(found))
        today = asked.now.astimezone(LOCAL).date()
        ends = []
        for each in surplus:
            after = registrations.ended(each, "other", today)
            outcome = Outcome(after, registrations.EVENTS[Act.END], registrations.told(after), role, after.community)
            ends.append(self.registrations.records.changing(asked, found[each], outcome, along=True))
        return held, ends

    def _workers(self, asked: Asked, gone: str, into: str, role: str) -> list[Writing]:
        """The link of the worker moves; of two who are here the survivor's stays, the other has left.

        Not the older one: until the second is written, two would then be here under one person.
        """
        found = self.workers.of_people([gone, into])
        here = [kept for kept in found if kept.item.left_at is None]
        surplus = {kept.id for kept in here if kept.item.person_id == gone} if len(here) > 1 else set()
        writings = []
        for kept in found:
            after = workers.left(kept.item, asked.now) if kept.id in surplus else kept.item
            after = replace(after, person_id=into)
            if after != kept.item:
                type = workers.LEFT if kept.id in surplus else MOVED[0]
                outcome = Outcome(after, type, {"from": gone, "into": into}, role)
                writings.append(self.workers.records.changing(asked, kept, outcome, along=True))
        return writings

    def _seats(self, asked: Asked, gone: str, into: str, role: str) -> list[Writing]:
        records, data = self.groups.records, {"from": gone, "into": into}
        return [
            records.changing(
                asked, kept, Outcome(party_group.merged(kept.item, gone, into), MOVED[1], data, role), along=True
            )
            for kept in self.groups.with_person(gone)
        ]

    def _posts(self, asked: Asked, gone: str, into: str, role: str) -> list[Writing]:
        """Of the same post at the same time one is held for as long as either was, the other never."""
        held = {kept.id: kept for kept in (*self.posts.of_person(into), *self.posts.of_person(gone))}
        after: dict[str, Post] = {id: kept.item for id, kept in held.items() if kept.item.person_id == into}
        for kept in held.values():
            if kept.item.person_id == gone:
                after |= posts.joined(replace(kept.item, person_id=into), after.values())
        return [
            self.posts.records.changing(asked, held[id], Outcome(each, MOVED[2], posts.told(each), role), along=True)
            for id, each in after.items()
            if each != held[id].item
        ]

    def _places(self, asked: Asked, gone: Person, into: Person, role: str) -> list[Writing]:
        """Of places in one activity, or at one time, the survivor's stays and the other is given back; the rest moves.

        Who waits too: the index that gives nobody two places at one time looks at one id.
        """
        kept = [each.item for each in self.signups.of_person(into.ids, ending_after=asked.now)]
        writings = []
        for other in self.signups.of_person(gone.ids, ending_after=asked.now):
            activity = self.activities.one(other.item.activity_id, None).item
            met = any(rules.meet(each, other.item) for each in kept)
            after = rules.left(other.item, rules.Reason.OVERLAPS) if met else replace(other.item, person_id=into.id)
            outcome = Outcome(after, rules.LEFT if met else rules.HANDED_ON, rules.told(after, activity), role)
            writings.append(self.signups.records.changing(asked, other, outcome, along=True))
        return writings


def merged_at_once(writings: Sequence[Writing]) -> Answer:
    """Write a merge, all of it or nothing: what its first writing answers. Raises chassis' StaleVersion."""
    try:
        return carried_out(writings)[0]
    except DuplicateKeyError as error:
        # Somebody has just taken a place, or got their first hours: decided anew on what there is then.
        raise StaleVersion from error
