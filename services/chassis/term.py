"""For how many years something personal is kept, and from when on that is over."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Term:
    """So many years of something are kept; `source` says why."""

    years: int
    source: str


def over_at(since: datetime, term: Term) -> datetime:
    """When the term is over that began then; one of a 29 February ends on 1 March of a common year."""
    return _in_year(since, since.year + term.years)


def kept_since(term: Term, now: datetime) -> datetime:
    """What is older than this is over; on a 29 February, what is older than 1 March of a common year."""
    return _in_year(now, now.year - term.years)


def _in_year(at: datetime, year: int) -> datetime:
    try:
        return at.replace(year=year)
    except ValueError:
        return at.replace(year=year, month=3, day=1)
