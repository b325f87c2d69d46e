"""The entrypoints of series: opening, changing and ending them, moving and dropping dates, publishing (F43)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from nameko.timer import timer

from chassis.caller import Caller
from chassis.command import Asked, digest
from chassis.datum import to_wgs84
from chassis.desk import Desk
from chassis.ids import new_id
from chassis.logs import bind
from chassis.records import Kept, Outcome, Writing, again_when_stale, carried_out
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.activities import activity as activities
from members.activities import fault as activity_fault
from members.activities.activity import Activity, Kind
from members.activities.store import ActivityStore, outcome
from members.fault import Fault, check
from members.people.person import LOCAL
from members.permission import may, permit, role_of, tenants
from members.series import recurrence, schemas, views
from members.series import series as rules
from members.series.recurrence import Recurrence
from members.series.series import Series, Step
from members.series.store import SeriesStore
from members.territory.store import TerritoryStore
from members.venues.store import VenueStore

Answer = dict[str, Any]

PUBLISH_SECONDS = 60
PUBLISHED_AT_ONCE = 200
"""How many series are looked at in one turn."""

SYSTEM = Caller("members")
"""Who publishes the days of a series."""

POINTERS = {"/begins": "/starts_at", "/ends": "/minutes", "/sign_up_until": "/sign_up_closes"}
"""Where what is wrong with a day stands in its series."""

RESCHEDULED = "系列活动调整"
"""Why a day is called off that a series has no more, as people read it."""


class SeriesDesk(Desk):
    """Keeps rules of service days, and publishes their days as activities."""

    series_kept: SeriesStore = Store(SeriesStore)
    activities_kept: ActivityStore
    territory: TerritoryStore
    venues_kept: VenueStore

    @rpc
    def open_series(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Open a series, whose organiser is who opens it: the receipt with `series_id`.

        Refuses `invalid`, `not_permitted`, and with everything that is wrong at once: the codes of
        `members.series.recurrence.faults` and of `members.activities.fault`.
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
        check([*recurrence.faults(rule, asked.now.astimezone(LOCAL).date()), *self._pattern_faults(pattern, asked.now)])
        opened = rules.awaiting(Series(id, rule, pattern), asked.now)
        role = role_of(asked.caller, "open_series", pattern.grid_code)
        answer = self.series_kept.records.open(asked, Outcome(opened, rules.OPENED, rules.told(opened), role))
        self._publish(self.series_kept.one(answer["series_id"], None), asked.now)
        return answer

    @rpc
    def change_series(self, caller: Answer, command_id: str, series_id: str, **body: Any) -> Answer:
        """Tell something anew of a series: the receipt. Days to come that nobody moved or changed by hand follow.

        Refuses as `open_series` does, and `series_not_found`, `series_ended` and `nothing_changed`.
        """
        given = _placed(load(schemas.ChangeSeriesSchema(), body))

        def change(series: Series, now: datetime) -> Series:
            after = rules.changed(series, given, now)
            found = recurrence.faults(after.rule, min(after.rule.starts, now.astimezone(LOCAL).date()))
            check([*_of_change(found), *self._pattern_faults(rules.next_pattern(after, now), now)])
            return after

        return self._altered(caller, command_id, series_id, body, rules.CHANGED, change, RESCHEDULED)

    @rpc
    def end_series(self, caller: Answer, command_id: str, series_id: str, **body: Any) -> Answer:
        """End a series after today: the receipt. Days to come that nobody moved or changed by hand are called off.

        Refuses `invalid`, `not_permitted`, `series_not_found` and `series_ended`.
        """
        reason = load(schemas.EndSeriesSchema(), body)["reason"]
        return self._altered(caller, command_id, series_id, body, rules.ENDED, rules.ended, reason)

    @rpc
    def move_series_date(self, caller: Answer, command_id: str, series_id: str, **body: Any) -> Answer:
        """Move one date of a series, or confirm one whose calendar is not known: the receipt.

        Refuses as `rules.moved` does, what is wrong with the day as it would be, and `series_not_found`.
        """
        given = load(schemas.MoveDateSchema(), body)
        asked = self._asked(caller, command_id, {"series_id": series_id, **body})

        def move(series: Series) -> Series:
            after = rules.moved(series, given["day"], given["begins"], given["reason"], asked.caller.id, asked.now)
            local = given["begins"].astimezone(LOCAL)
            check(self._day_faults(rules.pattern_on(series.pattern, local.date(), local.time()), asked.now))
            return after

        return self._by_hand(asked, series_id, given["day"], rules.MOVED, move)

    @rpc
    def drop_series_date(self, caller: Answer, command_id: str, series_id: str, **body: Any) -> Answer:
        """Let one date of a series not take place: the receipt. Refuses as `rules.dropped`, and `series_not_found`."""
        given = load(schemas.DropDateSchema(), body)
        asked = self._asked(caller, command_id, {"series_id": series_id, **body})

        def drop(series: Series) -> Series:
            return rules.dropped(series, given["day"], given["reason"], asked.caller.id, asked.now)

        return self._by_hand(asked, series_id, given["day"], rules.DROPPED, drop)

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

    @timer(interval=PUBLISH_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def publish_series(self) -> None:
        """Publish the activities of the days that are near; of several instances one publishes each."""
        now = self.clock.now()
        for kept in self.series_kept.due(now, PUBLISHED_AT_ONCE):
            self._publish(kept, now)

    def _publish(self, kept: Kept[Series], now: datetime) -> None:
        due = rules.due(kept.item, now)
        after = rules.awaiting(rules.with_published(kept.item, due), now)
        if after == kept.item:
            return
        made = [rules.activity_on(kept.item, each) for each in due]
        days = [each.day.isoformat() for each in due]
        named = {"series_id": kept.id, "version": kept.version}
        asked = Asked(SYSTEM, f"publish:{kept.id}:{kept.version}", digest(named), now)
        told = Outcome(after, rules.PUBLISHED, {"days": days}, "rule")
        published = [outcome(each, activities.PUBLISHED, "rule") for each in made]
        opening = [self.activities_kept.records.opening(asked, each, along=True) for each in published]
        self.series_kept.publish([self.series_kept.records.changing(asked, kept, told), *opening])

    def _altered(
        self,
        caller: Answer,
        command_id: str,
        series_id: str,
        body: Answer,
        type: str,
        change: Callable[[Series, datetime], Series],
        reason: str,
    ) -> Answer:
        asked = self._asked(caller, command_id, {"series_id": series_id, "type": type, **body})

        def decide(before: Series, known: dict[str, Kept[Activity]]) -> tuple[Series, Iterable[Step]]:
            after = change(before, asked.now)
            found = {id: kept.item for id, kept in known.items()}
            return after, rules.steps(before, after, found, reason, asked.now)

        return self._written(asked, series_id, type, decide)

    def _by_hand(self, asked: Asked, series_id: str, day: date, type: str, alter: Callable[[Series], Series]) -> Answer:
        def decide(before: Series, known: dict[str, Kept[Activity]]) -> tuple[Series, Iterable[Step]]:
            after = alter(before)
            found = known.get(rules.activity_id(before.id, day))
            step = rules.by_hand(after, day, found.item, asked.now) if found else None
            return after, [step] if step else []

        return self._written(asked, series_id, type, decide)

    def _written(
        self,
        asked: Asked,
        series_id: str,
        type: str,
        decide: Callable[[Series, dict[str, Kept[Activity]]], tuple[Series, Iterable[Step]]],
    ) -> Answer:
        """The series and its activities, written anew together; anew when somebody was faster."""
        bind({"series_id": series_id})
        records = self.series_kept.records

        def once() -> Answer:
            kept = self.series_kept.one(series_id, tenants(asked.caller))
            if answer := records.answered(asked):
                return answer
            role = _keeper(asked.caller, kept.item)
            known = {each.id: each for each in self.activities_kept.of_series(series_id)}
            after, steps = decide(kept.item, known)
            waiting = rules.awaiting(after, asked.now)
            told = Outcome(waiting, type, rules.told(after), role)
            along = [self._step(asked, known[each.after.id], each, role) for each in steps]
            return carried_out([records.changing(asked, kept, told), *along])[0]

        answer = again_when_stale(once)
        self._publish(self.series_kept.one(series_id, None), asked.now)
        return answer

    def _step(self, asked: Asked, kept: Kept[Activity], step: Step, role: str) -> Writing:
        return self.activities_kept.records.changing(asked, kept, outcome(step.after, step.type, role), along=True)

    def _pattern_faults(self, pattern: Activity, now: datetime) -> list[Fault]:
        return [
            replace(each, pointer=POINTERS.get(each.pointer, each.pointer)) for each in self._day_faults(pattern, now)
        ]

    def _day_faults(self, day: Activity, now: datetime) -> list[Fault]:
        venues = self.venues_kept.records.find({"_id": day.venue_id, "tenant": day.tenant}, limit=1)
        around = activity_fault.Surroundings(
            self.territory.grid(day.grid_code), venues[0].item if day.venue_id and venues else None, []
        )
        return activity_fault.faults(day, around, now)


def _keeper(caller: Caller, series: Series) -> str:
    grid_code = series.pattern.grid_code
    if caller.is_(series.pattern.organiser_id) and may(caller, "open_series", grid_code):
        return role_of(caller, "open_series", grid_code)
    permit(caller, "keep_series", grid_code)
    return role_of(caller, "keep_series", grid_code)


def _first(rule: Recurrence) -> date:
    """The first day on that weekday from the beginning on, whatever else is wrong with the rule."""
    return rule.starts + timedelta(days=(rule.weekday - rule.starts.weekday()) % 7)


def _placed(given: Answer) -> Answer:
    point = given.get("muster")
    return given | {"muster": to_wgs84(point["lon"], point["lat"], point["crs"])} if point else given


def _of_change(found: Sequence[Fault]) -> list[Fault]:
    """A change names its fields without the rule around them."""
    return [replace(each, pointer=each.pointer.removeprefix("/recurrence")) for each in found]
