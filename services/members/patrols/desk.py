"""The entrypoints of patrols: starting and stopping, the track meanwhile, and what was found (F18)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from nameko.timer import timer

from chassis.caller import THE_CLOCK, Caller
from chassis.command import Asked
from chassis.datum import Datum, to_wgs84
from chassis.errors import Refusal
from chassis.event import Event, heard
from chassis.ids import new_id
from chassis.instant import written
from chassis.logs import bind
from chassis.records import Kept, Outcome
from chassis.rpc import rpc
from chassis.schema import load, with_reason
from chassis.store import Store
from members.area import tenant_of
from members.patrols import finding as findings
from members.patrols import patrol as rules
from members.patrols import schemas, track
from members.patrols.finding import Finding
from members.patrols.patrol import Patrol
from members.patrols.store import PatrolStore
from members.patrols.track import Point
from members.people.store import PeopleStore
from members.permission import permit, permitted_role, role_of, scopes_for, tenants
from members.posts.schemas import leaver
from members.territory.store import TerritoryStore
from members.trail import TrailDesk

Answer = dict[str, Any]

SWEEP_SECONDS = 60
SWEPT_AT_ONCE = 200


class PatrolDesk(TrailDesk):
    """Follows who is on patrol while they are, and counts what they find."""

    patrols_kept: PatrolStore = Store(PatrolStore)
    territory: TerritoryStore
    people: PeopleStore

    @rpc
    def start_patrol(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Begin a patrol of the caller's in a grid: the receipt with `patrol_id`.

        Refuses `invalid`, `not_permitted`, `unknown_grid`, `grid_closed`, and as `rules.begun`.
        """
        given, asked = load(schemas.StartSchema(), body), self._asked(caller, command_id, body)
        code, who = given["grid_code"], asked.caller
        permit(who, "go_on_patrol", code)
        if answer := self.patrols_kept.records.answered(asked):
            return answer
        self.territory.check_open([code], tenant_of(code), asked.now)
        started = given["started_at"] or asked.now
        first = Patrol(new_id(), who.id, code, tenant_of(code), started, given["text_version"])
        patrol = rules.begun(first, self._latest(asked), asked.now)
        role = role_of(who, "go_on_patrol", code)
        told = {"started_at": written(started), "ends_by": written(patrol.bound)}
        return self.patrols_kept.begin(asked, Outcome(patrol, rules.STARTED, {}, role, answer=told))

    @rpc
    def stop_patrol(self, caller: Answer, command_id: str, patrol_id: str, **body: Any) -> Answer:
        """End the caller's patrol: the receipt. Refuses `invalid`, `patrol_not_found`, and as `rules.stopped`."""
        bind({"patrol_id": patrol_id})
        given = load(schemas.StopSchema(), body)
        asked = self._asked(caller, command_id, {"patrol_id": patrol_id, **body})
        kept = self._own_patrol(asked.caller, patrol_id)

        def decide(patrol: Patrol) -> Outcome[Patrol]:
            return _ended(rules.stopped(patrol, given["stopped_at"] or asked.now, asked.now), "patroller")

        answer = self.patrols_kept.records.change(asked, kept.id, [kept.item.tenant], decide)
        self.patrols_kept.cut(kept.id)
        return answer

    @rpc
    def upload_points(self, caller: Answer, patrol_id: str, **body: Any) -> Answer:
        """Keep points of the caller's patrol, line by line: `{items}` in their order.

        Each is `{point_id}` or `{point_id, refusal}`, refused as `track.accepted` or as `invalid`; what is told again
        counts once. Refuses `invalid` for what is no list, and `patrol_not_found`.
        """
        bind({"patrol_id": patrol_id})
        given = load(schemas.PointsSchema(), body)
        kept = self._own_patrol(Caller.load(caller), patrol_id)
        read = [_point(line, given["crs"]) for line in given["items"]]
        told = [each for each in read if isinstance(each, Point)]
        grid = self.territory.grid(kept.item.grid_code)
        if grid is None:
            raise Refusal("unknown_grid", grid_codes=[kept.item.grid_code])
        known, number = self.patrols_kept.around(kept.id, told)
        verdicts = track.accepted(kept.item, grid.middle, known, told, self.clock.now(), number)
        self.patrols_kept.add(kept.id, [each for each in verdicts if isinstance(each, Point)])
        # It may have ended while this was decided: then nothing after its end may stay.
        self.patrols_kept.cut(kept.id)
        decided = iter(verdicts)
        said = [next(decided) if isinstance(each, Point) else each for each in read]
        return {"items": [_line(given["items"][n].get("point_id"), each) for n, each in enumerate(said)]}

    @rpc
    def patrol(self, caller: Answer, patrol_id: str) -> Answer:
        """A patrol of the caller's, with what was found on it; refuses `patrol_not_found`."""
        who = Caller.load(caller)
        kept = self._own_patrol(who, patrol_id)
        mine = self.patrols_kept.findings(who.ids)
        found = [findings.shown(each) for each in mine if each.patrol_id == kept.id]
        return {**rules.shown(kept.item), "version": kept.version, "findings": found}

    @rpc
    def patrols(self, caller: Answer, **page: Any) -> Answer:
        """A page of patrols, the latest first: `{items, next}`; the caller's, or those of an area for its office.

        Refuses `invalid`, `not_permitted` and `out_of_scope`.
        """
        who, asked = Caller.load(caller), load(schemas.PatrolPageSchema(), page)
        if asked["area"] is None:
            permit(who, "see_own_patrols", who.id)
            which: Answer = {"person_id": {"$in": sorted(who.ids)}}
        else:
            which = {"areas": {"$in": list(scopes_for(who, "see_patrols", asked["area"]))}}
        limit = asked["limit"]
        found = self.patrols_kept.page(which, asked["after"], limit + 1)
        shown = [kept.item for kept in found[:limit]]
        names = {id: one.shown_name for id, one in self.people.as_asked([each.person_id for each in shown])}
        last = shown[-1] if len(found) > limit else None
        return {
            "items": [rules.shown(each) | {"name": names.get(each.person_id)} for each in shown],
            "next": [written(last.started_at), last.id] if last else None,
        }

    @rpc
    def track(self, caller: Answer, patrol_id: str) -> Answer:
        """Where a patrol of the caller's went: `{patrol_id, points, cells}`; refuses `patrol_not_found`."""
        kept = self._own_patrol(Caller.load(caller), patrol_id)
        return track.shown(kept.item, self.patrols_kept.points(kept.id))

    @rpc
    def reveal_track(self, caller: Answer, command_id: str, patrol_id: str, **body: Any) -> Answer:
        """The same of somebody else's, for an office that gives a reason, which is written down first.

        Refuses `reason_missing`, `invalid`, `patrol_not_found`, `not_permitted`, `out_of_scope`, `command_id_reused`.
        """
        bind({"patrol_id": patrol_id})
        given = with_reason(schemas.ReasonSchema(), body)
        asked = self._asked(caller, command_id, {"patrol_id": patrol_id, **body})
        kept = self.patrols_kept.records.load(patrol_id, tenants(asked.caller))
        role = permitted_role(asked.caller, "reveal_track", kept.item.grid_code)
        whose = {"patrol_id": kept.id, "person_id": kept.item.person_id, "tenant": kept.item.tenant}
        why = {"by": asked.caller.id, "role": role, "reason": given["reason"], "at": asked.now}
        self.patrols_kept.reveal(asked.key, asked.digest, whose | why)
        areas = self._audit_areas(kept.item.grid_code)
        self._audit_asked(asked, "track.revealed", role, ("patrol", kept.id), areas, given["reason"])
        return track.shown(kept.item, self.patrols_kept.points(kept.id))

    @rpc
    def own_findings(self, caller: Answer, **page: Any) -> Answer:
        """A page of what the caller found on patrol, and how many matters it is in all: `{credited, items, next}`."""
        who, asked = Caller.load(caller), load(schemas.FindingPageSchema(), page)
        permit(who, "see_own_patrols", who.id)
        limit = asked["limit"]
        found = self.patrols_kept.findings(who.ids, asked["after"], limit + 1)
        last = found[limit - 1] if len(found) > limit else None
        return {
            "credited": findings.credited(self.patrols_kept.findings(who.ids)),
            "items": [findings.shown(each) for each in found[:limit]],
            "next": [written(last.found_at), last.case_id] if last else None,
        }

    def note_finding(self, event: Event) -> None:
        """Count a case for who reported it on a patrol of their own; what came to be one case counts once."""
        told = heard(schemas.CaseSchema(), event.data)
        if event.type == findings.MERGED and told["target_case_id"]:
            # Whatever case it is: findings may meet in a case that nobody found, and come before or after it.
            self.patrols_kept.merged(told["case_id"], told["target_case_id"])
        if told["patrol_id"] is None:
            return
        if event.type == findings.REPORTED:
            self._found(told, event)
        elif event.type in findings.VOID:
            self.patrols_kept.void(told["case_id"])

    def _found(self, told: Answer, event: Event) -> None:
        by, found = told["by"].get("id"), self.patrols_kept.records.find({"_id": told["patrol_id"]}, limit=1)
        if by is None or not found:
            return
        ids = next((person.ids for _, person in self.people.as_asked([by])), frozenset([by]))
        patrol = found[0].item
        if findings.belongs(patrol, {by, *ids}, event.time):
            self.patrols_kept.note(Finding(told["case_id"], patrol.id, patrol.person_id, event.time))

    def end_patrols_of_leaver(self, event: Event) -> None:
        """Follow nobody who has left."""
        now = self.clock.now()
        for kept in self.patrols_kept.running(leaver(event.data)):
            self._end(kept, Asked(THE_CLOCK, f"left:{kept.id}", "", now), rules.abandoned)

    @timer(interval=SWEEP_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def sweep_patrols(self) -> None:
        """End patrols at their bound, and leave of old tracks the cells alone."""
        now = self.clock.now()
        for kept in self.patrols_kept.running_since(now - rules.LONGEST, SWEPT_AT_ONCE):
            self._lapse(kept, now)
        over = self.patrols_kept.tracked_before(now - rules.TRACK_KEPT, SWEPT_AT_ONCE)
        reduced = [id for id in over if self.patrols_kept.reduce(id, track.cells(self.patrols_kept.points(id)))]
        self._audit_retention(THE_CLOCK.id, {"tracks": len(reduced)})

    def _latest(self, asked: Asked) -> Patrol | None:
        """The caller's latest patrol, ended if its time was up."""
        kept = self.patrols_kept.latest(asked.caller.ids)
        if kept and kept.item.running and asked.now >= kept.item.bound:
            self._lapse(kept, asked.now)
            return self.patrols_kept.records.load(kept.id, None).item
        return kept.item if kept else None

    def _lapse(self, kept: Kept[Patrol], now: datetime) -> None:
        self._end(kept, Asked(THE_CLOCK, f"bound:{kept.id}", "", now), rules.lapsed)

    def _end(self, kept: Kept[Patrol], asked: Asked, end: Callable[[Patrol, datetime], Patrol]) -> None:
        try:
            self.patrols_kept.records.change(
                asked, kept.id, None, lambda patrol: _ended(end(patrol, asked.now), THE_CLOCK.id)
            )
        except Refusal as refusal:
            if refusal.code != "patrol_over":  # somebody was faster
                raise
        self.patrols_kept.cut(kept.id)

    def _own_patrol(self, who: Caller, patrol_id: str) -> Kept[Patrol]:
        """The patrol, if it is the caller's: others learn not even that there is one."""
        permit(who, "see_own_patrols", who.id)
        kept = self.patrols_kept.records.load(patrol_id, None)
        if not who.is_(kept.item.person_id):
            raise Refusal("patrol_not_found")
        return kept


def _ended(patrol: Patrol, role: str) -> Outcome[Patrol]:
    at = {"stopped_at": written(patrol.over), "ended": patrol.ended.value if patrol.ended else None}
    return Outcome(patrol, rules.STOPPED, rules.told(patrol), role, answer=at)


def _point(line: Answer, crs: Datum) -> Point | Refusal:
    try:
        given = load(schemas.PointSchema(), line)
    except Refusal as refused:
        return refused
    lon, lat = to_wgs84(given["lon"], given["lat"], crs)
    # As finely as the database keeps time, so that it is the same when it comes again.
    at = given["at"].replace(microsecond=given["at"].microsecond // 1000 * 1000)
    return Point(at, given["point_id"], round(lon, 6), round(lat, 6))


def _line(point_id: Any, verdict: Point | Refusal) -> Answer:
    told: Answer = {"point_id": point_id if isinstance(point_id, str) else None}
    return told | {"refusal": verdict.dump()} if isinstance(verdict, Refusal) else told
