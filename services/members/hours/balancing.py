"""What the ledger lacks so that it says what one person's services of some days come to, under whichever ids."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from members.hours.credit import credited
from members.hours.ledger import Entering, Row, entries
from members.hours.record import Record
from members.hours.store import HoursStore


@dataclass(frozen=True)
class Balancing:
    """Works rows out; who asks for them writes them."""

    hours: HoursStore

    def rows(
        self, ids: Collection[str], days: Collection[date], entering: Entering, changed: Iterable[Record] = ()
    ) -> list[Row]:
        """The rows to add; `changed` are records as they are going to be.

        Whoever writes them sees to it that the person's book has not moved on since before this was called.
        """
        standing = self.hours.rows_on(ids, days)
        kept = {each.id: each for each in self.hours.on_days(ids, days)}
        records = kept | {each.id: each for each in changed}
        wanted = credited(each.served for each in records.values() if each.counts)
        of = {each.id: (each.person_id, each.grid_code) for each in records.values()}
        here = {key: minutes for key, minutes in wanted.items() if key[1] in days}
        return entries(standing, here, of, entering)
