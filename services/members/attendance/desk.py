"""The entrypoints of attendance: scans of the day's code, lists of the organiser, and who came (F44)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from marshmallow import Schema

from chassis.caller import Caller
from chassis.command import Asked
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.fault import check
from chassis.instant import written
from chassis.logs import bind
from chassis.records import Outcome
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.activities.activity import Activity
from members.activities.store import ActivityStore
from members.attendance import attendance as rules
from members.attendance import muster_code, schemas
from members.attendance.attendance import Act, Attendance, How, Mark
from members.attendance.muster_code import MusterCode
from members.attendance.store import AttendanceStore
from members.people.store import PeopleStore
from members.permission import may, permit, role_of, tenants
from members.sealing import Seal
from members.signups.fault import asks_more, faults_of_person
from members.signups.signup import State, signup_id
from members.signups.store import SignupStore

Answer = dict[str, Any]

TYPES: Mapping[Act, str] = {Act.IN: rules.CAME, Act.OUT: rules.WENT}
PURPOSE = "muster"
"""For which the key of muster codes is derived."""


class AttendanceDesk(Desk):
    """Counts who comes and goes, once each, however often it is told."""

    attendance: AttendanceStore = Store(AttendanceStore)
    activities_kept: ActivityStore
    signups: SignupStore
    people: PeopleStore
    seal: Seal

    @rpc
    def scan_muster_code(self, caller: Answer, command_id: str, activity_id: str, **body: Any) -> Answer:
        """Check the caller in or out by the code of the day: the receipt; the same scan gets the same.

        Refuses `invalid`, `activity_not_found`, `not_permitted`, `muster_code_forged`, `command_id_reused`,
        `busy_try_again`, and as `rules.check_code`, `rules.check_told`, `rules.first_of` and `rules.marked` do; whoever
        has not signed up also as for signing up: `age_not_told`, `too_young`, `born_in_future` and `lacks_skills`.
        """
        bind({"activity_id": activity_id})
        given = load(schemas.ScanSchema(), body)
        return self._scanned(self._asked(caller, command_id, _same(activity_id, given)), activity_id, given)

    @rpc
    def upload_scans(self, caller: Answer, **body: Any) -> Answer:
        """Count scans that a phone kept, line by line: `{items}` in the order of the lines.

        Each is `{command_id, receipt}` or `{command_id, refusal}`, what `scan_muster_code` answers or refuses: one that
        is refused does not keep another from being counted. Refuses `invalid` for what is no list of scans.
        """
        lines = load(schemas.ManySchema(), body)["items"]

        def counted(given: Answer) -> Answer:
            asked = self._asked(caller, given["command_id"], _same(given["activity_id"], given))
            return self._scanned(asked, given["activity_id"], given)

        return {"items": _each(lines, schemas.KeptScanSchema(), "scanned_at", counted)}

    @rpc
    def list_attendance(self, caller: Answer, activity_id: str, **body: Any) -> Answer:
        """Check people in or out by the organiser's list, line by line: `{items}` as `upload_scans` answers.

        After the end a check-out confirms when somebody went of whom nobody knew. Refuses `invalid`,
        `activity_not_found` and `not_permitted`; a line also as `own_attendance` and `unknown_person`.
        """
        bind({"activity_id": activity_id})
        who, lines = Caller.load(caller), load(schemas.ManySchema(), body)["items"]
        activity = self._activity(activity_id, who)
        role = _keeper(who, activity, "keep_attendance")

        def counted(given: Answer) -> Answer:
            same = {"activity_id": activity_id, "person_id": given["person_id"], "act": given["act"]}
            asked = self._asked(caller, given["command_id"], same)
            person = next((one for _, one in self.people.as_asked([given["person_id"]], activity.tenant)), None)
            if person is None:
                raise Refusal("unknown_person", person_id=given["person_id"])
            if who.is_(person.id):
                raise Refusal("own_attendance")
            mark = rules.listed(Act(given["act"]), given["at"] or asked.now, activity, asked.now)
            ids = (person.id, *sorted(person.ids - {person.id}))
            return self._once(asked, lambda: self._marked(asked, activity, ids, mark, role, given["born"]))

        return {"items": _each(lines, schemas.ListLineSchema(), "at", counted)}

    @rpc
    def muster_code(self, caller: Answer, activity_id: str) -> Answer:
        """The code of the day, for who organises: `{activity_id, day, code}`.

        Refuses `activity_not_found`, `activity_cancelled` and `not_permitted`.
        """
        bind({"activity_id": activity_id})
        who = Caller.load(caller)
        activity = self._activity(activity_id, who)
        _keeper(who, activity, "keep_attendance")
        rules.check_takes_place(activity)
        code = muster_code.issued(MusterCode(activity.id, activity.day), self.seal.key(PURPOSE))
        return {"activity_id": activity.id, "day": activity.day.isoformat(), "code": code}

    @rpc
    def attendance_of(self, caller: Answer, activity_id: str, **page: Any) -> Answer:
        """A page of those who came to an activity: `{items, next}`. Refuses `activity_not_found`, `not_permitted`."""
        bind({"activity_id": activity_id})
        who, asked = Caller.load(caller), load(schemas.AttendancePageSchema(), page)
        activity = self._activity(activity_id, who)
        _keeper(who, activity, "see_attendance")
        limit = asked["limit"]
        found = self.attendance.page_of_activity(activity.id, asked["after"], limit + 1)
        now, page_ = self.clock.now(), found[:limit]
        names = {id: one.shown_name for id, one in self.people.as_asked([each.person_id for each in page_])}
        items = [rules.shown(each, activity, now) | {"name": names.get(each.person_id)} for each in page_]
        return {"items": items, "next": page_[-1].id if len(found) > limit else None}

    @rpc
    def own_attendance(self, caller: Answer, **page: Any) -> Answer:
        """A page of where the caller came, the latest first: `{items, next}`."""
        who, asked = Caller.load(caller), load(schemas.OwnAttendancePageSchema(), page)
        permit(who, "see_own_attendance", who.id)
        limit = asked["limit"]
        found = [kept.item for kept in self.attendance.page_of_person(who.ids, asked["after"], limit + 1)]
        page_, now = found[:limit], self.clock.now()
        ids = [each.activity_id for each in page_]
        activities = {kept.id: kept.item for kept in self.activities_kept.records.find({"_id": {"$in": ids}})}
        items = [
            rules.shown(each, of, now) | {"title": of.title}
            for each in page_
            if (of := activities.get(each.activity_id))
        ]
        last = page_[-1] if len(found) > limit else None
        return {"items": items, "next": [written(last.stints[0].came), last.id] if last else None}

    def _scanned(self, asked: Asked, activity_id: str, given: Answer) -> Answer:
        permit(asked.caller, "check_in", asked.caller.id)
        activity = self._activity(activity_id, asked.caller)
        mark = Mark(Act(given["act"]), given["scanned_at"] or asked.now, How.SCAN)
        role = role_of(asked.caller, "check_in", asked.caller.id)

        def count() -> Answer:
            rules.check_code(muster_code.read(given["code"], self.seal.key(PURPOSE)), activity, mark.at)
            return self._marked(asked, activity, asked.caller.ids, mark, role, given["born"])

        return self._once(asked, count)

    def _marked(
        self, asked: Asked, activity: Activity, person_ids: Sequence[str], mark: Mark, role: str, born: date | None
    ) -> Answer:
        """What is told of the person with these ids, written down."""

        def decide(found: Attendance) -> Outcome[Attendance]:
            after = rules.marked(found, mark, activity)
            if found.walk_in and not found.stints:
                self._check_walk_in(activity, person_ids, born, asked.now)
            told = {"activity_id": activity.id, "act": mark.act.value, "marked_at": written(mark.at)}
            return Outcome(after, TYPES[mark.act], told, role, answer={**told, "walk_in": after.walk_in})

        rules.check_told(mark, activity, asked.now)
        person_id = self.attendance.known_as(activity.id, person_ids)
        if mark.act is Act.OUT:
            return self.attendance.records.change(asked, rules.attendance_id(activity.id, person_id), None, decide)
        first = rules.first_of(activity, person_id, has_place=self._has_place(activity, person_ids))
        return self.attendance.begin(asked, first, decide)

    def _once(self, asked: Asked, count: Callable[[], Answer]) -> Answer:
        """What `count` answers; what was counted before is answered as it was then, also where it is too late now.

        Looked for only where it is refused: nearly all are told once.
        """
        try:
            return count()
        except Refusal:
            if answer := self.attendance.records.answered(asked):
                return answer
            raise

    def _check_walk_in(self, activity: Activity, person_ids: Sequence[str], born: date | None, now: datetime) -> None:
        """Whoever comes without having signed up is asked for no less; most days ask for nothing."""
        if not asks_more(activity) and born is None:
            return
        person = self.people.person(person_ids[0])
        if person is None:
            raise Refusal("not_permitted", act="check_in")
        found = faults_of_person(activity, person, born, now)
        # Whoever was there before, and comes again, was asked then.
        if found and not self.attendance.known(activity.id, person_ids):
            check(found)

    def _has_place(self, activity: Activity, person_ids: Sequence[str]) -> bool:
        ids = [signup_id(activity.id, each) for each in person_ids]
        return bool(self.signups.records.find({"_id": {"$in": ids}, "state": State.IN.value}, limit=1))

    def _activity(self, id: str, caller: Caller) -> Activity:
        return self.activities_kept.one(id, tenants(caller)).item


def _keeper(caller: Caller, activity: Activity, act: str) -> str:
    """The role in which the caller does this with an activity: the organiser's, or one that reaches its place."""
    if caller.is_(activity.organiser_id) and may(caller, "publish_activity", activity.grid_code):
        return role_of(caller, "publish_activity", activity.grid_code)
    permit(caller, act, activity.grid_code)
    return role_of(caller, act, activity.grid_code)


def _same(activity_id: str, given: Mapping[str, Any]) -> Answer:
    """What makes two scans of one id the same: a phone that got no answer sends it again, later, with its time."""
    return {"activity_id": activity_id, "act": given["act"]}


def _each(lines: list[Answer], schema: Schema, at: str, counted: Callable[[Answer], Answer]) -> list[Answer]:
    """What comes of each line, in their order; they are counted in the order in which they happened."""
    answers: dict[int, Answer] = {}
    for n in sorted(range(len(lines)), key=lambda n: str(lines[n].get(at) or "")):
        try:
            answers[n] = {"receipt": counted(load(schema, lines[n]))}
        except Refusal as refused:
            answers[n] = {"refusal": refused.dump()}
    return [{"command_id": line.get("command_id"), **answers[n]} for n, line in enumerate(lines)]
