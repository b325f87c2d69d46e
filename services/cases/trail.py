"""The audit trail of cases: who reads it, and which areas a code lies in; what is entered stands where it happens."""

from collections.abc import Mapping, Sequence

from cases.permission import AUDITORS, REPORTERS
from cases.place import areas_around
from cases.showing.listing import OVERSEEING, narrowed, scopes_of
from chassis.audit.desk import AuditDesk
from chassis.caller import Caller
from chassis.errors import Refusal

WITH_UNITS = (*OVERSEEING, "unit_contact")

EVERYBODY = (*REPORTERS, *(role for role in OVERSEEING if role not in REPORTERS))
"""Every role, those first in which one asks for something of one's own."""

READ_IN: Mapping[str, Sequence[str]] = {
    "audit": AUDITORS,
    "ledger": OVERSEEING,
    "match_lists": OVERSEEING,
    "indicator_cases": WITH_UNITS,
    # Part of these everybody is told.
    "indicators": (*WITH_UNITS, *EVERYBODY),
    "indicator_ranking": (*WITH_UNITS, *EVERYBODY),
}
"""In which roles the trail and each file are read (docs/domain.md §5)."""


class TrailDesk(AuditDesk):
    """A group of entrypoints that has something to answer for."""

    AUDIT_ACTS = (
        "case.audited",
        "case.contact_corrected",
        "case.exclusion_approved",
        "case.exclusion_proposed",
        "case.exclusion_refused",
        "case.forgotten",
        "case.viewed",
        "contact.revealed",
        "demand.forgotten",
        "indicators.recounted",
        "policy.entered",
        "retention.run",
        "session.forgotten",
    )

    def _audit_scopes(self, caller: Caller, area: str | None) -> Sequence[str]:
        """Refuses `not_permitted`, and `out_of_scope` where no scope of the caller lies around the area or in it."""
        scopes = scopes_of(caller, AUDITORS)
        if not scopes:
            raise Refusal("not_permitted", act="see_audit_trail")
        inside = narrowed(scopes, area)
        if not inside:
            raise Refusal("out_of_scope", act="see_audit_trail")
        return inside

    def _audit_roles(self, caller: Caller, kind: str, id: str | None = None) -> Sequence[str]:
        return READ_IN.get(kind, ())

    def _audit_areas(self, code: str) -> tuple[str, ...]:
        return areas_around(code) or ("",)
