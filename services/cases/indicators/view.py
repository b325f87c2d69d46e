"""Indicators as they are answered: all figures, or the public set of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from cases.category import published
from cases.indicators.permission import Audience
from cases.indicators.rates import COMPOSITE, USUAL, Scoring, Sums, figures
from cases.tally import Count

PUBLIC_COUNTS = ("reported", "registered", "due", "due_closed", "in_time", "closed")
PUBLIC_RATES = ("registration", "closure", "on_time", "response", "resolution", "satisfaction", "coverage", "composite")
OPINIONS = ("resolution", "satisfaction", COMPOSITE)

FEWEST = 10
"""Of fewer answers than this nobody but the office is told what they were (docs/domain.md §5, small groups)."""


def shown(sums: Sums, audience: Audience, scoring: Scoring = USUAL) -> dict[str, Any]:
    """`{counts, rates}` as this audience is told them."""
    told = figures(sums, scoring)
    if audience is Audience.ALL:
        return told
    rates = {name: told["rates"][name] for name in PUBLIC_RATES}
    if sums.of(Count.ANSWERED) < FEWEST:
        rates |= dict.fromkeys(OPINIONS)
    return {"counts": {name: told["counts"][name] for name in PUBLIC_COUNTS}, "rates": rates}


def parts(found: Mapping[str, Sums], audience: Audience) -> list[dict[str, Any]]:
    """The figures part by part, by their codes; what people of the grid have without any unit is the unit ""."""
    return [{"of": of, **shown(found[of], audience)} for of in sorted(found)]


def category_names(codes: Iterable[str]) -> dict[str, dict[str, str]]:
    """What categories are called in both languages, in the last version that has each; unknown ones are left out."""
    known = {
        code: {"zh": found.zh, "en": found.en}
        for version in sorted(published().values(), key=lambda each: each.begins)
        for code, found in version.categories.items()
    }
    return {code: known[code] for code in codes if code in known}
