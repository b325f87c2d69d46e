"""Kinds of case as versioned data: how urgent each is, how long it may take and who can handle it."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from cases.deadline import LOCAL, Term, term
from chassis.errors import Refusal


class Severity(StrEnum):
    """How urgent a kind of case is (docs/domain.md §2.2)."""

    EMERGENCY = "E"
    URGENT = "U"
    NORMAL = "N"
    LOW = "L"


@dataclass(frozen=True)
class Group:
    """The first two digits of a code; `physical` matters can be photographed before and after."""

    code: str
    zh: str
    en: str
    physical: bool


@dataclass(frozen=True)
class Category:
    """One kind of case (docs/domain.md §6.1); `basis` tells where its times come from."""

    code: str
    zh: str
    en: str
    near: str
    severity: Severity
    respond: Term
    resolve: Term
    basis: str
    units: tuple[str, ...]
    skills: tuple[str, ...]
    certificates: tuple[str, ...]
    member_eligible: bool
    restricted: bool
    physical: bool

    @property
    def is_consultation(self) -> bool:
        """Whether it asks or suggests, so that it can be answered without anybody being sent (§2.2)."""
        return self.code.startswith("10")

    @property
    def is_dispute(self) -> bool:
        """Whether people quarrel, so that it is mediated (§2.2)."""
        return self.code.startswith("07")

    @property
    def is_need(self) -> bool:
        """Whether it says what somebody needs: livelihood and new-employment matters (§1)."""
        return self.code.startswith(("08", "09"))


@dataclass(frozen=True)
class Catalogue:
    """The categories of one version, in force from a local day on until a later version is.

    `tenant` is the district that has entered it, None for what comes with the service; `number` counts the district's.
    """

    version: str
    begins: date
    groups: tuple[Group, ...]
    categories: Mapping[str, Category]
    tenant: str | None = None
    number: int = 0

    def find(self, code: str) -> Category:
        """The category with this code; refuses `unknown_category`."""
        if code not in self.categories:
            raise Refusal("unknown_category", category=code, version=self.version)
        return self.categories[code]

    def called(self, name: str) -> Category:
        """The category with this name in either language, or this code; refuses `unknown_category`."""
        same = (one for one in self.categories.values() if name.casefold() in {one.zh, one.en.casefold(), one.code})
        found = next(same, None)
        if found is None:
            raise Refusal("unknown_category", category=name, version=self.version)
        return found


def read(text: str) -> Catalogue:
    """The catalogue that a data file holds."""
    data = json.loads(text)
    groups = tuple(Group(**row) for row in data["groups"])
    return made(data["version"], date.fromisoformat(data["from"]), groups, data["categories"])


def made(
    version: str,
    begins: date,
    groups: tuple[Group, ...],
    rows: Sequence[Mapping[str, Any]],
    tenant: str | None = None,
    number: int = 0,
) -> Catalogue:
    """The catalogue of these rows, as data files and the database have them."""
    physical = {group.code: group.physical for group in groups}
    categories = [_category(row, physical=physical[row["code"][:2]]) for row in rows]
    return Catalogue(version, begins, groups, {each.code: each for each in categories}, tenant, number)


def _category(row: Mapping[str, Any], *, physical: bool) -> Category:
    lists = {name: tuple(row[name]) for name in ("units", "skills", "certificates")}
    times = {name: term(row[name]) for name in ("respond", "resolve")}
    return Category(**{**row, **lists, **times, "severity": Severity(row["severity"]), "physical": physical})


@cache
def published() -> Mapping[str, Catalogue]:
    """Every version that comes with this service, by its name."""
    files = resources.files("cases").joinpath("data").iterdir()
    texts = (file.read_text(encoding="utf-8") for file in files if file.name.startswith("categories-"))
    return {catalogue.version: catalogue for catalogue in map(read, texts)}


Source = Callable[[Collection[str]], Iterable[Catalogue]]
"""Gives every version that a district has entered, besides those with these names."""


class Book:
    """Every version that this process knows: those that come with the service, and what districts have entered.

    A version is never changed once it has a name, so that what was read stays true: the source is asked for those that
    are new alone, at first, whenever somebody calls `renew`, and for a name that is not known here yet. No case waits
    for the database to know its category, and none has a category that this process cannot read.
    """

    def __init__(self) -> None:
        self._entered: dict[str, Catalogue] = {}
        self._source: Source | None = None
        self._begun = False

    def open(self, source: Source | None) -> None:
        """From now on know what `source` gives and nothing that another gave; without one what is shipped alone."""
        self._entered, self._source, self._begun = {}, source, False

    def renew(self) -> None:
        """Read what was entered since."""
        if self._source is not None:
            found = self._source(self._entered.keys())
            self._entered = {**self._entered, **{each.version: each for each in found}}
            self._begun = True

    def find(self, version: str) -> Catalogue | None:
        """The version with this name."""
        found = published().get(version) or self._entered.get(version)
        if found is None and self._source is not None:
            self.renew()
            found = self._entered.get(version)
        return found

    def of(self, tenant: str | None) -> list[Catalogue]:
        """All versions of a district, with those that come with the service."""
        if not self._begun:
            self.renew()
        return [*published().values(), *(each for each in self._entered.values() if each.tenant == tenant)]

    def everywhere(self) -> list[Catalogue]:
        """All versions of all districts, with those that come with the service."""
        if not self._begun:
            self.renew()
        return [*published().values(), *self._entered.values()]


BOOK = Book()
"""The one of this process; whoever has the database opens it (`policies.store`)."""


def catalogue(version: str) -> Catalogue:
    """The version with this name; refuses `unknown_version`."""
    found = BOOK.find(version)
    if found is None:
        raise Refusal("unknown_version", version=version)
    return found


def kept_as(code: str | None, version: str | None) -> Category | None:
    """The category of what was registered under this version; None of what has none yet. Refuses as `catalogue`."""
    return None if code is None or version is None else catalogue(version).find(code)


def restricted_in(tenants: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The sensitive categories of these districts, by the version that has them so (docs/domain.md §5)."""
    known = {each.version: each for tenant in tenants for each in BOOK.of(tenant)}
    return {
        version: tuple(kind.code for kind in each.categories.values() if kind.restricted)
        for version, each in sorted(known.items())
    }


def open_in(tenant: str) -> frozenset[str]:
    """The categories of a district that are not sensitive in some version: what is, `restricted_in` tells."""
    return frozenset(kind.code for each in BOOK.of(tenant) for kind in each.categories.values() if not kind.restricted)


def in_force(at: datetime, tenant: str | None = None) -> Catalogue:
    """The version that holds in a district at `at`; without a district of those that come with the service."""
    return latest(at, BOOK.of(tenant))


def latest(at: datetime, catalogues: Iterable[Catalogue]) -> Catalogue:
    """The version that holds at `at`: the latest that has begun, or the first of all before any has.

    Of two that begin on the same day it is the one that was entered later.
    """
    known = sorted(catalogues, key=lambda one: (one.begins, one.number))
    begun = [one for one in known if one.begins <= at.astimezone(LOCAL).date()]
    return begun[-1] if begun else known[0]
