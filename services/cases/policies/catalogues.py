"""The categories that a district enters: what is wrong with them, all at once, and what a version changes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from cases.category import Catalogue, Group, Severity, made, published
from cases.deadline import Term, Unit, due, term
from cases.policies.policy import Kind, Policy
from cases.policies.vocabulary import CERTIFICATES, SKILLS, UNIT_TYPES
from chassis.fault import Fault

Row = Mapping[str, Any]

FIELDS = (
    "code",
    "zh",
    "en",
    "near",
    "severity",
    "respond",
    "resolve",
    "basis",
    "units",
    "skills",
    "certificates",
    "member_eligible",
    "restricted",
)
"""What a row of the catalogue has, as data files have it; whether a matter is physical its group says."""

LISTS = ("units", "skills", "certificates")

TIMES = ("respond", "resolve")

LONGEST: Mapping[Unit, int] = {
    Unit.MINUTES: 60 * 24 * 366,
    Unit.HOURS: 24 * 366,
    Unit.WORKING_HOURS: 7 * 250,
    Unit.WORKING_DAYS: 250,
    Unit.DAYS: 366,
}
"""A year, by each unit."""

MONDAY = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
"""08:30 on a plain Monday in Asia/Shanghai: from here terms of different units are compared."""


def groups() -> tuple[Group, ...]:
    """The ten groups, which are built in: the rules for disputes, needs and enquiries go by them (docs/domain.md §6.1).

    They are those of the latest version that comes with the service.
    """
    return max(published().values(), key=lambda each: each.begins).groups


def catalogue(policy: Policy) -> Catalogue:
    """The catalogue that a version holds."""
    rows = policy.terms["categories"]
    return made(policy.version, policy.valid_from, groups(), rows, policy.tenant, policy.number)


def shipped() -> list[Policy]:
    """The versions that come with the service."""
    return [
        Policy(each.version, Kind.CATEGORIES, 0, each.begins, {"categories": [_row(one) for one in _kinds(each)]})
        for each in published().values()
    ]


def terms(rows: Sequence[Row]) -> dict[str, Any]:
    """What was entered as it is kept, in the order of the codes."""
    kept = [{name: row[name] for name in FIELDS} for row in rows]
    return {"categories": sorted(kept, key=lambda row: str(row["code"]))}


def faults(rows: Sequence[Row], used: Collection[str]) -> Iterator[Fault]:
    """All that is wrong with the rows, as far as they could be read; `used` are the categories of open cases."""
    for n, row in enumerate(rows):
        yield from _faults_of(f"/items/{n}", row)
    yield from (Fault(f"/items/{n}/code", "category_twice") for n in _again(rows, "code"))
    for name in ("zh", "en"):
        yield from (Fault(f"/items/{n}/{name}", "category_named_twice") for n in _again(rows, name))
    missing = sorted(set(used) - {row.get("code") for row in rows})
    if missing:
        yield Fault("/items", "category_in_use", {"categories": missing})


def changes(before: Policy | None, after: Policy) -> dict[str, list[str]]:
    """The codes that a version adds, takes away and changes."""
    old, new = (_by_code(each) for each in (before, after))
    return {
        "added": sorted(new.keys() - old.keys()),
        "removed": sorted(old.keys() - new.keys()),
        "changed": sorted(code for code in new.keys() & old.keys() if new[code] != old[code]),
    }


def announced(policy: Policy) -> dict[str, Any]:
    """What is told of a version: whose it is, from when it holds, and what its categories are called."""
    rows = policy.terms.get("categories", ())
    return {
        "area": policy.tenant,
        "kind": policy.kind.value,
        "number": policy.number,
        "valid_from": policy.valid_from.isoformat(),
        "categories": [{name: row[name] for name in ("code", "zh", "en")} for row in rows],
    }


def _faults_of(at: str, row: Row) -> Iterator[Fault]:
    physical = {group.code: group.physical for group in groups()}
    group = str(row["code"])[:2] if "code" in row else None
    if group is not None and group not in physical:
        yield Fault(f"{at}/code", "unknown_category_group", {"group": group})
    elif group is not None and row.get("physical") not in {None, physical[group]}:
        yield Fault(f"{at}/physical", "physical_not_as_group", {"physical": physical[group]})
    if "severity" in row and row["severity"] not in set(Severity):
        yield Fault(f"{at}/severity", "unknown_severity")
    yield from (Fault(f"{at}/units/{n}", "unknown_unit_type") for n in _unknown(row, "units", UNIT_TYPES))
    yield from (Fault(f"{at}/skills/{n}", "unknown_skill") for n in _unknown(row, "skills", SKILLS))
    yield from (
        Fault(f"{at}/certificates/{n}", "unknown_certificate") for n in _unknown(row, "certificates", CERTIFICATES)
    )
    yield from _faults_of_times(at, row)


def _faults_of_times(at: str, row: Row) -> Iterator[Fault]:
    read: dict[str, Term] = {}
    for name in (name for name in TIMES if name in row):
        try:
            found = term(row[name])
        except ValueError:
            yield Fault(f"{at}/{name}", "term_not_readable")
            continue
        if found.count > LONGEST[found.unit]:
            yield Fault(f"{at}/{name}", "term_too_long", {"longest": f"{LONGEST[found.unit]}{found.unit.value}"})
        else:
            read[name] = found
    if len(read) == len(TIMES) and due(MONDAY, read["resolve"]).at < due(MONDAY, read["respond"]).at:
        yield Fault(f"{at}/respond", "respond_after_resolve")


def _unknown(row: Row, name: str, known: Collection[str]) -> list[int]:
    """Where in the list something stands that is not known."""
    return [n for n, each in enumerate(row.get(name, ())) if each not in known]


def _again(rows: Sequence[Row], name: str) -> Iterator[int]:
    """The rows that have in this field what a row before them has; capital or small letters are the same."""
    seen: set[str] = set()
    for n, row in enumerate(rows):
        value = str(row.get(name, "")).casefold()
        if value and value in seen:
            yield n
        seen.add(value)


def _by_code(policy: Policy | None) -> dict[str, Row]:
    rows = policy.terms["categories"] if policy else ()
    return {row["code"]: row for row in rows}


def _kinds(catalogue: Catalogue) -> list[Any]:
    return list(catalogue.categories.values())


def _row(kind: Any) -> dict[str, Any]:
    row = {name: getattr(kind, name) for name in FIELDS}
    lists = {name: list(row[name]) for name in LISTS}
    return {**row, **lists, **{name: str(row[name]) for name in TIMES}, "severity": kind.severity.value}
