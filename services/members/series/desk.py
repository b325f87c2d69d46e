"""The entrypoints of series: opening, changing and ending them, moving and dropping dates, publishing (F43)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from nameko.timer import timer

from chassis.caller import Caller
from chassis.command import Asked, digest
from chassis.datum import to_wgs84
from chassis.desk import Desk
from chassis.event import Event
from chassis.fault import Fault, check
from chassis.ids import new_id
from chassis.logs import bind
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.activities.activity import Activity, Kind
from members.activities.hosting import Hosting
from members.activities.moving import closed_grid
from members.activities.store import ActivityStore
from members.bookings.store import BookingStore
from members.people.person import LOCAL
from members.permission import ITSELF, permit, tenants
from members.posts.post import local_day
from members.series import recurrence, schemas, step, views
from members.series import series as rules
from members.series.keeping import Decided, Keeping, Known, Pointed, in_series
from members.series.recurrence import Recurrence
from members.series.series import Series
from members.series.store import SeriesStore
from members.territory.store import TerritoryStore
from members.venues.store import VenueStore

Answer = dict[str, Any]

PUBLISH_SECONDS = 60
PUBLISHED_AT_ONCE = 200
"""How many series are looked at in one turn."""

RESCHEDULED = "系列活动调整"
"""Why a day is called off that a series has no more, as people read it."""


class SeriesDesk(Desk):
    """Keeps rules of service days, and publishes their days as activities."""

    series_kept: SeriesStore = Store(SeriesStore)
    activities_kept: ActivityStore
    territory: TerritoryStore
    venues_kept: VenueStore
    bookings_kept: BookingStore

    @rpc
    def open_series(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Open a series, whose organiser is who opens it: the receipt with `series_id`.

        Refuses `invalid`, `not_permitted`, and with everything that is wrong at once: the codes of
        `members.series.recurrence.faults` and of `members.activities.fault`, and what stands against its venue, which
        is booked for every day: `venue_taken` with each day and what is `free` on it.
        """
        given, asked = load(schemas.SeriesSchema(), body), self._asked(caller, command_id, body)
        permit(asked.caller, "open_series", given["grid_code"])
        if answer := self.series_kept.records.answered(asked):
            return answer
        rule: Recurrence = given["recurrence"]
        id, first = new_id(), _first(rule)
        plain = {name: value for name, value in _placed(given).items() if name not in {*rules.TIMES, "recurrence"}}
        begins = datetime.combine(first, given["starts_at"], LOCAL)
        times: Answer = {
            "begins": begins,
            "ends": begins + timedelta(minutes=given["minutes"]),
            "sign_up_until": begins - timedelta(minutes=given["sign_up_closes"]),
        }
        pattern = Activity(id, Kind.SERVICE_DAY, organiser_id=asked.caller.id, **times, **plain)
        keeping, today = self._keeping, asked.now.astimezone(LOCAL).date()
        ruled = recurrence.faults(rule, today)
        found = _each_once(ruled, in_series(keeping.day_faults(pattern, asked.now)))
        # Of a rule that is wrong nobody can say on which days it needs its venue.
        check(found if ruled else ())
        answer = keeping.open(asked, Series(id, rule, pattern), found)
        keeping.publish(self.series_kept.one(answer["series_id"], None), asked.now)
        return answer

    @rpc
    def change_series(self, caller: Answer, command_id: str, series_id: str, **body: Any) -> Answer:
        """Tell something anew of a series: the receipt. Days to come that nobody moved or changed by hand follow.

        Refuses as `open_series` does, and `series_not_found`, `series_ended` and `nothing_changed`.
        """
        given = _placed(load(schemas.ChangeSeriesSchema(), body))

        def change(series: Series, now: datetime) -> tuple[Series, Sequence[Fault]]:
            after = rules.changed(series, given, now)
            ruled = _of_change(recurrence.faults(after.rule, min(after.rule.starts, now.astimezone(LOCAL).date())))
            found = [*ruled, *in_series(self._keeping.day_faults(rules.next_pattern(after, now), now))]
            check(found if ruled else ())
            return after, found

        return self._altered(caller, command_id, series_id, body, rules.CHANGED, change, RESCHEDULED)

    @rpc
    def end_series(self, caller: Answer, command_id: str, series_id: str, **body: Any) -> Answer:
        """End a series after today: the receipt. All days to come are called off, and its venue is given back.

        Refuses `invalid`, `not_permitted`, `series_not_found` and `series_ended`.
        """
        reason = load(schemas.EndSeriesSchema(), body)["reason"]

        def end(series: Series, now: datetime) -> tuple[Series, Sequence[Fault]]:
            return rules.ended(series, now), ()

        return self._altered(caller, command_id, series_id, body, rules.ENDED, end, reason, None)

    @rpc
    def move_series_date(self, caller: Answer, command_id: str, series_id: str, **body: Any) -> Answer:
        """Move one date of a series, or confirm one whose calendar is not known: the receipt.

        Refuses as `rules.moved` does, what is wrong with the day as it would be, and `series_not_found`.
        """
        given = load(schemas.MoveDateSchema(), body)
        asked = self._asked(caller, command_id, {"series_id": series_id, **body})

        def move(series: Series) -> tuple[Series, Sequence[Fault]]:
            after = rules.moved(series, given["day"], given["begins"], given["reason"], asked.caller.id, asked.now)
            local = given["begins"].astimezone(LOCAL)
            day = rules.pattern_on(series.pattern, local.date(), local.time())
            return after, self._keeping.day_faults(day, asked.now)

        return self._by_hand(asked, series_id, given["day"], rules.MOVED, move, list)

    @rpc
    def drop_series_date(self, caller: Answer, command_id: str, series_id: str, **body: Any) -> Answer:
        """Let one date of a series not take place: the receipt. Refuses as `rules.dropped`, and `series_not_found`."""
        given = load(schemas.DropDateSchema(), body)
        asked = self._asked(caller, command_id, {"series_id": series_id, **body})

        def drop(series: Series) -> tuple[Series, Sequence[Fault]]:
            return rules.dropped(series, given["day"], given["reason"], asked.caller.id, asked.now), ()

        return self._by_hand(asked, series_id, given["day"], rules.DROPPED, drop, None)

    @rpc
    def series(self, caller: Answer, series_id: str) -> Answer:
        """One series with each of its dates; refuses `series_not_found`."""
        bind({"series_id": series_id})
        who = Caller.load(caller)
        kept = self.series_kept.one(series_id, tenants(who))
        permit(who, "see_series", kept.item.pattern.grid_code)
        return views.whole(kept.item, kept.version, self.clock.now())

    @rpc
    def all_series(self, caller: Answer, **page: Any) -> Answer:
        """A page of the series of the caller's districts: `{items, next}`. Refuses `invalid` and `not_permitted`."""
        who, asked = Caller.load(caller), load(schemas.SeriesPageSchema(), page)
        filters, limit = asked["filters"], asked["limit"]
        areas = [filters["area"]] if "area" in filters else sorted(tenants(who))
        for area in areas:
            permit(who, "see_series", area)
        found, now = self.series_kept.page(areas, asked["after"], limit + 1), self.clock.now()
        items = [views.line(kept.item, kept.version, now) for kept in found[:limit]]
        return {"items": items, "next": found[limit - 1].id if len(found) > limit else None}

    def move_series_of_grid(self, event: Event) -> None:
        """The series of a grid that is closed go on in the one that follows it, or end with it."""
        if (closed := closed_grid(self.territory, event)) is None:
            return
        now = self.clock.now()
        for kept in self.series_kept.of_grid(closed.code):
            code = closed.follower(kept.item.pattern)
            asked = Asked(ITSELF, f"{event.id}:{kept.id}", digest({}), now)
            if code:
                self._keeping.follow(asked, kept.id, rules.CHANGED, partial(rules.relocated, grid_code=code))
            else:
                ending = partial(rules.ended_from, day=max(local_day(closed.at), local_day(now)))
                self._keeping.follow(asked, kept.id, rules.ENDED, ending)

    @timer(interval=PUBLISH_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def publish_series(self) -> None:
        """Publish the activities of the days that are near; of several instances one publishes each."""
        now = self.clock.now()
        for kept in self.series_kept.due(now, PUBLISHED_AT_ONCE):
            self._keeping.publish(kept, now)

    def _altered(
        self,
        caller: Answer,
        command_id: str,
        series_id: str,
        body: Answer,
        type: str,
        change: Callable[[Series, datetime], tuple[Series, Sequence[Fault]]],
        reason: str,
        pointed: Pointed | None = in_series,
    ) -> Answer:
        asked = self._asked(caller, command_id, {"series_id": series_id, "type": type, **body})

        def decide(before: Series, known: Known) -> Decided:
            after, faults = change(before, asked.now)
            found = {id: kept.item for id, kept in known.items()}
            return after, step.steps(before, after, found, reason, asked.now), faults

        return self._kept_anew(asked, series_id, type, decide, pointed)

    def _by_hand(
        self,
        asked: Asked,
        series_id: str,
        day: date,
        type: str,
        alter: Callable[[Series], tuple[Series, Sequence[Fault]]],
        pointed: Pointed | None,
    ) -> Answer:
        def decide(before: Series, known: Known) -> Decided:
            after, faults = alter(before)
            found = known.get(rules.activity_id(before.id, day))
            done = step.by_hand(after, day, found.item, asked.now) if found else None
            return after, [done] if done else [], faults

        return self._kept_anew(asked, series_id, type, decide, pointed)

    def _kept_anew(
        self,
        asked: Asked,
        series_id: str,
        type: str,
        decide: Callable[[Series, Known], Decided],
        pointed: Pointed | None,
    ) -> Answer:
        bind({"series_id": series_id})
        answer = self._keeping.change(asked, series_id, type, decide, pointed)
        self._keeping.publish(self.series_kept.one(series_id, None), asked.now)
        return answer

    @property
    def _keeping(self) -> Keeping:
        hosting = Hosting(self.bookings_kept, self.venues_kept)
        return Keeping(self.series_kept, self.activities_kept, self.territory, hosting)


def _each_once(of_rule: list[Fault], of_day: list[Fault]) -> list[Fault]:
    """All that is wrong; that a rule starts in the past says already that its first day does."""
    if not any(each.code == "recurrence_starts_in_the_past" for each in of_rule):
        return [*of_rule, *of_day]
    return [*of_rule, *(each for each in of_day if each.code != "begins_in_the_past")]


def _first(rule: Recurrence) -> date:
    """The first day on that weekday from the beginning on, whatever else is wrong with the rule."""
    return rule.starts + timedelta(days=(rule.weekday - rule.starts.weekday()) % 7)


def _placed(given: Answer) -> Answer:
    point = given.get("muster")
    return given | {"muster": to_wgs84(point["lon"], point["lat"], point["crs"])} if point else given


def _of_change(found: Sequence[Fault]) -> list[Fault]:
    """A change names its fields without the rule around them."""
    return [replace(each, pointer=each.pointer.removeprefix("/recurrence")) for each in found]
