"""The indicator entrypoints: figures of an area, the cases behind a number, and keeping them counted."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from nameko.timer import timer

from cases.case import Case
from cases.indicators.counting import count_what_waits
from cases.indicators.figure_store import FigureStore
from cases.indicators.opinions import Opinions, opinions, whole_months
from cases.indicators.permission import UNLISTED, Audience, audience, audience_of_ranking, told_by
from cases.indicators.ranking import LOWER_IS_BETTER
from cases.indicators.rates import MADE_OF, cohort_of
from cases.indicators.recount_store import RecountStore
from cases.indicators.recounting import step
from cases.indicators.schemas import IndicatorCasesSchema, IndicatorRankingSchema, IndicatorsSchema
from cases.indicators.selection import By, Selection, days, local_day
from cases.indicators.store import IndicatorStore
from cases.indicators.view import Told, category_names, places, scoring
from cases.ledger.lists import List, line
from cases.naming import Codes, Naming, once
from cases.place import AREA_DIGITS, tenant_of
from cases.policies.store import PolicyStore
from cases.showing.sight import Sight, sight
from cases.showing.view import why_left_out
from cases.store import CaseStore, PlaceStore
from cases.trail import TrailDesk
from chassis.audit.row import OPERATOR
from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.instant import written
from chassis.outbox import Document
from chassis.paging import page_of_seen
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store

Answer = dict[str, Any]
At = tuple[datetime, str]
"""Where a page of cases goes on: when one counted, and its id."""

COUNT_SECONDS = 5
MADE = {rate: list(made_of) for rate, made_of in MADE_OF.items()}

PART_DIGITS: Mapping[By | None, int] = {By.COMMUNITY: AREA_DIGITS[2], By.GRID: AREA_DIGITS[3]}
"""Digits of the parts that are told also where nothing counts."""


class IndicatorDesk(TrailDesk):
    """Tells how an area does, and by which cases (docs/domain.md §2.4)."""

    cases_kept: CaseStore
    places: PlaceStore
    policies_kept: PolicyStore
    members: Any
    indicators_kept: IndicatorStore = Store(IndicatorStore)
    figures_kept: FigureStore = Store(FigureStore)
    recounts_kept: RecountStore = Store(RecountStore)

    @rpc
    def indicators(self, caller: Answer, **asked: Any) -> Answer:
        """The figures of an area and of its parts, and until when everything is counted.

        Refuses `invalid`, `period_reversed`, `period_too_long`, `unknown_unit`, `unknown_category`, `out_of_scope` and,
        in one's scope, `unknown_area`.
        """
        who, given = Caller.load(caller), load(IndicatorsSchema(), asked)
        selection, now = self._selection(given), self.clock.now()
        audience_ = audience(who, selection)
        head = self._head(selection, now)
        told = self._told(selection, audience_, now)
        apart = told.apart
        return {
            **head,
            "by": selection.by.value if selection.by else None,
            "audience": audience_.value,
            "fewest_told": told.rules.smallest_group,
            "scoring": scoring(told.rules, selection.area),
            "made_of": MADE,
            "total": told.total(),
            "parts": told.parts(),
            "categories": category_names(apart, selection.area) if selection.by is By.CATEGORY else {},
            "names": self._names(selection, apart),
        }

    @rpc
    def indicator_ranking(self, caller: Answer, **asked: Any) -> Answer:
        """The parts of an area in the order of a rate, and how far each has moved since the period before.

        Refuses as `indicators` does, and `out_of_scope` for a rate that the caller is not told.
        """
        who, given = Caller.load(caller), load(IndicatorRankingSchema(), asked)
        selection, now, rate = self._selection(given), self.clock.now(), given["rate"]
        told = audience_of_ranking(who, selection, rate)
        head = self._head(selection, now)
        found, before = self._told(selection, told, now), self._told(selection.before, told, now)
        return {
            **head,
            "by": given["by"],
            "rate": rate,
            "lowest_first": rate in LOWER_IS_BETTER,
            "audience": told.value,
            "fewest_told": found.rules.smallest_group,
            "scoring": scoring(found.rules, selection.area),
            "made_of": MADE,
            "before": {
                "from": selection.before.first.isoformat(),
                "to": selection.before.last.isoformat(),
                "scoring": scoring(before.rules, selection.area),
            },
            "total": found.total(),
            "items": places(rate, found, before),
            "categories": category_names(found.apart, selection.area) if selection.by is By.CATEGORY else {},
            "names": self._names(selection, [of for of in found.apart if of]),
        }

    @rpc
    def indicator_cases(self, caller: Answer, **asked: Any) -> Answer:
        """A page of the cases that a number is made of, masked, with the number and the time of the query.

        `unlisted` says which cases count and are not listed, always the same, whether or not there are any.
        Refuses as `indicators` does.
        """
        who, given = Caller.load(caller), load(IndicatorCasesSchema(), asked)
        selection, count, now = self._selection(given), given["count"], self.clock.now()
        least = told_by(who, selection)
        head = self._head(selection, now)
        sums = self.figures_kept.sums(selection, now)

        def seen(case: Case) -> bool:
            # What is about the own unit counts, and is not told of (docs/domain.md §5).
            return not case.complains_of(who) and sight(case, who) >= least

        page = partial(self.figures_kept.page, selection, count, now)
        counted, after = self._counted(page, seen, given["after"], given["limit"])
        # Whoever may ask for the number sees an outline of each case in it, and more where the case shows more.
        items = [_line(case, who, now, max(sight(case, who), Sight.OUTLINE)) for case in counted]
        return {
            **head,
            "count": count,
            "cohort": cohort_of(count).value,
            "number": sum(each.of(count) for each in sums.values()),
            "unlisted": [{"code": why.value, "zh": zh, "en": en} for why, (zh, en) in UNLISTED.items()],
            "items": items,
            "names": self._naming.of(_codes(selection.area, items), tenant_of(selection.area)),
            "next": [written(after[0]), after[1]] if after else None,
        }

    @rpc
    def recount_indicators(self, after: str = "", dry: bool = False) -> Answer:
        """One step of counting everything anew: `{next, cases, lines, counters}`. For operators.

        That it begins is in the audit trail first. `dry` only says what differs, and leaves no row.
        """
        if not after and not dry:
            self._audit(Caller(OPERATOR), "indicators.recounted", OPERATOR, "indicators", None, ("",))
        return step(self.recounts_kept, after, dry=dry)

    @timer(interval=COUNT_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def count_indicators(self) -> None:
        """Count what has moved since."""
        count_what_waits(self.indicators_kept)

    def _counted(
        self, page: Callable[[At | None, int], list[Document]], seen: Callable[[Case], bool], after: Any, limit: int
    ) -> tuple[list[Case], At | None]:
        """The cases of a page of lines that are `seen`, and where the next page begins."""
        cases: dict[str, Case] = {}

        def found(lines: Sequence[Document]) -> list[Document]:
            several = self.cases_kept.several(each["_id"] for each in lines)
            cases.update((id, case) for id, case in several.items() if seen(case))
            return [each for each in lines if each["_id"] in cases]

        lines, following = page_of_seen(page, found, lambda each: (each["at"], each["_id"]), after, limit)
        return [cases[each["_id"]] for each in lines], following

    def _selection(self, given: Answer) -> Selection:
        by = By(given["by"]) if given.get("by") else None
        first, last = days(given["first"], given["last"], self.clock.now(), by)
        unit, category = given["unit_id"], given["category"]
        if unit is not None and self.places.unit(unit) is None:
            raise Refusal("unknown_unit", unit_id=unit)
        if category is not None and not category_names([category], given["area"]):
            raise Refusal("unknown_category", category=category)
        return Selection(given["area"], first, last, by, unit, category)

    def _told(self, selection: Selection, audience: Audience, now: datetime) -> Told:
        """The sums, and the rules that hold on the last day, or today if that is to come (docs/domain.md §2.4)."""
        today = local_day(now)
        ends = {span: min(selection.ends_of(span), today) for span in selection.spans}
        last = min(selection.last, today)
        rules = self.policies_kept.scorings_of(selection.area, {last, *ends.values()})
        own = {span: rules[day] for span, day in ends.items()}
        public = self._opinions(selection, today) if audience is Audience.PUBLIC else None
        sums = self.figures_kept.sums(selection, now)
        return Told(selection, sums, rules[last], own, public, self._known(selection))

    def _known(self, selection: Selection) -> list[str]:
        """The communities or grids that there were in the period, also without a case (docs/domain.md §2.4)."""
        digits = PART_DIGITS.get(selection.by)
        return self.places.codes(selection.area, digits, selection.begins, selection.ends) if digits else []

    def _opinions(self, selection: Selection, today: date) -> Opinions:
        """Which opinions everybody is told, as all of the district has answered (docs/domain.md §5, small groups)."""
        months = dict(whole_months(selection.months, selection.first, selection.last, today))
        if not months:
            return Opinions({})
        rules = self.policies_kept.scorings_of(selection.area, months.values())
        answers = self.figures_kept.answers(tenant_of(selection.area), selection.first, selection.last)
        smallest = {month: rules[ends].smallest_group for month, ends in months.items()}
        return opinions(answers, tenant_of(selection.area), smallest)

    def _head(self, selection: Selection, now: datetime) -> Answer:
        """What was asked; read before the sums, so that more is counted than it says, never less.

        Refuses `unknown_area`, for an area without a grid is none, and its zeros would be no figures.
        """
        if not self.places.knows(selection.area):
            raise Refusal("unknown_area", area=selection.area)
        return {
            "area": selection.area,
            "from": selection.first.isoformat(),
            "to": selection.last.isoformat(),
            "unit_id": selection.unit,
            "category": selection.category,
            "asked_at": written(now),
            "counted_until": written(min(now, self.indicators_kept.waits_since() or now)),
        }

    def _names(self, selection: Selection, apart: Iterable[str]) -> dict[str, str]:
        """What the area, its parts and the unit are called."""
        units = apart if selection.by is By.UNIT else ()
        areas = apart if selection.by in {By.DISTRICT, By.COMMUNITY, By.GRID} else ()
        unit = [selection.unit] if selection.unit else []
        codes = Codes(areas=once([selection.area, *areas]), units=once([*unit, *units]))
        return self._naming.of(codes, tenant_of(selection.area))

    @property
    def _naming(self) -> Naming:
        return Naming(self.places, self.members)


def _line(case: Case, who: Caller, now: datetime, seen: Sight) -> Answer:
    """A line as the list of what is done has it, and why the case does not count for the rates, where it does not."""
    return {**line(List.COMPLETION, case, now, seen), "exclusion": why_left_out(case, who, seen)}


def _deciders(row: Answer) -> tuple[str, ...]:
    left_out = row["exclusion"]
    return (left_out["proposed_by"], left_out["decided_by"]) if left_out else ()


def _codes(area: str, items: list[Answer]) -> Codes:
    return Codes(
        areas=once([area, *(row["grid_code"] for row in items)]),
        compounds=once(row["compound_id"] for row in items),
        units=once(unit for row in items for unit in row["units"]),
        people=once(person for row in items for person in (*row["people"], *_deciders(row))),
    )
