"""Giving places, to who asks and to who waits; the database decides who was faster (docs/domain.md §3.3, F12)."""

import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from pymongo.errors import DuplicateKeyError

from chassis.command import Asked, digest
from chassis.errors import Busy, Refusal
from chassis.outbox import StaleVersion
from chassis.records import Answer, Kept, Outcome
from members.activities.activity import Activity
from members.activities.store import ActivityStore
from members.permission import ITSELF, role_of
from members.signups import signup as rules
from members.signups.settling import Change, changes, missed_a_change
from members.signups.signup import Reason, Signup, State
from members.signups.store import SignupStore, Taken, meets_own

log = structlog.get_logger()


TRIES = 200
"""How often a place is looked for anew; each time that it is taken meanwhile, somebody else has got one."""

MOST_MOVING = 200
"""How many move up in one round where there is a place for everybody."""

ROUNDS = 50
"""How often what becomes of sign-ups is looked at anew while others change them too."""


@dataclass(frozen=True)
class Seating:
    """Gives places in activities and takes them back."""

    signups: SignupStore
    activities: ActivityStore

    def sign_up(self, asked: Asked, activity: Kept[Activity], person_id: str, task_id: str | None) -> Answer:
        """A place for who asks, or one on the waiting list: the receipt with `state` and `task_id`.

        Refuses `already_signed_up`, `overlaps_own_signup`, `task_full` with the tasks that still need people, and
        `command_id_reused`.
        """
        first = rules.asked_for(activity.item, person_id, asked.now)
        return self._entered(asked, activity, first, task_id, may_wait=True)

    def seat(self, asked: Asked, activity: Kept[Activity], person_id: str, task_id: str | None = None) -> Answer:
        """A place for somebody whom a roster books: the receipt. Refuses as `sign_up`, and `no_free_place`."""
        first = rules.asked_for(activity.item, person_id, asked.now, by_roster=True)
        return self._entered(asked, activity, first, task_id, may_wait=False)

    def take_task(self, asked: Asked, activity: Activity, signup_id: str, task_id: str | None) -> Answer:
        """Another task, or none, for somebody who has a place or waits for one: the receipt.

        Refuses `signup_not_found`, `task_full` as above and `nothing_changed`.
        """

        def decide(found: Signup) -> Outcome[Signup]:
            if not found.live:
                raise Refusal("signup_not_found")
            if found.task_id == task_id:
                raise Refusal("nothing_changed")
            task = _place_in(activity, self.signups.taken(activity.id), task_id)
            after = rules.with_task(found, task) if found.state is State.IN else replace(found, task_id=task_id)
            return _by_person(asked, after, activity, rules.TASK_TAKEN)

        return self._until_free(lambda: self.signups.records.change(asked, signup_id, None, decide))

    def leave(self, asked: Asked, activity: Activity, signup_id: str) -> Answer:
        """Give the place back: the receipt; who waits first moves up. Refuses `signup_not_found`."""

        def decide(found: Signup) -> Outcome[Signup]:
            if not found.live:
                raise Refusal("signup_not_found")
            return _by_person(asked, rules.left(found, Reason.BY_PERSON), activity, rules.LEFT)

        answer = self.signups.records.change(asked, signup_id, None, decide)
        self.settle(activity.id, asked.now, changed=False)
        return answer

    def release(self, kept: Kept[Signup], reason: Reason, now: datetime) -> None:
        """Give somebody's place back for them, also where it has just changed: who waited may have moved up.

        Refuses `busy_try_again`.
        """
        activity = self.activities.one(kept.item.activity_id, None).item
        for _ in range(TRIES):
            try:
                self._write(kept, Change(kept.item, rules.left(kept.item, reason), rules.LEFT), activity, now)
            except StaleVersion:
                kept = self.signups.records.load(kept.id, None)
                if kept.item.live:
                    continue
            return
        raise Busy

    def settle(self, activity_id: str, now: datetime, *, changed: bool) -> None:
        """Do what has to become of the sign-ups now that the activity is as it is (see `settling`).

        If it may have `changed` since they were made everybody is looked at; else only whether somebody moves up.
        """
        unable: set[str] = set()
        for _ in range(ROUNDS):
            activity = self.activities.one(activity_id, None).item
            live = self.signups.of_activity(activity_id) if changed else self._moving_up(activity, unable)
            kept = {each.id: each for each in live if each.id not in unable}
            found = changes(activity, [each.item for each in kept.values()], now)
            if not found:
                return
            unable |= {change.after.id for change in found if not self._done(change, kept, activity, now)}
        log.warning("signups_not_settled", activity_id=activity_id)

    def settle_after(self, signup_id: str, activity_id: str, now: datetime) -> None:
        """The same after somebody has asked for a place or left: that sign-up alone may not know a change."""
        activity = self.activities.one(activity_id, None).item
        found = self.signups.records.find({"_id": signup_id}, limit=1)
        missed = any(missed_a_change(activity, each.item, now) for each in found)
        self.settle(activity_id, now, changed=missed)

    def settle_beside(self, gone: Collection[Kept[Signup]], now: datetime) -> None:
        """Let those who are free again by having left one activity move up in others at that time, which passed them
        over.
        """
        if not gone:
            return
        people = {kept.item.person_id for kept in gone}
        begins, ends = min(kept.item.begins for kept in gone), max(kept.item.ends for kept in gone)
        waiting = self.signups.of_person(people, until=ends, ending_after=begins, states=(State.WAITING,))
        for activity_id in sorted({kept.item.activity_id for kept in waiting}):
            self.settle(activity_id, now, changed=False)

    def _moving_up(self, activity: Activity, unable: Collection[str]) -> list[Kept[Signup]]:
        """As many of those who wait as there are places for, and who has places; nobody where nobody moves up."""
        inside = self.signups.count_inside(activity.id)
        places = MOST_MOVING if activity.capacity is None else activity.capacity - inside
        queue = self.signups.first_waiting(activity.id, places + len(unable)) if places > 0 else []
        return [*self.signups.of_activity(activity.id, (State.IN,)), *queue] if queue else []

    def _done(self, change: Change, kept: Mapping[str, Kept[Signup]], activity: Activity, now: datetime) -> bool:
        """Whether looking at the sign-up again is worth while: not if its person is elsewhere at that time."""
        try:
            self._write(kept[change.after.id], change, activity, now)
        except StaleVersion:
            return True
        except DuplicateKeyError as error:
            if not meets_own(error):
                return True
            if change.before.state is State.WAITING:
                return False
            overlapping = rules.left(change.before, Reason.OVERLAPS)
            return self._done(Change(change.before, overlapping, rules.CALLED_OFF), kept, activity, now)
        return True

    def _write(self, kept: Kept[Signup], change: Change, activity: Activity, now: datetime) -> None:
        asked = Asked(ITSELF, f"{kept.id}:{kept.version}", digest({}), now)
        self.signups.change(asked, kept, _outcome(change.after, activity, change.type, ITSELF.id))

    def _entered(
        self, asked: Asked, activity: Kept[Activity], first: Signup, task_id: str | None, *, may_wait: bool
    ) -> Answer:
        def once() -> Answer:
            taken = self.signups.taken(activity.id)

            def decide(found: Signup | None) -> Outcome[Signup]:
                if found is not None and found.live:
                    raise Refusal("already_signed_up", state=found.state.value)
                return _placed(asked, activity.item, first, taken, task_id, may_wait=may_wait)

            return self.signups.enter(asked, first.id, decide)

        answer = self._until_free(lambda: self.signups.records.answered(asked) or once())
        # Meanwhile somebody may have left before seeing who waits, or the activity may be another by now.
        changed = self.activities.one(activity.id, None).version != activity.version
        if changed or answer["state"] == State.WAITING:
            self.settle(activity.id, asked.now, changed=changed)
        return answer

    def _until_free(self, once: Callable[[], Answer]) -> Answer:
        """What `once` answers, anew while others take the place that it has found free; refuses as it does."""
        for _ in range(TRIES):
            try:
                return once()
            except StaleVersion:
                continue
            except DuplicateKeyError as error:
                if meets_own(error):
                    raise Refusal("overlaps_own_signup") from error
        raise Busy


