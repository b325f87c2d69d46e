"""The summons entrypoints: calling units to the spot, what each of them and the caller say, and the clock."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import structlog
from nameko.timer import timer

from cases.case import Case
from cases.deadline import LOCAL
from cases.escalation import MOVED_ON
from cases.mechanisms import mechanism
from cases.mechanisms.store import MechanismStore
from cases.moves.event import NO_CATEGORY
from cases.period import spanning
from cases.permission import within
from cases.showing.listing import OVERSEEING, narrowed, scopes_of, tenants
from cases.showing.sight import check_there
from cases.store import CaseStore, PlaceStore
from cases.summons import schemas, view
from cases.summons.acts import EVENTS, Act, Attempt, check_units, done, draft
from cases.summons.permission import permitted_role, seeing_role
from cases.summons.store import SummonsStore, Wanted
from cases.summons.summons import Summons, ringing
from chassis.caller import THE_CLOCK, Caller
from chassis.command import Asked, digest
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.instant import written
from chassis.logs import bind
from chassis.paging import page_of_seen
from chassis.records import Kept, Outcome
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store

log = structlog.get_logger()

Answer = dict[str, Any]

SWEEP_SECONDS = 5
SWEPT_AT_ONCE = 50


class SummonsDesk(Desk):
    """Lets a community call units to the spot (吹哨报到, docs/domain.md §2.2)."""

    cases_kept: CaseStore
    members: Any
    mechanisms_kept: MechanismStore
    places: PlaceStore
    summons_kept: SummonsStore = Store(SummonsStore)

    @rpc
    def open_summons(self, caller: Answer, command_id: str, case_id: str, act: str, **body: Any) -> Answer:
        """Call units for a case, or ask the office to: the receipt.

        Refuses what the acts and the permissions refuse, `unknown_assignee` and what `check_units` refuses.
        """
        bind({"case_id": case_id})
        verb = Act(load(schemas.OpeningSchema(), {"act": act})["act"])
        fields = load(schemas.FIELDS[verb], body)
        asked = self._asked(caller, command_id, {"case_id": case_id, "act": act, **body})
        if answer := self.summons_kept.records.answered(asked):
            return answer
        case = self._case(case_id, asked.caller)
        summons = draft(new_id(), verb, case, asked.caller, fields, asked.now)
        outcome = self._outcome(verb, Attempt(summons, case, asked.caller, asked.now, fields))
        self._check_units(outcome.item, case)
        self._check_mechanism(fields, case, asked)
        return self.summons_kept.records.open(asked, outcome)

    @rpc
    def move_summons(
        self, caller: Answer, command_id: str, summons_id: str, act: str, fields: Answer | None = None
    ) -> Answer:
        """Do one thing with a summons: the receipt. Refuses what the acts and the permissions refuse."""
        verb = Act(load(schemas.ActSchema(), {"act": act})["act"])
        said = load(schemas.FIELDS[verb], fields or {})
        content = {"summons_id": summons_id, "act": act, "fields": fields or {}}
        return self._move(self._asked(caller, command_id, content), summons_id, verb, said)

    @rpc
    def one_summons(self, caller: Answer, summons_id: str) -> Answer:
        """One summons as the caller may see it; refuses `summons_not_found`, `not_permitted` and the like."""
        who = Caller.load(caller)
        found = self.summons_kept.records.load(summons_id, tenants(who))
        shown = self._shown(found, self._case_called_for(found.item, who), who)
        return {**shown, "names": self._names_around([shown])}

    @rpc
    def list_summons(self, caller: Answer, **page: Any) -> Answer:
        """A page of the summons that the caller may see, newest first: `{items, names, next}`.

        Those of the scope of who oversees one, and those that call the caller's unit.
        """
        who, given = Caller.load(caller), load(schemas.PageSchema(), page)
        wanted = _wanted(who, given["filters"])
        if wanted is None:
            return {"items": [], "names": {}, "next": None}
        cases: dict[str, Case] = {}

        def seen(found: Sequence[Kept[Summons]]) -> list[Kept[Summons]]:
            cases.update(self.cases_kept.several({each.item.case_id for each in found}))
            return [each for each in found if _sees(each.item, cases[each.item.case_id], who)]

        page_of, after = page_of_seen(
            lambda place, limit: self.summons_kept.page(wanted, place, limit),
            seen,
            lambda each: (each.item.opened_at, each.id),
            given["after"],
            given["limit"],
        )
        items = [self._shown(each, cases[each.item.case_id], who) for each in page_of]
        return {
            "items": items,
            "names": self._names_around(items),
            "next": [written(after[0]), after[1]] if after else None,
        }

    @rpc
    def summons_scores(self, caller: Answer, **asked: Any) -> Answer:
        """How the units that were called in an area in a period turned out: `{area, since, until, items, names}`.

        Refuses `out_of_scope` and `invalid`.
        """
        who, given = Caller.load(caller), load(schemas.ScoresSchema(), asked)
        if not within(who, OVERSEEING, given["area"]):
            raise Refusal("out_of_scope", act="summons_scores")
        span = spanning(given["since"], given["until"], self.clock.now())
        rows = self.summons_kept.turnout(given["area"], span, given["unit_id"])
        return {
            "area": given["area"],
            "since": written(span[0]),
            "until": written(span[1]),
            "items": view.scored(rows),
            "names": self.places.names([given["area"]], [], [row["unit_id"] for row in rows]),
        }

    @timer(interval=SWEEP_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def sweep_summons(self) -> None:
        """Remind units that have not acknowledged, and the caller of those that nobody has seen."""
        now = self.clock.now()
        for kept in self.summons_kept.rings(now, SWEPT_AT_ONCE):
            bell = ringing(kept.item, now)
            if bell is None:
                continue
            content = {"summons_id": kept.id, "bell": bell.value, "version": kept.version}
            asked = Asked(THE_CLOCK, f"{bell.value}:{kept.id}:{kept.version}", digest(content), now)
            try:
                self._move(asked, kept.id, Act.REMIND, {"bell": bell.value})
            except Refusal as refused:
                log.info("the clock could not act", summons_id=kept.id, code=refused.code)
                if refused.code not in MOVED_ON:
                    raise

    def _move(self, asked: Asked, summons_id: str, act: Act, fields: Mapping[str, Any]) -> Answer:
        reach = None if asked.caller is THE_CLOCK else tenants(asked.caller)

        def decide(summons: Summons) -> Outcome[Summons]:
            case = self._case_called_for(summons, asked.caller)
            outcome = self._outcome(act, Attempt(summons, case, asked.caller, asked.now, fields))
            if act is Act.GRANT:
                self._check_units(outcome.item, case)
                self._check_mechanism(fields, case, asked)
            return outcome

        return self.summons_kept.records.change(asked, summons_id, reach, decide)

    def _outcome(self, act: Act, attempt: Attempt) -> Outcome[Summons]:
        role = permitted_role(act, attempt.summons, attempt.case, attempt.caller)
        change, case = done(act, attempt), attempt.case
        return Outcome(
            change.summons,
            EVENTS[act],
            view.told(change, case),
            role,
            key=f"{case.place.grid_code}.{case.category or NO_CATEGORY}",
            answer={"case_id": case.id, "status": change.summons.stage.value, "act": act.value},
        )

    def _check_units(self, summons: Summons, case: Case) -> None:
        check_units(summons, case, self.members.assignees(ids=list(summons.unit_ids), tenant=case.place.tenant))

    def _check_mechanism(self, fields: Mapping[str, Any], case: Case, asked: Asked) -> None:
        if mechanism_id := fields.get("mechanism_id"):
            found, today = self.mechanisms_kept.holding(case.place.grid_code), asked.now.astimezone(LOCAL).date()
            mechanism.check(found, mechanism_id, today)

    def _case(self, case_id: str, who: Caller | None = None) -> Case:
        found = self.cases_kept.load(case_id, tenants(who) if who else None).case
        return check_there(found, who) if who else found

    def _case_called_for(self, summons: Summons, who: Caller) -> Case:
        """Its case; refuses `summons_not_found` to the people of the unit that this is about (docs/domain.md §5)."""
        case = self._case(summons.case_id)
        if case.complains_of(who):
            raise Refusal("summons_not_found")
        return case

    def _shown(self, kept: Kept[Summons], case: Case, who: Caller) -> Answer:
        role = seeing_role(kept.item, case, who)
        return view.shown(kept.item, kept.version, case, who, of_unit=role == "unit_contact")

    def _names_around(self, shown: Iterable[Answer]) -> dict[str, str]:
        """What the grids, compounds and units of the summons are called."""
        grids, compounds, units = set(), set(), set()
        for each in shown:
            grids.add(each["grid_code"])
            compounds.add(each["compound_id"])
            units |= {unit["unit_id"] for unit in each["units"]}
        return self.places.names(grids, compounds - {None}, units)


def _wanted(who: Caller, filters: Mapping[str, Any]) -> Wanted | None:
    """What the list holds; None when it asks for nothing that the caller could see."""
    scopes, unit = scopes_of(who, OVERSEEING), who.unit if "unit_contact" in who.roles else None
    if not scopes and unit is None:
        raise Refusal("not_permitted", act="see_summons")
    area = filters.get("area")
    areas = narrowed(scopes, area)
    if not areas and unit is None:
        return None
    return Wanted(tenants(who), areas, unit, area if unit else None, filters.get("case_id"), filters.get("status"))


def _sees(summons: Summons, case: Case, who: Caller) -> bool:
    try:
        seeing_role(summons, case, who)
    except Refusal:
        return False
    return True
