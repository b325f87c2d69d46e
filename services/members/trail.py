"""The audit trail of members: who reads it, and which areas a code lies in; what is entered stands where it happens."""

from collections.abc import Sequence

from chassis.audit.desk import AuditDesk
from chassis.caller import Caller
from members.area import areas_around
from members.permission import scopes_for


class TrailDesk(AuditDesk):
    """A group of entrypoints that has something to answer for."""

    def _audit_scopes(self, caller: Caller, area: str | None) -> Sequence[str]:
        """Refuses as `scopes_for`."""
        return scopes_for(caller, "see_audit_trail", area)

    def _audit_areas(self, code: str) -> tuple[str, ...]:
        return areas_around(code) or ("",)
