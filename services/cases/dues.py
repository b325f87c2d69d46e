"""The two deadlines of a case, what was reached when, and how pauses and an extension move them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cases.category import Category
from cases.deadline import Term, due

NOTHING = timedelta(0)


@dataclass(frozen=True)
class Dues:
    """When a case is to be answered and solved, and when it was.

    `resolve_due` is what the rule gives (`resolve_rule`) plus the pauses and the extension. Of the `presumed_years`
    the working calendar was not published yet when they were counted.
    """

    respond_due: datetime | None = None
    resolve_rule: datetime | None = None
    paused: timedelta = NOTHING
    extended: timedelta = NOTHING
    suspended_at: datetime | None = None
    responded_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    presumed_years: tuple[int, ...] = ()

    @property
    def presumed(self) -> bool:
        """Whether a year was counted whose working calendar is not published yet."""
        return bool(self.presumed_years)

    @property
    def resolve_due(self) -> datetime | None:
        """When the case is to be solved; while it is suspended, as it stood at the suspension."""
        return None if self.resolve_rule is None else self.resolve_rule + self.paused + self.extended


def counted(dues: Dues, start: datetime, category: Category) -> Dues:
    """Both deadlines of the category counted from `start`; pauses and an extension stay (§2.2)."""
    respond, resolve = due(start, category.respond), due(start, category.resolve)
    return replace(
        dues,
        respond_due=respond.at,
        resolve_rule=resolve.at,
        presumed_years=tuple(sorted({*respond.presumed_years, *resolve.presumed_years})),
    )


def suspended(dues: Dues, now: datetime) -> Dues:
    """The resolve time stands still from now on."""
    return replace(dues, suspended_at=now)


def resumed(dues: Dues, now: datetime) -> Dues:
    """The resolve time runs again; the due time moves by the length of the pause."""
    pause = now - dues.suspended_at if dues.suspended_at else NOTHING
    return replace(dues, suspended_at=None, paused=dues.paused + pause)


def latest_extension(dues: Dues, resolve: Term) -> datetime | None:
    """The latest due time that an extension can give: the original length once more (§2.2)."""
    return None if dues.resolve_due is None else due(dues.resolve_due, resolve).at


def extended(dues: Dues, until: datetime) -> Dues:
    """The due time moves to `until`."""
    moved = until - dues.resolve_due if dues.resolve_due else NOTHING
    return replace(dues, extended=dues.extended + moved)


def is_overdue(dues: Dues, now: datetime) -> bool:
    """Whether the open case should be solved by now and is not (docs/domain.md §2.4).

    A suspended case is not, nor is one that waits for its inspection, however late the feedback came.
    """
    if dues.resolve_due is None or dues.suspended_at is not None or dues.resolved_at is not None:
        return False
    return now > dues.resolve_due
