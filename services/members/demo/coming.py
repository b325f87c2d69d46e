"""What the demo's people can look forward to, counted from the day on which it is loaded: Thursdays, activities, rooms.

Nothing of it is moved when the demo is loaded again: the series goes on by itself, for a year.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from random import Random

from chassis.working_days import public_holiday
from members.activities.activity import Activity, Kind, Task
from members.bookings.booking import Booking
from members.demo import thursdays
from members.demo.musters import regulars, tasks
from members.demo.territory import DONGYUAN
from members.demo.thursdays import ONE_DAY, ORGANISER
from members.demo.venues import SQUARE
from members.people.person import LOCAL, Person
from members.posts.post import local_day
from members.series.series import Series
from members.signups.signup import Signup, asked_for, seated, waiting
from members.venues.venue import Venue

WORKER = "p-worker"
CLASSROOM = "v-practice-02"
"""The practice station of 高新."""

SOON = 2
"""Days from the loading on after which things begin, so that people can still sign up for them."""

LISTENERS, WAITING, RIDERS, CLEANERS, NEXT_THURSDAY = 30, 4, 11, 7, 24
"""How many sign up; for the Thursday, besides those who come every week."""
SECOND = 1
"""The place on the waiting list of the volunteer among the accounts."""

CLEANING = (
    Task("stairs", "清扫楼道", 8, ("扫帚", "簸箕"), 60),
    Task("clutter", "清杂物", 6, ("手推车", "手套"), 90),
    Task("flyers", "铲小广告", 4, ("铲刀", "喷壶"), 45),
)


@dataclass(frozen=True)
class Coming:
    """A series of Thursdays with those that are published, other activities, who signed up, and booked venues."""

    series: Series
    activities: Sequence[Activity]
    signups: Sequence[Signup]
    bookings: Sequence[Booking]


def coming(people: Sequence[Person], venues: Sequence[Venue], chance: Random, now: datetime) -> Coming:
    """What is announced as of now."""
    places = {venue.id: venue for venue in venues}
    series, today = thursdays.coming(now), local_day(now)
    days = thursdays.published(series)
    lesson, talk, cleaning = _lesson(places[CLASSROOM], today), _talk(places[SQUARE.id], today), _cleaning(today)
    faithful = [each.id for each in regulars(people, series.pattern)]
    others = [id for id in _holding("volunteer", people) if id not in faithful]
    chance.shuffle(others)
    queue = [*others[:SECOND], faithful[0], *others[SECOND : WAITING - 1]]
    crowd = iter(others[WAITING:])
    signups = [
        *_seated(lesson, [*islice(crowd, LISTENERS)], now),
        *(waiting(asked_for(lesson, id, _before(now, WAITING - n)), None) for n, id in enumerate(queue)),
        *_seated(talk, _holding("rider", people)[:RIDERS], now),
        *_seated(cleaning, [*islice(crowd, CLEANERS)], now),
        *(each for day in days[:1] for each in _seated(day, [*faithful, *islice(crowd, NEXT_THURSDAY)], now)),
    ]
    bookings = [*(_hosted(each) for each in (lesson, talk)), *_bookings(places, today)]
    return Coming(series, [*days, lesson, talk, cleaning], signups, bookings)


def _seated(activity: Activity, ids: Sequence[str], now: datetime) -> Iterator[Signup]:
    """Those who have places, with tasks where there are some, and numbers where those are counted."""
    places = tasks(activity)
    for n, id in enumerate(ids, 1):
        asked = asked_for(activity, id, _before(now, len(ids) - n + WAITING + 1))
        yield seated(asked, n if activity.capacity else None, next(places))


def _before(now: datetime, turns: int) -> datetime:
    return now - timedelta(hours=1, minutes=turns)


def _lesson(venue: Venue, today: date) -> Activity:
    begins = _next(today, 5, time(9, 30))
    return Activity(
        id="activity-demo-lesson",
        kind=Kind.ACTIVITY,
        title="老年人智能手机课堂",
        text="教老年人用手机挂号、缴费、防诈骗",
        grid_code=venue.grid_code,
        organiser_id=WORKER,
        begins=begins,
        ends=begins + timedelta(minutes=90),
        sign_up_until=begins,
        place=venue.name,
        muster=venue.at,
        conditions="带上自己的手机",
        sign_up_way="在本页报名，或到社区报名",
        risks="无特殊风险",
        protection="现场有工作人员和急救箱",
        capacity=LISTENERS,
        venue_id=venue.id,
    )


def _talk(venue: Venue, today: date) -> Activity:
    begins = _next(today, 2, time(14))
    return Activity(
        id="activity-demo-talk",
        kind=Kind.ACTIVITY,
        title="骑手健康讲座和义诊",
        text="颈肩腰保健、急救常识，现场量血压",
        grid_code=venue.grid_code,
        organiser_id=ORGANISER,
        begins=begins,
        ends=begins + timedelta(minutes=90),
        sign_up_until=begins,
        place=venue.name,
        muster=venue.at,
        conditions="面向骑手、快递员和网约车司机",
        sign_up_way="在本页报名",
        risks="无特殊风险",
        protection="现场有医护人员",
        capacity=25,
        venue_id=venue.id,
    )


def _cleaning(today: date) -> Activity:
    begins = _next(today, 6, time(14, 30))
    return Activity(
        id="activity-demo-cleaning",
        kind=Kind.ACTIVITY,
        title="东源胜景小区楼道大扫除",
        text="一起把六栋楼的楼道清理干净",
        grid_code=DONGYUAN.grid_code,
        organiser_id=WORKER,
        begins=begins,
        ends=begins + timedelta(hours=2),
        sign_up_until=begins,
        place=f"{DONGYUAN.name}门口",
        muster=DONGYUAN.at,
        conditions="年满十四周岁",
        sign_up_way="在本页报名",
        risks="楼梯湿滑、搬动杂物时可能磕碰",
        protection="提供手套和志愿者保险",
        capacity=20,
        compounds=(DONGYUAN.id,),
        tasks=CLEANING,
    )


def _next(today: date, weekday: int, at: time) -> datetime:
    """The next such weekday after some days that is no public holiday."""
    day = today + SOON * ONE_DAY
    while day.weekday() != weekday or public_holiday(day):
        day += ONE_DAY
    return datetime.combine(day, at, LOCAL)


def _hosted(activity: Activity) -> Booking:
    """The booking that an activity brings along."""
    return Booking(
        id=f"booking-{activity.id}",
        venue_id=activity.venue_id or "",
        grid_code=activity.grid_code,
        begins=activity.begins,
        ends=activity.ends,
        heads=activity.capacity or 1,
        booked_by=activity.organiser_id,
        activity_id=activity.id,
    )


def _bookings(places: Mapping[str, Venue], today: date) -> Iterator[Booking]:
    """Rooms that are booked for themselves."""
    wanted = (
        (CLASSROOM, WORKER, 1, time(15), 90, 40, "居民议事会"),
        (CLASSROOM, WORKER, 4, time(9), 150, 50, "志愿者培训"),
        (SQUARE.id, ORGANISER, 0, time(19), 60, 20, "骑手恳谈会"),
    )
    for n, (venue_id, by, weekday, at, minutes, heads, purpose) in enumerate(wanted, 1):
        begins = _next(today, weekday, at)
        ends, code = begins + timedelta(minutes=minutes), places[venue_id].grid_code
        yield Booking(f"booking-demo-{n}", venue_id, code, begins, ends, heads, by, purpose)


def _holding(role: str, people: Sequence[Person]) -> list[str]:
    """Those who are residents and nothing else besides."""
    return [each.id for each in people if each.active and {grant.role for grant in each.grants} == {"resident", role}]
