"""The entrypoints of evaluations: the community evaluates, whom it is about sees it first (docs/domain.md §3.2)."""

from collections.abc import Mapping
from typing import Any

from nameko.timer import timer

from chassis.caller import Caller
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.logs import bind
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.evaluations import schemas, views
from members.evaluations.evaluating import Evaluating
from members.evaluations.evaluation import Evaluation, Status, Subject
from members.evaluations.store import EvaluationStore
from members.hours.store import HoursStore
from members.organisations.store import UnitStore
from members.people.store import PeopleStore
from members.permission import may, of_own_unit, permit, tenants
from members.policies.policy import Metric
from members.policies.store import PolicyStore
from members.registrations.store import RegistrationStore
from members.service_points.store import PointsStore

Answer = dict[str, Any]

LAPSE_SECONDS = 60
LAPSED_AT_ONCE = 500


class EvaluationDesk(Desk):
    """Evaluates members and units by the rules of their area."""

    evaluations_kept: EvaluationStore = Store(EvaluationStore)
    policies_kept: PolicyStore
    registrations_kept: RegistrationStore
    points_kept: PointsStore
    hours_kept: HoursStore
    people: PeopleStore
    organisations: UnitStore

    @rpc
    def evaluate(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Draft the evaluations of a community: how many stand where. Refuses as `Evaluating.draft`, and `invalid`."""
        given = load(schemas.EvaluateSchema(), body)
        asked = self._asked(caller, command_id, {**body, "act": "evaluate"})
        return self._evaluating.draft(asked, given["community"], given["period"], Metric(given["metric"]))

    @rpc
    def show_evaluations(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Show the drafts of a community to whom they are about: how many stand where. Refuses as `Evaluating.show`."""
        given = load(schemas.EvaluateSchema(), body)
        asked = self._asked(caller, command_id, {**body, "act": "show"})
        return self._evaluating.show(asked, given["community"], given["period"], Metric(given["metric"]))

    @rpc
    def object_to_evaluation(self, caller: Answer, command_id: str, evaluation_id: str, **body: Any) -> Answer:
        """Object to the own evaluation: the receipt. Refuses as `Evaluating.object_to`, and `invalid`."""
        bind({"evaluation_id": evaluation_id})
        text = load(schemas.ObjectSchema(), body)["text"]
        asked = self._asked(caller, command_id, {"evaluation_id": evaluation_id, **body})
        return self._evaluating.object_to(asked, evaluation_id, text)

    @rpc
    def decide_objection(self, caller: Answer, command_id: str, evaluation_id: str, **body: Any) -> Answer:
        """Decide an objection, as another than who evaluated: the receipt. Refuses as `Evaluating.decide`."""
        bind({"evaluation_id": evaluation_id})
        given = load(schemas.DecideSchema(), body)
        asked = self._asked(caller, command_id, {"evaluation_id": evaluation_id, **body})
        return self._evaluating.decide(asked, evaluation_id, upheld=given["upheld"], reason=given["reason"])

    @rpc
    def evaluation(self, caller: Answer, evaluation_id: str) -> Answer:
        """One evaluation: all of it, or for the unit what came of it once it is final.

        Refuses `evaluation_not_found`, also for one that the caller does not see: its id can be worked out, and that it
        is there would tell who is registered where.
        """
        bind({"evaluation_id": evaluation_id})
        who = Caller.load(caller)
        kept = self.evaluations_kept.records.load(evaluation_id, tenants(who))
        found, name = kept.item, self._evaluation_names([kept.item]).get(kept.item.subject_id)
        if may(who, "see_evaluations", found.community):
            return views.whole(_as_read(found, who), kept.version, name)
        if _is_about(found, who):
            if not views.is_shown(found):
                raise Refusal("evaluation_not_found")
            return views.whole(found, kept.version, name)
        if of_own_unit(who, "see_results_of_own_unit", found.unit_id):
            if found.status is not Status.FINAL:
                raise Refusal("evaluation_not_found")
            return views.result(found, name)
        raise Refusal("evaluation_not_found")

    @rpc
    def evaluations(self, caller: Answer, **page: Any) -> Answer:
        """A page of evaluations: `{items, next}`; the caller's own unless an area or a unit is named.

        Of an area all of each is shown, of a unit only what came of those that are final. Refuses `not_permitted`.
        """
        who, asked = Caller.load(caller), load(schemas.EvaluationPageSchema(), page)
        wanted, limit = _bound(who, asked["filters"]), asked["limit"]
        found = self.evaluations_kept.page(tenants(who), wanted, asked["after"], limit + 1)
        shown, names = found[:limit], self._evaluation_names([kept.item for kept in found[:limit]])
        of_unit = "unit_id" in wanted and "area" not in wanted
        items = [
            views.result(kept.item, names.get(kept.item.subject_id))
            if of_unit
            else views.whole(_as_read(kept.item, who), kept.version, names.get(kept.item.subject_id))
            for kept in shown
        ]
        return {"items": items, "next": shown[-1].id if len(found) > limit else None}

    @timer(interval=LAPSE_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def lapse_evaluations(self) -> None:
        """Let those become final to which nobody has objected in time."""
        self._evaluating.lapse(self.clock.now(), LAPSED_AT_ONCE)

    @property
    def _evaluating(self) -> Evaluating:
        return Evaluating(
            self.evaluations_kept,
            self.policies_kept,
            self.registrations_kept,
            self.points_kept,
            self.hours_kept,
            self.people,
        )

    def _evaluation_names(self, found: list[Evaluation]) -> dict[str, str]:
        people = self.people.people([each.subject_id for each in found if each.subject is Subject.MEMBER])
        units = self.organisations.units_of([each.subject_id for each in found if each.subject is Subject.UNIT])
        return {unit.id: unit.name for unit in units} | {person.id: person.shown_name for person in people}


def _as_read(found: Evaluation, who: Caller) -> Evaluation:
    """What was said unmasked for whom it is about, and masked for everybody else."""
    return found if _is_about(found, who) else views.masked(found)


def _is_about(found: Evaluation, who: Caller) -> bool:
    if found.subject is Subject.MEMBER:
        return may(who, "see_own_evaluation", found.subject_id)
    return of_own_unit(who, "see_results_of_own_unit", found.subject_id)


def _bound(who: Caller, filters: Mapping[str, Any]) -> Answer:
    """The filters, bound to what the caller may see."""
    if "area" in filters:
        permit(who, "see_evaluations", filters["area"])
        return dict(filters)
    if "unit_id" in filters:
        if not of_own_unit(who, "see_results_of_own_unit", filters["unit_id"]):
            raise Refusal("not_permitted", act="see_results_of_own_unit")
        return {**filters, "status": Status.FINAL.value}
    return {**filters, "subject_id": {"$in": list(who.ids)}, "seen": True}
