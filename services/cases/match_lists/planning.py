"""Projects: opening one takes its demands and resources with it, ending it gives them an end, in one transaction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from cases.match_lists import demand as demands
from cases.match_lists import project as projects
from cases.match_lists import resource as resources
from cases.match_lists.demand import Demand
from cases.match_lists.lists import List
from cases.match_lists.outcome import demand_outcome, project_outcome, resource_outcome
from cases.match_lists.permission import permitted_role
from cases.match_lists.project import Act, Project
from cases.match_lists.resource import Resource
from cases.match_lists.store import MatchListStore
from cases.showing.listing import tenants
from cases.showing.sight import check_there
from cases.store import CaseStore
from chassis.caller import Caller
from chassis.command import Asked
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.records import Answer, Kept, Writing, again_when_stale


class Projects:
    """What is done with projects."""

    def __init__(self, store: MatchListStore, cases: CaseStore) -> None:
        self._store, self._cases = store, cases

    def load(self, id: str, caller: Caller) -> Kept[Project]:
        """The project, in one of the caller's districts; refuses `project_not_found`."""
        return self._store.projects.load(id, tenants(caller))

    def open(self, asked: Asked, fields: Mapping[str, Any]) -> Answer:
        """Plan a project: `{project_id, version, at, event_id, status, area}`; a repetition gets the same.

        Its demands are matched and its resources reserved with it. Refuses `demand_taken`, `resource_taken` and
        `offer_is_over` for what is not to be had, `resource_elsewhere`, `project_about_nothing`, `unknown_demand`,
        `unknown_resource`, `unknown_case`, what `permission` does, `command_id_reused` and `busy_try_again`.
        """
        return self._carried_out(asked, lambda: self._opening(asked, fields))

    def move(self, asked: Asked, id: str, act: Act, reason_code: str | None = None) -> Answer:
        """Start, complete or cancel: completed, its demands are met and its resources used; cancelled, given back.

        Refuses `project_has_moved_on`, what `permission` does, `command_id_reused` and `busy_try_again`.
        """
        return self._carried_out(asked, lambda: self._moving(asked, id, act, reason_code))

    def _carried_out(self, asked: Asked, decide: Callable[[], list[Writing]]) -> Answer:
        """What the command answers, now or before; decided anew when somebody was faster."""

        def once() -> Answer:
            if answer := self._store.projects.answered(asked):
                return answer
            try:
                return self._store.write(asked, List.PROJECT, decide())
            except Refusal:
                # Of several repetitions at once, another has taken everything for this very project.
                if answer := self._store.projects.answered(asked):
                    return answer
                raise

        return again_when_stale(once)

    def _opening(self, asked: Asked, fields: Mapping[str, Any]) -> list[Writing]:
        within, id = tenants(asked.caller), new_id()
        wanted = [self._demand(each, within) for each in fields.get("demands") or ()]
        taken = [self._resource(each, within) for each in fields.get("resources") or ()]
        places = [self._place_of_case(each, asked.caller) for each in fields.get("cases") or ()]
        grids = (*(each.item.place.grid_code for each in wanted), *places)
        project = projects.draft(id, fields, asked.caller.id, grids, asked.now)
        role = permitted_role("plan", asked.caller, (project.area,))
        _check_serving((each.item for each in taken), grids)
        return [
            self._store.projects.opening(asked, project_outcome(project, projects.PLANNED, role)),
            *self._matching(asked, role, wanted, lambda item: demands.matched(item, id), demands.MATCHED),
            *self._using(
                asked, role, id, taken, lambda item: resources.reserved(item, id, asked.now), resources.RESERVED
            ),
        ]

    def _moving(self, asked: Asked, id: str, act: Act, reason_code: str | None) -> list[Writing]:
        kept = self.load(id, asked.caller)
        role = permitted_role("plan", asked.caller, (kept.item.area,))
        after = projects.moved(kept.item, act, reason_code, asked.now)
        moving = self._store.projects.changing(asked, kept, project_outcome(after, projects.MOVES[act][2], role))
        return [moving, *self._followed(asked, role, after, act)]

    def _followed(self, asked: Asked, role: str, project: Project, act: Act) -> list[Writing]:
        """What the act does to the demands and resources of the project."""
        if act is Act.START:
            return []
        wanted = [self._store.demands.load(each, None) for each in project.demands]
        taken = [self._store.resources.load(each, None) for each in project.resources]
        now, id = asked.now, project.id
        if act is Act.COMPLETE:
            return [
                *self._matching(asked, role, wanted, lambda item: demands.met(item, now), demands.MET),
                *self._using(asked, role, id, taken, lambda item: resources.used(item, id, now), resources.USED),
            ]
        return [
            *self._matching(asked, role, wanted, demands.given_back, demands.REOPENED),
            *self._using(asked, role, id, taken, lambda item: resources.given_back(item, id, now), resources.RELEASED),
        ]

    def _matching(
        self, asked: Asked, role: str, kept: Sequence[Kept[Demand]], rule: Callable[[Demand], Demand], type: str
    ) -> list[Writing]:
        records, after = self._store.demands, [rule(each.item) for each in kept]
        outcomes = [demand_outcome(each, type, role) for each in after]
        return [records.changing(asked, each, made, along=True) for each, made in zip(kept, outcomes, strict=True)]

    def _using(
        self,
        asked: Asked,
        role: str,
        project_id: str,
        kept: Sequence[Kept[Resource]],
        rule: Callable[[Resource], Resource],
        type: str,
    ) -> list[Writing]:
        records, after = self._store.resources, [rule(each.item) for each in kept]
        outcomes = [resource_outcome(each, type, role, project_id) for each in after]
        return [records.changing(asked, each, made, along=True) for each, made in zip(kept, outcomes, strict=True)]

    def _demand(self, id: str, within: Sequence[str]) -> Kept[Demand]:
        try:
            return self._store.demands.load(id, within)
        except Refusal:
            raise Refusal("unknown_demand", demand_id=id) from None

    def _resource(self, id: str, within: Sequence[str]) -> Kept[Resource]:
        try:
            return self._store.resources.load(id, within)
        except Refusal:
            raise Refusal("unknown_resource", resource_id=id) from None

    def _place_of_case(self, id: str, who: Caller) -> str:
        try:
            return check_there(self._cases.load(id, tenants(who)).case, who).place.grid_code
        except Refusal:
            raise Refusal("unknown_case", case_id=id) from None


def _check_serving(taken: Iterable[Resource], grid_codes: tuple[str, ...]) -> None:
    """Refuses `resource_elsewhere`: each resource serves one of the places at least."""
    for each in taken:
        if not each.serves_one_of(grid_codes):
            raise Refusal("resource_elsewhere", resource_id=each.id)
