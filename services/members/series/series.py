"""A series of service days: the rule, what each day is like, and the dates that somebody moved or dropped (F43)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from chassis.errors import Refusal
from chassis.working_days import public_holiday
from members.activities.activity import Activity, Kind, State
from members.people.person import LOCAL
from members.series.recurrence import Plan, Recurrence, days, occasion

OPENED, CHANGED, ENDED = "series.opened", "series.changed", "series.ended"
MOVED, DROPPED, PUBLISHED = "series.date_moved", "series.date_dropped", "series.published"
"""Entries of histories; what others hear is what becomes of the activities."""

AHEAD = timedelta(days=28)
"""How long before its day an activity is published."""

ONE_DAY = timedelta(days=1)

FARTHEST = timedelta(days=28)
"""How far a date may be moved, either way."""


class Fate(StrEnum):
    """What becomes of a date: as the rule has it, or by hand."""

    PLANNED = Plan.PLANNED.value
    HOLIDAY = Plan.HOLIDAY.value
    UNKNOWN = Plan.UNKNOWN.value
    MOVED = "moved"
    DROPPED = "dropped"
    ENDED = "ended"


@dataclass(frozen=True)
class Alteration:
    """What somebody has made of one date, why, and when: moved to an instant, or dropped."""

    begins: datetime | None
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Series:
    """A series. `pattern` is the activity as it would be on the day `rule.starts`; each date is made after it.

    `published` are the dates whose activity is published; `ended_on` is the day from which on nothing more takes place;
    `next_at` is when the next activity is to be published, None once there is none to come (see `awaiting`).
    """

    id: str
    rule: Recurrence
    pattern: Activity
    alterations: Mapping[date, Alteration] = field(default_factory=dict)
    published: frozenset[date] = frozenset()
    ended_on: date | None = None
    next_at: datetime | None = None

    @property
    def tenant(self) -> str:
        """The district."""
        return self.pattern.tenant


@dataclass(frozen=True)
class Date:
    """One date of a series: `day` as the rule has it, and when it begins if it takes place.

    `holiday` is the name of the public holiday, `reason` what somebody gave who moved or dropped it.
    """

    day: date
    fate: Fate
    begins: datetime
    published: bool
    holiday: str | None = None
    reason: str | None = None

    @property
    def takes_place(self) -> bool:
        """Whether it does, as far as is known."""
        return self.fate in {Fate.PLANNED, Fate.MOVED}

    @property
    def to_come(self) -> bool:
        """Whether its activity is yet to be published, or may be once the calendar of its year is."""
        return not self.published and self.fate in {Fate.PLANNED, Fate.MOVED, Fate.UNKNOWN}


def pattern_on(pattern: Activity, day: date, at: time) -> Activity:
    """The pattern as it would be on that day at that local time: as long, and with as long to sign up before."""
    begins = datetime.combine(day, at, LOCAL)
    shift = begins - pattern.begins
    return replace(pattern, begins=begins, ends=pattern.ends + shift, sign_up_until=pattern.sign_up_until + shift)


def dates(series: Series) -> list[Date]:
    """Every date of the rule, and those that were published under it before its end was changed."""
    known = sorted({*days(series.rule), *series.published})
    return [_date(series, day) for day in known]


def _date(series: Series, day: date) -> Date:
    begins = series.pattern.begins.astimezone(LOCAL).timetz()
    as_ruled = datetime.combine(day, begins)
    published = day in series.published
    altered = series.alterations.get(day)
    if altered and altered.begins is None:
        return Date(day, Fate.DROPPED, as_ruled, published, public_holiday(day), altered.reason)
    moved_to = altered.begins if altered else None
    if after_end(series, (moved_to or as_ruled).astimezone(LOCAL).date()):
        return Date(day, Fate.ENDED, as_ruled, published)
    if altered and moved_to:
        return Date(day, Fate.MOVED, moved_to, published, public_holiday(day), altered.reason)
    if series.rule.until and day > series.rule.until:
        return Date(day, Fate.ENDED, as_ruled, published)
    found = occasion(day)
    return Date(day, Fate(found.plan.value), as_ruled, published, found.holiday)


def after_end(series: Series, day: date) -> bool:
    """Whether the series has ended by then: whoever moved a day, and wherever to, it is not held any more."""
    return series.ended_on is not None and day >= series.ended_on


def activity_id(series_id: str, day: date) -> str:
    """The activity of a date has an id that follows from it: however often it is published, there is one."""
    return sha256(f"{series_id}\0{day.isoformat()}".encode()).hexdigest()[:32]


def days_to_come(series: Series, published: Mapping[str, Activity], now: datetime) -> Iterator[Activity]:
    """Every day to come as an activity: as it is `published`, or as it will be; cancelled if it does not take place.

    One of which nobody knows yet whether it is a holiday may take place.
    """
    for each in dates(series):
        planned = activity_on(series, each)
        day = published.get(planned.id, planned if each.to_come else replace(planned, state=State.CANCELLED))
        if day.begins > now:
            yield day


def activity_on(series: Series, date_: Date) -> Activity:
    """The activity of a date."""
    local = date_.begins.astimezone(LOCAL)
    made = pattern_on(series.pattern, local.date(), local.time())
    return replace(made, id=activity_id(series.id, date_.day), kind=Kind.SERVICE_DAY, series_id=series.id)


def awaiting(series: Series, now: datetime) -> Series:
    """The series with when its next activity is to be published.

    A date of which nobody knows yet whether it is a holiday is looked at day by day, for its year's calendar.
    """
    tomorrow = now + ONE_DAY
    coming = [
        max(each.begins - AHEAD, tomorrow) if each.fate is Fate.UNKNOWN else each.begins - AHEAD
        for each in dates(series)
        if each.to_come and each.begins > now
    ]
    return replace(series, next_at=min(coming, default=None))


def goes_on(series: Series, at: datetime) -> bool:
    """Whether a day that is still to be published ends after that moment."""
    lasts = series.pattern.ends - series.pattern.begins
    return any(each.to_come and each.begins + lasts > at for each in dates(series))


def due(series: Series, now: datetime) -> list[Date]:
    """The dates whose activity is to be published now."""
    return [each for each in dates(series) if each.to_come and each.takes_place and now < each.begins <= now + AHEAD]


def with_published(series: Series, made: Iterable[Date]) -> Series:
    """The series once these are published."""
    return replace(series, published=series.published | {each.day for each in made})


def moved(series: Series, day: date, begins: datetime, reason: str, by: str, now: datetime) -> Series:
    """The series with one date moved; what is of unknown fate is confirmed by moving it to where it is.

    Refuses `date_not_found`, `date_over`, `date_dropped`, `begins_in_the_past`, `series_ended`, `moved_too_far`,
    `moved_onto_a_holiday`, `moved_onto_another_date` and `nothing_changed`.
    """
    found = _open(series, day, now)
    target = begins.astimezone(LOCAL).date()
    if begins <= now:
        raise Refusal("begins_in_the_past")
    if after_end(series, target):
        raise Refusal("series_ended")
    if abs(target - day) > FARTHEST:
        raise Refusal("moved_too_far", days=FARTHEST.days)
    if name := public_holiday(target):
        raise Refusal("moved_onto_a_holiday", day=target.isoformat(), holiday=name)
    others = [each for each in dates(series) if each.day != day and each.fate in {*OPEN, Fate.UNKNOWN}]
    if any(each.begins.astimezone(LOCAL).date() == target for each in others):
        raise Refusal("moved_onto_another_date", day=target.isoformat())
    if found.takes_place and found.begins == begins:
        raise Refusal("nothing_changed")
    return _altered(series, day, Alteration(begins, reason, by, now))


def dropped(series: Series, day: date, reason: str, by: str, now: datetime) -> Series:
    """The series without one date; refuses `date_not_found`, `date_over`, `date_dropped` and `date_is_a_holiday`."""
    found = _open(series, day, now)
    if found.fate is Fate.HOLIDAY:
        raise Refusal("date_is_a_holiday", day=day.isoformat(), holiday=found.holiday)
    return _altered(series, day, Alteration(None, reason, by, now))


OPEN = (Fate.PLANNED, Fate.MOVED)


def _open(series: Series, day: date, now: datetime) -> Date:
    found = next((each for each in dates(series) if each.day == day), None)
    if found and found.fate is Fate.ENDED and series.ended_on is not None:
        raise Refusal("series_ended")
    if found is None or found.fate is Fate.ENDED:
        raise Refusal("date_not_found")
    if found.begins <= now:
        raise Refusal("date_over")
    if found.fate is Fate.DROPPED:
        raise Refusal("date_dropped")
    return found


def _altered(series: Series, day: date, alteration: Alteration) -> Series:
    return replace(series, alterations={**series.alterations, day: alteration})


def next_pattern(series: Series, now: datetime) -> Activity:
    """What the next day would be like; tomorrow, where none is to come."""
    local = series.pattern.begins.astimezone(LOCAL)
    coming = (each.day for each in dates(series) if each.takes_place and each.begins > now)
    return pattern_on(series.pattern, min(coming, default=(now + ONE_DAY).astimezone(LOCAL).date()), local.time())


def changed(series: Series, fields: Mapping[str, Any], now: datetime) -> Series:
    """The series with what is told anew: of its days, of their times (`starts_at`, `minutes`, `sign_up_closes`), and
    `until`. Refuses `series_ended`, `recurrence_ends_in_the_past` and `nothing_changed`.
    """
    check_running(series)
    pattern = series.pattern
    plain = {name: value for name, value in fields.items() if name not in TIMES}
    if at := fields.get("starts_at"):
        pattern = pattern_on(pattern, pattern.day, at)
    if "minutes" in fields:
        plain["ends"] = pattern.begins + timedelta(minutes=fields["minutes"])
    if "sign_up_closes" in fields:
        plain["sign_up_until"] = pattern.begins - timedelta(minutes=fields["sign_up_closes"])
    rule = series.rule
    if until := fields.get("until"):
        if until < now.astimezone(LOCAL).date():
            raise Refusal("recurrence_ends_in_the_past")
        rule = replace(rule, until=until, count=None)
    after = replace(series, rule=rule, pattern=replace(pattern, **plain))
    if after == series:
        raise Refusal("nothing_changed")
    return after


TIMES = ("starts_at", "minutes", "sign_up_closes", "until")
"""What is told of the times of a series, beside what is told of an activity."""


def ended(series: Series, now: datetime) -> Series:
    """The series of which nothing more takes place after now; refuses `series_ended`."""
    check_running(series)
    return ended_from(series, now.astimezone(LOCAL).date() + ONE_DAY)


def ended_from(series: Series, day: date) -> Series:
    """The series of which nothing takes place from that day on."""
    return replace(series, ended_on=day)


def relocated(series: Series, grid_code: str) -> Series:
    """The series in the grid that follows its own."""
    return replace(series, pattern=replace(series.pattern, grid_code=grid_code))


def check_running(series: Series) -> None:
    """Refuses `series_ended`."""
    if series.ended_on is not None:
        raise Refusal("series_ended")


def told(series: Series) -> dict[str, Any]:
    """What the history keeps with each change."""
    return {"grid_code": series.pattern.grid_code, "title": series.pattern.title}
