"""A key of a program: what it is for, from when until when it is good, and never its secret.

With every key reports are filed (docs/open311.md); with one that speaks for its unit a program also works on the unit's
cases (docs/partners.md).
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from chassis import instant
from chassis.caller import Caller, Grant
from chassis.errors import Refusal
from members.role import SPEAKER

OPENED, ENDED = "api_key.opened", "api_key.ended"
"""Entries of the history, which the audit trail repeats; nobody else hears of them."""

ROLE = "api_key"
"""In what capacity a program files; cases lets it do nothing else (docs/domain.md §5)."""


@dataclass(frozen=True)
class ApiKey:
    """One key of a district; `unit_id` is the unit whose program it is for, None for anybody else's.

    Where there is an `area`, a prefix of grid codes, the program speaks for the unit in it.
    """

    id: str
    tenant: str
    name: str
    unit_id: str | None
    secret_hash: str
    opened_at: datetime
    opened_by: str
    ended_at: datetime | None = None
    ended_by: str | None = None
    area: str | None = None

    @property
    def good(self) -> bool:
        """Whether reports may be filed with it."""
        return self.ended_at is None

    def caller(self) -> Caller:
        """As whom a program files with it."""
        return Caller(self.id, (Grant(ROLE, self.tenant),), self.unit_id, program=True)

    def speaker(self) -> Caller | None:
        """As whom a program works for its unit: as a contact of it; None where it is not for that, or has ended."""
        if self.area is None or not self.good:
            return None
        return Caller(self.id, (Grant(SPEAKER, self.area),), self.unit_id, program=True)


def hashed(key: bytes, secret: str) -> str:
    """What is kept of a secret, and by which the key is found."""
    return hmac.new(key, secret.encode(), sha256).hexdigest()


def check_area(area: str | None, tenant: str, unit_id: str | None) -> None:
    """Refuses `unit_needed` and `area_elsewhere`: a program speaks for a unit, in the district of its key."""
    if area is not None and unit_id is None:
        raise Refusal("unit_needed")
    if area is not None and not area.startswith(tenant):
        raise Refusal("area_elsewhere", area=area, district=tenant)


def ended(found: ApiKey, by: str, now: datetime) -> ApiKey:
    """The key from the moment on at which nothing can be filed with it; refuses `api_key_ended`."""
    if not found.good:
        raise Refusal("api_key_ended")
    return replace(found, ended_at=now, ended_by=by)


def shown(found: ApiKey) -> Mapping[str, Any]:
    """What the office reads of it."""
    return {
        "api_key_id": found.id,
        "name": found.name,
        "district": found.tenant,
        "unit_id": found.unit_id,
        "area": found.area,
        "opened_at": instant.written(found.opened_at),
        "opened_by": found.opened_by,
        "ended_at": instant.written_or_none(found.ended_at),
        "ended_by": found.ended_by,
    }
