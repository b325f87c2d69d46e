"""Which of some cases there are not for somebody: those about the own unit (docs/domain.md §5)."""

from collections.abc import Sequence

from cases.showing.sight import sight
from cases.store import CaseStore
from chassis.caller import Caller


def hidden_from(cases: CaseStore, ids: Sequence[str], who: Caller) -> frozenset[str]:
    """The cases among `ids` that complain of the caller's unit, and are none to them; wherever ids are told."""
    if who.unit is None:
        return frozenset()
    return frozenset(case.id for case in cases.about(who.unit, ids) if not sight(case, who))
