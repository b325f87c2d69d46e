"""Carrying a command through: load, decide, keep; anew when somebody was faster. It decides nothing itself."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from cases.act import Act, Command, Facts, Happening, ServiceDay
from cases.assignment import PERSON, Known, claimants
from cases.case import Case
from cases.moves.decision import Decision, decide
from cases.moves.event import receipt
from cases.moves.intake import REGARDS_ASSIGNEES, draft
from cases.number import CHANCES, number
from cases.permission import RULE, permitted_role
from cases.place import Asset, Compound, Place, Point, holding, nearest, point
from cases.repeat import Earlier
from cases.showing.listing import tenants
from cases.showing.sight import check_there
from cases.store import PhotoStore, PlaceStore
from cases.store.cases import CaseStore, NumberTaken, Repeated, Step, Transferred
from chassis.caller import CLOCK, Caller
from chassis.command import Asked
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.outbox import Entry
from chassis.records import Writing, again_when_stale

WHERE = frozenset({"location", "grid_code", "compound_id"})
"""Fields that say where something is."""


class Members(Protocol):
    """What is asked of members."""

    def assignees(self, *, ids: list[str], tenant: str) -> list[dict[str, Any]]:
        """The facts about people and units; refuses whoever it does not know."""

    def service_day(self, *, caller: dict[str, Any], activity_id: str) -> dict[str, Any]:
        """The compounds of a service day; refuses `unknown_activity`, `not_permitted` and `not_a_service_day`."""


class Casework:
    """What is done with cases, places and photos to carry out a command."""

    def __init__(
        self,
        cases: CaseStore,
        places: PlaceStore,
        photos: PhotoStore,
        members: Members,
        make_id: Callable[[], str] = new_id,
        below: Callable[[int], int] = secrets.randbelow,
    ) -> None:
        """`make_id` names cases and events, `below` makes the chance in the numbers that people are told."""
        self.cases, self.places, self.photos, self.members = cases, places, photos, members
        self.make_id, self._below = make_id, below

    def report(self, asked: Asked, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Open a case; the same command again gets the same receipt."""
        # A repetition names photos that have found their case, or is one of what was asked under a former id;
        # everything else the unique index tells.
        once = bool(fields.get("photos") or asked.caller.former)
        if once and (answer := asked.answered(self.cases.made_by(asked.keys))):
            return answer
        place = self.place(fields, asked.now)
        self._check_unit(fields)
        while True:
            try:
                return self._open(asked, fields, place)
            except NumberTaken:
                continue
            except Transferred:
                return {**self.cases.transferred(fields["external_number"], place.tenant), "arrived_before": True}
            except Repeated:
                return asked.answered(self.cases.made_by(asked.keys)) or {}
            except Refusal as refused:
                # Of several repetitions at once, another has taken the photos for this very report.
                once = refused.code in {"unknown_photo", "asset_retired"}
                answer = asked.answered(self.cases.made_by(asked.keys)) if once else None
                if answer is None:
                    raise
                return answer

    def move(
        self, asked: Asked, case_id: str, act: Act, fields: Mapping[str, Any], if_version: int | None = None
    ) -> dict[str, Any]:
        """Make one move; the same command again gets the same receipt. Refuses `busy_try_again` under contention.

        A case about the caller's unit is refused as one that there is not, whatever is asked of it.
        """

        def once() -> dict[str, Any]:
            loaded = self.cases.load(case_id, _reach(asked.caller), asked.keys)
            if answer := asked.answered(loaded.earlier):
                return answer
            check_there(loaded.case, asked.caller)
            if if_version not in {None, loaded.case.version}:
                raise Refusal("stale_version", version=loaded.case.version)
            return self._move(asked, loaded.case, act, fields)

        return again_when_stale(once)

    def place(self, fields: Mapping[str, Any], now: datetime) -> Place:
        """Where the fields say that it is now: at the point, else in the compound, the grid, or where the asset stands.

        Refuses `unknown_asset`, `unknown_compound`, `unknown_grid`, `grid_closed`, `grid_mismatch`, `unknown_crs` and
        `outside_all_grids`.
        """
        if fields.get("asset_id") and not WHERE & set(fields):
            stands = self._asset(fields["asset_id"]).place
            return self._with_near(replace(stands, grid_code=self._grid(stands.grid_code, stands.point, now)))
        compound = self._compound(fields.get("compound_id"))
        location, named = fields.get("location"), fields.get("grid_code")
        spot = point(location) if location else (compound.point if compound else None)
        if location and spot:
            code = holding(self.places.grids_around(spot), spot, now).code
        else:
            code = self._grid(compound.grid_code if compound else str(named), spot, now)
        if named not in {None, code}:
            raise Refusal("grid_mismatch", grid_code=code)
        return self._with_near(Place(code, spot, compound.id if compound else None))

    def place_or_former(self, fields: Mapping[str, Any], now: datetime) -> Place:
        """As `place`; in a grid that was redrawn since, where nothing tells which one follows, it stays in the old one.

        Whoever answers for the community, the agency or the district finds it there.
        """
        try:
            return self.place(fields, now)
        except Refusal as refused:
            if refused.code not in {"grid_closed", "outside_all_grids"}:
                raise
        compound = self._compound(fields.get("compound_id"))
        return Place(compound.grid_code, compound.point, compound.id) if compound else Place(fields["grid_code"])

    def drafted(self, asked: Asked, fields: Mapping[str, Any]) -> tuple[Case, Writing]:
        """The case of one of many reports that are kept together, and its writing; refuses as `report` does."""
        place = self.place(fields, asked.now)
        self._check_unit(fields)
        decision = self._decided(asked, fields, place)
        entry = _told(decision)
        # No command repeats it, but the hotline may: what it has transferred is answered as it was the first time.
        answer = receipt(decision.case, entry.data["act"], entry.at, entry.id)
        return decision.case, self.cases.opening(decision.case, replace(entry, answer=answer))

    def _decided(self, asked: Asked, fields: Mapping[str, Any], place: Place) -> Decision:
        self._check_asset(fields, place.tenant)
        told = number(place.tenant, asked.now, self._below(CHANCES))
        case = draft(self.make_id(), told, fields, asked.caller, place, asked.now)
        command = Command(self.make_id(), fields)
        decision = decide(case, Act.REPORT, command, asked.caller, Facts(place=place), asked.now)
        self._check_reporter(case)
        return decision

    def _open(self, asked: Asked, fields: Mapping[str, Any], place: Place) -> dict[str, Any]:
        decision = self._decided(asked, fields, place)
        case = decision.case
        photos, entry = tuple(fields.get("photos") or ()), _answering(asked, decision)
        self.photos.check_free(photos, asked.caller.ids, case.id)
        self.cases.add(decision.case, entry)
        self.photos.attach(photos, case.id, anonymous=case.reporter.anonymous)
        return dict(entry.answer or {})

    def _move(self, asked: Asked, case: Case, act: Act, fields: Mapping[str, Any]) -> dict[str, Any]:
        permitted_role(act, case, asked.caller)
        facts = self._facts(asked, case, act, fields)
        decision = decide(case, act, Command(self.make_id(), fields), asked.caller, facts, asked.now)
        photos, entry = _photos(fields), _answering(asked, decision)
        self.photos.check_free(photos, asked.caller.ids, case.id)
        self.cases.save(Step(case, decision.case, entry), *self._joined(asked, decision.case, facts.target))
        self.photos.attach(photos, case.id)
        return dict(entry.answer or {})

    def _joined(self, asked: Asked, joining: Case, target: Case | None) -> list[Step]:
        """What a merge does to its target, to be kept with it: nobody is merged into a case that ends meanwhile."""
        if target is None:
            return []
        decision = decide(target, Act.JOIN, Command(self.make_id()), asked.caller, Facts(joining=joining), asked.now)
        return [Step(target, decision.case, _told(decision))]

    def _facts(self, asked: Asked, case: Case, act: Act, fields: Mapping[str, Any]) -> Facts:
        """What the rules of this act have to know besides the case."""
        caller = asked.caller
        self._check_unit(fields)
        self._check_asset(fields, case.place.tenant)
        match act:
            case Act.DISPATCH | Act.REASSIGN | Act.TIME_OUT | Act.PASS_ON:
                return Facts(known=self._known(fields.get("assignees") or (), case))
            case Act.ACCEPT if case.given_to(caller) is None:
                return Facts(known=self._known(claimants(caller), case))
            case Act.MEDIATE:
                self._check_parties(fields, case)
            case Act.MERGE:
                return Facts(target=self._target(fields["target_case_id"], caller))
            case Act.CORRECT:
                return self._correction(case, fields, asked.now)
            case Act.REGISTER:
                return Facts(earlier=self._earlier(case, fields.get("category") or case.category, case.place))
        return Facts(service_day=self._service_day(fields.get("service_day_id"), caller))

    def _correction(self, case: Case, fields: Mapping[str, Any], now: datetime) -> Facts:
        moved = WHERE & set(fields)
        known = self._known(case.assignment.ids if REGARDS_ASSIGNEES & set(fields) else (), case)
        place = self.place(fields, now) if moved else None
        earlier = self._earlier(case, fields.get("category") or case.category, place or case.place)
        asset = self.places.asset(case.asset_id) if case.asset_id else None
        return Facts(known=known, place=place, earlier=earlier, asset=asset)

    def _earlier(self, case: Case, category: str | None, place: Place) -> tuple[Earlier, ...]:
        """The cases with which this one is compared; none while it has no category."""
        return self.cases.like(case, category, place) if category else ()

    def _known(self, ids: Iterable[str], case: Case) -> dict[str, Known]:
        if not ids:
            return {}
        rows = self.members.assignees(ids=list(ids), tenant=case.place.tenant)
        return {row["id"]: Known.load(row) for row in rows}

    def _service_day(self, id: str | None, caller: Caller) -> ServiceDay | None:
        """The service day that feedback names, if the caller organises it; refuses what members refuses about it."""
        if id is None:
            return None
        found = self.members.service_day(caller=caller.dump(), activity_id=id)
        return ServiceDay(id, found["begun"], frozenset(found["compound_ids"]))

    def _target(self, case_id: str, caller: Caller) -> Case:
        try:
            return check_there(self.cases.load(case_id, _reach(caller)).case, caller)
        except Refusal:
            raise Refusal("unknown_target", target_case_id=case_id) from None

    def _compound(self, id: str | None) -> Compound | None:
        found = self.places.compound(id) if id else None
        if id and found is None:
            raise Refusal("unknown_compound", compound_id=id)
        return found

    def _with_near(self, place: Place) -> Place:
        """The place with the compound that its point lies at, where it names none."""
        if place.point is None or place.compound_id is not None:
            return place
        found = nearest(self.places.compounds_in(place.grid_code), place.point)
        return replace(place, near_compound_id=found.id if found else None)

    def _grid(self, code: str, spot: Point | None, now: datetime) -> str:
        """The grid, if it is in force; else, at a point, the one that was drawn in its place."""
        found = self.places.grid(code)
        if found is None:
            raise Refusal("unknown_grid", grid_code=code)
        if found.open_at(now):
            return code
        if spot is None:
            raise Refusal("grid_closed", grid_codes=[code])
        return holding(self.places.grids_around(spot), spot, now).code

    def _check_reporter(self, case: Case) -> None:
        """Refuses `unknown_person`: a report for somebody else names an active person of the district, or none."""
        reporter = case.reporter
        if reporter.filed_by is not None and reporter.id is not None:
            self._check_person(reporter.id, case)

    def _check_parties(self, fields: Mapping[str, Any], case: Case) -> None:
        """Refuses `unknown_person`: whoever is named by an account reads the mediation."""
        for party in fields["parties"]:
            if person_id := party.get("person_id"):
                self._check_person(person_id, case)

    def _check_person(self, id: str, case: Case) -> None:
        try:
            known = self._known((id,), case).get(id)
        except Refusal:
            known = None
        if known is None or known.kind != PERSON or not known.active:
            raise Refusal("unknown_person", person_id=id)

    def _asset(self, id: str) -> Asset:
        found = self.places.asset(id)
        if found is None:
            raise Refusal("unknown_asset", asset_id=id)
        return found

    def _check_asset(self, fields: Mapping[str, Any], tenant: str) -> None:
        """Refuses `unknown_asset`, also for one of another district, and `asset_retired`."""
        if id := fields.get("asset_id"):
            found = self._asset(id)
            if found.place.tenant != tenant:
                raise Refusal("unknown_asset", asset_id=id)
            if found.retired:
                raise Refusal("asset_retired", asset_id=id)

    def _check_unit(self, fields: Mapping[str, Any]) -> None:
        id = fields.get("complained_unit_id")
        if id and self.places.unit(id) is None:
            raise Refusal("unknown_unit", unit_id=id)


def _photos(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The photos that the act names: what is shown, and what was signed."""
    return tuple(photo for name in ("before_photos", "photos", "agreement") for photo in fields.get(name) or ())


def _answering(asked: Asked, decision: Decision) -> Entry:
    """The history entry of a decision, which answers the command."""
    entry = _told(decision)
    nameless = entry.by is not None and entry.by["id"] is None
    return replace(
        entry,
        command=asked.key,
        digest=asked.digest,
        answer=receipt(decision.case, entry.data["act"], entry.at, entry.id),
        # The request's own id may be the caller's choice, and lead back to him through another request.
        correlation=entry.id if nameless else None,
    )


def _told(decision: Decision) -> Entry:
    """The history entry of a decision."""
    happening: Happening = decision.entries[0]
    return Entry(happening.id, happening.type, happening.at, happening.data, happening.key, happening.by)


def _reach(caller: Caller) -> tuple[str, ...] | None:
    """The districts in which the caller can find cases; the clock finds them everywhere."""
    return None if {CLOCK, RULE} & caller.roles else tenants(caller)
