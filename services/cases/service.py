"""What cases answers and listens to: each entrypoint loads, decides and stores."""

from typing import Any

from nameko.timer import timer

from cases import act_schemas, heard, likeness, routing, schemas
from cases.act import Act
from cases.assets.desk import AssetDesk
from cases.case import Case
from cases.casework import Casework
from cases.compound_pages.desk import CompoundPageDesk
from cases.deadline import LOCAL
from cases.duplicates import Duplicates
from cases.escalation import see_to, take_from
from cases.indicators.desk import IndicatorDesk
from cases.intake_sessions.desk import IntakeSessionDesk
from cases.keys import SealProvider, sealer
from cases.ledger.desk import LedgerDesk
from cases.likeness import Sketch
from cases.listing_schemas import PageSchema, StandingsSchema
from cases.match_lists.desk import MatchListDesk
from cases.match_lists.offering import Resources
from cases.mechanisms.desk import MechanismDesk
from cases.moves.event import copied
from cases.moves.leaving import is_given_to
from cases.open311.desk import Open311Desk
from cases.permission import COMPARE, Condition, holds
from cases.photo_desk import PhotoDesk
from cases.photo_place_desk import PhotoPlaceDesk
from cases.policies.desk import PolicyDesk
from cases.releases.desk import ReleaseDesk
from cases.retention.desk import RetentionDesk
from cases.showing import contact, view
from cases.showing.listing import tenants, wanted
from cases.showing.sight import AUDITOR, Sight, audits, check_seen, check_there, sight
from cases.store import CaseStore, ContactStore, LeaverStore, PlaceStore
from cases.summons.desk import SummonsDesk
from cases.surveys.desk import SurveyDesk
from cases.sweeping import go_over
from cases.tracking.desk import TrackingDesk
from cases.trail import TrailDesk
from cases.trend.desk import TrendDesk
from cases.watches.desk import WatchDesk
from chassis.caller import Caller
from chassis.clock import Clock, SystemClock
from chassis.command import digest
from chassis.errors import Refusal
from chassis.event import Event
from chassis.logs import bind
from chassis.paging import each_kept, page_of_seen
from chassis.rpc import Remote, rpc
from chassis.schema import load, reason_or_none
from chassis.sealing import Sealer
from chassis.secret import shown_secret
from chassis.service import Service
from chassis.store import Store
from chassis.subscribe import subscribe

Answer = dict[str, Any]

PROPOSED_PEOPLE = 5
SWEEP_SECONDS = 5
SWEPT_AT_ONCE = 50
PLACES_AT_ONCE = 200


