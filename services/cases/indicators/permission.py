"""Who is told which indicators: the row "indicators" of docs/domain.md §5, and whose cases are told of."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum

from cases.indicators.ranking import RANKED_BY
from cases.indicators.selection import By, Selection
from cases.permission import within
from cases.place import AREA_DIGITS, tenant_of
from cases.showing.listing import OVERSEEING
from cases.showing.sight import Sight
from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.fault import Fault

READERS = OVERSEEING
"""Who is told all of them for an area in their scope; in one that holds several districts, by district alone (F57)."""

WITHIN_A_DISTRICT = frozenset({By.COMMUNITY, By.GRID, By.UNIT})
"""Parts that whoever oversees several districts is not told apart."""

UNIT = ("unit_contact",)
"""Who is told all of them of what the own unit has, wherever that lies."""

PUBLIC_BY = frozenset({By.DISTRICT, By.COMMUNITY, By.GRID, By.MONTH})


PUBLIC_RATES = ("registration", "closure", "on_time", "response", "resolution", "satisfaction", "coverage", "composite")
"""The rates that everybody is told, and that everybody may therefore have an area ranked by."""


class Audience(StrEnum):
    """All of the indicators, or the set that is for everybody in the district."""

    ALL = "all"
    PUBLIC = "public"


def audience(caller: Caller, asked: Selection, among: Iterable[By] = By) -> Audience:
    """How much of what is asked for the caller is told.

    Refuses `out_of_scope`, with the fault `breakdown_not_open` where it is told apart otherwise, by some of `among`,
    and with `filter_not_open` where it is told of all units or categories together.
    """
    told = _audience(caller, asked)
    if told is None:
        raise _out_of_scope("indicators", [*_other_ways(caller, asked, among), *_without_filters(caller, asked)])
    return told


def _other_ways(caller: Caller, asked: Selection, among: Iterable[By]) -> Iterator[Fault]:
    open_ = [by.value for by in among if asked.by and _audience(caller, replace(asked, by=by))]
    if open_:
        yield Fault("/by", "breakdown_not_open", {"open": open_})


def _without_filters(caller: Caller, asked: Selection) -> Iterator[Fault]:
    if _audience(caller, replace(asked, unit=None, category=None)):
        yield from (Fault(f"/{name}", "filter_not_open") for name in asked.filters)


def _out_of_scope(act: str, faults: Iterable[Fault]) -> Refusal:
    errors = [each.dump() for each in faults]
    return Refusal("out_of_scope", act=act, **({"errors": errors} if errors else {}))


def _audience(caller: Caller, asked: Selection) -> Audience | None:
    of_districts = len(asked.area) <= AREA_DIGITS[0] and asked.unit is None and asked.by not in WITHIN_A_DISTRICT
    if within(caller, READERS, asked.area) or (of_districts and caller.holds(READERS, asked.area)):
        return Audience.ALL
    if _is_own_unit(caller, asked):
        return Audience.ALL
    narrow = asked.unit is None and asked.category is None and (asked.by is None or asked.by in PUBLIC_BY)
    return Audience.PUBLIC if narrow and _lives_in(caller, asked.area) else None


def audience_of_ranking(caller: Caller, asked: Selection, rate: str) -> Audience:
    """The same of a ranking by a rate; refuses `out_of_scope`, with `rate_not_open` for one that not all are told."""
    told = audience(caller, asked, RANKED_BY)
    if told is Audience.PUBLIC and rate not in PUBLIC_RATES:
        raise _out_of_scope("indicator_ranking", [Fault("/rate", "rate_not_open", {"open": list(PUBLIC_RATES)})])
    return told


class Unlisted(StrEnum):
    """Why a case that counts may not be listed behind a number."""

    ABOUT_OWN_UNIT = "about_own_unit"
    SENSITIVE_BY_UNIT = "sensitive_by_unit"


UNLISTED: Mapping[Unlisted, tuple[str, str]] = {
    Unlisted.ABOUT_OWN_UNIT: (
        "反映查询者本单位的案件计入数字，不列入清单",
        "A case about the reader's own unit counts in the number, and is not listed.",
    ),
    Unlisted.SENSITIVE_BY_UNIT: (
        "按单位查询时，查询者只能看到概要的敏感案件计入数字，不列入清单",
        "Asked by unit, a sensitive case of which the reader sees an outline counts in the number, and is not listed.",
    ),
}
"""The words for it; everybody is told all of them whether or not there is such a case (docs/domain.md §5)."""


def told_by(caller: Caller, asked: Selection) -> Sight:
    """How much of a case the caller has to see for it to be told of behind a number.

    Whoever may ask for a number is told of the cases in it, but by a unit no sensitive one that the caller sees an
    outline of, for that names none (docs/domain.md §5); what the own unit has its contact knows.

    Refuses `out_of_scope`: cases are told of where one sees them, and a scope beyond a district has sums alone.
    """
    own, overseen = _is_own_unit(caller, asked), within(caller, READERS, asked.area)
    if len(asked.area) not in AREA_DIGITS or not (overseen or own):
        raise Refusal("out_of_scope", act="indicator_cases")
    return Sight.NONE if own or asked.unit is None else Sight.MASKED


def _is_own_unit(caller: Caller, asked: Selection) -> bool:
    """Whether it is about the unit that the caller speaks for where it is asked about."""
    return asked.unit is not None and asked.unit == caller.unit and caller.holds(UNIT, asked.area)


def _lives_in(caller: Caller, area: str) -> bool:
    """Whether the area lies in a district in which the caller has any role."""
    return len(area) in AREA_DIGITS and any(tenant_of(grant.scope) == tenant_of(area) for grant in caller.grants)
