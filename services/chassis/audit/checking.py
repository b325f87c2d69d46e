"""Checks a service's trail against itself and its heads, from its database: `python -m <service>.audit [FILE…]`."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

from pymongo.database import Database

from chassis.audit.desk import TERM
from chassis.audit.heads import by_place, carried
from chassis.audit.row import BEGINNING, Place, local_day
from chassis.audit.store import AuditStore
from chassis.audit.walk import Flaw, Heads, Kind, Walk
from chassis.audit.witnesses import unheard
from chassis.clock import clock
from chassis.mongo import Home, connect, database_name
from chassis.outbox import Document
from chassis.settings import settings
from chassis.term import kept_since

Say = Callable[[str], object]


@dataclass(frozen=True)
class Checked:
    """What a check has found, in how many rows, compared with how many heads."""

    rows: int
    heads: int
    flaws: int


def main(service: str, files: Sequence[str], say: Say) -> int:
    """Check the trail in the database that the settings name, with these files or that of the settings.

    1 where something is wrong.
    """
    paths = [Path(each) for each in files] or [Path(each) for each in [settings.audit_heads_file] if each]
    if not paths:
        say(f"{service}: compared with no head: AUDIT_HEADS_FILE is not set\n")
    with connect(settings, service) as client:
        try:
            found = check(client[database_name(settings, service)], service, paths, clock().now(), say)
        except ValueError as error:
            say(f"{service}: {error}\n")
            return 1
    counts = {"row": found.rows, "head": found.heads, "flaw": found.flaws}
    told = ", ".join(_counted(*each) for each in counts.items())
    say(f"{service}: {told}\n")
    return 1 if found.flaws else 0


def _counted(what: str, n: int) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def check(database: Database[Document], service: str, paths: Sequence[Path], now: datetime, say: Say) -> Checked:
    """Go over the whole trail, row by row, and over what has to have rows in it, and say what is wrong.

    Raises ValueError for a line that is no head.
    """
    trail, heads = AuditStore(Home(database)), by_place(carried(paths, service))
    anchor, since, today = trail.anchor(), local_day(kept_since(TERM, now)), local_day(now)
    walk, flaws = Walk(anchor, heads), 0
    found = chain(
        _of_anchor(anchor, since),
        walk.over(trail.rows(anchor.seq)),
        _of_strays(trail.strays()),
        _of_heads(walk, heads, paths),
        unheard(database, trail, since, today),
    )
    for flaw in found:
        flaws += 1
        say(f"{service}: {flaw}\n")
    for day in sorted(walk.days):
        if day > today:
            say(f"{service}: rows of {day}, which is still to come: a clock was ahead (no flaw)\n")
    return Checked(walk.rows, len(heads), flaws)


def _of_anchor(anchor: Place, since: str) -> Iterator[Flaw]:
    if anchor != BEGINNING and anchor.day >= since:
        yield Flaw(Kind.NOT_THE_BEGINNING, anchor.day, anchor.seq, "its term is not over, and it was dropped")


def _of_strays(rows: Iterable[Document]) -> Iterator[Flaw]:
    for row in rows:
        yield Flaw(Kind.INSERTED, str(row.get("day")), row.get("seq"), f"{row['_id']} has no number of the trail")


def _of_heads(walk: Walk, heads: Heads, paths: Sequence[Path]) -> Iterator[Flaw]:
    if paths and walk.rows and not heads:
        yield Flaw(Kind.NO_HEADS, "", None, f"no file has one: {', '.join(map(str, paths))}")
