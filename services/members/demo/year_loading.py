"""Puts the volunteers' year and what is to come into the database: what is there already stays as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis import instant
from chassis.ids import new_id
from chassis.outbox import Entry
from members.activities.store import ActivityStore
from members.attendance.attendance import CAME
from members.attendance.store import AttendanceStore
from members.bookings.booking import BOOKED
from members.bookings.store import BookingStore
from members.demo.coming import Coming
from members.demo.hours import Recorded
from members.demo.service_year import ServiceYear
from members.demo.territory import OPENED
from members.demo.thursdays import ORGANISER
from members.hours import record
from members.hours.ledger import CREDITED, REVERSED
from members.hours.store import HoursStore
from members.posts.post import midnight
from members.rotation import plan as plans
from members.rotation.crew import ENTERED
from members.rotation.plan import PLANNED, Plan
from members.rotation.served import RECORDED
from members.rotation.store import RotationStore
from members.series import series as rules
from members.series.store import SeriesStore
from members.service_points import entry as points
from members.service_points.store import PointsStore
from members.signups.store import SignupStore
from members.stars import star
from members.stars.store import BookStore
from members.stations.store import StationUseStore

KNOWN = "signup.known"
"""The entry of a sign-up that came with the demo; nobody hears of it, for nobody is to be told."""


BEFORE = timedelta(hours=6)
"""How long before its day a plan was made for the last time."""


@dataclass(frozen=True)
class YearStores:
    """Where the year goes."""

    series: SeriesStore
    activities: ActivityStore
    signups: SignupStore
    attendance: AttendanceStore
    hours: HoursStore
    books: BookStore
    rotation: RotationStore
    stations: StationUseStore
    bookings: BookingStore
    points: PointsStore


def load(year: ServiceYear, ahead: Coming, stores: YearStores, now: datetime) -> str:
    """Add what is missing, and say in one line what was added."""
    days = [muster.activity for muster in year.musters]
    stores.series.records.add([year.series], OPENED, rules.OPENED)
    activities = stores.activities.add(days, OPENED)
    signups = stores.signups.records.add([one for each in year.musters for one in each.signups], OPENED, KNOWN)
    came = stores.attendance.records.add([one for each in year.musters for one in each.attendance], OPENED, CAME)
    turns = _rotate(year, stores.rotation)
    hours = _credit(year, stores)
    uses = stores.stations.add(year.uses, year.guests)
    stores.points.records.add(year.points, OPENED, points.RECORDED)
    announced = _announce(ahead, stores, now)
    added = f"{activities} service days, {turns} turns, {signups} sign-ups, {came} attendances"
    return f"added {added}, {hours}, {uses} station uses, {announced}"


def _rotate(year: ServiceYear, store: RotationStore) -> int:
    """Teams, plans and visits; how many turns of plans were added."""
    store.crews.add([year.crew], OPENED, ENTERED)
    known = {kept.id for kept in store.plans_from(year.crew.area, min(plan.day for plan in year.plans))}
    fresh = [plan for plan in year.plans if plan.id not in known]
    store.plans.add_told((plan, [_planned(plan)]) for plan in fresh)
    store.served.add(year.served, OPENED, RECORDED)
    return sum(len(plan.made.turns) for plan in fresh)


def _planned(plan: Plan) -> Entry:
    """The event that tells where teams go, as others hear it."""
    at = midnight(plan.day) - BEFORE
    by = {"id": "clock", "role": "clock"}
    named = {"rotation_id": plan.id, "version": 1, "at": instant.written(at), "by": by}
    return Entry(new_id(), PLANNED, at, {**named, **plans.told(plan)}, plan.area, by)


def _credit(year: ServiceYear, stores: YearStores) -> str:
    """Records with what happened to each, the ledger, and everybody's book: what was added of them, in words."""
    records = stores.hours.records.add_told((each.record, _steps(each)) for each in year.recorded)
    rows = stores.hours.rows.add_told(
        (row, [Entry(new_id(), REVERSED if row.reverses else CREDITED, row.entered_at, {})])
        for each in year.recorded
        for row in each.rows
    )
    books = stores.books.records.add(year.books, OPENED, star.SETTLED)
    return f"{records} service records, {rows} rows of hours, {books} books"


def _steps(kept: Recorded) -> Sequence[Entry]:
    by = {"id": ORGANISER, "role": "party_office"}
    person = {"id": kept.record.person_id, "role": "resident"}
    return [
        Entry(new_id(), type, at, record.told(kept.record), by=person if type == record.CORRECTION_ASKED else by)
        for type, at in kept.steps
    ]


def _announce(ahead: Coming, stores: YearStores, now: datetime) -> str:
    """What is to come, once: when the demo is loaded again, it stays where it is."""
    if stores.series.records.find({"_id": ahead.series.id}, limit=1):
        return "0 activities to come, 0 bookings"
    activities = stores.activities.add(ahead.activities, now)
    stores.signups.records.add(ahead.signups, now, KNOWN)
    bookings = stores.bookings.records.add(ahead.bookings, now, BOOKED)
    # Last of all: whoever finds it finds the others too.
    stores.series.records.add([ahead.series], now, rules.OPENED)
    return f"{activities} activities to come, {bookings} bookings"
