"""The audit trail of cases: who reads it, and which areas a code lies in; what is entered stands where it happens."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

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
    "cases": OVERSEEING,
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

    AUDIT_ACTS: ClassVar = {
        "case.audited": ("审计查看案件", "An auditor read a case"),
        "case.contact_corrected": ("更正联系人", "A contact was put right"),
        "case.exclusion_approved": ("批准剔除", "An exclusion from the rates was approved"),
        "case.exclusion_proposed": ("申请剔除", "An exclusion from the rates was proposed"),
        "case.exclusion_refused": ("驳回剔除", "An exclusion from the rates was refused"),
        "case.forgotten": ("案件到期去标识", "What was personal in a case was let go"),
        "case.viewed": ("因工作查看联系方式", "A phone was read for the work on a case"),
        "contact.revealed": ("查看完整联系方式", "A contact was shown in full"),
        "demand.forgotten": ("需求到期去标识", "What was personal in a demand was let go"),
        "indicators.recounted": ("重新统计指标", "The indicators were counted anew"),
        "photo.released": ("公开照片", "A photo was released to everybody"),
        "photo.taken_back": ("撤回公开的照片", "A released photo was taken back"),
        "policy.entered": ("发布规则版本", "A version of a policy was entered"),
        "session.forgotten": ("接待记录到期去标识", "What was personal in a session was let go"),
    }

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