class CasesService(
    AssetDesk,
    PhotoDesk,
    PhotoPlaceDesk,
    LedgerDesk,
    MatchListDesk,
    IntakeSessionDesk,
    TrendDesk,
    IndicatorDesk,
    SummonsDesk,
    SurveyDesk,
    MechanismDesk,
    PolicyDesk,
    CompoundPageDesk,
    Open311Desk,
    ReleaseDesk,
    TrackingDesk,
    RetentionDesk,
    WatchDesk,
    TrailDesk,
    Service,
):
    """The service `cases`."""

    name = "cases"

    cases_kept: CaseStore = Store(CaseStore, sealer)
    places: PlaceStore = Store(PlaceStore)
    contacts: ContactStore = Store(ContactStore)
    leavers: LeaverStore = Store(LeaverStore)
    seal: Sealer = SealProvider()
    members = Remote("members")
    present: Clock = SystemClock()

    @rpc
    def report(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Open a case: the receipt, of an anonymous one with the token of the link by which it is followed.

        Refuses `invalid`, a place in no grid, an unknown category, a photo not owned.
        """
        fields = load(schemas.ReportSchema(), body)
        return self._reported(self._asked(caller, command_id, body), fields)

    @rpc
    def move(
        self,
        caller: Answer,
        command_id: str,
        case_id: str,
        act: str,
        fields: Answer | None = None,
        if_version: int | None = None,
    ) -> Answer:
        """Make one move of docs/domain.md §2.2: the receipt. Refuses what the rules refuse, and `stale_version`."""
        bind({"case_id": case_id})
        verb = Act(load(act_schemas.MoveSchema(), {"act": act})["act"])
        content = {"case_id": case_id, "act": act, "fields": fields or {}}
        said = load(act_schemas.ACTS[verb], fields or {})
        return self._casework.move(self._asked(caller, command_id, content), case_id, verb, said, if_version)

    @rpc
    def case(self, caller: Answer, case_id: str) -> Answer:
        """One case as the caller may see it, with names; refuses `case_not_found` and `not_permitted`.

        Whoever reads something personal in full for the work leaves a trace of it, one for each local day, and so does
        an auditor who reads the case.
        """
        bind({"case_id": case_id})
        who = Caller.load(caller)
        found, history = self.cases_kept.with_history(case_id, tenants(who))
        shown = view.shown(found, history, who, check_seen(found, who), self.clock.now(), self.seal.reveal)
        if shown["photos"]:
            released = self.releases.of_cases([found.id]).get(found.id, ())
            shown["photos"] = [{**each, "released": each["photo_id"] in released} for each in shown["photos"]]
        if role := contact.role_that_views(found, who):
            self._note_view(found, who, role)
        elif audits(found, who):
            self._audit_day(who, "case.audited", AUDITOR, ("case", found.id), self._audit_areas(found.place.grid_code))
        if shown["repeat"]:
            shown["repeat"]["earlier"] = self._seen(shown["repeat"]["earlier"], who)
        return {**shown, "names": self.places.names(*view.places_and_units(shown))}

    @rpc
    def cases(self, caller: Answer, **page: Any) -> Answer:
        """A page of the cases that the caller may see, newest or most pressing first: `{items, names, next}`.

        `names` says what their grids and compounds are called; `next` is `after` later on.
        """
        who, now = Caller.load(caller), self.clock.now()
        asked = load(PageSchema(), page)
        lines = wanted(asked["filters"], who, now)
        # The query leaves out most of what is not seen; sight has the last word.
        found, after = page_of_seen(
            lambda place, limit: self.cases_kept.page(lines, place, limit),
            lambda cases: [case for case in cases if sight(case, who) >= lines.least],
            lambda case: view.place(case, lines.order),
            asked["after"],
            asked["limit"],
        )
        items = [view.listed(case, who, sight(case, who), now) for case in found]
        following = view.position(found[-1], lines.order) if after else None
        return {"items": items, "names": self.places.names(*view.places(items)), "next": following}

    @rpc
    def proposal(self, caller: Answer, case_id: str) -> Answer:
        """Who could take the case, and why: units, people, and what was skipped. For dispatchers.

        Refuses `case_not_found`, `not_permitted`, and `category_missing` before it has one.
        """
        bind({"case_id": case_id})
        who = Caller.load(caller)
        case = check_there(self.cases_kept.load(case_id, tenants(who)).case, who)
        if not holds(Condition.SCOPE, case, who, ("dispatcher",)):
            raise Refusal("not_permitted", act="propose")
        return self._proposal(case)

    @rpc
    def duplicates(self, caller: Answer, case_id: str) -> Answer:
        """Open cases that may be about the same thing, best first: `{items, names}`.

        For dispatchers and workers in scope.
        """
        bind({"case_id": case_id})
        who, now = Caller.load(caller), self.clock.now()
        case = check_there(self.cases_kept.load(case_id, tenants(who)).case, who)
        if not holds(Condition.SCOPE, case, who, COMPARE) or sight(case, who) <= Sight.OUTLINE:
            raise Refusal("not_permitted", act="compare")
        found = Duplicates(self.cases_kept).shown_to(who, Sketch.of(case))
        items = [likeness.shown(each, view.listed(each.case, who, much, now)) for each, much in found]
        return {"items": items, "names": self.places.names(*view.places([item["case"] for item in items]))}

    @rpc
    def standings(self, **body: Any) -> Answer:
        """Where all cases stand, in pages by their ids, as their events would tell it: for rebuilding a read copy."""
        page = load(StandingsSchema(), body)
        found = self.cases_kept.after(page["after"], page["limit"])
        following = found[-1].id if len(found) == page["limit"] else None
        return {"items": [copied(case) for case in found], "next": following}

    @rpc
    def reporter_contact(self, caller: Answer, command_id: str, case_id: str, reason: str | None = None) -> Answer:
        """How to reach the reporter: `{name, phone, callback}`; who asked and why is written down first."""
        bind({"case_id": case_id})
        given = load(schemas.RevealSchema(), {"reason": reason_or_none(reason)})
        asked = self._asked(caller, command_id, {"case_id": case_id, **given})
        case = check_there(self.cases_kept.load(case_id, tenants(asked.caller)).case, asked.caller)
        role = contact.role_that_is_told(case, asked.caller, given["reason"])
        reveal = {"case_id": case_id, "by": asked.caller.id, "role": role, **given, "at": asked.now}
        self.contacts.note(asked.key, asked.digest, reveal)
        areas = self._audit_areas(case.place.grid_code)
        self._audit_asked(asked, "contact.revealed", role, ("case", case_id), areas, given["reason"])
        return self._contact(case)

    @subscribe("members", "grid.opened", "grid.changed", "grid.closed")
    def copy_grid(self, event: Event) -> None:
        """Keep the copy of a grid."""
        self.places.put_grid(heard.grid(event.data), event.sequence)

    @subscribe("members", "compound.registered", "compound.changed")
    def copy_compound(self, event: Event) -> None:
        """Keep the copy of a compound."""
        self.places.put_compound(heard.compound(event.data), event.sequence)

    @subscribe("members", "unit.registered", "unit.changed", "unit.closed")
    def copy_unit(self, event: Event) -> None:
        """Keep the copy of a unit; one that has closed has left, and the sweep takes its cases from it."""
        unit = heard.unit(event.data)
        self.places.put_unit(unit, event.sequence)
        if not unit.active:
            self.leavers.note(unit.id, self.present.now())

    @subscribe("members", "area.opened", "area.changed")
    def copy_area(self, event: Event) -> None:
        """Keep what a district, an agency or a community is called."""
        self.places.put_area(*heard.area(event.data), event.sequence)

    @subscribe("members", "person.left")
    def note_leaver(self, event: Event) -> None:
        """Remember who has left; the sweep takes their cases from them."""
        for id in heard.leaver(event.data):
            self.leavers.note(id, self.present.now())

    @rpc
    def copy_places(self, after: str = "") -> str | None:
        """Copy one page of the territory anew: the `after` of the next page, None after the last. For operators."""
        page = self.members.places(after=after, limit=PLACES_AT_ONCE)
        return each_kept(page, lambda item: self._copy(item["type"].partition(".")[0], item["data"], item["sequence"]))

    @rpc
    def knows_area(self, area: str) -> bool:
        """Whether there is or was such an area. For operators."""
        return self.places.knows(area)

    @timer(interval=SWEEP_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def sweep(self) -> None:
        """See to the cases for which the clock has to do something (docs/domain.md §2.2)."""
        now = self.clock.now()
        go_over(
            self.members,
            lambda left: self.cases_kept.alarmed(now, SWEPT_AT_ONCE, left),
            lambda members, case: see_to(self._casework_with(members), members, case, now),
        )

    @timer(interval=SWEEP_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def relieve_leavers(self) -> None:
        """Take the open cases of people who left and of closed units, also one given to them at that very moment.

        What people offered themselves who left is offered no longer.
        """
        leavers, now = self.leavers.of_late(), self.clock.now()

        def relieve(members: Any, case: Case) -> None:
            for leaver in (each for each in leavers if is_given_to(case, each)):
                take_from(self._casework_with(members), members, case, leaver, now)

        if leavers:
            Resources(self.match_lists).withdraw_of(leavers, now, SWEPT_AT_ONCE)
            go_over(self.members, lambda left: self.cases_kept.open_with(leavers, SWEPT_AT_ONCE, left), relieve)

    def _copy(self, kind: str, data: Answer, sequence: int) -> None:
        match kind:
            case "grid":
                self.places.put_grid(heard.grid(data), sequence)
            case "compound":
                self.places.put_compound(heard.compound(data), sequence)
            case "unit":
                self.places.put_unit(heard.unit(data), sequence)
            case "area":
                self.places.put_area(*heard.area(data), sequence)

    @property
    def _casework(self) -> Casework:
        return self._casework_with(self.members)

    def _casework_with(self, members: Any) -> Casework:
        return Casework(self.cases_kept, self.places, self.photos, members)

    def _proposal(self, case: Case) -> Answer:
        if case.kind is None:
            raise Refusal("category_missing")
        compound = self.places.compound(case.place.compound_id) if case.place.compound_id else None
        types = {*case.kind.units, routing.COMMUNITY}
        units = self.places.units_serving(case.place.grid_code, types)
        people = self._candidates(case) if case.kind.member_eligible else []
        return routing.shown(routing.propose(case, case.kind, compound, units), people)

    def _candidates(self, case: Case) -> list[Answer]:
        if case.kind is None:
            return []
        query = routing.candidates_for(case, case.kind, self.clock.now(), PROPOSED_PEOPLE)
        found: list[Answer] = self.members.candidates(**query)
        return found

    def _note_view(self, case: Case, who: Caller, role: str) -> None:
        now = self.clock.now()
        told = {"case_id": case.id, "by": who.id, "role": role, "reason": None}
        key = f"view:{case.id}:{who.id}:{now.astimezone(LOCAL).date()}"
        areas = self._audit_areas(case.place.grid_code)
        self._audit(who, "case.viewed", role, "case", case.id, areas, key=key)
        self.contacts.note(key, digest(told), {**told, "at": now})

    def _seen(self, lines: list[Answer], who: Caller) -> list[Answer]:
        """Those of the earlier cases that the caller may see."""
        earlier = self.cases_kept.several({each["case_id"] for each in lines}) if lines else {}
        return [each for each in lines if each["case_id"] in earlier and sight(earlier[each["case_id"]], who)]

    def _contact(self, case: Case) -> Answer:
        told = case.reporter.contact
        if told is not None and told.phone is not None:
            name = shown_secret(told.name, self.seal.reveal)
            return {"name": name, "phone": self.seal.reveal(told.phone), "callback": told.callback}
        found = self.members.contacts(ids=[case.reporter.id], tenant=case.place.tenant)
        if not found:
            raise Refusal("nobody_to_ask")
        return {"name": found[0]["name_masked"], "phone": found[0]["phone"], "callback": "voice"}
