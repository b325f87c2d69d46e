"""Drawing records up: of an activity by its organiser, of a case when its team says that it is done."""

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pymongo.errors import DuplicateKeyError

from chassis import instant
from chassis.caller import Caller
from chassis.command import Asked, digest
from chassis.errors import Refusal
from chassis.event import Event
from chassis.records import Answer, Outcome, carried_out
from members.activities.activity import Activity
from members.activities.activity import State as Standing
from members.attendance.store import AttendanceStore
from members.hours import record as rules
from members.hours.credit import Interval
from members.hours.record import DRAWN_UP, Kind, Record
from members.hours.source import new_time, of_attendance, of_case, of_patrol
from members.hours.store import HoursStore
from members.patrols.patrol import Patrol
from members.people.person import Person
from members.people.store import PeopleStore
from members.permission import ITSELF, may, role_of


@dataclass(frozen=True)
class Recording:
    """Makes the records of those who served as volunteers; staff have none (docs/domain.md §8.4)."""

    hours: HoursStore
    attendance: AttendanceStore
    people: PeopleStore

    def of_activity(self, asked: Asked, activity: Activity) -> Answer:
        """Draw up the records of everybody who came: how many `{new, changed, staff}` there are.

        Again, what was told meanwhile is in those that nobody has decided on; the others stay. Refuses `not_permitted`,
        `activity_cancelled`, and `activity_not_over`.
        """
        role = recorder_role(asked.caller, activity)
        if activity.state is Standing.CANCELLED:
            raise Refusal("activity_cancelled")
        if activity.at(asked.now) is not Standing.OVER:
            raise Refusal("activity_not_over", ends=instant.written(activity.ends))
        came = self.attendance.of_activity(activity.id)
        people = dict(self.people.as_asked(sorted({each.person_id for each in came})))
        counts = {"new": 0, "changed": 0, "staff": 0}
        for each in came:
            if not _volunteers(people.get(each.person_id), activity.grid_code, activity.begins):
                counts["staff"] += 1
            elif what := self._kept(asked, of_attendance(activity, each, asked.caller.id, asked.now), role):
                counts[what] += 1
        return {"activity_id": activity.id, **counts}

    def of_case(self, event: Event, case: Mapping[str, Any]) -> None:
        """Draw up what each volunteer of the team has spent on the case since it was drawn up last; safe to repeat."""
        by_person: defaultdict[str, list[Interval]] = defaultdict(list)
        for stay in case["stays"]:
            if stay["arrived_at"] < stay["left_at"]:
                by_person[stay["assignee_id"]].append((stay["arrived_at"], stay["left_at"]))
        asked = Asked(ITSELF, event.id, digest({}), event.time)
        recorded = [kept.item for kept in self.hours.of_source(case["case_id"], Kind.CASE)]
        for id, person in self.people.as_asked(sorted(by_person)):
            own = [each for each in recorded if each.person_id in person.ids]
            stints = new_time(by_person[id], own)
            if stints and _volunteers(person, case["grid_code"], stints[0][0]):
                self._kept(asked, of_case(case, event.sequence, id, stints, event.time), ITSELF.id)

    def of_patrol(self, event: Event, patrol: Patrol) -> None:
        """Draw up what a volunteer has given to a patrol that has ended; safe to repeat."""
        asked = Asked(ITSELF, event.id, digest({}), event.time)
        for _, person in self.people.as_asked([patrol.person_id]):
            if _volunteers(person, patrol.grid_code, patrol.started_at):
                self._kept(asked, of_patrol(patrol, event.time), ITSELF.id)

    def _kept(self, asked: Asked, record: Record, role: str) -> str | None:
        """Keep a record that is new, or what of one is told anew while nobody has decided: which of the two it was."""
        one = replace(asked, command_id=f"{asked.command_id}:{record.id}")
        found = self.hours.records.find({"_id": record.id}, limit=1)
        if not found:
            with suppress(DuplicateKeyError):  # somebody else draws it up at this very moment
                carried_out([self.hours.records.opening(one, _outcome(record, role))])
                return "new"
            return None
        after = rules.redrawn(found[0].item, record)
        if after is None:
            return None
        carried_out([self.hours.records.changing(one, found[0], _outcome(after, role))])
        return "changed"


def recorder_role(caller: Caller, activity: Activity) -> str:
    """The role in which somebody draws up the records of an activity: its organiser's, or the office's."""
    if may(caller, "approve_hours", activity.grid_code):
        return role_of(caller, "approve_hours", activity.grid_code)
    if may(caller, "approve_hours_of_own_activities", activity.organiser_id):
        return role_of(caller, "approve_hours_of_own_activities", activity.organiser_id)
    raise Refusal("not_permitted", act="approve_hours")


def _volunteers(person: Person | None, grid_code: str, at: datetime) -> bool:
    return person is not None and rules.volunteers(person, grid_code, at)


def _outcome(record: Record, role: str) -> Outcome[Record]:
    return Outcome(record, DRAWN_UP, rules.told(record), role)
