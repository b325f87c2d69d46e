"""Giving places, to who asks and to who waits; the database decides who was faster (docs/domain.md §3.3, F12)."""

import random
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from pymongo.errors import DuplicateKeyError

from chassis.caller import Caller
from chassis.command import Asked, digest
from chassis.errors import Refusal
from chassis.outbox import StaleVersion
from chassis.records import Answer, Kept, Outcome
from members.activities.activity import Activity
from members.activities.activity import State as Standing
from members.activities.store import ActivityStore
from members.signups import signup as rules
from members.signups.signup import Signup, State
from members.signups.store import SignupStore, Taken, meets_own

SYSTEM = Caller("members")
"""Who lets the waiting list move up, and gives back the places of an activity that does not take place."""

TRIES = 200
"""How often a place is looked for anew; each time that it is taken meanwhile, somebody else has got one."""


@dataclass(frozen=True)
class Seating:
    """Gives and takes back places of activities."""

    signups: SignupStore
    activities: ActivityStore

    def sign_up(self, asked: Asked, activity: Activity, person_id: str, role: str, task_id: str | None) -> Answer:
        """A place for who asks, or one on the waiting list: the receipt with `state`, `seat` and `task_id`.

        Refuses `already_signed_up`, `overlaps_own_signup`, `task_full` (with the tasks that still need people),
        `activity_cancelled` and `command_id_reused`.
        """
        first = rules.asked_for(activity, person_id, asked.now)
        answer = self._enter(asked, activity, first, role, task_id, may_wait=True)
        # Meanwhile somebody may have left before seeing who waits, or the activity may be another by now.
        self.settle(activity.id, asked.now)
        return answer

    def seat(self, asked: Asked, activity: Activity, person_id: str, role: str, task_id: str | None = None) -> Answer:
        """A place for somebody whom a roster books: the receipt. Refuses as `sign_up`, and `no_free_place`."""
        first = rules.asked_for(activity, person_id, asked.now, by_roster=True)
        answer = self._enter(asked, activity, first, role, task_id, may_wait=False)
        self.settle(activity.id, asked.now)
        return answer

    def settle(self, activity_id: str, now: datetime) -> None:
        """Let who waits move up, as long as there are free places."""
        activity = self.activities.one(activity_id, None).item
        for _ in range(TRIES):
            taken = self.signups.taken(activity_id)
            if not taken.waiting or activity.at(now) is not Standing.PUBLISHED or not _places(activity, taken):
                return
            if not self._moved_up(activity, taken, now):
                return

    def _moved_up(self, activity: Activity, taken: Taken, now: datetime) -> bool:
        """Whether the list moved, or somebody else moved it, so that looking again is worth while."""
        for kept in self.signups.of_activity(activity.id, (State.WAITING,)):
            after = rules.seated(kept.item, activity, _one(activity, taken), _task(activity, taken, kept.item.task_id))
            try:
                self.signups.change(system(kept, now), kept, outcome(after, activity, rules.SEATED, SYSTEM.id))
            except StaleVersion:
                return True
            except DuplicateKeyError as error:
                if not meets_own(error):
                    return True
            else:
                return True
        return False

    def _enter(
        self, asked: Asked, activity: Activity, first: Signup, role: str, task_id: str | None, *, may_wait: bool
    ) -> Answer:
        for _ in range(TRIES):
            if answer := self.signups.records.answered(asked):
                return answer
            taken = self.signups.taken(activity.id)

            def decide(found: Signup, taken: Taken = taken) -> Outcome[Signup]:
                if found.live and found is not first:
                    raise Refusal("already_signed_up", state=found.state.value)
                return _asked(replace(first, id=found.id), activity, taken, role, task_id, may_wait=may_wait)

            with suppress(StaleVersion):
                try:
                    return self.signups.enter(asked, decide, first)
                except DuplicateKeyError as error:
                    if meets_own(error):
                        raise Refusal("overlaps_own_signup") from error
        raise Refusal("busy_try_again")


def outcome(signup: Signup, activity: Activity, type: str, role: str) -> Outcome[Signup]:
    """What becomes of a sign-up, with the event that tells of it."""
    answer = {
        "activity_id": activity.id,
        "state": signup.state.value,
        "seat": signup.seat,
        "task_id": signup.task_id,
    }
    return Outcome(signup, type, rules.told(signup, activity), role, answer=answer)


def system(kept: Kept[Signup], now: datetime) -> Asked:
    """What the service does with a sign-up of its own accord, once for each version."""
    return Asked(SYSTEM, f"{kept.id}:{kept.version}", digest({}), now)


def _asked(
    first: Signup, activity: Activity, taken: Taken, role: str, task_id: str | None, *, may_wait: bool
) -> Outcome[Signup]:
    task = _task(activity, taken, task_id)
    if task_id is not None and task is None:
        raise Refusal("task_full", task_id=task_id, open_tasks=rules.open_tasks(activity, taken.tasks))
    # Whoever waits already comes first, also where a place is just being given back.
    if _places(activity, taken) and not (may_wait and taken.waiting):
        return outcome(rules.seated(first, activity, _one(activity, taken), task), activity, rules.SIGNED_UP, role)
    if not may_wait:
        raise Refusal("no_free_place")
    return outcome(rules.waiting(first, task_id), activity, rules.WAITING_BEGUN, role)


def _places(activity: Activity, taken: Taken) -> bool:
    return activity.capacity is None or taken.inside < activity.capacity


def _one(activity: Activity, taken: Taken) -> int | None:
    """One of the free seats, any of them: who asks at the same time rarely asks for the same."""
    if activity.capacity is None:
        return None
    return random.choice(rules.free_of(taken.seats, activity.capacity))  # noqa: S311 - spreads, nothing else


def _task(activity: Activity, taken: Taken, task_id: str | None) -> tuple[str, int] | None:
    task = activity.task(task_id) if task_id else None
    free = rules.free_of(taken.tasks.get(task.id, ()), task.heads) if task else []
    return (task.id, random.choice(free)) if task and free else None  # noqa: S311 - as above
