"""What the page of a compound shows of its cases: codes and days, names of units, never a person (F38)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cases.case import OPEN, WAITING, Status
from cases.category import Category, kept_as
from cases.deadline import LOCAL
from cases.place import Compound
from cases.rating import Rating, answered
from cases.showing.listing import RUNNING

SHOWN_FOR = timedelta(days=90)
"""How long what is done stays on the page (docs/domain.md §2.1)."""

MOST_LISTED = 100

"""Nobody knows yet what they are about, or about whom: they are counted alone."""

STAFF = ("社区工作人员", "community staff")
OFFICE = ("综合治理办", "the governance office")


@dataclass(frozen=True)
class Glimpse:
    """What is read of a case for the page: no word, no photo, and nobody; `people` says that persons have it too."""

    number: str
    status: Status
    reported_at: datetime
    category: str | None
    category_version: str | None
    resolve_due: datetime | None
    closed_at: datetime | None
    units: tuple[str, ...]
    people: bool
    ratings: tuple[Rating, ...]
    round: int

    @property
    def kind(self) -> Category | None:
        """Its category, as of the version that it was registered under."""
        return kept_as(self.category, self.category_version)

    @property
    def may_be_listed(self) -> bool:
        """Registered, and of no sensitive category (docs/domain.md §5)."""
        return self.status not in WAITING and self.kind is not None and not self.kind.restricted


def page(
    compound: Compound,
    community: str,
    cases: Iterable[Glimpse],
    units: Mapping[str, str],
    now: datetime,
    service_day: date | None = None,
) -> dict[str, Any]:
    """The page; `cases` are those that are open, oldest first, and those that were closed lately, latest first.

    `service_day` is the next one on which the compound has its turn.
    """
    kept = list(cases)
    standing = [each for each in kept if each.status in OPEN]
    done = [each for each in kept if each.status is Status.CLOSED]
    listed = [each for each in standing if each.may_be_listed]
    finished = [each for each in done if each.may_be_listed]
    return {
        "compound_id": compound.id,
        "name": compound.name,
        "community": community,
        "counts": {
            "waiting": sum(each.status in WAITING for each in standing),
            "open": sum(each.status not in WAITING for each in standing),
            "overdue": sum(_overdue(each, now) for each in standing),
            "finished": len(done),
            "rated_solved": sum(_solved(each) == "yes" for each in done),
            "not_listed": len(standing) + len(done) - len(listed) - len(finished),
        },
        "open": [{**_problem(each, units), "status": each.status.value} for each in listed[:MOST_LISTED]],
        "finished": [_result(each, units) for each in finished[:MOST_LISTED]],
        "next_service_day": service_day.isoformat() if service_day else None,
    }


def _problem(each: Glimpse, units: Mapping[str, str]) -> dict[str, Any]:
    kind = each.kind
    return {
        "number": each.number,
        "category": each.category,
        "category_name": {"zh": kind.zh, "en": kind.en} if kind else None,
        "since": _day(each.reported_at),
        "due": _day(each.resolve_due),
        "responsible": _responsible(each, units),
    }


def _result(each: Glimpse, units: Mapping[str, str]) -> dict[str, Any]:
    """How content the reporter is, is nobody else's business: neighbours often know who that is."""
    return {**_problem(each, units), "closed_on": _day(each.closed_at), "solved": _solved(each)}


def _responsible(each: Glimpse, units: Mapping[str, str]) -> list[dict[str, str]]:
    """Units by their names, everybody else together; whom nobody is sent, the office answers for (§2.2)."""
    found = [("unit", units[id], units[id]) for id in each.units if id in units]
    if each.people:
        found.append(("community_staff", *STAFF))
    if not found:
        found.append(("office", *OFFICE))
    return [{"kind": kind, "zh": zh, "en": en} for kind, zh, en in found]


def _overdue(each: Glimpse, now: datetime) -> bool:
    return each.resolve_due is not None and each.resolve_due < now and each.status in RUNNING


def _solved(each: Glimpse) -> str | None:
    rating = answered(each.ratings, each.round)
    return rating.solved.value if rating and rating.solved else None


def _day(at: datetime | None) -> str | None:
    """Days, not instants: who saw whom at the spot shall not learn from the page who reported it."""
    return f"{at.astimezone(LOCAL):%Y-%m-%d}" if at else None
