"""The entrypoints of matching: who suits a task, and who has what in hand."""

from collections.abc import Mapping
from typing import Any

from chassis.clock import Clock
from chassis.desk import Desk
from chassis.event import Event
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from chassis.subscribe import subscribe
from members.changing import known
from members.matching import engagement, ranking, views
from members.matching.engagements import EngagementStore
from members.matching.pool import PoolStore
from members.matching.ranking import Task
from members.matching.schemas import CandidatesSchema, heard
from members.territory.store import TerritoryStore

Answer = dict[str, Any]


class MatchingDesk(Desk):
    """Proposes people, and keeps in mind who has what in hand."""

    pool: PoolStore = Store(PoolStore)
    engagements: EngagementStore = Store(EngagementStore)
    territory: TerritoryStore
    present: Clock

    @rpc
    def candidates(self, **body: Any) -> list[Answer]:
        """Who suits a task, best first, with reasons: for the service that dispatches. Refuses `unknown_grid`."""
        wanted = load(CandidatesSchema(), body)
        limit = wanted.pop("limit")
        task = _task(wanted)
        middle = known(self.territory.grid(task.grid_code), "unknown_grid", grid_code=task.grid_code).middle
        pool = self.pool.nearest(task, task.place or middle)
        return [views.candidate(each) for each in ranking.rank(task, self.engagements.helpers(pool), limit)]

    @subscribe("cases", *engagement.ENGAGING)
    def note_engagement(self, event: Event) -> None:
        """Keep in mind who has the case in hand now."""
        case = heard(event.data)
        noted = engagement.after(case["case_id"], event.sequence, case["status"], case["assignees"], event.time)
        self.engagements.note(noted, self.present.now())


def _task(wanted: Mapping[str, Any]) -> Task:
    place = wanted["location"]
    return Task(
        grid_code=wanted["grid_code"],
        at=wanted["at"],
        place=(place["lon"], place["lat"]) if place else None,
        skills=frozenset(wanted["skills"]),
        certificates=frozenset(wanted["certificates"]),
        exclude=frozenset(wanted["excluded"]),
    )
