"""What was served and said under both ids, so that it is one person's: hours, stars, certificates, answers to calls."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from chassis.command import Asked
from chassis.ids import new_id
from chassis.records import Kept, Outcome, Writing
from members.calls.call import ANSWERED_TWICE, Reply
from members.calls.store import CallStore
from members.certificates.store import CertificateStore
from members.hours.balancing import Balancing
from members.hours.ledger import Entering, Row, total
from members.hours.store import HoursStore
from members.people.person import Person
from members.stars import star
from members.stars.star import Book
from members.stars.store import BookStore

ONE_PERSON = "同一人的两个登记合并，重叠的时长只计一次"
"""Why a row of the ledger is taken back, as its person and the offices read it."""


@dataclass(frozen=True)
class Uniting:
    """Prepares what is written together with a merge of what each had done; rows of the ledger stay as they are."""

    hours: HoursStore
    books: BookStore
    certificates: CertificateStore
    calls: CallStore

    def writings(self, asked: Asked, other: Person, into: Person, role: str) -> list[Writing]:
        """All that is written."""
        # First of all: whatever is settled for either of them after this makes the version of a book stale.
        books = (self.books.of(into.id), self.books.of(other.id))
        rows = self._counted_twice(asked, other.ids, into.ids)
        reversed_ids = {each.record_id for each in rows if each.reverses}
        return [
            *self.hours.entering(asked, rows, role),
            *self.certificates.superseding(asked, reversed_ids, role),
            *self._books(asked, books, (into, other), self.hours.sum_of(into.ids | other.ids) + total(rows), role),
            *self._replies(asked, other.ids, into.ids, role),
        ]

    def _counted_twice(self, asked: Asked, gone: Collection[str], into: Collection[str]) -> list[Row]:
        """The rows after which no time counts twice, and of no day more than eight hours (docs/domain.md §3.3)."""
        days = self.hours.days_of_both(gone, into)
        entering = Entering(asked.caller.id, asked.now, ONE_PERSON, new_id)
        return Balancing(self.hours).rows([*gone, *into], days, entering) if days else []

    def _books(
        self,
        asked: Asked,
        kept: tuple[Kept[Book] | None, Kept[Book] | None],
        people: tuple[Person, Person],
        minutes: int,
        role: str,
    ) -> list[Writing]:
        """Both books, also where there was none: hours that are settled at this very moment find another version."""
        own, others = (
            found.item if found else Book(each.id, each.registered_with or each.tenant)
            for found, each in zip(kept, people, strict=True)
        )
        after = star.joined(own, others, minutes)
        offered = after.reached > max(own.reached, others.reached, after.accepted)
        told = Outcome(after, star.OFFERED if offered else star.JOINED, star.told(after) if offered else {}, role)
        rest = Outcome(star.emptied(others, asked.now), star.JOINED, {}, role)
        return [
            self.books.records.changing(asked, found, outcome, along=True)
            if found
            else self.books.records.opening(asked, outcome, along=True)
            for found, outcome in zip(kept, (told, rest), strict=True)
        ]

    def _replies(self, asked: Asked, gone: Collection[str], into: Collection[str], role: str) -> list[Writing]:
        """Of two answers to one call the survivor's stays."""
        answered = {kept.item.call_id for kept in self.calls.of_person(into) if kept.item.coming is not None}
        twice = [kept for kept in self.calls.of_person(gone) if kept.item.call_id in answered]
        return [
            self.calls.replies.changing(asked, kept, _unsaid(kept.item, role), along=True)
            for kept in twice
            if kept.item.coming is not None
        ]


def _unsaid(reply: Reply, role: str) -> Outcome[Reply]:
    return Outcome(replace(reply, coming=None), ANSWERED_TWICE, {}, role)