def _placed(
    asked: Asked, activity: Activity, first: Signup, taken: Taken, task_id: str | None, *, may_wait: bool
) -> Outcome[Signup]:
    free = activity.capacity is None or taken.inside < activity.capacity
    # Whoever waits already comes first, also where a place is just being given back.
    if free and not (may_wait and taken.waiting):
        after = rules.seated(first, _seat(activity, taken), _place_in(activity, taken, task_id))
        return _by_person(asked, after, activity, rules.SIGNED_UP)
    if not may_wait:
        raise Refusal("no_free_place")
    return _by_person(asked, rules.waiting(first, task_id), activity, rules.WAITING_BEGUN)


def _seat(activity: Activity, taken: Taken) -> int | None:
    """One of the free seats, any of them: who asks at the same time rarely asks for the same."""
    if activity.capacity is None:
        return None
    return random.choice(rules.free_of(taken.seats, activity.capacity))  # noqa: S311 - spreads, nothing else


def _place_in(activity: Activity, taken: Taken, task_id: str | None) -> tuple[str, int] | None:
    """A free place in the task; refuses `task_full` with the tasks that still need people (F42)."""
    task = activity.task(task_id) if task_id else None
    if task is None:
        return None
    free = rules.free_of(taken.tasks.get(task.id, ()), task.heads)
    if not free:
        raise Refusal("task_full", task_id=task_id, open_tasks=rules.open_tasks(activity, taken.tasks))
    return task.id, random.choice(free)  # noqa: S311 - as above


def _by_person(asked: Asked, signup: Signup, activity: Activity, type: str) -> Outcome[Signup]:
    role = role_of(asked.caller, "sign_up", activity.grid_code)
    return _outcome(signup, activity, type, role)


def _outcome(signup: Signup, activity: Activity, type: str, role: str) -> Outcome[Signup]:
    answer = {"activity_id": activity.id, "state": signup.state.value, "task_id": signup.task_id}
    return Outcome(signup, type, rules.told(signup, activity), role, answer=answer)
