"""What somebody may hear of cases while it happens, as clauses about the marks of events; no store.

Whoever carries events knows no rule of cases: an event has marks, facts in words, and a clause says which of them
have to be there and which may not. So sight has one place (docs/adr/0040).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cases.act import EXCLUDING, Act
from cases.case import Case
from cases.moves.table import MOVES
from cases.permission import WORKERS
from cases.showing.listing import OVERSEEING, narrowed, scopes_of
from cases.showing.sight import HANDLE_ALL, ONLOOKERS, Sight
from cases.showing.timeline import hears_of_exclusion
from chassis.caller import Caller
from chassis.errors import Refusal

RESTRICTED = "restricted"
"""The mark of an event whose case is of a sensitive category."""

UNCATEGORISED = "uncategorised"
"""The mark of an event whose case has no category yet, so that nobody knows whether it is sensitive."""


@dataclass(frozen=True)
class Clause:
    """Events that have the mark `key` and none of the marks in `none` may be heard."""

    key: str
    none: tuple[str, ...] = ()

    def dump(self) -> dict[str, Any]:
        """The JSON-safe form."""
        return {"key": self.key, "none": list(self.none)}


def types_of(acts: Iterable[Act]) -> tuple[str, ...]:
    """The marks of the events that these acts cause."""
    wanted = frozenset(acts)
    return tuple(sorted({f"type:{move.event}" for move in MOVES if move.act in wanted}))


REMINDING = types_of({Act.REMIND})
"""Whom the clock has reminded is for those who work on a case."""

ABOUT_EXCLUSION = types_of(EXCLUDING)
"""How a case counts is nothing for its reporter, whom it may call a nuisance (docs/domain.md §2.4)."""


def desk_watch(caller: Caller, area: str | None) -> list[Clause]:
    """What the caller hears of the cases of their scope, or of the part of it in `area`.

    Never what is about the own unit; sensitive cases where they are handled; those without a category where reports
    are verified, too; of the rest what lists show (docs/domain.md §5). Refuses `not_permitted` to who oversees
    nothing, `out_of_scope` where no scope lies within or around the area.
    """
    scopes = scopes_of(caller, OVERSEEING)
    if not scopes:
        raise Refusal("not_permitted", act="watch_desk")
    if not narrowed(scopes, area):
        raise Refusal("out_of_scope", act="watch_desk")
    return list(dict.fromkeys(_desk_clauses(caller, area)))


def case_watch(case: Case, caller: Caller, sight: Sight) -> list[Clause]:
    """What the caller, who sees so much of the case, hears of it: the lines that its timeline has for them."""
    inner = () if sight is Sight.FULL else REMINDING
    counted = () if hears_of_exclusion(case, caller, sight) else ABOUT_EXCLUSION
    own_unit = () if _has_own_part(case, caller) else _about_own_unit(caller)
    return [Clause(f"case:{case.id}", (*inner, *counted, *own_unit))]


def _desk_clauses(caller: Caller, area: str | None) -> Iterator[Clause]:
    own_unit = _about_own_unit(caller)
    own_reports = tuple(f"reported-by:{id}" for id in caller.ids)
    kept_close = (RESTRICTED, UNCATEGORISED)
    for roles, none in (
        (HANDLE_ALL, ()),
        (WORKERS, (RESTRICTED,)),
        (ONLOOKERS, (*kept_close, *REMINDING, *ABOUT_EXCLUSION)),
        (ONLOOKERS, (*kept_close, *REMINDING, *own_reports)),
    ):
        for scope in narrowed(scopes_of(caller, roles), area):
            yield Clause(f"area:{scope}", (*none, *own_unit))


def _about_own_unit(caller: Caller) -> tuple[str, ...]:
    return (f"about:{caller.unit}",) if caller.unit is not None else ()


def _has_own_part(case: Case, caller: Caller) -> bool:
    """Whether the case is shown to the caller also where it is about the own unit, as `sight` has it."""
    party = case.mediation is not None and case.mediation.has_party(caller)
    return case.reporter.is_(caller) or case.is_followed_by(caller) or party
