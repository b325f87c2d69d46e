"""When the clock has to see to a case: late steps, shares of its time, silence, rests and windows that end."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from cases.case import Case, Status
from cases.deadline import LOCAL, due, term
from cases.level import Level
from cases.rating import answered, window_ends
from cases.timer import Timer, length


class Matter(StrEnum):
    """What is watched besides the timed steps."""

    RESPOND = "respond"
    RESOLVE = "resolve"
    SILENCE = "silence"
    REVIEW = "review"
    WINDOW = "window"
    NEXT = "next"


Topic = Timer | Matter
"""What an alarm is about; of one topic a later alarm makes the earlier ones needless."""


@dataclass(frozen=True)
class Alarm:
    """One instant at which the clock acts: its topic, the stage of it, and to which level it goes."""

    topic: Topic
    stage: str
    at: datetime
    level: Level

    @property
    def name(self) -> str:
        """What it is noted by once it has rung, such as `resolve.80`."""
        return f"{self.topic.value}.{self.stage}"


LATE, LATER, OVER, DUE, INSPECTION = "late", "later", "over", "due", "inspection"

RESPOND_SHARES: Mapping[int, Level] = {80: Level.COMMUNITY, 100: Level.AGENCY}
RESOLVE_SHARES: Mapping[int, Level] = {50: Level.GRID, 80: Level.COMMUNITY, 100: Level.AGENCY}
"""At which percentage of its time who is told of a case (docs/domain.md §2.2, F39)."""

STEPS: Mapping[Timer, Level] = dict.fromkeys(Timer, Level.AGENCY) | {Timer.VERIFY: Level.GRID}
"""Who is told of a late step: the desks, or who is on the grid where somebody has to look."""

OVERDUE: Mapping[str, Level] = {"1wd": Level.DISTRICT, "6wd": Level.DISTRICT}
"""Past the resolve time: a reminder the next day, and five working days later once more (docs/domain.md §2.3)."""

SILENT_FOR = "1wd"
"""How long nothing may happen to an open case before somebody is reminded (F39)."""

REVIEW_AT = time(8, 30)


def alarms(case: Case) -> list[Alarm]:
    """What has not rung yet in this round, the next first."""
    waiting = [each for each in _all(case) if each.name not in case.rung]
    return sorted(waiting, key=lambda each: each.at)


def next_alarm(case: Case) -> datetime | None:
    """When the clock has to see to the case next."""
    return min((each.at for each in alarms(case)), default=None)


def ringing(case: Case, now: datetime) -> Alarm | None:
    """What rings now: the longest due, or what made it needless in the meantime."""
    over = [each for each in alarms(case) if each.at <= now]
    return max((each for each in over if each.topic is over[0].topic), key=lambda each: each.at, default=None)


def rung(case: Case, alarm: Alarm) -> tuple[str, ...]:
    """The names of what has rung, with this alarm and all that it makes needless; silence rings again and again."""
    if alarm.topic is Matter.SILENCE:
        return case.rung
    needless = [each.name for each in alarms(case) if each.topic is alarm.topic and each.at <= alarm.at]
    return (*case.rung, *needless)


def still_rung(names: Iterable[str], timers: Iterable[Timer], *, resting: bool) -> tuple[str, ...]:
    """Of the names of what has rung, those that do not belong to `timers`, which are stopped or begin anew.

    A case that is not `resting` will have another review if it is suspended once more.
    """
    anew = {timer.value for timer in timers} | (set() if resting else {Matter.REVIEW.value})
    return tuple(name for name in names if name.partition(".")[0] not in anew)


def review_at(case: Case) -> datetime | None:
    """When a suspended case is looked at again, if a day is set."""
    return datetime.combine(date.fromisoformat(case.review_on), REVIEW_AT, LOCAL) if case.review_on else None


def _all(case: Case) -> Iterator[Alarm]:
    yield from _steps(case)
    if case.status is Status.REGISTERED and case.then_next:
        # Handed back just now: it rings at once, so that whoever is next is asked.
        yield Alarm(Matter.NEXT, DUE, case.quiet_since or case.reported_at, Level.AGENCY)
    if case.status is Status.SUSPENDED:
        yield from _review(case)
    elif case.is_open:
        yield from _shares(case)
        yield _silence(case)
    elif case.status is Status.CLOSED:
        yield from _window(case)


def _steps(case: Case) -> Iterator[Alarm]:
    for timer, rings in case.timers.items():
        yield Alarm(timer, LATE, rings, STEPS[timer])
        # Without an acceptance the next candidate is asked instead, and without a mark its window ends first.
        if timer not in {Timer.ACCEPT, Timer.CALLBACK}:
            yield Alarm(timer, LATER, due(rings, length(timer, case.severity)).at, Level.DISTRICT)


def _shares(case: Case) -> Iterator[Alarm]:
    dues, start = case.dues, case.rounds[-1].reopened_at if case.rounds else case.reported_at
    if dues.respond_due and dues.responded_at is None:
        yield from _parts(Matter.RESPOND, start, dues.respond_due, RESPOND_SHARES)
    if dues.resolve_due and dues.resolved_at is None:
        # What has not rung lies behind every pause so far, for the clock rings nothing of it during one.
        yield from _parts(Matter.RESOLVE, start + dues.paused, dues.resolve_due, RESOLVE_SHARES)
        for lateness, level in OVERDUE.items():
            yield Alarm(Matter.RESOLVE, lateness, due(dues.resolve_due, term(lateness)).at, level)


def _silence(case: Case) -> Alarm:
    """Those who have solved a case are left alone while it waits for its inspection."""
    at = due(case.quiet_since or case.reported_at, term(SILENT_FOR)).at
    if case.status is Status.RESOLVED:
        return Alarm(Matter.SILENCE, INSPECTION, at, Level.AGENCY)
    return Alarm(Matter.SILENCE, LATE, at, Level.GRID)


def _parts(topic: Topic, start: datetime, end: datetime, shares: Mapping[int, Level]) -> Iterator[Alarm]:
    for percent, level in shares.items():
        part = (end - start) * percent / 100
        yield Alarm(topic, str(percent), start + timedelta(seconds=int(part.total_seconds())), level)


def _review(case: Case) -> Iterator[Alarm]:
    if at := review_at(case):
        yield Alarm(Matter.REVIEW, DUE, at, Level.AGENCY)


def _window(case: Case) -> Iterator[Alarm]:
    asked = case.reporter.can_be_asked and Timer.CALLBACK in case.timers
    if asked and case.dues.closed_at and answered(case.ratings, case.round) is None:
        yield Alarm(Matter.WINDOW, OVER, window_ends(case.dues.closed_at), Level.AGENCY)
