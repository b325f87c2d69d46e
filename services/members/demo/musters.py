"""Who came to the demo's Thursdays (docs/domain.md §8.2): about 95 each, some every week, the others by turns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import repeat
from random import Random

from members.activities.activity import Activity
from members.attendance.attendance import Act, Attendance, How, Mark, first_of, marked
from members.people.person import Person
from members.rosters.roster import Candidate, obstacle, planned, pool_of
from members.signups.signup import Signup, asked_for, open_tasks, seated

REGULARS = 16
"""Volunteers who come nearly every week; the first of them is an account of demo_accounts.json, and always comes."""

COMES = 0.96
EXPECTED = (90, 100)
"""How many come, of whom so many are walk-ins; so many others do not come although they have a place."""

WALK_INS, ABSENT, FORGETFUL = (3, 8), (3, 7), (1, 3)
"""The forgetful do not check out; of every other the organiser confirms when it was."""

SCANS = 0.85
FIRST_MINUTE, LAST_MINUTE = -20, 15
"""When people come, in minutes from the beginning, and when they go, from the end."""

ASKED_DAYS = 20
NO_SKILL: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Muster:
    """A service day, who had a place in it, and who came."""

    activity: Activity
    signups: Sequence[Signup]
    attendance: Sequence[Attendance]


def regulars(people: Sequence[Person], day: Activity) -> list[Person]:
    """The volunteers who come nearly every week: free at that time, and no members in service."""
    volunteers = (each for each in people if {grant.role for grant in each.grants} == {"resident", "volunteer"})
    return [each for each in volunteers if obstacle(Candidate(each), day, NO_SKILL) is None][:REGULARS]


def musters(days: Sequence[Activity], people: Sequence[Person], chance: Random) -> list[Muster]:
    """The musters of these days, of people who are free then: whoever has not come for the longest comes next."""
    if not days:
        return []
    faithful = regulars(people, days[0])
    known = {each.id for each in faithful}
    others = [each for each in people if each.active and each.id not in known and pool_of(each)]
    free = [each for each in others if obstacle(Candidate(each), days[0], NO_SKILL) is None]
    last: dict[str, datetime] = {}
    found: list[Muster] = []
    for day in days:
        steady = [each.id for n, each in enumerate(faithful) if not n or chance.random() < COMES]
        walk_ins, absent = chance.randint(*WALK_INS), chance.randint(*ABSENT)
        wanted = chance.randint(*EXPECTED) - len(steady) + absent
        roster = planned(wanted, (Candidate(each, last.get(each.id)) for each in free), day, NO_SKILL)
        asked = [each.person.id for each in roster.chosen]
        chance.shuffle(asked)
        last |= dict.fromkeys(asked, day.begins)
        found.append(_muster(day, [*steady, *asked[walk_ins:]], asked[:walk_ins], absent, chance))
    return found


def tasks(activity: Activity) -> Iterator[tuple[str, int] | None]:
    """The places of the board as people take them who go where the most are missing, and none once all are taken."""
    taken: dict[str, set[int]] = {task.id: set() for task in activity.tasks}
    while rows := open_tasks(activity, taken):
        id = rows[0]["task_id"]
        taken[id].add(len(taken[id]) + 1)
        yield id, len(taken[id])
    yield from repeat(None)


def _muster(day: Activity, with_place: Sequence[str], walk_ins: Sequence[str], absent: int, chance: Random) -> Muster:
    places = tasks(day)
    signups = [seated(asked_for(day, id, _asked(day, chance)), None, next(places)) for id in with_place]
    there = [(id, False) for id in with_place[: len(with_place) - absent]] + [(id, True) for id in walk_ins]
    forgetful = chance.sample(range(REGULARS, len(there)), chance.randint(*FORGETFUL))
    came = [
        _came(day, id, chance, walk_in=walk_in, forgets=n in forgetful, told=n in forgetful[1::2])
        for n, (id, walk_in) in enumerate(there)
    ]
    return Muster(day, signups, came)


def _asked(day: Activity, chance: Random) -> datetime:
    return day.begins - timedelta(minutes=chance.randint(60, ASKED_DAYS * 24 * 60))


def _came(day: Activity, id: str, chance: Random, *, walk_in: bool, forgets: bool, told: bool) -> Attendance:
    """One who came and went; who forgets to check out has only come, unless it was told afterwards."""
    how = How.SCAN if chance.random() < SCANS else How.LIST
    begun = Mark(Act.IN, _about(day.begins, chance), how)
    found = marked(first_of(day, id, has_place=not walk_in), begun, day)
    if forgets and not told:
        return found
    return marked(found, Mark(Act.OUT, _about(day.ends, chance), How.CONFIRMED if told else how), day)


def _about(at: datetime, chance: Random) -> datetime:
    return at + timedelta(seconds=chance.randint(FIRST_MINUTE * 60, LAST_MINUTE * 60))
