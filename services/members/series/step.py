"""What becomes of the published activities of a series when it changes, ends, or one of its dates is moved (F43)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from members.activities import activity as activities
from members.activities.activity import Activity, State
from members.people.person import LOCAL
from members.series.series import Series, activity_id, activity_on, after_end, dates, pattern_on


@dataclass(frozen=True)
class Step:
    """What is to be done with one published activity: written anew as `after`, by an event of that type."""

    before: Activity
    after: Activity
    type: str


def steps(before: Series, after: Series, known: Mapping[str, Activity], reason: str, now: datetime) -> Iterator[Step]:
    """What a change of the series does to the activities that are published.

    Only those to come are touched, and only as far as nobody moved or changed them by hand; the end of the series calls
    all of them off. What they serve is planned for each day by itself, and stays.
    """
    if after.ended_on is not None and before.ended_on is None:
        yield from _called_off(after, known.values(), reason, now)
        return
    was = {each.day: each for each in dates(before)}
    for date_ in dates(after):
        found = known.get(activity_id(after.id, date_.day))
        if found is None or date_.day in after.alterations or found.begins <= now or found.state is State.CANCELLED:
            continue
        if not _alike(found, activity_on(before, was[date_.day])):
            continue
        if not date_.takes_place:
            yield Step(found, activities.cancelled(found, reason, now), activities.CANCELLED)
        elif not _alike(found, wanted := activity_on(after, date_)):
            yield Step(found, replace(wanted, compounds=found.compounds), activities.CHANGED)


def _called_off(series: Series, known: Iterable[Activity], reason: str, now: datetime) -> Iterator[Step]:
    for found in known:
        if found.begins > now and found.state is not State.CANCELLED and after_end(series, found.day):
            yield Step(found, activities.cancelled(found, reason, now), activities.CANCELLED)


def _alike(one: Activity, other: Activity) -> bool:
    return replace(one, compounds=()) == replace(other, compounds=())


def by_hand(series: Series, day: date, found: Activity, now: datetime) -> Step | None:
    """What moving or dropping a date does to its activity; None if that is over or was called off."""
    altered = series.alterations[day]
    if found.begins <= now or found.state is State.CANCELLED:
        return None
    if altered.begins is None:
        return Step(found, activities.cancelled(found, altered.reason, now), activities.CANCELLED)
    local = altered.begins.astimezone(LOCAL)
    return Step(found, pattern_on(found, local.date(), local.time()), activities.CHANGED)
