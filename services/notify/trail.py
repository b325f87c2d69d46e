"""The audit trail of notify: who reads it, and which areas a code lies in; what is entered stands where it happens."""

from collections.abc import Sequence

from chassis.audit.desk import AuditDesk
from chassis.caller import Caller
from notify.area import areas_around_all
from notify.permission import PERMISSIONS, audited


class TrailDesk(AuditDesk):
    """A group of entrypoints that has something to answer for."""

    AUDIT_ACTS = (
        "deliveries.replayed",
        "messages.resent",
        "retention.run",
        "subscription.changed",
        "subscription.disabled",
        "subscription.old_secret_ended",
        "subscription.opened",
        "subscription.paused",
        "subscription.removed",
        "subscription.resumed",
        "subscription.secret_rotated",
        "template.entered",
    )

    def _audit_scopes(self, caller: Caller, area: str | None) -> Sequence[str]:
        """Refuses as `audited`."""
        return audited(caller, area)

    def _audit_roles(self, caller: Caller, kind: str, id: str | None = None) -> Sequence[str]:
        return PERMISSIONS["see_audit_trail"].roles if kind == "audit" else ()

    def _audit_areas(self, code: str) -> tuple[str, ...]:
        return areas_around_all([code])
