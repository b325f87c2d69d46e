"""The demo's service records and hours (docs/domain.md §3.3, §8.2): decided and counted by the rules of `hours`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from random import Random

from chassis.caller import Caller
from members.demo.musters import Muster
from members.demo.thursdays import ORGANISER
from members.hours import ledger, record
from members.hours.credit import credited
from members.hours.ledger import Entering, Row
from members.hours.record import Record, State
from members.hours.source import of_attendance
from members.people.person import Person
from members.stars import star
from members.stars.star import Book

OFFICE = Caller(ORGANISER)
NEXT_DAY, AFTER_PUBLICITY, LATER = timedelta(days=1), timedelta(days=6), timedelta(days=9)
"""When records of a Thursday are drawn up, decided on after three working days of publicity, and corrected."""

REFUSED = 0.01
CORRECTED, ASKED, WAITS = 150, 650, 2
"""One record of so many is corrected, and of so many one waits for that."""

LONGER = timedelta(minutes=20)
WORDS = ("签退扫码失败，实际离开时间晚二十分钟", "清理到最后一栋楼才走，少记了二十分钟", "手机没电，二十分钟后才离开")
"""What people want corrected."""

ACCEPTED, PUBLIC = 8, 5
"""Of those who were offered a star, so many have accepted it, and so many are on the public list."""

TEXT_VERSION = "2025-07"


@dataclass(frozen=True)
class Recorded:
    """A record as it stands, and its rows of the ledger."""

    record: Record
    rows: tuple[Row, ...] = ()


def recorded(musters: Sequence[Muster], chance: Random, now: datetime) -> list[Recorded]:
    """The record of everybody who came, as far as it was drawn up by now and, but for the last day, decided on."""
    found: list[Recorded] = []
    for muster in musters:
        drawn_at = muster.activity.ends + NEXT_DAY
        for each in muster.attendance if drawn_at <= now else ():
            drawn = of_attendance(muster.activity, each, ORGANISER, drawn_at)
            kept = Recorded(drawn)
            due = muster is not musters[-1] and muster.activity.ends + AFTER_PUBLICITY <= now
            decided = due and drawn.state is State.PENDING
            found.append(_decided(kept, len(found), muster.activity.ends, chance, now) if decided else kept)
    return found


def books(found: Iterable[Recorded], people: Mapping[str, Person], at: datetime) -> list[Book]:
    """What everybody's ledger comes to, with the stars that some have accepted."""
    minutes: defaultdict[str, int] = defaultdict(int)
    for each in found:
        for row in each.rows:
            minutes[row.person_id] += row.minutes
    made = [Book(id, people[id].registered_with or people[id].tenant, total) for id, total in sorted(minutes.items())]
    offered = (book.person_id for book in made if book.offered)
    # The first of them is the volunteer among the accounts, whose star still waits.
    accepting = [id for n, id in zip(range(ACCEPTED + 1), offered, strict=False) if n]
    return [
        _accepted(book, at, public=book.person_id in accepting[:PUBLIC]) if book.person_id in accepting else book
        for book in made
    ]


def _accepted(book: Book, at: datetime, *, public: bool) -> Book:
    after = star.accepted(book, book.reached)
    return star.agreed(after, TEXT_VERSION, at) if public else after


def _decided(kept: Recorded, number: int, ended: datetime, chance: Random, now: datetime) -> Recorded:
    at = ended + AFTER_PUBLICITY
    if chance.random() < REFUSED:
        return Recorded(record.refused(kept.record, OFFICE, at, "签到后未参加清扫"))
    approved = _counted(Recorded(record.approved(kept.record, OFFICE, at)), at)
    if number % CORRECTED == 1 and ended + LATER <= now:
        return _corrected(_asked(approved, chance), ended + LATER)
    return _asked(approved, chance) if number % ASKED == WAITS else approved


def _asked(kept: Recorded, chance: Random) -> Recorded:
    return replace(kept, record=record.asked(kept.record, chance.choice(WORDS)))


def _corrected(kept: Recorded, at: datetime) -> Recorded:
    *before, (came, left) = kept.record.stints
    after = record.corrected(kept.record, [*before, (came, left + LONGER)], OFFICE, at, "经小组长核实")
    return _counted(replace(kept, record=after), at)


def _counted(kept: Recorded, at: datetime) -> Recorded:
    """The record with the rows that make the ledger say what it counts."""
    of = {kept.record.id: (kept.record.person_id, kept.record.grid_code)}
    ids = _ids(kept.record.id, len(kept.rows))
    entering = Entering(ORGANISER, at, kept.record.reason, lambda: next(ids))
    added = ledger.entries(kept.rows, credited([kept.record.served]), of, entering)
    return replace(kept, rows=(*kept.rows, *added))


def _ids(record_id: str, before: int) -> Iterator[str]:
    return (f"{record_id}-{n}" for n in count(before + 1))
