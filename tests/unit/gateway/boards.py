"""Boards of indicators as cases answers them, for what is drawn of them."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from cases.indicators.opinions import Opinions
from cases.indicators.permission import Audience
from cases.indicators.ranking import LOWER_IS_BETTER
from cases.indicators.rates import MADE_OF, Sums
from cases.indicators.selection import By, Selection, month_ends
from cases.indicators.view import Told, places
from cases.indicators.view import scoring as told_of
from cases.policies.scoring import scoring, shipped
from cases.tally import Count

AREA = "360704100012"
RULES = scoring(shipped())
NAMES = {
    AREA: "滨江社区",
    f"{AREA}001": "第一网格",
    f"{AREA}002": "第二网格",
    f"{AREA}003": "第三网格",
    "u-1": "照明所",
}


def sums(**counts: int) -> Sums:
    """So many cases for each count."""
    return Sums(Counter({Count(name): n for name, n in counts.items()}))


def board(by: str, found: Mapping[str, Sums], audience: Audience = Audience.ALL, **other: Any) -> dict[str, Any]:
    """What cases answers when it has found this."""
    return {
        "area": AREA,
        "from": "2026-01-01",
        "to": "2026-04-30",
        "unit_id": None,
        "category": None,
        "asked_at": "2026-04-30T16:30:00Z",
        "counted_until": "2026-04-30T10:00:00Z",
        "by": by,
        "audience": audience.value,
        "fewest_told": RULES.smallest_group,
        "scoring": told_of(RULES, AREA),
        "made_of": {rate: list(made_of) for rate, made_of in MADE_OF.items()},
        "total": told(by, found, audience).total(),
        "parts": told(by, found, audience).parts(),
        "categories": {},
        "names": NAMES,
        **other,
    }


def ranking_board(
    rate: str,
    found: Mapping[str, Sums],
    audience: Audience = Audience.ALL,
    before: Mapping[str, Sums] | None = None,
    **other: Any,
) -> dict[str, Any]:
    """What cases answers when it ranks grids of which it has found this, and that of the days before."""
    kept = {name: value for name, value in board("grid", found, audience).items() if name != "parts"}
    return {
        **kept,
        "rate": rate,
        "lowest_first": rate in LOWER_IS_BETTER,
        "before": {"from": "2025-09-03", "to": "2025-12-31", "scoring": kept["scoring"]},
        "items": places(rate, told("grid", found, audience), told("grid", before or {}, audience)),
        **other,
    }


def told(by: str, found: Mapping[str, Sums], audience: Audience) -> Told:
    """The same as it is told in the months that it is of, which are four where it is of areas."""
    months = sorted(found) if by == By.MONTH else ["2026-01", "2026-04"]
    asked = Selection(AREA, date.fromisoformat(f"{months[0]}-01"), month_ends(months[-1]), By(by))
    if audience is Audience.ALL:
        return Told(asked, found, RULES)
    few = frozenset(of for of, each in found.items() if 0 < each.of(Count.ANSWERED) < RULES.smallest_group)
    hidden = {month: frozenset({AREA}) if month in few else few for month in asked.months}
    return Told(asked, found, RULES, opinions=Opinions(hidden))


MONTHS = {
    "2026-01": sums(due=972, due_closed=911, in_time=737, concluded=640, answered=590, solved=561, satisfied=548),
    "2026-02": Sums({}),
    "2026-03": sums(due=4, due_closed=3, in_time=3, concluded=3, answered=2, solved=2, satisfied=1),
    "2026-04": sums(due=8, due_closed=8, in_time=4, concluded=12, answered=12, solved=6, satisfied=12),
}
GRIDS = {
    f"{AREA}001": sums(due=4, due_closed=1, concluded=10, answered=4, satisfied=1, fed_back=10, reworked=2),
    f"{AREA}002": sums(due=2, due_closed=2, concluded=12, answered=12, satisfied=6, fed_back=10, reworked=1),
    f"{AREA}003": Sums({}),
    f"{AREA}004": sums(due=8, due_closed=8, concluded=20, answered=10, satisfied=5, fed_back=10),
}
