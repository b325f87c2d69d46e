"""Demands as they are asked for, given up and run out: loads, lets the rules decide, and writes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog

from cases.casework import Casework
from cases.match_lists import demand as rules
from cases.match_lists.demand import Demand, draft, for_others
from cases.match_lists.lists import List
from cases.match_lists.outcome import demand_outcome
from cases.match_lists.permission import permitted_role
from cases.match_lists.store import MatchListStore
from cases.showing.listing import tenants
from chassis.caller import CLOCK, THE_CLOCK, Caller
from chassis.command import Asked, digest
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.records import Answer, Kept, Outcome, Writing, again_when_stale

log = structlog.get_logger()


class Demands:
    """What is done with demands, for the entrypoints here and for every desk that hears what people need."""

    def __init__(self, store: MatchListStore, casework: Casework) -> None:
        """`casework` finds places and people."""
        self._store, self._casework = store, casework

    def open(self, asked: Asked, fields: Mapping[str, Any]) -> Answer:
        """Open one demand, of the fields of `schemas.DemandSchema`: `{demand_id, version, at, event_id, …}`.

        A repetition gets the same. Refuses what `openings` does, and `command_id_reused`.
        """
        return self._opened(asked, [fields])

    def open_all(self, asked: Asked, shared: Mapping[str, Any], needs: Sequence[Mapping[str, Any]]) -> Answer:
        """Open a demand for each need of one visit or session, all or none: as `open`, with `demands`, their ids.

        `shared` has the place, the asker, `source` and `source_id`; what it was heard at is listed once, however
        often it is sent. Refuses what `openings` does, `command_id_reused`, and `needs_already_listed` for other
        needs of the same source.
        """
        heard_at = f"{shared['source']}:{shared['source_id']}"
        lines = [{**shared, **need, "origin": f"{heard_at}:{n}"} for n, need in enumerate(needs)]
        return self._opened(asked, lines)

    def hear(self, asked: Asked, id: str, fields: Mapping[str, Any], role: str) -> Answer:
        """Open the demand `id` for what members was told that somebody needs, once however often it is heard.

        Whoever wrote it down, in `role`, was permitted to there. Refuses what has no such place or category, and
        `command_id_reused`.
        """
        found = draft(id, fields, asked.caller, self._casework.place_or_former(fields, asked.now), asked.now)
        return self._store.demands.open(asked, demand_outcome(found, rules.OPENED, role))

    def openings(self, asked: Asked, lines: Sequence[Mapping[str, Any]], *, along: bool = False) -> list[Writing]:
        """The writings of new demands, to be carried out together, or with others' (`along`, as chassis' Records).

        Refuses what has no such place, category or person, what `permission` does, `source_not_permitted`, and the
        days that `demand.draft` does.
        """
        drafts = [self._drafted(asked, fields) for fields in lines]
        answer = {"demands": [each.id for each, _ in drafts]}
        return [
            self._store.demands.opening(asked, demand_outcome(each, rules.OPENED, role, **answer), along=along or n > 0)
            for n, (each, role) in enumerate(drafts)
        ]

    def load(self, id: str, caller: Caller) -> Kept[Demand]:
        """The demand, in one of the caller's districts; refuses `demand_not_found`."""
        return self._store.demands.load(id, tenants(caller))

    def give_up(self, asked: Asked, id: str) -> Answer:
        """The asker does not need it any more; refuses `demand_not_open` and what `permission` does."""

        def decide(kept: Demand) -> Outcome[Demand]:
            own = kept.asker.is_(asked.caller)
            role = permitted_role("give_up", asked.caller, (kept.place.grid_code,), own=own)
            return demand_outcome(rules.unmet(kept, rules.GIVEN_UP, asked.now), rules.UNMET, role)

        return self._store.demands.change(asked, id, tenants(asked.caller), decide)

    def find_unmet(self, asked: Asked, id: str, reason_code: str) -> Answer:
        """Nobody will meet it, for a reason; refuses `demand_not_open` and what `permission` does."""

        def decide(kept: Demand) -> Outcome[Demand]:
            role = permitted_role("find_unmet", asked.caller, (kept.place.grid_code,))
            return demand_outcome(rules.unmet(kept, reason_code, asked.now), rules.UNMET, role)

        return self._store.demands.change(asked, id, tenants(asked.caller), decide)

    def expire(self, now: datetime, limit: int) -> None:
        """Let at most so many demands run out whose last day is over; harmless when another instance was faster."""
        for kept in self._store.expiring(now, limit):
            asked = Asked(THE_CLOCK, f"expire:{kept.id}:{kept.version}", digest({}), now)
            try:
                self._store.demands.change(asked, kept.id, None, lambda item: _expired(item, now))
            except Refusal as refused:
                log.info("a demand did not run out", demand_id=kept.id, code=refused.code)

    def _opened(self, asked: Asked, lines: Sequence[Mapping[str, Any]]) -> Answer:
        writings = self.openings(asked, lines)
        return again_when_stale(lambda: self._store.write(asked, List.DEMAND, writings))

    def _drafted(self, asked: Asked, fields: Mapping[str, Any]) -> tuple[Demand, str]:
        caller, place = asked.caller, self._casework.place(fields, asked.now)
        found = draft(new_id(), fields, caller, place, asked.now)
        role = permitted_role("ask_for_others" if for_others(found) else "ask", caller, (place.grid_code,))
        rules.check_source(found, caller)
        self._check_asker(found)
        return found, role

    def _check_asker(self, found: Demand) -> None:
        """Refuses `unknown_person`: whoever is written down as the asker is an active person of the district."""
        asker = found.asker
        if asker.id is None or asker.filed_by is None:
            return
        try:
            rows = self._casework.members.assignees(ids=[asker.id], tenant=found.place.tenant)
        except Refusal:
            rows = []
        if not any(row["kind"] == "person" and row["active"] for row in rows):
            raise Refusal("unknown_person", person_id=asker.id)


def _expired(kept: Demand, now: datetime) -> Outcome[Demand]:
    return demand_outcome(rules.expired(kept, now), rules.EXPIRED, CLOCK)
