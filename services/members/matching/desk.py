"""The entrypoints of matching: who suits a task, and who has what in hand."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chassis.clock import Clock
from chassis.desk import Desk
from chassis.event import Event, heard
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.changing import known
from members.matching import engagement, ranking, views
from members.matching.engagements import EngagementStore
from members.matching.pool import PoolStore
from members.matching.ranking import Task
from members.matching.schemas import CandidatesSchema, CaseEventSchema
from members.territory.store import TerritoryStore

Answer = dict[str, Any]


class MatchingDesk(Desk):
    """Proposes people, and keeps in mind who has what in hand and was asked for what."""

    pool: PoolStore = Store(PoolStore)
    engagements: EngagementStore = Store(EngagementStore)
    territory: TerritoryStore
    present: Clock

    @rpc
    def candidates(self, **body: Any) -> list[Answer]:
        """Who suits a task, best first, with reasons: for the service that dispatches. Refuses `unknown_grid`.

        Nobody is asked twice for one case: with its `case_id` those are left out who were asked for it before.
        """
        wanted = load(CandidatesSchema(), body)
        limit = wanted.pop("limit")
        case_id = wanted.pop("case_id")
        before = self.engagements.asked_for(case_id) if case_id else frozenset[str]()
        task = _task(wanted, before)
        middle = known(self.territory.grid(task.grid_code), "unknown_grid", grid_code=task.grid_code).middle
        pool = self.pool.nearest(task, task.place or middle)
        return [views.candidate(each) for each in ranking.rank(task, self.engagements.helpers(pool), limit)]

    def note_engagement(self, event: Event) -> None:
        """Keep in mind who has the case in hand now, and who was asked to take it."""
        case = heard(CaseEventSchema(), event.data)
        self.copy_engagement(case, event.sequence, event.time)
        asked = engagement.asked(event.type, case["assignees"])
        self.engagements.note_asked(case["case_id"], asked, event.time, self.present.now())

    def copy_engagement(self, case: Mapping[str, Any], sequence: int, at: datetime) -> None:
        """Keep in mind who has the case in hand after its event number `sequence`."""
        noted = engagement.after(case["case_id"], sequence, case["status"], case["assignees"], at)
        self.engagements.note(noted, self.present.now())


def _task(wanted: Mapping[str, Any], asked_before: frozenset[str]) -> Task:
    place = wanted["location"]
    return Task(
        grid_code=wanted["grid_code"],
        at=wanted["at"],
        place=(place["lon"], place["lat"]) if place else None,
        skills=frozenset(wanted["skills"]),
        certificates=frozenset(wanted["certificates"]),
        exclude=asked_before | frozenset(wanted["excluded"]),
        exclude_units=frozenset(wanted["units_excluded"]),
    )
