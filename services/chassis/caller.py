"""Who is calling: an identity with grants, each a role within a scope; which roles exist is the services' business."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Grant:
    """One role, held within a scope (a code prefix; "" is everywhere)."""

    role: str
    scope: str


@dataclass(frozen=True)
class Caller:
    """The authenticated party behind a command or a question.

    `former` are the ids of entries that turned out to be the same party: what stands under one of them is the caller's,
    and what the caller does from now on stands under `id` alone. `program` is true of what acts by a key of its own,
    and of no person.
    """

    id: str
    grants: tuple[Grant, ...] = ()
    unit: str | None = None
    former: tuple[str, ...] = ()
    program: bool = False

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id under which something may be the caller's, the one of today first."""
        return (self.id, *self.former)

    def is_(self, id: str | None) -> bool:
        """Whether this id is, or was, the caller's."""
        return id in self.ids

    @property
    def roles(self) -> frozenset[str]:
        """The roles held anywhere."""
        return frozenset(grant.role for grant in self.grants)

    def scopes(self, role: str) -> tuple[str, ...]:
        """The scopes within which `role` is held; empty when it is not held at all."""
        return tuple(grant.scope for grant in self.grants if grant.role == role)

    def holds(self, roles: Iterable[str], code: str) -> bool:
        """Whether one of `roles` is held in a scope that contains `code`."""
        wanted = frozenset(roles)
        return any(grant.role in wanted and code.startswith(grant.scope) for grant in self.grants)

    def acting(self, roles: Iterable[str], code: str) -> str | None:
        """In which of `roles` the caller does what is about `code`: the first that is held in a scope around it.

        Where there is none, the one that is held nearest by, and None where none is held at all.
        """
        held = [role for role in roles if role in self.roles]
        around = next((role for role in held if self.holds((role,), code)), None)
        return around or max(held, key=lambda role: self._nearness(role, code), default=None)

    def _nearness(self, role: str, code: str) -> int:
        """How many digits the nearest scope of the role has in common with the code."""
        starts = (code[:digits] for digits in range(len(code), -1, -1))
        return len(next(start for start in starts if any(scope.startswith(start) for scope in self.scopes(role))))

    def dump(self) -> dict[str, Any]:
        """The JSON-safe form: `{"id", "grants": [{"role", "scope"}], "unit"}`; `former` and `program` at times."""
        return {
            "id": self.id,
            "grants": [{"role": grant.role, "scope": grant.scope} for grant in self.grants],
            "unit": self.unit,
            **({"former": list(self.former)} if self.former else {}),
            **({"program": True} if self.program else {}),
        }

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> "Caller":
        """The caller that `dump` described."""
        grants = tuple(Grant(str(row["role"]), str(row["scope"])) for row in data.get("grants", ()))
        former = tuple(str(id) for id in data.get("former", ()))
        return cls(str(data["id"]), grants, data.get("unit"), former, bool(data.get("program")))


CLOCK = "clock"
THE_CLOCK = Caller(CLOCK, (Grant(CLOCK, ""),))
"""Who acts when time does; it reaches every district."""
