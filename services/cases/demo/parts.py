"""What each registered case of the demo is to be: what of, how it fares, where it comes from, and what is odd of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from cases.case import Source
from cases.category import Category
from cases.deadline import Unit
from cases.demo.kinds import COMPLAINTS, kinds, sources, suits, window
from cases.demo.quota import Fate, Silence, fates
from cases.demo.sittings import Held

VERIFIED = 15
"""How many reports a worker looks at first."""

RETURNED, RETURNED_TWICE = 24, 1
"""How many cases are handed back once, and twice."""


class Edge(StrEnum):
    """What is odd of a case (docs/domain.md §8.5)."""

    BORDER = "border"
    """It lies on the border of two grids."""

    EVE = "eve"
    """It is reported the afternoon before a week of holidays."""

    PHONE = "phone"
    """Its text contains a phone number."""

    TWICE = "twice"
    """The hotline transfers it once more."""

    UNAIDED = "unaided"
    """It needs a licence where nobody manages the compound and nobody near holds one."""


@dataclass(frozen=True)
class Part:
    """One registered case; `held` is the session at which it comes up, by its place among all."""

    kind: Category
    fate: Fate
    source: Source
    held: int | None = None
    returns: int = 0
    verified: bool = False
    edge: Edge | None = None

    @property
    def calm(self) -> bool:
        """Whether nobody is in a hurry: its first answer has days, and nobody quarrels."""
        return self.kind.respond.unit is Unit.WORKING_DAYS and not self.kind.is_dispute

    @property
    def complains(self) -> bool:
        """Whether it is about the work of a property company."""
        return self.kind.code == COMPLAINTS


EDGES: Mapping[Edge, Callable[[Part], bool]] = {
    Edge.BORDER: lambda part: part.kind.code.startswith("02") and part.fate.plain,
    Edge.EVE: lambda part: part.kind.code == "0303" and part.fate.plain,
    Edge.PHONE: lambda part: part.kind.code == "0505" and part.source is Source.APP,
    Edge.TWICE: lambda part: part.source is Source.HOTLINE and part.fate.plain,
    Edge.UNAIDED: lambda part: part.kind.code == "0102" and part.fate.plain and not (part.returns or part.verified),
}
"""Which case each may be of; the first that did not come up at a session is taken."""


def parts(held: Sequence[Held], chance: Random) -> list[Part]:
    """All registered cases, those first that are not simply closed in time."""
    dealt = dealt_out(kinds(chance), fates(chance))
    found = [Part(*pair, source) for pair, source in zip(dealt, sources(dealt, chance), strict=True)]
    made = _with_returns(_with_sessions(found, held, chance), chance)
    return _with_edges(_with_looks(made, chance))


def dealt_out(kinds: Sequence[Category], fates: Sequence[Fate]) -> list[tuple[Category, Fate]]:
    """A kind for each fate: the first that suits of those that are left."""
    left, dealt = list(kinds), []
    for fate in sorted(fates, key=lambda each: each.plain and each.silence is not Silence.ANONYMOUS):
        chosen = next(n for n, kind in enumerate(left) if suits(kind, fate))
        dealt.append((left.pop(chosen), fate))
    return dealt


def _with_sessions(parts: Sequence[Part], held: Sequence[Held], chance: Random) -> list[Part]:
    """Something comes up at every session; what takes long comes up early enough to be due in the period."""
    last = {n: window(part.kind, part.fate)[1] for n, part in enumerate(parts) if part.source is Source.SESSION}
    given: dict[int, int] = {}
    for session in reversed(range(len(held))):
        able = [n for n, end in last.items() if n not in given and held[session].typed_in_at <= end]
        given[chance.choice(able)] = session
    for n, end in last.items():
        able = [session for session, each in enumerate(held) if each.typed_in_at <= end]
        given.setdefault(n, chance.choice(able))
    return [replace(each, held=given.get(n)) for n, each in enumerate(parts)]


def _with_returns(parts: Sequence[Part], chance: Random) -> list[Part]:
    """Some are handed back at first: such as are in time all the same."""
    calm = [n for n, part in enumerate(parts) if part.fate.plain and part.calm]
    twice, *once = chance.sample(calm, RETURNED_TWICE + RETURNED)
    returns = {**dict.fromkeys(once, 1), twice: 2}
    return [replace(each, returns=returns.get(n, 0)) for n, each in enumerate(parts)]


def _with_looks(parts: Sequence[Part], chance: Random) -> list[Part]:
    """Some that came by the app are looked at first."""
    calm = [n for n, part in enumerate(parts) if part.source is Source.APP and part.calm]
    looked = set(chance.sample(calm, VERIFIED))
    return [replace(each, verified=n in looked) for n, each in enumerate(parts)]


def _with_edges(parts: Sequence[Part]) -> list[Part]:
    odd: dict[int, Edge] = {}
    for edge, fits in EDGES.items():
        odd[next(n for n, part in enumerate(parts) if part.held is None and n not in odd and fits(part))] = edge
    return [replace(each, edge=odd.get(n)) for n, each in enumerate(parts)]
