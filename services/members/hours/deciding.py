"""Deciding about records: each decision is one write with the rows of the ledger that it adds and the person's book."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pymongo.errors import DuplicateKeyError

from chassis.caller import Caller
from chassis.command import Asked
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.outbox import StaleVersion
from chassis.records import Answer, Kept, Outcome, Writing, again_when_stale, carried_out
from members.certificates.store import CertificateStore
from members.hours import record as rules
from members.hours.balancing import Balancing
from members.hours.ledger import Entering, total
from members.hours.record import Record
from members.hours.store import HoursStore
from members.people.store import PeopleStore
from members.permission import may, role_of, tenants
from members.stars.star import LOOKED_INTO, OFFERED, SETTLED, Book, told
from members.stars.store import BookStore

APPROVERS = ("approve_hours", "approve_hours_of_own_activities", "approve_hours_of_cases")
"""The rows of the permission table by one of which somebody decides about a record."""


@dataclass(frozen=True)
class Deciding:
    """Carries out decisions about records, and lets the ledger say what the records that count come to."""

    hours: HoursStore
    books: BookStore
    people: PeopleStore
    certificates: CertificateStore

    def decide(self, asked: Asked, id: str, type: str, decision: Callable[[Record], Record]) -> Answer:
        """What the person in charge or the office decides: the receipt with `state`.

        Refuses `record_not_found`, `not_permitted`, `own_hours` and what `decision` does, `busy_try_again`.
        """
        return again_when_stale(lambda: self._decided(asked, id, type, decision))

    def ask(self, asked: Asked, id: str, text: str) -> Answer:
        """What somebody wants corrected of a record of their own; their certificates of it do not stand any more.

        Refuses `record_not_found`, also for somebody else's, and `correction_asked_already`.
        """

        def once() -> Answer:
            kept = self.hours.records.load(id, tenants(asked.caller))
            if answer := self.hours.records.answered(asked):
                return answer
            if not asked.caller.is_(kept.item.person_id):
                raise Refusal("record_not_found")
            after = rules.asked(kept.item, text)
            role = role_of(asked.caller, "see_own_hours", asked.caller.id)
            # With the next version of the book, so that who certifies what was read before has to look again.
            book = self.books.of(asked.caller.id)
            changing = self.hours.records.changing(asked, kept, _outcome(after, rules.CORRECTION_ASKED, role))
            along = [self.books.noting(asked, book, LOOKED_INTO, role)] if book else []
            return carried_out([changing, *along, *self.certificates.superseding(asked, [id], role)])[0]

        return again_when_stale(once)

    def _decided(self, asked: Asked, id: str, type: str, decision: Callable[[Record], Record]) -> Answer:
        kept = self.hours.records.load(id, tenants(asked.caller))
        if answer := self.hours.records.answered(asked):
            return answer
        role = approver(asked.caller, kept.item)
        after = decision(kept.item)
        changing = self.hours.records.changing(asked, kept, _outcome(after, type, role))
        try:
            return carried_out([changing, *self._settled(asked, kept.item, after, role)])[0]
        except DuplicateKeyError as error:
            # The same command meanwhile, or the first hours of the same person: decided anew on what there is then.
            raise StaleVersion(id) from error

    def _settled(self, asked: Asked, before: Record, after: Record, role: str) -> list[Writing]:
        """The rows that make the ledger say what counts by now, and the book; nothing where nothing counts anew."""
        if before.counts == after.counts and before.stints == after.stints:
            return []
        person_id, ids = self._whose(after)
        # First of all: whatever is settled after this for the same person makes the book's version stale.
        book = self.books.of(person_id)
        if self._whose(after) != (person_id, ids):
            # Made one with another person before the book was read: its version says nothing of that.
            raise StaleVersion(person_id)
        entering = Entering(asked.caller.id, asked.now, after.reason, new_id)
        rows = Balancing(self.hours).rows(ids, before.days | after.days, entering, [after])
        reversed_ids = {each.record_id for each in rows if each.reverses}
        return [
            *self.hours.entering(asked, rows, role),
            self._booked(asked, book, Book(person_id, after.tenant), self.hours.sum_of(ids) + total(rows), role),
            *self.certificates.superseding(asked, reversed_ids, role),
        ]

    def _whose(self, record: Record) -> tuple[str, frozenset[str]]:
        """Whose time it is by now, with every id of theirs."""
        [found] = self.people.whole([record.person_id]).items()
        return found

    def _booked(self, asked: Asked, kept: Kept[Book] | None, first: Book, minutes: int, role: str) -> Writing:
        """The person's book with what there is by now."""
        before = kept.item if kept else first
        person = self.people.person(before.person_id)
        area = (person.registered_with if person else None) or before.area
        after = replace(before, area=area, minutes=minutes)
        offered = after.reached > max(before.reached, before.accepted)
        outcome = Outcome(after, OFFERED if offered else SETTLED, told(after) if offered else {}, role)
        if kept:
            return self.books.records.changing(asked, kept, outcome, along=True)
        return self.books.records.opening(asked, outcome, along=True)


def approver(caller: Caller, record: Record) -> str:
    """The role in which somebody decides about a record; refuses `own_hours`, and `not_permitted`.

    The office decides about all in its scope, whoever organised an activity about that one, and who is posted where a
    case was about the time on it.
    """
    if caller.is_(record.person_id):
        raise Refusal("own_hours")
    where = {
        "approve_hours": record.grid_code,
        "approve_hours_of_own_activities": record.in_charge,
        "approve_hours_of_cases": None if record.in_charge else record.grid_code,
    }
    for act, code in where.items():
        if code is not None and may(caller, act, code):
            return role_of(caller, act, code)
    raise Refusal("not_permitted", act="approve_hours")


def _outcome(after: Record, type: str, role: str) -> Outcome[Record]:
    answer: dict[str, Any] = {"state": after.state.value}
    return Outcome(after, type, rules.told(after), role, answer=answer)
