"""Who is asked to come to an activity: from two pools by their sizes, who has not come for the longest first (F47)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from chassis import instant
from members.activities.activity import Activity
from members.hours.credit import MOST_A_DAY
from members.people.person import Person
from members.people.registration import YOUNGEST

INSTANT = timedelta(microseconds=1)


class Pool(StrEnum):
    """Where somebody is taken from; who is in both is counted once, as a member."""

    MEMBERS = "in_service_member"
    VOLUNTEERS = "volunteer"


class Obstacle(StrEnum):
    """Why somebody is not asked; of several the first."""

    SIGNED_UP = "signed_up_already"
    BUSY = "booked_elsewhere"
    DAY_FULL = "eight_hours_that_day"
    NOT_FREE = "not_free_then"
    UNREACHABLE = "declines_every_way_of_being_told"
    UNSKILLED = "lacks_a_skill"
    AGE = "age_not_told"
    NO_PLACE = "no_free_place"


@dataclass(frozen=True)
class Candidate:
    """Somebody of a pool: when they last served or will, and what they have in hand on that day, in minutes."""

    person: Person
    last: datetime | None = None
    minutes_that_day: int = 0
    busy: bool = False
    signed_up: bool = False


@dataclass(frozen=True)
class Plan:
    """Who is asked, pool by pool in the order in which they are, and why the others are not.

    `shares` are the places of each pool; of whoever is behind in a list somebody comes only where one before cannot.
    """

    needed: int
    sizes: Mapping[Pool, int]
    shares: Mapping[Pool, int]
    order: Mapping[Pool, Sequence[Candidate]]
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def chosen(self) -> list[Candidate]:
        """Those who are asked if all of them can come."""
        return [each for pool in Pool for each in self.order[pool][: self.shares[pool]]]

    @property
    def short(self) -> int:
        """How many are missing even then."""
        return self.needed - sum(self.shares.values())


def pool_of(person: Person) -> Pool | None:
    """The pool that somebody is in, None for whoever is in neither."""
    roles = {grant.role for grant in person.grants}
    return next((pool for pool in Pool if pool.value in roles), None)


def obstacle(candidate: Candidate, activity: Activity, skills: frozenset[str]) -> Obstacle | None:
    """Why somebody is not asked, None for whoever is.

    Who told no free times may be asked at any; who told some, only if one covers the activity from beginning to end.
    """
    person = candidate.person
    checks = (
        (candidate.signed_up, Obstacle.SIGNED_UP),
        (candidate.busy, Obstacle.BUSY),
        (candidate.minutes_that_day + activity.minutes > MOST_A_DAY, Obstacle.DAY_FULL),
        (bool(person.free_times) and not _free(person, activity), Obstacle.NOT_FREE),
        (not person.channels, Obstacle.UNREACHABLE),
        (not skills <= person.skills, Obstacle.UNSKILLED),
        (activity.youngest > YOUNGEST, Obstacle.AGE),
    )
    return next((why for holds, why in checks if holds), None)


def planned(needed: int, candidates: Iterable[Candidate], activity: Activity, skills: frozenset[str]) -> Plan:
    """Who is asked for so many places; of two who have not come for equally long, chance decides the same each time."""
    order: dict[Pool, list[Candidate]] = {pool: [] for pool in Pool}
    left_out: Counter[str] = Counter()
    for each in candidates:
        pool = pool_of(each.person)
        if pool is None:
            continue
        if why := obstacle(each, activity, skills):
            left_out[why.value] += 1
        else:
            order[pool].append(each)
    for found in order.values():
        found.sort(key=lambda each: _turn(each, activity.id))
    sizes = {pool: len(found) for pool, found in order.items()}
    return Plan(needed, sizes, shares(needed, sizes), order, dict(left_out))


def shares(needed: int, sizes: Mapping[Pool, int]) -> dict[Pool, int]:
    """The places of each pool in proportion to its size, what is left over by the largest remainder; all if too few."""
    total = sum(sizes.values())
    if needed >= total:
        return dict(sizes)
    found = {pool: needed * size // total for pool, size in sizes.items()}
    by_remainder = sorted(sizes, key=lambda pool: (-(needed * sizes[pool] % total), pool.value))
    for pool in by_remainder[: needed - sum(found.values())]:
        found[pool] += 1
    return found


def _free(person: Person, activity: Activity) -> bool:
    last = activity.ends - INSTANT
    return any(span.covers(activity.begins) and span.covers(last) for span in person.free_times)


def _turn(candidate: Candidate, activity_id: str) -> tuple[float, str]:
    last = candidate.last.timestamp() if candidate.last else float("-inf")
    return last, sha256(f"{activity_id}\0{candidate.person.id}".encode()).hexdigest()


def explained(plan: Plan, seated: Sequence[Candidate]) -> dict[str, Any]:
    """The roster as it is kept: who comes and why, without a name, and who is missing."""
    return {
        "needed": plan.needed,
        "seated": len(seated),
        "short": plan.needed - len(seated),
        "pools": [
            {
                "pool": pool.value,
                "size": plan.sizes[pool],
                "share": plan.shares[pool],
                "seated": sum(pool_of(each.person) is pool for each in seated),
            }
            for pool in Pool
        ],
        "left_out": [{"why": why, "people": people} for why, people in sorted(plan.left_out.items())],
        "people": [
            {
                "person_id": each.person.id,
                "pool": pool.value,
                "last_served": instant.written_or_none(each.last),
                "minutes_that_day": each.minutes_that_day,
            }
            for each in seated
            if (pool := pool_of(each.person))
        ],
    }


def named(found: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The roster as whoever draws it up reads it: everybody with the masked name by which they are known now."""
    return {
        **found,
        "people": [{**each, "name_masked": names.get(each["person_id"], "")} for each in found["people"]],
    }
