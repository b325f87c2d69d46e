"""Which kinds of case come up how often within their group, and from which source each may come."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random

from cases.case import Source
from cases.category import Category, Severity, in_force
from cases.deadline import LOCAL, Unit, due
from cases.demo.quota import GROUPS, REGISTERED, SOURCES, End, Fate, Silence, apportioned
from cases.demo.story import NOW, OPENS

OFTEN: Mapping[str, int] = {
    "0101": 6, "0102": 6, "0103": 3, "0105": 4, "0106": 1, "0108": 2, "0201": 3, "0203": 1, "0204": 3, "0205": 4,
    "0301": 6, "0302": 4, "0303": 9, "0304": 4, "0305": 3, "0306": 5, "0307": 4, "0308": 4, "0501": 3, "0502": 0,
    "0504": 5, "0505": 3, "0507": 3, "0601": 4, "0602": 6, "0603": 1, "0604": 0, "0605": 2, "0606": 1, "0607": 0,
    "0701": 6, "0702": 1, "0703": 3, "0704": 2, "0801": 4, "0802": 4, "0806": 3, "0901": 3, "0902": 3, "1003": 0,
}  # fmt: skip
"""Weights; of whatever is not named 1. Praise is no matter to be solved."""

ON_THE_STREET = ("02", "03", "04", "06")
"""Groups of what riders and others see in passing; on patrol people see public facilities too."""

COMPLAINTS = "0504"
"""Complaints about property companies: they are what people report without a name."""

CAN_BE_LATE = frozenset({Severity.NORMAL, Severity.LOW})
LAST_DUE = datetime(2026, 3, 30, 18, tzinfo=LOCAL)
"""By then everything closed is due, so that all of it is closed and rated within the period."""

LAST_LATE = datetime(2026, 3, 20, 18, tzinfo=LOCAL)
FIRST_OVERDUE, LAST_OVERDUE = datetime(2026, 2, 24, tzinfo=LOCAL), datetime(2026, 3, 30, 18, tzinfo=LOCAL)
LAST_REPORT = datetime(2026, 3, 31, 15, tzinfo=LOCAL)

MORNINGS = [OPENS + timedelta(days=n, hours=8) for n in range((NOW - OPENS).days + 1)]
EVENING = timedelta(hours=13)
"""From the morning until nobody reports any more."""


def kinds(chance: Random) -> list[Category]:
    """The kinds of all registered cases, in the shares of their groups, in an order left to chance."""
    known = in_force(NOW).categories.values()
    drawn: list[Category] = []
    for group, number in apportioned(REGISTERED, GROUPS).items():
        within = [kind for kind in known if kind.code.startswith(group)]
        drawn += chance.choices(within, [OFTEN.get(kind.code, 1) for kind in within], k=number)
    chance.shuffle(drawn)
    return drawn


def suits(kind: Category, fate: Fate) -> bool:
    """Whether a case of this kind can fare so: what is urgent is neither late nor left open, nor a quarrel redone."""
    if fate.silence is Silence.ANONYMOUS:
        return kind.code == COMPLAINTS
    patient = kind.severity in CAN_BE_LATE and kind.resolve.unit in {Unit.WORKING_DAYS, Unit.DAYS}
    if fate.end is not End.CLOSED:
        return patient and kind.resolve.count > 1
    if fate.reworked:
        return patient and not kind.is_dispute
    return fate.plain or (patient and kind.respond.unit is Unit.WORKING_DAYS)


def window(kind: Category, fate: Fate) -> tuple[datetime, datetime]:
    """Between which instants such a case is reported, so that it is due when it should be."""
    first, last = {
        End.AHEAD: (NOW + timedelta(hours=7), NOW + timedelta(days=60)),
        End.OVERDUE: (FIRST_OVERDUE, LAST_OVERDUE),
        End.CLOSED: (OPENS, LAST_LATE if fate.late else LAST_DUE),
    }[fate.end]
    begins, ends = bisect_left(MORNINGS, first, key=_due(kind)), bisect_right(MORNINGS, last, key=_due(kind, EVENING))
    return MORNINGS[begins], min(MORNINGS[ends - 1] + EVENING, LAST_REPORT)


def sources(dealt: list[tuple[Category, Fate]], chance: Random) -> list[Source]:
    """The source of each case: sessions bring up what can wait, riders and patrols what lies on the street."""
    left = apportioned(REGISTERED, SOURCES)
    found = {n: Source.APP for n, (_, fate) in enumerate(dealt) if fate.silence is Silence.ANONYMOUS}
    left[Source.APP] -= len(found)
    for source in (Source.SESSION, Source.PATROL, Source.SNAP):
        fit = [n for n, (kind, fate) in enumerate(dealt) if n not in found and _comes_from(source, kind, fate)]
        found |= dict.fromkeys(chance.sample(fit, left.pop(source)), source)
    rest = [source for source, number in left.items() for _ in range(number)]
    chance.shuffle(rest)
    return [found.get(n) or rest.pop() for n in range(len(dealt))]


def _comes_from(source: Source, kind: Category, fate: Fate) -> bool:
    if source is Source.SESSION:
        waits = kind.resolve.unit in {Unit.WORKING_DAYS, Unit.DAYS}
        return waits and kind.severity in CAN_BE_LATE and fate.end is End.CLOSED
    return kind.code.startswith((*ON_THE_STREET, "01") if source is Source.PATROL else ON_THE_STREET)


def _due(kind: Category, later: timedelta = timedelta(0)) -> Callable[[datetime], datetime]:
    """When a case of the kind is due that is reported so much later."""
    return lambda at: due(at + later, kind.resolve).at
