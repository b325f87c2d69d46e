"""The audit trail of notify: who reads it, and which areas a code lies in; what is entered stands where it happens."""

from collections.abc import Sequence
from typing import ClassVar

from chassis.audit.desk import AuditDesk
from chassis.caller import Caller
from notify.area import areas_around_all
from notify.permission import PERMISSIONS, audited


class TrailDesk(AuditDesk):
    """A group of entrypoints that has something to answer for."""

    AUDIT_ACTS: ClassVar = {
        "deliveries.replayed": ("补发合作方事件", "Events were sent to a partner once more"),
        "messages.resent": ("重发消息", "Messages were sent once more"),
        "subscription.changed": ("修改订阅", "A subscription was changed"),
        "subscription.disabled": ("停用订阅", "A subscription was disabled"),
        "subscription.old_secret_ended": ("停用旧密钥", "The old secret of a subscription ended"),
        "subscription.opened": ("开通订阅", "A subscription was opened"),
        "subscription.paused": ("暂停订阅", "A subscription was paused"),
        "subscription.removed": ("删除订阅", "A subscription was removed"),
        "subscription.resumed": ("恢复订阅", "A subscription was resumed"),
        "subscription.secret_rotated": ("更换订阅密钥", "The secret of a subscription was changed"),
        "template.entered": ("发布消息模板版本", "A version of a message template was entered"),
    }

    def _audit_scopes(self, caller: Caller, area: str | None) -> Sequence[str]:
        """Refuses as `audited`."""
        return audited(caller, area)

    def _audit_roles(self, caller: Caller, kind: str, id: str | None = None) -> Sequence[str]:
        return PERMISSIONS["see_audit_trail"].roles if kind == "audit" else ()

    def _audit_areas(self, code: str) -> tuple[str, ...]:
        return areas_around_all([code])
