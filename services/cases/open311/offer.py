"""What can be reported over Open311: the categories of the district that are not sensitive (docs/open311.md)."""

from collections.abc import Mapping
from typing import Any

from cases.case import Tag
from cases.category import Catalogue, Category
from cases.deadline import Term
from chassis.errors import Refusal

WEIGHS_ON = (Tag.ELDERLY, Tag.CHILD, Tag.DISABLED)
"""Whom a matter weighs on: the tags of a report that say nothing about how urgent it is."""


def services(found: Catalogue) -> list[dict[str, Any]]:
    """Every service that is offered, by its code; those of sensitive categories are not (docs/domain.md §5)."""
    groups = {group.code: {"zh": group.zh, "en": group.en} for group in found.groups}
    offered = (each for each in found.categories.values() if not each.restricted)
    return [_service(each, groups) for each in sorted(offered, key=lambda each: each.code)]


def service(found: Catalogue, code: str) -> dict[str, Any]:
    """The one with that code; refuses `service_not_found`, also for a sensitive category."""
    offered = next((each for each in services(found) if each["code"] == code), None)
    if offered is None:
        raise Refusal("service_not_found", service_code=code)
    return offered


def _length(term: Term) -> dict[str, Any]:
    """How long something may take, and in which unit (docs/domain.md §2.3)."""
    return {"count": term.count, "unit": term.unit.value}


def _service(kind: Category, groups: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    return {
        "code": kind.code,
        "name": {"zh": kind.zh, "en": kind.en},
        "group": groups[kind.code[:2]],
        "respond": _length(kind.respond),
        "resolve": _length(kind.resolve),
        "physical": kind.physical,
        "weighs_on": [tag.value for tag in WEIGHS_ON],
    }
