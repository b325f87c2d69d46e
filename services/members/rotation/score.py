"""The score of a compound on a service day: how long it has waited and what is open there (F45, F46)."""

from collections.abc import Mapping

from members.rotation.turn import Term, Waiting

WAITED, NEED, DISPLACED = "waited", "need", "displaced"

PER_DAY = 10
"""Points for each service day of waiting."""

SEVERITY: Mapping[str, int] = {"E": 80, "U": 60, "N": 40, "L": 20}
"""Points for an open hygiene case, by its severity: three normal ones outweigh every wait within the bound."""

MOST_FOR_NEED = 160
HEAD = 50
"""Points for having been displaced."""


def terms(compound: Waiting) -> tuple[Term, ...]:
    """What the score is made of; what gives no points is not named."""
    need = min(sum(SEVERITY[each] for each in compound.needs.values()), MOST_FOR_NEED)
    found = (
        Term(WAITED, compound.waited, compound.waited * PER_DAY),
        Term(NEED, len(compound.needs), need),
        Term(DISPLACED, int(compound.displaced), HEAD * compound.displaced),
    )
    return tuple(term for term in found if term.points)


def score(compound: Waiting) -> int:
    """The sum of the points."""
    return sum(term.points for term in terms(compound))
