"""The audit trail of cases: who reads it, and which areas a code lies in; what is entered stands where it happens."""

from collections.abc import Sequence

from cases.listing import narrowed, scopes_of
from cases.permission import AUDITORS
from cases.place import areas_around
from chassis.audit.desk import AuditDesk
from chassis.caller import Caller
from chassis.errors import Refusal


class TrailDesk(AuditDesk):
    """A group of entrypoints that has something to answer for."""

    def _audit_scopes(self, caller: Caller, area: str | None) -> Sequence[str]:
        """Refuses `not_permitted`, and `out_of_scope` where no scope of the caller lies around the area or in it."""
        scopes = scopes_of(caller, AUDITORS)
        if not scopes:
            raise Refusal("not_permitted", act="see_audit_trail")
        inside = narrowed(scopes, area)
        if not inside:
            raise Refusal("out_of_scope", act="see_audit_trail")
        return inside

    def _audit_areas(self, code: str) -> tuple[str, ...]:
        return areas_around(code) or ("",)
