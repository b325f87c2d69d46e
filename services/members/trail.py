"""The audit trail of members: who reads it, and which areas a code lies in; what is entered stands where it happens."""

from collections.abc import Mapping, Sequence

from chassis.audit.desk import AuditDesk
from chassis.caller import Caller
from members.area import areas_around
from members.permission import PERMISSIONS, of_own_unit, scopes_for

READ_BY: Mapping[str, str] = {
    "audit": "see_audit_trail",
    "coverage": "see_coverage",
    "people": "see_people",
    "registrations": "see_registrations",
    "rotation_plan": "see_rotation",
    "round": "see_rounds",
    "station_funnel": "see_station_uses",
    "units": "see_units",
    "workers": "see_workers",
}
"""By which act of the permission table the trail and each file are read."""

OF_OWN_UNIT = "see_registrations_of_own_unit"


class TrailDesk(AuditDesk):
    """A group of entrypoints that has something to answer for."""

    AUDIT_ACTS = (
        "call.issued",
        "call.withdrawn",
        "certificate.issued",
        "certificate.revoked",
        "certificate.superseded",
        "map.drawn",
        "note.read",
        "person.audited",
        "person.corrected",
        "person.erased",
        "person.left",
        "person.merged",
        "person.registered",
        "person.role_granted",
        "person.role_revoked",
        "phone.released",
        "phone.revealed",
        "policy.entered",
        "redrawing.cancelled",
        "redrawing.carried_out",
        "redrawing.planned",
        "track.revealed",
    )

    def _audit_scopes(self, caller: Caller, area: str | None) -> Sequence[str]:
        """Refuses as `scopes_for`."""
        return scopes_for(caller, "see_audit_trail", area)

    def _audit_roles(self, caller: Caller, kind: str, id: str | None = None) -> Sequence[str]:
        if kind == "registrations" and of_own_unit(caller, OF_OWN_UNIT, id):
            return PERMISSIONS[OF_OWN_UNIT].roles
        return PERMISSIONS[READ_BY[kind]].roles if kind in READ_BY else ()

    def _audit_areas(self, code: str) -> tuple[str, ...]:
        return areas_around(code) or ("",)
