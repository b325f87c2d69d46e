"""Rules about what members and units have to reach in a period: data with versions, in force by area and day."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from chassis.fault import Fault, check
from members.policies.span import Period

ONE_DAY = timedelta(days=1)
MOST_PERCENT = 100
ENTERED = "policy.entered"


class Metric(StrEnum):
    """What is measured: of a member, or of a unit, in per cent."""

    POINTS = "points"
    MINUTES = "minutes"
    SERVICES = "services"
    HALF_YEAR_REPORT = "half_year_report"
    UNIT_REGISTRATION_RATE = "unit_registration_rate"
    UNIT_COMPLETION_RATE = "unit_completion_rate"


OF_UNITS = frozenset({Metric.UNIT_REGISTRATION_RATE, Metric.UNIT_COMPLETION_RATE})

EFFECTS: Mapping[str, tuple[str, str]] = {
    "not_eligible_for_excellent": ("不得评优", "not eligible for excellent"),
    "not_rated_qualified": ("不得评为合格及以上", "not rated qualified or above"),
    "fails": ("不合格", "fails"),
    "loses_appraisal": ("取消评先资格", "loses the appraisal"),
}
"""What follows for whoever does not reach the minimum, in Chinese and English (docs/domain.md §3.2)."""


@dataclass(frozen=True)
class Terms:
    """One version: it holds from and until a local day, both included."""

    version: int
    minimum: int
    effect: str
    valid_from: date
    valid_to: date | None
    entered_by: str
    entered_at: datetime

    def hold_on(self, day: date) -> bool:
        """Whether they hold on that day."""
        return self.valid_from <= day <= (self.valid_to or day)


@dataclass(frozen=True)
class Policy:
    """What an area asks for by one metric in each period, in all the versions that there were."""

    area: str
    metric: Metric
    period: Period
    versions: tuple[Terms, ...] = ()

    @property
    def id(self) -> str:
        """The same for every version."""
        return policy_id(self.area, self.metric, self.period)

    def on(self, day: date) -> Terms | None:
        """The version that holds on that day."""
        return next((each for each in self.versions if each.hold_on(day)), None)


def policy_id(area: str, metric: Metric, period: Period) -> str:
    """One area has one rule for a metric and a period."""
    return f"{area}-{metric.value}-{period.value}"


def entered(
    before: Policy, terms: Terms, today: date, around: Iterable[Policy] = (), *, area_known: bool = True
) -> Policy:
    """The policy with one more version, at whose beginning the one before ends.

    Refuses all that is wrong at once: an area that there is not, a version that ends before it begins, a rate of more
    than 100, and a version that begins in the past where one of its own or of `around` was in force, or not after the
    one before, for what was so far in force is not changed.
    """
    check(_faults(before, terms, today, around, area_known=area_known))
    earlier = [_ended(each, terms.valid_from - ONE_DAY) for each in before.versions]
    return replace(before, versions=(*earlier, replace(terms, version=len(earlier) + 1)))


def _faults(
    before: Policy, terms: Terms, today: date, around: Iterable[Policy], *, area_known: bool
) -> Iterator[Fault]:
    if not area_known:
        yield Fault("/area", "unknown_area")
    if before.metric in OF_UNITS and terms.minimum > MOST_PERCENT:
        yield Fault("/minimum", "rate_over_100")
    if terms.valid_to is not None and terms.valid_to < terms.valid_from:
        yield Fault("/valid_to", "policy_ends_too_early")
    if before.versions:
        early = terms.valid_from <= max(today, before.versions[-1].valid_from)
    else:
        early = any(_changes_past(each, before, terms, today) for each in around)
    if early:
        yield Fault("/valid_from", "policy_begins_too_early")


def _changes_past(wider: Policy, new: Policy, terms: Terms, today: date) -> bool:
    """Whether the new rule would take the place of the wider one on a day that is over, or today."""
    same = wider.metric is new.metric and wider.period is new.period
    last = min(today, terms.valid_to or today)
    return same and any(
        each.valid_from <= last and terms.valid_from <= min(each.valid_to or last, last) for each in wider.versions
    )


def _ended(terms: Terms, last: date) -> Terms:
    return replace(terms, valid_to=min(terms.valid_to or last, last))


def in_force(
    policies: Iterable[Policy], area: str, metric: Metric, period: Period, day: date
) -> tuple[Policy, Terms] | None:
    """What holds in an area on a day: its own rule, or that of the narrowest area around it that has one."""
    found = [
        (each, terms)
        for each in policies
        if each.metric is metric and each.period is period and area.startswith(each.area) and (terms := each.on(day))
    ]
    return max(found, key=lambda pair: len(pair[0].area), default=None)


def shown(policy: Policy, terms: Terms) -> dict[str, Any]:
    """One version as everybody in the district may read it."""
    zh, en = EFFECTS[terms.effect]
    return {
        "policy_id": policy.id,
        "version": terms.version,
        "area": policy.area,
        "metric": policy.metric.value,
        "period": policy.period.value,
        "minimum": terms.minimum,
        "effect": {"code": terms.effect, "zh": zh, "en": en},
        "valid_from": terms.valid_from.isoformat(),
        "valid_to": terms.valid_to.isoformat() if terms.valid_to else None,
    }
