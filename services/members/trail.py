"""The audit trail of members: who reads it, and which areas a code lies in; what is entered stands where it happens."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

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

    AUDIT_ACTS: ClassVar = {
        "api_key.ended": ("停用程序密钥", "A key of a program was ended"),
        "api_key.opened": ("开通程序密钥", "A key of a program was opened"),
        "call.issued": ("发出召集", "A call to action was issued"),
        "call.withdrawn": ("撤回召集", "A call to action was withdrawn"),
        "certificate.issued": ("出具服务证明", "A certificate was issued"),
        "certificate.revoked": ("撤销服务证明", "A certificate was revoked"),
        "certificate.superseded": ("换发服务证明", "A certificate was replaced"),
        "linked_identity.added": ("关联外部身份", "An identity elsewhere was linked"),
        "linked_identity.removed": ("解除外部身份关联", "A linked identity was taken away"),
        "login.opened": ("开通登录账号", "A login was opened for somebody"),
        "login.reset": ("重置登录", "Somebody's login was reset"),
        "map.drawn": ("绘制网格", "Grids were drawn"),
        "note.read": ("查看私密备注", "A private note was read"),
        "person.audited": ("审计查看人员", "An auditor read somebody's entry"),
        "person.corrected": ("他人更正人员信息", "Somebody's entry was corrected by another"),
        "person.erased": ("删除个人信息", "Somebody's personal data were deleted"),
        "person.left": ("人员离开", "Somebody left"),
        "person.merged": ("合并人员", "Two entries of one person were joined"),
        "person.registered": ("登记人员", "Somebody was registered"),
        "person.role_granted": ("授予角色", "A role was given"),
        "person.role_revoked": ("收回角色", "A role was taken away"),
        "phone.released": ("向办理人提供电话", "A phone was given to who handles the matter"),
        "phone.revealed": ("查看完整电话", "A phone was shown in full"),
        "policy.entered": ("发布规则版本", "A version of a policy was entered"),
        "redrawing.cancelled": ("取消网格调整", "A redrawing of grids was cancelled"),
        "redrawing.carried_out": ("执行网格调整", "A redrawing of grids was carried out"),
        "redrawing.planned": ("计划网格调整", "A redrawing of grids was planned"),
        "track.revealed": ("查看巡查轨迹", "The track of a patrol was shown"),
    }

    def _audit_scopes(self, caller: Caller, area: str | None) -> Sequence[str]:
        """Refuses as `scopes_for`."""
        return scopes_for(caller, "see_audit_trail", area)

    def _audit_roles(self, caller: Caller, kind: str, id: str | None = None) -> Sequence[str]:
        if kind == "registrations" and of_own_unit(caller, OF_OWN_UNIT, id):
            return PERMISSIONS[OF_OWN_UNIT].roles
        return PERMISSIONS[READ_BY[kind]].roles if kind in READ_BY else ()

    def _audit_areas(self, code: str) -> tuple[str, ...]:
        return areas_around(code) or ("",)
