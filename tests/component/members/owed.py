"""What histories owe the audit trail, entered and read as an auditor of the district reads it."""

from typing import Any

from chassis.audit.debts import Debts
from chassis.outbox import Outbox
from members.service import MembersService

AUDITOR: dict[str, Any] = {"id": "p-auditor", "grants": [{"role": "auditor", "scope": "360704"}], "unit": None}


def entered(service: MembersService, outbox: Outbox, **asked: Any) -> list[dict[str, Any]]:
    """The rows of the trail without those of who reads it, the oldest first."""
    Debts(service.audit, [outbox]).enter(100)
    found = service.audit_trail(AUDITOR, limit=100, **asked)["items"]
    return [row for row in reversed(found) if row["act"] != "audit.read"]
