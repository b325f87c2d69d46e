"""Tenures: roles as they are held, each from one moment on and until another; who may give which to whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chassis.caller import Caller, Grant
from chassis.errors import Refusal
from members.permission import PERMISSIONS, within
from members.role import ROLES

GIVES: Mapping[str, tuple[str, ...]] = {
    "district_admin": ROLES,
    "party_office": ("resident", "rider", "in_service_member", "volunteer"),
}
"""Who gives and takes which roles, within the own scope (docs/domain.md §5: roles, policies, categories)."""

ABOVE: Mapping[str, frozenset[str]] = {"party_office": frozenset({"district_admin", "auditor"})}
"""Whose holders each role does not let go, delete or lock out: who has more rights, and who looks over its work."""


@dataclass(frozen=True)
class Tenure:
    """A role within a scope, held from `since` (included) until `until` (excluded; None: it stands)."""

    role: str
    scope: str
    since: datetime
    until: datetime | None = None

    @property
    def grant(self) -> Grant:
        """The role with its scope."""
        return Grant(self.role, self.scope)

    def holds(self, at: datetime) -> bool:
        """Whether the role is held at that moment."""
        return self.since <= at and self.left_at(at)

    def left_at(self, at: datetime) -> bool:
        """Whether something of it is left at that moment, or all of it is to come."""
        return self.until is None or at < self.until

    def meets(self, other: "Tenure") -> bool:
        """Whether there is a moment at which both are held, of the same role and scope."""
        begins_before = other.until is None or self.since < other.until
        return self.grant == other.grant and begins_before and (self.until is None or other.since < self.until)


def standing(tenures: Iterable[Tenure], at: datetime) -> tuple[Grant, ...]:
    """The roles that are held at that moment."""
    return tuple(dict.fromkeys(tenure.grant for tenure in tenures if tenure.holds(at)))


def next_change(tenures: Iterable[Tenure], now: datetime) -> datetime | None:
    """When the roles change next by themselves, None if they never do."""
    turns = [turn for tenure in tenures for turn in (tenure.since, tenure.until) if turn is not None and turn > now]
    return min(turns, default=None)


def granted(tenures: Sequence[Tenure], new: Tenure) -> tuple[Tenure, ...]:
    """The tenures with one more; refuses `role_ends_too_early`, and `role_held` where it is held in that time."""
    if new.until is not None and new.until <= new.since:
        raise Refusal("role_ends_too_early", role=new.role)
    if any(new.meets(each) for each in tenures):
        raise Refusal("role_held", role=new.role, scope=new.scope)
    return (*tenures, new)


def revoked(tenures: Sequence[Tenure], grant: Grant, until: datetime) -> tuple[Tenure, ...]:
    """The tenures after the role has ended at `until`; refuses `role_not_held` where nothing is left to end."""
    kept = tuple(_cut(each, until) if each.grant == grant else each for each in tenures)
    left = tuple(each for each in kept if each is not None)
    if left == tuple(tenures):
        raise Refusal("role_not_held", role=grant.role, scope=grant.scope)
    return left


def without(tenures: Iterable[Tenure], held: Tenure, since: datetime) -> tuple[Tenure, ...]:
    """The tenures when the role of `held` ends at `since` and not as that one would have; what comes after is kept."""
    found: list[Tenure | None] = []
    for each in tenures:
        found += [_cut(each, since), _rest(each, held.until)] if each.grant == held.grant else [each]
    return tuple(each for each in found if each is not None)


def joined(tenures: Iterable[Tenure]) -> tuple[Tenure, ...]:
    """The same roles at the same moments, those that meet as one."""
    found: list[Tenure] = []
    for each in sorted(tenures, key=lambda tenure: (tenure.role, tenure.scope, tenure.since)):
        last = found[-1] if found else None
        if last is None or last.grant != each.grant or (last.until is not None and last.until < each.since):
            found.append(each)
        elif last.until is not None and (each.until is None or each.until > last.until):
            found[-1] = replace(last, until=each.until)
    return tuple(found)


def ended(tenures: Iterable[Tenure], at: datetime) -> tuple[Tenure, ...]:
    """All of them ended at that moment at the latest; those that would have begun later never do."""
    return tuple(cut for each in tenures if (cut := _cut(each, at)) is not None)


def giver(caller: Caller, grant: Grant) -> str:
    """The role in which the caller gives or takes this one.

    Refuses `not_permitted` to who gives no roles, `role_above_own` for a role that is not theirs to give, and
    `out_of_scope` beyond the own scope.
    """
    offices = [role for role in GIVES if role in caller.roles]
    if not offices:
        raise Refusal("not_permitted", act="grant_role")
    able = [role for role in offices if grant.role in GIVES[role]]
    if not able:
        raise Refusal("role_above_own", role=grant.role)
    for role in able:
        if within(caller, role, grant.scope):
            return role
    raise Refusal("out_of_scope", act="grant_role")


def check_lets_go(caller: Caller, act: str, held: Iterable[Grant]) -> None:
    """Refuse unless the caller may take all that somebody holds, each of it in a role of the act's row.

    Refuses `not_permitted` where something lies beyond the scope, and `role_above_own` where it stands above (`ABOVE`).
    """
    for grant in held:
        reaching = [role for role in PERMISSIONS[act].roles if within(caller, role, grant.scope)]
        if not reaching:
            raise Refusal("not_permitted", act=act)
        if all(grant.role in ABOVE.get(role, ()) for role in reaching):
            raise Refusal("role_above_own", role=grant.role)


def role_to_open(caller: Caller, act: str, held: Sequence[Grant]) -> str:
    """The role in which the caller opens a way in to what somebody may: only who gives all of it does (at least one).

    Refuses as `check_lets_go`, and `role_above_own`.
    """
    check_lets_go(caller, act, held)
    roles = [giver(caller, grant) for grant in held]
    return roles[0]


def _cut(tenure: Tenure, at: datetime) -> Tenure | None:
    """The tenure as far as it lies before the moment, None if nothing of it does."""
    if tenure.until is not None and tenure.until <= at:
        return tenure
    return replace(tenure, until=at) if tenure.since < at else None


def _rest(tenure: Tenure, at: datetime | None) -> Tenure | None:
    """The tenure as far as it lies after the moment (None: after all time), None if nothing of it does."""
    if at is None or (tenure.until is not None and tenure.until <= at):
        return None
    return replace(tenure, since=max(tenure.since, at))
