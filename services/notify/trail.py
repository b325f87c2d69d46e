"""The audit trail of notify: who reads it, and which areas a code lies in; what is entered stands where it happens."""

from collections.abc import Sequence

from chassis.audit.desk import AuditDesk
from chassis.caller import Caller
from notify.area import areas_around_all
from notify.permission import audited


class TrailDesk(AuditDesk):
    """A group of entrypoints that has something to answer for."""

    def _audit_scopes(self, caller: Caller, area: str | None) -> Sequence[str]:
        """Refuses as `audited`."""
        return audited(caller, area)

    def _audit_areas(self, code: str) -> tuple[str, ...]:
        return areas_around_all([code])
