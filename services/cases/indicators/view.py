"""Indicators as they are answered: all figures, or the public set of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cases.category import BOOK
from cases.indicators.opinions import Opinions
from cases.indicators.permission import PUBLIC_RATES, Audience
from cases.indicators.ranking import ranking
from cases.indicators.rates import COMPOSITE, Sums, figures
from cases.indicators.selection import SPANS, Selection
from cases.place import AREA_DIGITS, tenant_of
from cases.policies.scoring import Scoring

PUBLIC_COUNTS = ("reported", "registered", "due", "due_closed", "in_time", "closed")
OPINIONS = ("resolution", "satisfaction", COMPOSITE)

OF_DISTRICT, SHIPPED = "district", "shipped"
"""Whose version of the scoring holds: that of the district, or for several districts the one that all begin with."""


def shown(sums: Sums, rules: Scoring, audience: Audience, *, opinions: bool) -> dict[str, Any]:
    """`{counts, rates}` as this audience is told them, in public with or without `opinions`."""
    told = figures(sums, rules)
    if audience is Audience.ALL:
        return told
    rates = {name: told["rates"][name] for name in PUBLIC_RATES}
    if not opinions:
        rates |= dict.fromkeys(OPINIONS)
    return {"counts": {name: told["counts"][name] for name in PUBLIC_COUNTS}, "rates": rates}


@dataclass(frozen=True)
class Told:
    """The sums of what was asked for, by which rules they are shown, and which opinions everybody is told of them.

    `known` are the parts that there are, also where nothing counts.
    `own` has the rules of its days or months, each those of its own last day; `rules` are those of the last of all.
    Who is told all has no `opinions`, for they are told whatever they are.
    """

    asked: Selection
    sums: Mapping[str, Sums]
    rules: Scoring
    own: Mapping[str, Scoring] = field(default_factory=dict)
    opinions: Opinions | None = None
    known: Sequence[str] = ()

    @property
    def apart(self) -> Mapping[str, Sums]:
        """The sums of each part, also of those known and of every day or month, where anything is told apart."""
        return {**dict.fromkeys([*self.known, *self.asked.spans], Sums({})), **self.sums} if self.asked.by else {}

    def total(self) -> dict[str, Any]:
        """The figures of the whole."""
        return self._shown(sum(self.sums.values(), Sums({})), self.rules, self.asked.area, self.asked.months)

    def parts(self) -> list[dict[str, Any]]:
        """The figures part by part, by their codes; what people of the grid have without any unit is the unit "".

        A day or month that is made by another version than the whole says by which.
        """
        return [{"of": of, **self._version(of), **self._part(of, sums)} for of, sums in sorted(self.apart.items())]

    def shown(self) -> dict[str, dict[str, Any]]:
        """The figures of what has a code: people without a unit are none, nor is what has no category yet."""
        return {of: self._part(of, sums) for of, sums in self.apart.items() if of}

    def _version(self, of: str) -> dict[str, Any]:
        rules = self.own.get(of, self.rules)
        return {} if rules.version == self.rules.version else {"scoring": scoring(rules, self.asked.area)}

    def _part(self, of: str, sums: Sums) -> dict[str, Any]:
        area, months = (self.asked.area, [of]) if self.asked.by in SPANS else (of, self.asked.months)
        return self._shown(sums, self.own.get(of, self.rules), area, months)

    def _shown(self, sums: Sums, rules: Scoring, area: str, months: Sequence[str]) -> dict[str, Any]:
        if self.opinions is None:
            return shown(sums, rules, Audience.ALL, opinions=True)
        return shown(sums, rules, Audience.PUBLIC, opinions=self.opinions.are_told(area, months))

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
