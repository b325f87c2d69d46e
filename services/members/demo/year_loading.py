"""Puts the volunteers' year and what is to come into the database, once: all of it is of one moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from chassis import instant
from chassis.caller import CLOCK
from chassis.ids import new_id
from chassis.outbox import Entry
from members.activities.store import ActivityStore
from members.attendance.attendance import CAME
from members.attendance.store import AttendanceStore
from members.bookings.booking import BOOKED
from members.bookings.store import BookingStore
from members.demo import thursdays
from members.demo.coming import Coming, coming
from members.demo.district import SEED, District
from members.demo.service_year import ServiceYear, service_year
from members.demo.territory import OPENED
from members.hours.store import HoursStore
from members.posts.post import midnight
from members.rotation.crew import ENTERED
from members.rotation.plan import PLANNED, Plan, told
from members.rotation.served import RECORDED
from members.rotation.store import RotationStore
from members.series import series as rules
from members.series.store import SeriesStore
from members.service_points import entry as points
from members.service_points.store import PointsStore
from members.signups.store import SignupStore
from members.stars.store import BookStore
from members.stations.store import StationUseStore

KNOWN = "demo.known"
"""The entry of what others would hear of if it happened now: of what came with the demo nobody is to be told."""


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


def load_once(demo: District, stores: YearStores, now: datetime) -> str:
    """Add the year, and what is to come, as of the first time; say in one line what was added."""
    if stores.series.records.find({"_id": thursdays.COMING}, limit=1):
        return "the volunteers' year is there already"
    people = [each.person for each in demo.people]
    ahead = coming(people, demo.venues, Random(f"{SEED} coming"), now)  # noqa: S311 - data, no secret
    return load(service_year(demo, now), ahead, stores, now)


def load(year: ServiceYear, ahead: Coming, stores: YearStores, now: datetime) -> str:
    """Add what is missing of both, and say in one line what was added."""
    days = [muster.activity for muster in year.musters]
    stores.series.records.add([year.series], OPENED, rules.OPENED)
    activities = stores.activities.add(days, OPENED)
    signups = stores.signups.records.add([one for each in year.musters for one in each.signups], OPENED, KNOWN)
    came = stores.attendance.records.add([one for each in year.musters for one in each.attendance], OPENED, CAME)
    plans = _rotate(year, stores.rotation)
    hours = _credit(year, stores)
    uses = stores.stations.add(year.uses, year.guests)
    stores.points.records.add(year.points, OPENED, points.RECORDED)
    announced = _announce(ahead, stores, now)
    added = f"{activities} service days, {plans} plans, {signups} sign-ups, {came} attendances"
    return f"added {added}, {hours}, {uses} station uses, {announced}"


def _rotate(year: ServiceYear, store: RotationStore) -> int:
    """Teams, plans and visits; how many plans were added."""
    store.crews.add([year.crew], OPENED, ENTERED)
    store.served.add(year.served, OPENED, RECORDED)
    return store.plans.add_told((plan, [_planned(plan)]) for plan in year.plans)


def _planned(plan: Plan) -> Entry:
    """The event that tells where teams go, as others hear it."""
    at = midnight(plan.day) - BEFORE
    by = {"id": CLOCK, "role": CLOCK}
    named = {"rotation_id": plan.id, "version": 1, "at": instant.written(at), "by": by}
    return Entry(new_id(), PLANNED, at, {**named, **told(plan)}, plan.area, by)


def _credit(year: ServiceYear, stores: YearStores) -> str:
    """Records with what happened to each, the ledger, and everybody's book: what was added of them, in words."""
    records = stores.hours.records.add([each.record for each in year.recorded], OPENED, KNOWN)
    rows = stores.hours.rows.add([row for each in year.recorded for row in each.rows], OPENED, KNOWN)
    books = stores.books.records.add(year.books, OPENED, KNOWN)
    return f"{records} service records, {rows} rows of hours, {books} books"


def _announce(ahead: Coming, stores: YearStores, now: datetime) -> str:
    """What is to come: what was added of it, in words."""
    activities = stores.activities.add(ahead.activities, now)
    stores.signups.records.add(ahead.signups, now, KNOWN)
    bookings = stores.bookings.records.add(ahead.bookings, now, BOOKED)
    # Last of all: whoever finds it finds everything.
    stores.series.records.add([ahead.series], now, rules.OPENED)
    return f"{activities} activities to come, {bookings} bookings"
