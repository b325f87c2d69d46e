"""The demo's weekly service days (docs/domain.md §8.2, F43): a series that has been, and one of the days to come."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from members.activities.activity import Activity, Kind, Task
from members.demo.venues import SQUARE
from members.people.person import LOCAL
from members.posts.post import local_day
from members.series.recurrence import Recurrence
from members.series.series import Date, Series, activity_on, awaiting, dates, due, with_published

ORGANISER = "p-party-office"

FIRST, LAST = date(2025, 7, 1), date(2026, 3, 31)
"""The demo period."""

THURSDAY = 3
STARTS_AT = time(8, 30)
LASTS = timedelta(hours=3)
COMING, COMING_WEEKS = "series-thursdays-coming", 52
ONE_DAY = timedelta(days=1)

TASKS = (
    Task("stairs", "清扫楼道", 32, ("扫帚", "簸箕"), 60),
    Task("rails", "擦扶手", 20, ("抹布", "水桶"), 45),
    Task("litter", "捡垃圾", 26, ("垃圾夹", "垃圾袋"), 60),
    Task("clutter", "清杂物", 16, ("手推车", "手套"), 90),
    Task("flyers", "铲小广告", 12, ("铲刀", "喷壶"), 45),
)
"""The board of each day (F42)."""


def held(now: datetime) -> Series:
    """The series of the demo period, with the days published that are over; the service publishes what is to come."""
    series = _series("series-thursdays-2025", Recurrence(THURSDAY, FIRST, until=LAST))
    over = (each for each in _taking_place(series) if each.begins + LASTS <= now)
    return awaiting(with_published(series, over), now)


def coming(now: datetime) -> Series:
    """The series of the year that follows the demo period and `now`, with the days published that are near."""
    starts = max(LAST, local_day(now)) + ONE_DAY
    series = _series(COMING, Recurrence(THURSDAY, starts, count=COMING_WEEKS))
    return awaiting(with_published(series, due(series, now)), now)


def published(series: Series) -> list[Activity]:
    """The activities of a series as they are published, the earliest first."""
    return [activity_on(series, each) for each in _taking_place(series) if each.day in series.published]


def _taking_place(series: Series) -> Iterable[Date]:
    return [each for each in dates(series) if each.takes_place]


def _series(id: str, rule: Recurrence) -> Series:
    first = rule.starts + timedelta(days=(rule.weekday - rule.starts.weekday()) % 7)
    begins = datetime.combine(first, STARTS_AT, LOCAL)
    pattern = Activity(
        id=id,
        kind=Kind.SERVICE_DAY,
        title="扮靓周四“益”起来志愿服务日",
        text="分组到各小区清扫楼道、擦扶手、捡垃圾、清杂物、铲小广告",
        grid_code=SQUARE.grid_code,
        organiser_id=ORGANISER,
        begins=begins,
        ends=begins + LASTS,
        place=f"{SQUARE.name}门前",
        muster=SQUARE.at,
        sign_up_until=begins,
        conditions="年满十四周岁，身体健康",
        sign_up_way="在本页报名，或当天到集合点签到",
        risks="楼梯湿滑、清理杂物时可能划伤",
        protection="提供手套、反光背心和志愿者保险",
        tasks=TASKS,
    )
    return Series(id, rule, pattern)
