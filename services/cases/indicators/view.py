"""Indicators as they are answered: all figures, or the public set of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cases.category import BOOK
from cases.indicators.permission import PUBLIC_RATES, Audience
from cases.indicators.ranking import ranking
from cases.indicators.rates import COMPOSITE, Sums, figures
from cases.place import AREA_DIGITS, tenant_of
from cases.policies.scoring import Scoring
from cases.tally import Count

PUBLIC_COUNTS = ("reported", "registered", "due", "due_closed", "in_time", "closed")
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


@dataclass(frozen=True)
class Told:
    """The sums of one period, for whom they are shown, and by which rules."""

    sums: Mapping[str, Sums]
    audience: Audience
    rules: Scoring

    def shown(self) -> dict[str, dict[str, Any]]:
        """The figures of what has a code: people without a unit are none, nor is what has no category yet."""
        return {of: shown(sums, self.audience, self.rules) for of, sums in self.sums.items() if of}

    def values(self, rate: str) -> dict[str, float | None]:
        """The rate of each, as it is shown."""
        return {of: figures["rates"][rate] for of, figures in self.shown().items()}


def places(rate: str, now: Told, before: Told) -> list[dict[str, Any]]:
    """The parts as they are ranked by what is shown of them, each with its figures and its coverage beside."""
    found = now.shown()
    return [
        {**vars(place), "coverage": found[place.of]["rates"]["coverage"], **found[place.of]}
        for place in ranking(rate, now.values(rate), before.values(rate))
    ]


def scoring(rules: Scoring, area: str) -> dict[str, Any]:
    """How the figures of an area are weighed, and by which version of whose."""
    return {
        **{rate: float(weight) for rate, weight in rules.weights.items()},
        "partly": float(rules.partly),
        "version": rules.version,
        "basis": OF_DISTRICT if len(area) >= AREA_DIGITS[0] else SHIPPED,
    }


def category_names(codes: Iterable[str], area: str) -> dict[str, dict[str, str]]:
    """What categories are called in both languages, in the last version that has each; unknown ones are left out.

    Of the versions of the district in which the area lies; of an area that holds several, of all.
    """
    versions = BOOK.of(tenant_of(area)) if len(area) >= AREA_DIGITS[0] else BOOK.everywhere()
    known = {
        code: {"zh": found.zh, "en": found.en}
        for version in sorted(versions, key=lambda each: (each.begins, each.number))
        for code, found in version.categories.items()
    }
    return {code: known[code] for code in codes if code in known}
