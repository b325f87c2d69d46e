"""The plan of a service day as it is kept: remade until its day has come, with what changed and why (F45, F46)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from chassis.errors import Refusal
from chassis.fault import Fault
from members.rotation.turn import DayPlan, Order

PLANNED = "rotation.planned"

CLOSED, WAITED_LESS, CALLED_OFF = "compound_closed", "others_first", "called_off"
"""Why a compound has lost its turn, where nobody displaced it."""


@dataclass(frozen=True)
class Change:
    """What a version changed: a compound has a turn now (`gained`) or none any more, and why."""

    compound_id: str
    gained: bool
    why: str


@dataclass(frozen=True)
class Plan:
    """The plan of an area's service day, what organisers ordered for it, and what its last version changed."""

    area: str
    day: date
    made: DayPlan
    orders: tuple[Order, ...] = ()
    changes: tuple[Change, ...] = ()
    called_off: bool = False

    @property
    def id(self) -> str:
        """One plan for an area and a day."""
        return plan_id(self.area, self.day)


def plan_id(area: str, day: date) -> str:
    """The id of an area's plan for that day."""
    return f"{area}-{day.isoformat()}"


def unmade(area: str, day: date) -> Plan:
    """A plan before it was made."""
    return Plan(area, day, DayPlan(day, (), (), None))


def remade(before: Plan, made: DayPlan, orders: Iterable[Order], there: Iterable[str]) -> Plan:
    """The plan as it is made now, of the compounds that are `there`; refuses `nothing_changed`."""
    after = replace(before, made=made, orders=tuple(orders), called_off=False)
    if replace(after, changes=before.changes) == before:
        raise Refusal("nothing_changed")
    return replace(after, changes=tuple(_changes(before, made, frozenset(there))))


def called_off(before: Plan) -> Plan:
    """The plan when its day is no service day any more: nobody has a turn; refuses `nothing_changed`."""
    if before.called_off:
        raise Refusal("nothing_changed")
    lost = tuple(Change(turn.compound_id, gained=False, why=CALLED_OFF) for turn in before.made.turns)
    return replace(before, made=DayPlan(before.day, (), (), None), orders=(), changes=lost, called_off=True)


def _changes(before: Plan, made: DayPlan, there: frozenset[str]) -> Iterator[Change]:
    had = {turn.compound_id for turn in before.made.turns}
    has = {turn.compound_id: turn for turn in made.turns}
    displaced = {each.compound_id: each for each in made.displaced}
    for id in sorted(has.keys() - had):
        yield Change(id, gained=True, why=has[id].why.value)
    for id in sorted(had - has.keys()):
        out = displaced.get(id)
        yield Change(id, gained=False, why=out.why.value if out else WAITED_LESS if id in there else CLOSED)


def order_faults(plan: Plan, order: Order, there: frozenset[str]) -> Iterator[Fault]:
    """Everything that is wrong with an order, at once."""
    planned = {turn.compound_id for turn in plan.made.turns}
    ordered = {each.compound_id for each in plan.orders}
    if order.compound_id not in there:
        yield Fault("/compound_id", "unknown_compound", {"compound_id": order.compound_id})
    elif order.compound_id in planned:
        yield Fault("/compound_id", "turn_planned_already", {"compound_id": order.compound_id})
    if order.instead_of is not None and (order.instead_of not in planned or order.instead_of in ordered):
        yield Fault("/instead_of", "no_turn_to_give", {"compound_id": order.instead_of})


def withdrawn(plan: Plan, compound_id: str) -> tuple[Order, ...]:
    """The orders without the one for that compound; refuses `order_not_found`."""
    left = tuple(each for each in plan.orders if each.compound_id != compound_id)
    if len(left) == len(plan.orders):
        raise Refusal("order_not_found", compound_id=compound_id)
    return left


def told(plan: Plan) -> Mapping[str, Any]:
    """The body of `rotation.planned`: which compounds have their turn on that day, what changed, and no words."""
    return {
        "area": plan.area,
        "day": plan.day.isoformat(),
        "compound_ids": sorted(turn.compound_id for turn in plan.made.turns),
        "changes": [dict(vars(each)) for each in plan.changes],
    }
