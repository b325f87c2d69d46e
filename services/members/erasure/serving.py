"""What somebody served, went and said, as they read it in their own copy, and what of it goes when they are deleted.

Records of services are kept ten years (docs/domain.md §3.3), and sums stay as they are: what is left has the id alone.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chassis.command import Asked
from chassis.instant import written
from chassis.records import Outcome, Writing
from members.calls.call import answered
from members.calls.store import CallStore
from members.certificates import certificate
from members.certificates.store import CertificateStore
from members.erasure.retention import ERASED
from members.hours import ledger, record
from members.hours.store import HoursStore
from members.needs.store import NeedStore
from members.patrols import finding, patrol, track
from members.patrols.store import PatrolStore
from members.people.person import Person
from members.stars import star
from members.stars.store import BookStore

Answer = dict[str, Any]
EVERYTHING = 0
"""The limit of a query that has none."""


@dataclass(frozen=True)
class OwnServing:
    """Reads and wipes what stands under a person, under whichever id."""

    hours: HoursStore
    books: BookStore
    certificates: CertificateStore
    patrols: PatrolStore
    calls: CallStore
    needs: NeedStore

    def copied(self, person: Person, now: datetime) -> Answer:
        """All of it, unmasked; nothing of others."""
        ids = sorted(person.ids)
        return {
            "service_records": self._records(ids, now),
            "hours": [ledger.shown(kept.item) for kept in self.hours.ledger(ids, None, EVERYTHING)],
            "stars": [star.shown(kept.item) for kept in self.books.of_people(ids)],
            "certificates": [
                certificate.whole(kept.item, None, person.name)
                for kept in self.certificates.page(ids, None, EVERYTHING)
            ],
            "patrols": [
                patrol.shown(each) | track.shown(each, self.patrols.points(each.id))
                for each in self.patrols.all_of(ids)
            ],
            "findings": [finding.shown(each) for each in self.patrols.findings(ids)],
            "tracks_shown": [patrol.revealed(each) for each in self.patrols.revealed(ids)],
            "call_replies": [answered(kept.item) for kept in self.calls.of_person(ids)],
            "needs": [
                {
                    "need_id": each.id,
                    "category": each.category,
                    "text": each.text,
                    "grid_code": each.grid_code,
                    "stated_at": written(each.stated_at),
                }
                for each in self.needs.of_person(ids)
            ],
        }

    def wipings(self, asked: Asked, ids: Collection[str]) -> Iterator[Writing]:
        """The writings after which none of it has words of the person, and the star is on no list."""
        for kept in self.hours.asked_by(ids):
            unsaid = Outcome(replace(kept.item, asked=ERASED), "service_record.wiped", {}, "")
            yield self.hours.records.changing(asked, kept, unsaid, along=True)
        for book in self.books.of_people(ids):
            hidden = star.hidden(book.item, asked.now)
            if hidden != book.item:
                yield self.books.records.changing(asked, book, Outcome(hidden, "book.wiped", {}, ""), along=True)

    def _records(self, ids: Collection[str], now: datetime) -> list[Answer]:
        found = [kept.item for kept in self.hours.page({"person_id": {"$in": sorted(ids)}}, None, EVERYTHING)]
        minutes = self.hours.minutes_of([each.id for each in found])
        return [_nameless(record.shown(each, minutes.get(each.id, 0), None, now)) for each in found]


def _nameless(shown: Answer) -> Answer:
    return {name: value for name, value in shown.items() if name != "name_masked"}
