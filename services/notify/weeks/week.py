"""A week that holders of posts are told of: when, which days it was, and what they are told."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from notify.notices.notice import BULK, NoticeDraft, about_no_case
from notify.notices.rule import Reach
from notify.wording.catalogue import SHANGHAI

TEMPLATE = "week_of_posts"

TOLD_AT = time(8)
"""On Mondays, local time (our decision): at the beginning of the week, outside quiet hours."""

STILL_TOLD = timedelta(days=1)
"""For how long after that a week is begun that nobody could tell of on time; later it is news no more."""

COUNTED = ("waiting", "problem", "unassigned", "overdue", "completion", "left")
"""What is counted of each grid, as cases names it: how it stands now, and what ended in the week."""


@dataclass(frozen=True)
class Week:
    """One week from `since` until `until`; `after` is up to whom, by id, everybody has been told."""

    id: str
    event_id: str
    at: datetime
    since: datetime
    until: datetime
    after: str = ""


@dataclass(frozen=True)
class Holder:
    """Somebody who holds posts, and on which grids; `unit_id` is the unit that they belong to."""

    person_id: str
    grids: tuple[str, ...]
    unit_id: str | None = None


Counts = Mapping[str | None, Mapping[str, Mapping[str, int]]]
"""What is counted of each grid, for the people of each unit: to them there is nothing that is about it (§5)."""


def local_day(at: datetime) -> date:
    """The day on which that is here."""
    return at.astimezone(SHANGHAI).date()


def due(now: datetime, event_id: str) -> Week | None:
    """The week of which it is time to tell, under that id; None on the other days."""
    local = now.astimezone(SHANGHAI)
    monday = datetime.combine(local.date() - timedelta(days=local.weekday()), time(), SHANGHAI)
    at = datetime.combine(monday.date(), TOLD_AT, SHANGHAI)
    if not at <= local < at + STILL_TOLD:
        return None
    return Week(monday.date().isoformat(), event_id, at, monday - timedelta(days=7), monday)


def grids_of(holders: Iterable[Holder]) -> dict[str | None, list[str]]:
    """The grids to be counted for the people of each unit, None for those of none."""
    found = defaultdict[str | None, set[str]](set)
    for each in holders:
        found[each.unit_id].update(each.grids)
    return {unit_id: sorted(grids) for unit_id, grids in found.items() if grids}


def notices(week: Week, holders: Iterable[Holder], counts: Counts) -> Iterator[NoticeDraft]:
    """What each of them is told: the sums of their grids, and where it is one, which; anybody may decline it."""
    for each in holders:
        sums: Counter[str] = Counter()
        for code in each.grids:
            sums.update(counts.get(each.unit_id, {}).get(code, {}))
        facts = {
            "period": f"{local_day(week.since)} – {local_day(week.until) - timedelta(days=1)}",
            **({"grid_code": each.grids[0]} if len(each.grids) == 1 else {}),
            **{f"week_{name}": sums[name] for name in COUNTED},
        }
        draft = about_no_case(week.event_id, week.at, each.person_id, TEMPLATE, Reach.OUTSIDE, facts, mandatory=False)
        yield replace(draft, lane=BULK)
