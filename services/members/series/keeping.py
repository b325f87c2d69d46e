"""Writing a series step by step: with the activities of its days, and with its venue on each of them (F43, F50)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from chassis.caller import Caller
from chassis.command import Asked, digest
from chassis.fault import Fault, check
from chassis.records import Answer, Kept, Outcome, Writing, again_when_stale
from members.activities import activity as activities
from members.activities import fault as activity_fault
from members.activities.activity import Activity, State
from members.activities.hosting import Hosting
from members.activities.moving import GRID_CLOSED
from members.activities.store import ActivityStore, outcome
from members.permission import ITSELF, may, permit, role_of, tenants
from members.series import series as rules
from members.series.series import Series
from members.series.step import Step, steps
from members.series.store import SeriesStore
from members.territory.grid import Grid
from members.territory.store import TerritoryStore

log = structlog.get_logger()

POINTERS = {"/begins": "/starts_at", "/ends": "/minutes", "/sign_up_until": "/sign_up_closes"}
"""Where what is wrong with a day stands in its series."""

OF_EACH_DAY = frozenset({"grid_closed", "venue_closed"})
"""What is told of the days of a series, one by one, and not of its pattern."""

Known = Mapping[str, Kept[Activity]]
Pointed = Callable[[Iterable[Fault]], list[Fault]]
"""What is wrong with days, by the fields of the command that wants them so."""

Decided = tuple[Series, Iterable[Step], Sequence[Fault]]
"""A series as it is from now on, what that does to its activities, and what is wrong with it."""


@dataclass(frozen=True)
class Keeping:
    """Writes series, their activities and the bookings of their venues together, or nothing."""

    series: SeriesStore
    activities: ActivityStore
    territory: TerritoryStore
    hosting: Hosting

    def open(self, asked: Asked, opened: Series, found: Iterable[Fault]) -> Answer:
        """Keep a new series, with its venue held on each of its days: the receipt; refuses what was `found` and what is
        wrong with any of the days.
        """
        role = role_of(asked.caller, "open_series", opened.pattern.grid_code)

        def once() -> Answer:
            if answer := self.series.records.answered(asked):
                return answer
            days = list(rules.days_to_come(opened, {}, asked.now))
            check([*found, *in_series(self._faults(asked, opened, days))])
            told = Outcome(rules.awaiting(opened, asked.now), rules.OPENED, rules.told(opened), role)
            opening = self.series.records.opening(asked, told)
            return self.series.write(asked, [opening, *self.hosting.writings(asked, days, role)])

        return again_when_stale(once)

    def change(
        self,
        asked: Asked,
        series_id: str,
        type: str,
        decide: Callable[[Series, Known], Decided],
        pointed: Pointed | None = None,
    ) -> Answer:
        """The series as `decide` makes it, with its activities and its venue; anew when somebody was faster.

        Refuses what `decide` finds wrong and what is wrong with a day, with pointers as `pointed` has them; None where
        days are only called off, against which nothing stands.
        """
        records = self.series.records

        def once() -> Answer:
            kept = self.series.one(series_id, tenants(asked.caller))
            if answer := records.answered(asked):
                return answer
            role = keeper(asked.caller, kept.item)
            return self._written(asked, kept, type, decide, pointed, role)

        return again_when_stale(once)

    def follow(self, asked: Asked, series_id: str, type: str, alter: Callable[[Series], Series]) -> Answer:
        """What becomes of a series with its grid, unless it has ended; its activities follow by themselves, and those
        after its end are called off with it.
        """

        def decide(before: Series, known: Known) -> Decided:
            after = alter(before)
            found = {id: kept.item for id, kept in known.items()}
            ended = after.ended_on is not None
            return after, list(steps(before, after, found, GRID_CLOSED, asked.now)) if ended else (), ()

        def once() -> Answer:
            kept = self.series.one(series_id, None)
            if kept.item.ended_on is not None:
                return {}
            answer = self.series.records.answered(asked)
            return answer or self._written(asked, kept, type, decide, None, ITSELF.id)

        return again_when_stale(once)

    def publish(self, kept: Kept[Series], now: datetime) -> None:
        """Publish what is due; a day that cannot have its venue waits, and holds up no other."""
        due = rules.due(kept.item, now)
        named = {"series_id": kept.id, "version": kept.version}
        asked = Asked(ITSELF, f"publish:{kept.id}:{kept.version}", digest(named), now)
        made = [each for each in due if self._can_be(asked, rules.activity_on(kept.item, each))]
        after = rules.awaiting(rules.with_published(kept.item, made), now)
        if after == kept.item:
            return
        days = [rules.activity_on(kept.item, each) for each in made]
        told = Outcome(after, rules.PUBLISHED, {"days": [each.day.isoformat() for each in made]}, "rule")
        opening = [
            self.activities.records.opening(asked, outcome(each, activities.PUBLISHED, "rule"), along=True)
            for each in days
        ]
        held = self._held(asked, after, {each.id: each for each in days}, "rule")
        self.series.publish([self.series.records.changing(asked, kept, told), *opening, *held])

    def day_faults(self, day: Activity, now: datetime) -> list[Fault]:
        """Everything that is wrong with a day by itself."""
        venues = self.hosting.venues.records.find({"_id": day.venue_id, "tenant": day.tenant}, limit=1)
        around = activity_fault.Surroundings(
            self.territory.grid(day.grid_code), venues[0].item if day.venue_id and venues else None, []
        )
        found = activity_fault.faults(day, around, now)
        return [each for each in found if each.code not in OF_EACH_DAY]

    def _faults(self, asked: Asked, series: Series, days: Sequence[Activity]) -> list[Fault]:
        """What is wrong with the grid or the venue on any of the days."""
        grid = self.territory.grid(series.pattern.grid_code)
        late = [each for each in days if each.state is not State.CANCELLED and _closed(grid, each)]
        beyond = [
            Fault("/grid_code", "grid_closed", {"grid_codes": [each.grid_code], "day": each.day.isoformat()})
            for each in late[:1]
        ]
        return [*beyond, *self.hosting.faults_of_days(asked, days)]

    def _written(
        self,
        asked: Asked,
        kept: Kept[Series],
        type: str,
        decide: Callable[[Series, Known], Decided],
        pointed: Pointed | None,
        role: str,
    ) -> Answer:
        known = {each.id: each for each in self.activities.of_series(kept.id)}
        after, steps, found = decide(kept.item, known)
        todo = list(steps)
        published = {id: each.item for id, each in known.items()} | {each.after.id: each.after for each in todo}
        days = self._days(kept.item, after, published, asked.now)
        if pointed is None:
            days = [each for each in days if each.state is State.CANCELLED]
        else:
            found = [*found, *pointed(self._faults(asked, after, days))]
        check(found)
        told = Outcome(rules.awaiting(after, asked.now), type, rules.told(after), role)
        along = [self._step(asked, known[each.after.id], each, role) for each in todo]
        changing = self.series.records.changing(asked, kept, told)
        return self.series.write(asked, [changing, *along, *self.hosting.writings(asked, days, role)])

    def _days(self, before: Series, after: Series, published: Mapping[str, Activity], now: datetime) -> list[Activity]:
        """The days to come, and as cancelled those that the rule has no more."""
        days = {each.id: each for each in rules.days_to_come(after, published, now)}
        gone = (each for each in rules.days_to_come(before, published, now) if each.id not in days)
        return [*days.values(), *(replace(each, state=State.CANCELLED) for each in gone)]

    def _held(self, asked: Asked, series: Series, made: Mapping[str, Activity], role: str) -> list[Writing]:
        """The venue of what is published now, and given back on days that have turned out to be holidays."""
        published = {kept.id: kept.item for kept in self.activities.of_series(series.id)} | dict(made)
        days = rules.days_to_come(series, published, asked.now)
        those = [each for each in days if each.id in made or each.state is State.CANCELLED]
        return self.hosting.writings(asked, those, role)

    def _can_be(self, asked: Asked, day: Activity) -> bool:
        found = self.hosting.faults_of_days(asked, [day])
        for fault in found:
            log.warning("day_without_venue", series_id=day.series_id, day=day.day.isoformat(), code=fault.code)
        return not found

    def _step(self, asked: Asked, kept: Kept[Activity], step: Step, role: str) -> Writing:
        return self.activities.records.changing(asked, kept, outcome(step.after, step.type, role), along=True)


def _closed(grid: Grid | None, day: Activity) -> bool:
    return grid is not None and not grid.open_at(day.begins)


def keeper(caller: Caller, series: Series) -> str:
    """The role in which the caller changes it: the organiser's, or the office's of the place."""
    grid_code = series.pattern.grid_code
    if caller.is_(series.pattern.organiser_id) and may(caller, "open_series", grid_code):
        return role_of(caller, "open_series", grid_code)
    permit(caller, "keep_series", grid_code)
    return role_of(caller, "keep_series", grid_code)


def in_series(found: Iterable[Fault]) -> list[Fault]:
    """What is wrong with days, by the fields of their series."""
    return [replace(each, pointer=POINTERS.get(each.pointer, each.pointer)) for each in found]
