"""Telling attendees what became of a session: once when everything is decided, once when everything has ended."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import structlog

from cases.case import ENDED, Status
from cases.intake_sessions.intake_session import (
    PROGRESSED,
    Form,
    IntakeSession,
    Stage,
    Standing,
    is_further,
    reached,
    told,
)
from cases.intake_sessions.store import IntakeSessionStore
from cases.match_lists.demand import Status as DemandStatus
from cases.match_lists.store import MatchListStore
from cases.place import tenant_of
from cases.store import CaseStore
from chassis.caller import CLOCK, THE_CLOCK
from chassis.command import Asked, digest
from chassis.errors import Refusal
from chassis.records import Kept, Outcome

log = structlog.get_logger()

UNDECIDED = frozenset({Status.REPORTED, Status.VERIFYING})
WAITING = frozenset({DemandStatus.OPEN, DemandStatus.MATCHED})


class Progress:
    """Looks at sessions that are not done, however many instances do."""

    def __init__(self, store: IntakeSessionStore, cases: CaseStore, match_lists: MatchListStore) -> None:
        self._store, self._cases, self._match_lists = store, cases, match_lists

    def look(self, now: datetime, limit: int) -> None:
        """See to at most so many sessions, those first that were not looked at for the longest time."""
        for kept in self._store.followed(limit):
            stage = reached(self._standings(kept.item))
            self._store.looked_at(kept.id, now)
            if is_further(stage, kept.item.stage):
                self._tell(kept, stage, now)

    def _tell(self, kept: Kept[IntakeSession], stage: Stage, now: datetime) -> None:
        def decide(session: IntakeSession) -> Outcome[IntakeSession]:
            if not is_further(stage, session.stage):  # another instance has seen more
                raise Refusal("not_due")
            after = replace(session, stage=stage)
            return Outcome(after, PROGRESSED, told(after), CLOCK, session.area)

        # The same command for whoever notices it: the attendees are told once.
        asked = Asked(THE_CLOCK, f"{stage.value}:{kept.id}", digest({"stage": stage.value}), now)
        try:
            self._store.sessions.change(asked, kept.id, None, decide)
        except Refusal as refused:
            log.info("a session was not moved on", session_id=kept.id, code=refused.code)

    def _standings(self, session: IntakeSession) -> Iterator[Standing]:
        tenants = [tenant_of(session.area)]
        for case in self._cases.with_ids(session.ids(Form.CASE), tenants):
            yield Standing(case.status not in UNDECIDED, case.status in ENDED)
        for demand in self._match_lists.demands.find({"_id": {"$in": session.ids(Form.NEED)}}):
            waits = demand.item.status in WAITING
            yield Standing(decided=True, ended=not waits)
