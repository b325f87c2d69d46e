"""Indicators as they are answered: all figures, or the public set of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from cases.category import published
from cases.indicators.permission import Audience
from cases.indicators.rates import COMPOSITE, Sums, figures
from cases.place import AREA_DIGITS
from cases.policies.scoring import Scoring
from cases.tally import Count

PUBLIC_COUNTS = ("reported", "registered", "due", "due_closed", "in_time", "closed")
PUBLIC_RATES = ("registration", "closure", "on_time", "response", "resolution", "satisfaction", "coverage", "composite")
OPINIONS = ("resolution", "satisfaction", COMPOSITE)

OF_DISTRICT, SHIPPED = "district", "shipped"
"""Whose version of the scoring holds: that of the district, or for several districts the one that all begin with."""


def shown(sums: Sums, audience: Audience, rules: Scoring) -> dict[str, Any]:
    """`{counts, rates}` as this audience is told them.

    Of fewer answers than the rules say nobody but the office is told what they were (docs/domain.md §5, small groups).
    """
    told = figures(sums, rules)
    if audience is Audience.ALL:
        return told
    rates = {name: told["rates"][name] for name in PUBLIC_RATES}
    if sums.of(Count.ANSWERED) < rules.smallest_group:
        rates |= dict.fromkeys(OPINIONS)
    return {"counts": {name: told["counts"][name] for name in PUBLIC_COUNTS}, "rates": rates}


def parts(found: Mapping[str, Sums], audience: Audience, rules: Scoring) -> list[dict[str, Any]]:
    """The figures part by part, by their codes; what people of the grid have without any unit is the unit ""."""
    return [{"of": of, **shown(found[of], audience, rules)} for of in sorted(found)]


def scoring(rules: Scoring, area: str) -> dict[str, Any]:
    """How the figures of an area are weighed, and by which version of whose."""
    return {
        **{rate: float(weight) for rate, weight in rules.weights.items()},
        "partly": float(rules.partly),
        "version": rules.version,
        "basis": OF_DISTRICT if len(area) >= AREA_DIGITS[0] else SHIPPED,
    }


def category_names(codes: Iterable[str]) -> dict[str, dict[str, str]]:
    """What categories are called in both languages, in the last version that has each; unknown ones are left out."""
    known = {
        code: {"zh": found.zh, "en": found.en}
        for version in sorted(published().values(), key=lambda each: each.begins)
        for code, found in version.categories.items()
    }
    return {code: known[code] for code in codes if code in known}
