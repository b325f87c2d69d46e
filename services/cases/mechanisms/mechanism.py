"""Joint mechanisms: an axis and any number of names that an agency enters; none is built in (docs/domain.md §0)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from chassis.errors import Refusal

ENTERS = ("dispatcher", "district_admin", "party_office")
"""Roles that enter the mechanisms of an area within their scope (docs/domain.md §5)."""


@dataclass(frozen=True)
class Mechanism:
    """One mechanism (联) by its name; it holds from and until a local day, both included, where they are given."""

    id: str
    name: str
    order: int
    valid_from: date | None = None
    valid_to: date | None = None

    def holds(self, today: date) -> bool:
        """Whether something can be linked to it on that day."""
        return (self.valid_from or today) <= today <= (self.valid_to or today)


@dataclass(frozen=True)
class MechanismList:
    """The axis (轴) of an area, and what is joined to it, in order."""

    area: str
    axis: str | None = None
    mechanisms: tuple[Mechanism, ...] = ()

    def find(self, id: str) -> Mechanism | None:
        """The mechanism with that id."""
        return next((each for each in self.mechanisms if each.id == id), None)


def entered(
    before: MechanismList, axis: str | None, rows: Sequence[Mapping[str, Any]], today: date, new_ids: Iterable[str]
) -> MechanismList:
    """The list as it is entered now; one that is left out ends today, so that reports still name it.

    Refuses `unknown_mechanism` for an id that the list does not have, `mechanism_named_twice`, and
    `mechanism_ends_too_early`.
    """
    ids, kept = iter(new_ids), {each.id: each for each in before.mechanisms}
    found: list[Mechanism] = []
    for order, row in enumerate(rows, 1):
        id = row.get("mechanism_id")
        if id is not None and id not in kept:
            raise Refusal("unknown_mechanism", mechanism_id=id)
        found.append(Mechanism(id or next(ids), row["name"], order, row.get("valid_from"), row.get("valid_to")))
    if len({each.name for each in found}) < len(found):
        raise Refusal("mechanism_named_twice")
    for each in found:
        if each.valid_from and each.valid_to and each.valid_to < each.valid_from:
            raise Refusal("mechanism_ends_too_early", name=each.name)
    named = {each.id for each in found}
    gone = [_ended(each, today, order) for order, each in enumerate(_without(kept, named), len(found) + 1)]
    return MechanismList(before.area, axis, (*found, *gone))


def check(found: MechanismList | None, mechanism_id: str, today: date) -> None:
    """Refuses `no_mechanisms` where none are entered, and `unknown_mechanism` for one that does not hold today."""
    if found is None or not found.mechanisms:
        raise Refusal("no_mechanisms")
    mechanism = found.find(mechanism_id)
    if mechanism is None or not mechanism.holds(today):
        raise Refusal("unknown_mechanism", mechanism_id=mechanism_id)


def report(found: MechanismList | None, linked: Mapping[str, Mapping[str, int]], today: date) -> dict[str, Any]:
    """The axis and what is joined to it, each with how much is linked to it by kind; empty where nothing is entered."""
    return {
        "axis": found.axis if found else None,
        "items": [
            {
                "mechanism_id": each.id,
                "name": each.name,
                "valid_from": each.valid_from.isoformat() if each.valid_from else None,
                "valid_to": each.valid_to.isoformat() if each.valid_to else None,
                "holds": each.holds(today),
                "linked": {kind: counts.get(each.id, 0) for kind, counts in linked.items()},
            }
            for each in (found.mechanisms if found else ())
        ],
    }


def _without(kept: Mapping[str, Mechanism], named: set[str]) -> list[Mechanism]:
    return [each for id, each in kept.items() if id not in named]


def _ended(each: Mechanism, today: date, order: int) -> Mechanism:
    return replace(each, order=order, valid_to=min(each.valid_to or today, today))
