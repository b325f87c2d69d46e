"""A survey of an area: drafted, open between two local days, closed, published (docs/domain.md §2.4, pulse surveys)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from cases.deadline import LOCAL
from cases.place import tenant_of
from chassis.errors import Refusal
from chassis.fault import Fault
from chassis.privacy import masked_text, without_identities

LONGEST_DAYS = 92
"""A quarter is the longest that people can be asked."""

LONGEST_AHEAD = timedelta(days=366)
ONE_DAY = timedelta(days=1)

DRAFTED = "survey.drafted"
CHANGED = "survey.changed"


class Status(StrEnum):
    """Where a survey stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"


class Act(StrEnum):
    """What moves a survey on."""

    OPEN = "open"
    CLOSE = "close"
    PUBLISH = "publish"


TOLD: Mapping[Act, str] = {
    Act.OPEN: "survey.opened",
    Act.CLOSE: "survey.closed",
    Act.PUBLISH: "survey.published",
}
"""What its history says of each act."""

ENDED = frozenset({Status.CLOSED, Status.PUBLISHED})


@dataclass(frozen=True)
class Words:
    """The same in Chinese and English."""

    zh: str
    en: str


@dataclass(frozen=True)
class Survey:
    """One survey; `first_day` and `last_day` are local and both belong to it, `method` says how people are asked.

    `smallest_group` is the district's on the day it was opened, and stays: of fewer answers nothing is told.
    `version` is that at which it was read.
    """

    id: str
    area: str
    title: Words
    method: Words
    first_day: date
    last_day: date
    smallest_group: int
    drafted_by: str
    drafted_at: datetime
    status: Status = Status.DRAFT
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    published_at: datetime | None = None
    version: int = 0

    @property
    def tenant(self) -> str:
        """The district."""
        return tenant_of(self.area)

    @property
    def ends_at(self) -> datetime:
        """The midnight with which it ends by itself."""
        return datetime.combine(self.last_day + ONE_DAY, time(), LOCAL)

    @property
    def due_at(self) -> datetime | None:
        """When the clock sees to it: it ends an open one, and then forgets who has answered."""
        return self.ends_at if self.status is Status.OPEN else self.published_at or self.closed_at

    def takes_answers(self, now: datetime) -> bool:
        """Whether it is open, and this is one of its days."""
        return self.status is Status.OPEN and self.first_day <= local_day(now) <= self.last_day


def local_day(now: datetime) -> date:
    """The day of an instant in the time of the districts."""
    return now.astimezone(LOCAL).date()


def draft(id: str, given: Mapping[str, Any], by: str, now: datetime, smallest_group: int) -> Survey:
    """The survey that is drafted, of what `period_faults` found nothing wrong with."""
    return Survey(
        id=id,
        area=given["area"],
        title=_title(given["title"]),
        method=_method(given["method"]),
        first_day=given["first_day"],
        last_day=given["last_day"],
        smallest_group=smallest_group,
        drafted_by=by,
        drafted_at=now,
    )


def changed(survey: Survey, given: Mapping[str, Any]) -> Survey:
    """The draft with what is told anew; refuses `survey_not_draft`."""
    check_draft(survey)
    days = {name: given[name] for name in ("first_day", "last_day") if name in given}
    title = _title(given["title"]) if "title" in given else survey.title
    method = _method(given["method"]) if "method" in given else survey.method
    return replace(survey, title=title, method=method, **days)


def check_draft(survey: Survey) -> None:
    """Refuses `survey_not_draft`: what people answer, and have answered, is never changed."""
    if survey.status is not Status.DRAFT:
        raise Refusal("survey_not_draft", status=survey.status.value)


def period_faults(given: Mapping[str, Any], today: date) -> Iterator[Fault]:
    """What is wrong with the days, as far as they could be read."""
    first, last = given.get("first_day"), given.get("last_day")
    if first is not None and first < today:
        yield Fault("/first_day", "survey_begins_in_the_past")
    if first is not None and first > today + LONGEST_AHEAD:
        yield Fault("/first_day", "survey_begins_too_late", {"latest": (today + LONGEST_AHEAD).isoformat()})
    if first is None or last is None:
        return
    if last < first:
        yield Fault("/last_day", "survey_ends_before_it_begins")
    if last - first >= timedelta(days=LONGEST_DAYS):
        yield Fault("/last_day", "survey_too_long", {"days": LONGEST_DAYS})


def moved(survey: Survey, act: Act, now: datetime, smallest_group: int) -> Survey:
    """The survey after the act; refuses as its status does not fit, and `survey_period_over`."""
    match act:
        case Act.OPEN:
            return _opened(survey, now, smallest_group)
        case Act.CLOSE:
            return _closed(survey, now)
        case Act.PUBLISH:
            return _published(survey, now)


def _opened(survey: Survey, now: datetime, smallest_group: int) -> Survey:
    check_draft(survey)
    if survey.last_day < local_day(now):
        raise Refusal("survey_period_over", last_day=survey.last_day.isoformat())
    return replace(survey, status=Status.OPEN, opened_at=now, smallest_group=smallest_group)


def _closed(survey: Survey, now: datetime) -> Survey:
    if survey.status is not Status.OPEN:
        raise Refusal("survey_not_open", status=survey.status.value)
    return replace(survey, status=Status.CLOSED, closed_at=now)


def _published(survey: Survey, now: datetime) -> Survey:
    if survey.status is not Status.CLOSED:
        raise Refusal("survey_not_closed", status=survey.status.value)
    return replace(survey, status=Status.PUBLISHED, published_at=now)


def _title(given: Mapping[str, str]) -> Words:
    """A title names nobody's number (docs/domain.md §5, masks)."""
    return Words(masked_text(given["zh"]), masked_text(given["en"]))


def _method(given: Mapping[str, str]) -> Words:
    """The longer text may say whom to call."""
    return Words(without_identities(given["zh"]), without_identities(given["en"]))
