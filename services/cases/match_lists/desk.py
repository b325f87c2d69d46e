"""The entrypoints of the match lists: each loads, lets the rules decide, and stores."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from nameko.timer import timer

from cases.assignment import UNIT
from cases.casework import Casework
from cases.hidden import hidden_from
from cases.keys import sealer
from cases.match_lists import matching, schemas, view
from cases.match_lists.asking import Demands
from cases.match_lists.hearing import hear
from cases.match_lists.lists import List, Wanted, disclosed, misplaced, parts, totals
from cases.match_lists.offering import Resources
from cases.match_lists.permission import STAFF, meeting, permitted_role
from cases.match_lists.planning import Projects
from cases.match_lists.project import Act
from cases.match_lists.store import MatchListStore
from cases.naming import Codes, Naming, once
from cases.permission import within
from cases.place import tenant_of
from cases.showing.listing import assumed_by, tenants
from cases.store import CaseStore, ContactStore, PhotoStore, PlaceStore
from cases.trail import TrailDesk
from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.event import Event
from chassis.instant import written
from chassis.logs import bind
from chassis.paging import After
from chassis.records import Kept
from chassis.rpc import rpc
from chassis.schema import load, with_reason
from chassis.sealing import Sealer
from chassis.store import Store
from chassis.subscribe import subscribe

Answer = dict[str, Any]

EXPIRY_SECONDS = 60
EXPIRED_AT_ONCE = 200


class MatchListDesk(TrailDesk):
    """Keeps what is asked for and what is offered, and makes projects of both (docs/domain.md §2.1, form B)."""

    cases_kept: CaseStore
    places: PlaceStore
    photos: PhotoStore
    contacts: ContactStore
    members: Any
    seal: Sealer
    match_lists: MatchListStore = Store(MatchListStore, sealer)

    @rpc
    def open_demand(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Ask for something: the receipt. Refuses as `Demands.open`, and `invalid`."""
        fields = load(schemas.DemandSchema(), body)
        return self._demands.open(self._asked(caller, command_id, body), fields)

    @rpc
    def open_demands_of_visit(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """List each need of a visit, once however often it is sent: the receipt. Refuses as `Demands.open_all`."""
        fields = load(schemas.VisitSchema(), body)
        needs = fields.pop("needs")
        return self._demands.open_all(self._asked(caller, command_id, body), fields, needs)

    @subscribe("members", "need.stated")
    def list_need(self, event: Event) -> None:
        """Make a demand of what somebody needs; it is tried again while members cannot be asked for the words."""
        hear(self._demands, self.members, event)

    @rpc
    def demand(self, caller: Answer, demand_id: str) -> Answer:
        """One demand as the caller may see it; refuses `demand_not_found`, `not_permitted` and `out_of_scope`."""
        bind({"demand_id": demand_id})
        who = Caller.load(caller)
        kept = self._demands.load(demand_id, who)
        own = kept.item.asker.is_(who)
        permitted_role("see_demand", who, (kept.item.place.grid_code,), own=own)
        return view.demand(kept.item, kept.version, who)

    @rpc
    def own_demands(self, caller: Answer, **page: Any) -> Answer:
        """A page of what the caller asks for, or wrote down for others, newest first: `{items, next}`."""
        who = Caller.load(caller)
        return self._page(who, Wanted(List.DEMAND, tenants(who), own=who.ids), load(schemas.PageSchema(), page))

    @rpc
    def matches_of_demand(self, caller: Answer, demand_id: str, **asked: Any) -> Answer:
        """The resources that suit a demand best, with the reasons: `{items}`. Refuses `demand_not_found`."""
        who, now = Caller.load(caller), self.clock.now()
        limit = load(schemas.MatchSchema(), asked)["limit"]
        found = self._demands.load(demand_id, who).item
        permitted_role("match_demand", who, (found.place.grid_code,))
        best = matching.resources_for(found, self.match_lists.offered_for(found), now, limit)
        return {"items": [{"resource_id": each.resource.id, **view.match(each)} for each in best]}

    @rpc
    def give_up_demand(self, caller: Answer, command_id: str, demand_id: str) -> Answer:
        """The asker does not need it any more: the receipt. Refuses as `Demands.give_up`."""
        bind({"demand_id": demand_id})
        return self._demands.give_up(self._asked(caller, command_id, {"demand_id": demand_id}), demand_id)

    @rpc
    def find_demand_unmet(self, caller: Answer, command_id: str, demand_id: str, **body: Any) -> Answer:
        """Nobody will meet it, for a reason: the receipt. Refuses as `Demands.find_unmet`, and `invalid`."""
        bind({"demand_id": demand_id})
        reason = load(schemas.UnmetSchema(), body)["reason_code"]
        asked = self._asked(caller, command_id, {"demand_id": demand_id, **body})
        return self._demands.find_unmet(asked, demand_id, reason)

    @rpc
    def asker_contact(self, caller: Answer, command_id: str, demand_id: str, **body: Any) -> Answer:
        """How to reach who asks: `{name, phone, callback}`; who wanted to know and why is written down first.

        Refuses `reason_missing`, `demand_not_found`, `nobody_to_ask`, `command_id_reused` and what `permission` does.
        """
        bind({"demand_id": demand_id})
        reason = with_reason(schemas.ReasonSchema(), body)["reason"]
        asked = self._asked(caller, command_id, {"demand_id": demand_id, **body})
        found = self._demands.load(demand_id, asked.caller).item
        role = permitted_role("see_asker_contact", asked.caller, (found.place.grid_code,))
        asker = found.asker
        if asker.id is None and asker.called_by_hand is None:
            raise Refusal("nobody_to_ask")
        reveal = {"demand_id": demand_id, "by": asked.caller.id, "role": role, "reason": reason, "at": asked.now}
        self.contacts.note(asked.key, asked.digest, reveal)
        areas = self._audit_areas(found.place.grid_code)
        self._audit_asked(asked, "contact.revealed", role, ("demand", demand_id), areas, reason)
        accounts = self.members.contacts(ids=[asker.id], tenant=found.place.tenant) if asker.id else []
        return view.contact(asker.contact, accounts[0] if accounts else None, self.seal.reveal)

    @rpc
    def offer_resource(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Offer something, for the caller's unit or in person: the receipt. Refuses as `Resources.offer`."""
        fields = load(schemas.ResourceSchema(), body)
        return self._resources.offer(self._asked(caller, command_id, body), fields)

    @rpc
    def resource(self, caller: Answer, resource_id: str) -> Answer:
        """One resource as the caller may see it; refuses `resource_not_found`, `not_permitted` and `out_of_scope`."""
        bind({"resource_id": resource_id})
        who = Caller.load(caller)
        kept = self._resources.load(resource_id, who)
        permitted_role("see_resource", who, kept.item.serves, own=kept.item.is_of(who))
        return view.resource(kept.item, kept.version, who)

    @rpc
    def own_resources(self, caller: Answer, **page: Any) -> Answer:
        """A page of what the caller or the caller's unit offers, newest first: `{items, next}`."""
        who = Caller.load(caller)
        wanted = Wanted(List.RESOURCE, tenants(who), own=assumed_by(who))
        return self._page(who, wanted, load(schemas.PageSchema(), page))

    @rpc
    def matches_of_resource(self, caller: Answer, resource_id: str, **asked: Any) -> Answer:
        """The demands that a resource suits best, with the reasons: `{items}`. Refuses `resource_not_found`.

        Of demands outside the caller's scope nothing is said.
        """
        who, now = Caller.load(caller), self.clock.now()
        limit = load(schemas.MatchSchema(), asked)["limit"]
        found = self._resources.load(resource_id, who).item
        permitted_role("match_resource", who, found.serves)
        waiting = self.match_lists.open_in(meeting("match_resource", who, found.serves), tenants(who))
        best = matching.demands_for(found, waiting, now, limit)
        return {"items": [{"demand_id": each.demand.id, **view.match(each)} for each in best]}

    @rpc
    def change_resource(self, caller: Answer, command_id: str, resource_id: str, **body: Any) -> Answer:
        """Tell something anew of the own resource: the receipt. Refuses as `Resources.change`."""
        bind({"resource_id": resource_id})
        fields = load(schemas.ChangeSchema(), body)
        asked = self._asked(caller, command_id, {"resource_id": resource_id, **body})
        return self._resources.change(asked, resource_id, fields)

    @rpc
    def withdraw_resource(self, caller: Answer, command_id: str, resource_id: str) -> Answer:
        """Offer it no longer: the receipt. Refuses as `Resources.withdraw`."""
        bind({"resource_id": resource_id})
        return self._resources.withdraw(self._asked(caller, command_id, {"resource_id": resource_id}), resource_id)

    @rpc
    def plan_project(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Make a project of demands, resources and cases: the receipt. Refuses as `Projects.open`."""
        fields = load(schemas.ProjectSchema(), body)
        return self._projects.open(self._asked(caller, command_id, body), fields)

    @rpc
    def move_project(self, caller: Answer, command_id: str, project_id: str, act: str, **body: Any) -> Answer:
        """Start, complete or cancel a project: the receipt. Refuses as `Projects.move`, and `invalid`."""
        bind({"project_id": project_id})
        move = Act(load(schemas.MoveSchema(), {"act": act})["act"])
        reason = load(schemas.CancelSchema(), body)["reason_code"] if move is Act.CANCEL else None
        asked = self._asked(caller, command_id, {"project_id": project_id, "act": act, **body})
        return self._projects.move(asked, project_id, move, reason)

    @rpc
    def project(self, caller: Answer, project_id: str) -> Answer:
        """One project; refuses `project_not_found` and `out_of_scope`."""
        bind({"project_id": project_id})
        who = Caller.load(caller)
        kept = self._projects.load(project_id, who)
        permitted_role("see_project", who, (kept.item.area,))
        return view.project(kept.item, kept.version, hidden_from(self.cases_kept, kept.item.cases, who))

    @rpc
    def match_list(self, caller: Answer, **asked: Any) -> Answer:
        """`{area, list, totals, parts, items, names, next}`; refuses `out_of_scope`, `not_permitted` and `invalid`.

        `totals` and `parts` count all of the area by list and status, whatever the filters of the list.
        """
        who, given = Caller.load(caller), load(schemas.BoardSchema(), asked)
        area, list_, filters = given["area"], List(given["list"]), given["filters"]
        permitted_role("see_match_lists", who, (area,))
        if faults := misplaced(list_, filters):
            raise Refusal("invalid", errors=faults)
        chosen = disclosed(filters, named=within(who, STAFF, area))
        page = self._page(who, Wanted(list_, tenants(who), area=area, filters=chosen), given)
        counts = self.match_lists.counts(area)
        told = codes([area, *(each.area for each in counts)], page["items"])
        names = Naming(self.places, self.members).of(told, tenant_of(area))
        board = {"area": area, "list": list_.value, "totals": totals(counts), "parts": parts(counts)}
        return {**board, **page, "names": names}

    @timer(interval=EXPIRY_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def expire_demands(self) -> None:
        """Let demands run out whose last day is over."""
        self._demands.expire(self.clock.now(), EXPIRED_AT_ONCE)

    @property
    def _demands(self) -> Demands:
        return Demands(self.match_lists, Casework(self.cases_kept, self.places, self.photos, self.members))

    @property
    def _resources(self) -> Resources:
        return Resources(self.match_lists)

    @property
    def _projects(self) -> Projects:
        return Projects(self.match_lists, self.cases_kept)

    def _page(self, who: Caller, wanted: Wanted, page: Mapping[str, Any]) -> Answer:
        after: After | None = page["after"]
        found = self.match_lists.page(wanted, after, page["limit"] + 1)
        shown = found[: page["limit"]]
        last = shown[-1] if len(found) > len(shown) else None
        following = [written(last.item.opened_at), last.id] if last else None
        cases = [id for kept in shown for id in kept.item.cases] if wanted.list is List.PROJECT else []
        hidden = hidden_from(self.cases_kept, cases, who)
        return {"items": [_shown(wanted.list, kept, who, hidden) for kept in shown], "next": following}


def _shown(list_: List, kept: Kept[Any], who: Caller, hidden: Collection[str]) -> Answer:
    match list_:
        case List.DEMAND:
            return view.demand(kept.item, kept.version, who)
        case List.RESOURCE:
            return view.resource(kept.item, kept.version, who)
        case List.PROJECT:
            return view.project(kept.item, kept.version, hidden)


def codes(areas: Iterable[str], lines: Iterable[Mapping[str, Any]]) -> Codes:
    """What the lines of a page name: areas, compounds, and whoever offers."""
    rows = list(lines)
    places = [row.get("grid_code") or row["area"] for row in rows]
    owners = [row["owner"] for row in rows if "owner" in row]
    return Codes(
        areas=once([*areas, *places, *(area for row in rows for area in row.get("serves", ()))]),
        compounds=once(row.get("compound_id") for row in rows),
        units=once(owner["id"] for owner in owners if owner["kind"] == UNIT),
        people=once(owner["id"] for owner in owners if owner["kind"] != UNIT),
    )
