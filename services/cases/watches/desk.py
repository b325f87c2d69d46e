"""The entrypoints that say what somebody may hear of cases while it happens; nothing is heard here."""

from typing import Any

from cases.showing.listing import tenants
from cases.showing.sight import AUDITOR, audits, check_seen
from cases.store import CaseStore
from cases.trail import TrailDesk
from cases.watches.schemas import WatchDeskSchema
from cases.watches.watch import Clause, case_watch, desk_watch
from chassis.caller import Caller
from chassis.logs import bind
from chassis.rpc import rpc
from chassis.schema import load

Answer = dict[str, Any]


class WatchDesk(TrailDesk):
    """Decides who may hear what of cases; the caller asks anew whenever the access token ends."""

    cases_kept: CaseStore

    @rpc
    def watch_desk(self, caller: Answer, area: str | None = None) -> Answer:
        """What the caller may hear of the cases of their scope: `{clauses}`; refuses what `desk_watch` refuses."""
        asked = load(WatchDeskSchema(), {"area": area})
        return _told(desk_watch(Caller.load(caller), asked["area"]))

    @rpc
    def watch_case(self, caller: Answer, case_id: str) -> Answer:
        """What the caller may hear of one case: `{clauses}`; refuses `case_not_found` and `not_permitted`.

        An auditor who watches a case leaves the trace of one who reads it.
        """
        bind({"case_id": case_id})
        who = Caller.load(caller)
        found = self.cases_kept.load(case_id, tenants(who)).case
        seen = check_seen(found, who)
        if audits(found, who):
            self._audit_day(who, "case.audited", AUDITOR, ("case", found.id), self._audit_areas(found.place.grid_code))
        return _told(case_watch(found, who, seen))


def _told(clauses: list[Clause]) -> Answer:
    return {"clauses": [each.dump() for each in clauses]}
