"""Drawing up a roster: the plan is kept first, and then one after the other is given a place until there are enough."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from chassis.command import Asked
from chassis.errors import Refusal
from chassis.records import Answer, Kept, Outcome
from members.activities.activity import SLOT_SECONDS, Activity, slots
from members.people.person import LOCAL, Person
from members.rosters.record import FILLED, PLANNED, Roster
from members.rosters.roster import Candidate, Obstacle, Plan, Pool, explained, planned
from members.rosters.store import RosterStore
from members.signups.seating import Seating

SLOT_MINUTES = SLOT_SECONDS // 60
ONE_DAY = timedelta(days=1)

CANNOT_COME: Mapping[str, Obstacle] = {
    "already_signed_up": Obstacle.SIGNED_UP,
    "overlaps_own_signup": Obstacle.BUSY,
    "no_free_place": Obstacle.NO_PLACE,
    "task_full": Obstacle.NO_PLACE,
}
"""Refusals after which the next of the pool is asked, and what is told of them; any other ends the asking."""


@dataclass(frozen=True)
class Rostering:
    """Plans rosters and fills them."""

    rosters: RosterStore
    seating: Seating

    def plan(self, activity: Activity, needed: int, skills: frozenset[str], area: str) -> Plan:
        """Who would be asked now."""
        return planned(needed, self._candidates(activity, self.rosters.pools(area, skills)), activity, skills)

    def fill(self, asked: Asked, activity: Kept[Activity], first: Roster, role: str) -> Answer:
        """Give places to the people of a roster that is kept by now: who comes, and how many are missing.

        A repetition goes on where the one before was cut off, and nobody is given two places.
        """
        records = self.rosters.records
        answer = records.answered(asked) or records.open(asked, _outcome(first, PLANNED, role))
        kept = records.load(answer["roster_id"], None)
        if kept.item.filled is not None:
            return dict(kept.item.filled)
        filled = {**kept.item.plan, **self._seated(asked, activity, kept.item)}
        after = replace(kept.item, filled={"roster_id": kept.id, **filled})
        done = replace(asked, command_id=f"{asked.command_id}:filled")
        records.change(done, kept.id, None, lambda found: _outcome(found if found.filled else after, FILLED, role))
        return dict(records.load(kept.id, None).item.filled or {})

    def _seated(self, asked: Asked, activity: Kept[Activity], roster: Roster) -> dict[str, Any]:
        """Those of each pool in their order up to its share; then whoever is left, while some are missing."""
        seated: list[str] = []
        rest: list[str] = []
        left_out = Counter({each["why"]: each["people"] for each in roster.plan["left_out"]})
        for pool in Pool:
            order = list(roster.order.get(pool.value, ()))
            before = len(seated)
            while order and len(seated) - before < roster.shares.get(pool.value, 0):
                person_id = order.pop(0)
                if why := self._obstacle(asked, activity, roster, person_id):
                    left_out[why.value] += 1
                else:
                    seated.append(person_id)
            rest += order
        for person_id in rest:
            if len(seated) >= roster.needed:
                break
            if why := self._obstacle(asked, activity, roster, person_id):
                left_out[why.value] += 1
            else:
                seated.append(person_id)
        people = [each for each in roster.plan["people"] if each["person_id"] in set(seated)]
        of_pools = Counter(each["pool"] for each in people)
        return {
            "people": people,
            "seated": len(seated),
            "short": roster.needed - len(seated),
            "pools": [{**each, "seated": of_pools[each["pool"]]} for each in roster.plan["pools"]],
            "left_out": [{"why": why, "people": number} for why, number in sorted(left_out.items())],
        }

    def _obstacle(self, asked: Asked, activity: Kept[Activity], roster: Roster, person_id: str) -> Obstacle | None:
        """Give a place; or why not, where that is no reason to stop asking."""
        one = replace(asked, command_id=f"{asked.command_id}:{person_id}")
        try:
            self.seating.seat(one, activity, person_id, roster.task_id)
        except Refusal as refused:
            if refused.code in CANNOT_COME:
                return CANNOT_COME[refused.code]
            raise
        return None

    def _candidates(self, activity: Activity, people: Iterable[Person]) -> list[Candidate]:
        """Each with what they have in hand on the activity's day, under whichever id."""
        pool = [each for each in people if each.merged_into is None]
        ids = sorted(frozenset[str]().union(*(each.ids for each in pool)))
        midnight = datetime.combine(activity.day, time(), LOCAL)
        of_day = slots(midnight, midnight + ONE_DAY)
        marks = self.rosters.marks(ids, of_day[0], of_day[-1] + 1)
        last, signed_up = self.rosters.last_begun(ids), self.rosters.signed_up(activity.id)
        wanted = frozenset(activity.slots)
        found = []
        for person in pool:
            taken = frozenset[int]().union(*(marks.get(id, frozenset()) for id in person.ids))
            found.append(
                Candidate(
                    person,
                    last=max((last[id] for id in person.ids if id in last), default=None),
                    minutes_that_day=len(taken) * SLOT_MINUTES,
                    busy=bool(taken & wanted),
                    signed_up=bool(person.ids & signed_up),
                )
            )
        return found


def roster_of(id: str, activity: Activity, plan: Plan, task_id: str | None) -> Roster:
    """The roster as it is kept before anybody is asked; `people` of its plan are all who may be."""
    everybody = [each for pool in Pool for each in plan.order[pool]]
    return Roster(
        id=id,
        activity_id=activity.id,
        grid_code=activity.grid_code,
        task_id=task_id,
        needed=plan.needed,
        shares={pool.value: share for pool, share in plan.shares.items()},
        order={pool.value: tuple(each.person.id for each in found) for pool, found in plan.order.items()},
        plan=explained(plan, everybody),
    )


def _outcome(roster: Roster, type: str, role: str) -> Outcome[Roster]:
    return Outcome(roster, type, {"activity_id": roster.activity_id}, role)
