"""Kinds of case as versioned data: how urgent each is, how long it may take and who can handle it."""

import json
from collections.abc import Iterable, Mapping
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
    """The categories of one version, in force from a local day on until a later version is."""

    version: str
    begins: date
    groups: tuple[Group, ...]
    categories: Mapping[str, Category]

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
    physical = {group.code: group.physical for group in groups}
    categories = [_category(row, physical=physical[row["code"][:2]]) for row in data["categories"]]
    return Catalogue(
        version=data["version"],
        begins=date.fromisoformat(data["from"]),
        groups=groups,
        categories={category.code: category for category in categories},
    )


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


def catalogue(version: str) -> Catalogue:
    """The version with this name; refuses `unknown_version`."""
    found = published().get(version)
    if found is None:
        raise Refusal("unknown_version", version=version)
    return found


def in_force(at: datetime, catalogues: Iterable[Catalogue] | None = None) -> Catalogue:
    """The version that holds at `at`: the latest that has begun, or the first of all before any has."""
    known = sorted(catalogues or published().values(), key=lambda one: one.begins)
    begun = [one for one in known if one.begins <= at.astimezone(LOCAL).date()]
    return begun[-1] if begun else known[0]
