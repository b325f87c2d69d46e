"""Versions of what a district decides: each from a local day on, and never changed after it has begun (F53)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from chassis.fault import Fault

ONE_DAY = timedelta(days=1)
LONGEST_AHEAD = timedelta(days=366)
ENTERED = "policy.entered"
ENTERS = ("district_admin",)
"""Roles that enter a version for their district (docs/domain.md §5)."""


class Kind(StrEnum):
    """What is decided."""

    CATEGORIES = "categories"
    SCORING = "scoring"


class Standing(StrEnum):
    """Where a version stands on a day: one that another took the place of before it began is replaced."""

    PLANNED = "planned"
    IN_FORCE = "in_force"
    OVER = "over"
    REPLACED = "replaced"


@dataclass(frozen=True)
class Policy:
    """One version; what comes with the service has the number 0, and was entered by nobody.

    `terms` are JSON-safe: the categories as rows, or the scoring.
    """

    version: str
    kind: Kind
    number: int
    valid_from: date
    terms: Mapping[str, Any]
    tenant: str | None = None
    entered_by: str | None = None
    entered_at: datetime | None = None


@dataclass(frozen=True)
class Line:
    """One version among the others of its kind: where it stands, its last day, and the one that held before it."""

    policy: Policy
    standing: Standing
    valid_to: date | None
    before: Policy | None


def version_name(tenant: str, kind: Kind, number: int) -> str:
    """The name that no other version has, in whichever district."""
    return f"{tenant}-{kind.value}-{number}"


def day_faults(valid_from: date, today: date) -> Iterator[Fault]:
    """A version begins after today: nothing that has begun, or was done under another, is changed."""
    if valid_from <= today:
        yield Fault("/valid_from", "policy_begins_too_early")
    if valid_from > today + LONGEST_AHEAD:
        yield Fault("/valid_from", "policy_begins_too_late", {"latest": (today + LONGEST_AHEAD).isoformat()})


def on(versions: Sequence[Policy], day: date) -> Policy:
    """The version that holds on that day, of all of one kind: the first of all before any has begun."""
    ordered = _ordered(versions)
    begun = [each for each in ordered if each.valid_from <= day]
    return begun[-1] if begun else ordered[0]


def history(versions: Sequence[Policy], today: date) -> list[Line]:
    """All versions of one kind, the one that begins last first."""
    ordered = _ordered(versions)
    current, before, lines = on(ordered, today), None, []
    for n, each in enumerate(ordered):
        following = ordered[n + 1].valid_from if n + 1 < len(ordered) else None
        standing = _standing(each, current, following, today)
        replaced = standing is Standing.REPLACED
        lines.append(Line(each, standing, None if replaced or not following else following - ONE_DAY, before))
        before = before if replaced else each
    return lines[::-1]


def _ordered(versions: Sequence[Policy]) -> list[Policy]:
    """By the day on which they begin; of several on one day the one entered last takes the place of the others."""
    return sorted(versions, key=lambda each: (each.valid_from, each.number))


def _standing(policy: Policy, current: Policy, following: date | None, today: date) -> Standing:
    if following == policy.valid_from:
        return Standing.REPLACED
    if policy == current:
        return Standing.IN_FORCE
    return Standing.PLANNED if policy.valid_from > today else Standing.OVER
