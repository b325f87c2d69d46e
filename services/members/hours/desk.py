"""The entrypoints of volunteer hours: records drawn up, decided and corrected, and what the ledger says (§3.3)."""

from dataclasses import replace
from functools import partial
from typing import Any

from chassis.caller import Caller
from chassis.command import Asked
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.event import Event, heard
from chassis.fault import Fault, check
from chassis.records import again_when_stale
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from chassis.subscribe import subscribe
from members.activities.store import ActivityStore
from members.attendance.store import AttendanceStore
from members.certificates.store import CertificateStore
from members.hours import ledger, schemas
from members.hours import record as rules
from members.hours.credit import shown_hours
from members.hours.deciding import Deciding, approver
from members.hours.record import Record
from members.hours.recording import Recording, recorder_role
from members.hours.store import HoursStore
from members.patrols.patrol import STOPPED as PATROL_STOPPED
from members.patrols.store import PatrolStore
from members.people.store import PeopleStore
from members.permission import may, permit, scopes_for, tenants
from members.stars import star
from members.stars.store import BookStore

Answer = dict[str, Any]


class HoursDesk(Desk):
    """Keeps the legal records of services and the ledger of minutes; nobody decides about their own."""

    hours_kept: HoursStore = Store(HoursStore)
    activities_kept: ActivityStore
    attendance: AttendanceStore
    books_kept: BookStore
    certificates_kept: CertificateStore
    people: PeopleStore
    patrols_kept: PatrolStore

    @rpc
    def draw_up_hours(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Draw up the records of everybody who came to an activity. Answers and refuses as `Recording.of_activity`."""
        given, asked = load(schemas.DrawUpSchema(), body), self._asked(caller, command_id, body)
        activity = self.activities_kept.one(given["activity_id"], tenants(asked.caller)).item
        return again_when_stale(lambda: self._recording.of_activity(asked, activity))

    @rpc
    def approve_hours(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Let records count, each with its rows of the ledger: `{items}` with the state of each.

        Refuses at once all that is wrong with any of them, as `Deciding.decide` and `record.approved` do; then none is
        approved.
        """
        given, asked = load(schemas.ApproveSchema(), body), self._asked(caller, command_id, body)
        ids = list(dict.fromkeys(given["record_ids"]))
        check(fault for n, id in enumerate(ids) for fault in self._why_not(asked, id, f"/record_ids/{n}"))
        settle = self._settling
        items = [
            settle.decide(
                replace(asked, command_id=f"{asked.command_id}:{id}"),
                id,
                rules.APPROVED,
                lambda found: rules.approved(found, asked.caller, asked.now),
            )
            for id in ids
        ]
        return {"items": [{"record_id": each["record_id"], "state": each["state"]} for each in items]}

    @rpc
    def refuse_hours(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Let a record not count: the receipt. Refuses as `Deciding.decide`, and `record_decided`."""
        given, asked = load(schemas.ReasonSchema(), body), self._asked(caller, command_id, {**body, "refuse": True})
        decision = partial(rules.refused, by=asked.caller, now=asked.now, reason=given["reason"])
        return self._settling.decide(asked, given["record_id"], rules.REFUSED, decision)

    @rpc
    def ask_hours_correction(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Ask for a correction of an own record: the receipt. Refuses as `Deciding.ask`."""
        given, asked = load(schemas.AskSchema(), body), self._asked(caller, command_id, body)
        return self._settling.ask(asked, given["record_id"], given["text"])

    @rpc
    def correct_hours(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Correct the times of a record, by a reversal and new rows: the receipt.

        Refuses as `Deciding.decide`, together `stint_outside_service`, `stint_ends_too_early` and
        `stint_in_the_future`, `record_pending` and `times_unchanged`.
        """
        given, asked = load(schemas.CorrectSchema(), body), self._asked(caller, command_id, body)
        stints = [(each["begins"], each["ends"]) for each in given["stints"]]
        decision = partial(rules.corrected, stints=stints, by=asked.caller, now=asked.now, reason=given["reason"])
        return self._settling.decide(asked, given["record_id"], rules.CORRECTED, decision)

    @rpc
    def keep_hours(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Leave a record as it is whose correction was asked for: the receipt.

        Refuses as `Deciding.decide`, and `no_correction_asked`.
        """
        given, asked = load(schemas.ReasonSchema(), body), self._asked(caller, command_id, {**body, "keep": True})
        decision = partial(rules.kept, by=asked.caller, now=asked.now, reason=given["reason"])
        return self._settling.decide(asked, given["record_id"], rules.KEPT, decision)

    @rpc
    def service_record(self, caller: Answer, **body: Any) -> Answer:
        """One record. Refuses `record_not_found`, also for one that the caller does not see."""
        who, id = Caller.load(caller), load(schemas.RecordIdSchema(), body)["record_id"]
        found = self.hours_kept.records.load(id, tenants(who)).item
        if not self._sees(who, found):
            raise Refusal("record_not_found")
        return self._records_shown([found])[0]

    @rpc
    def service_records(self, caller: Answer, **page: Any) -> Answer:
        """A page of records, the latest day first: `{items, next}`; of an activity, of an area, or the caller's own.

        Refuses `activity_not_found`, `not_permitted` and `out_of_scope`.
        """
        who, given = Caller.load(caller), load(schemas.RecordPageSchema(), page)
        query, limit = self._bound_records(who, given), given["limit"]
        if given["state"]:
            query["state"] = given["state"]
        found = self.hours_kept.page(query, given["after"], limit + 1)
        items = [kept.item for kept in found[:limit]]
        last = items[-1] if len(found) > limit else None
        return {"items": self._records_shown(items), "next": [last.day.isoformat(), last.id] if last else None}

    @rpc
    def hours(self, caller: Answer, **body: Any) -> Answer:
        """What somebody's ledger comes to, in all and from a day to another: minutes, hours, the star and its consents.

        Refuses `not_permitted` for another's, except to who sees those of the area.
        """
        who, given = Caller.load(caller), load(schemas.HoursSchema(), body)
        ids = self._whose_hours(who, given["person_id"])
        book = self.books_kept.of(ids[0])
        minutes = self.hours_kept.sum_of(ids)
        shown = star.shown(replace(book.item if book else star.Book(ids[0], "000000"), minutes=minutes))
        if given["first"] is None or given["last"] is None:
            return {**shown, "period": None}
        of_period = ledger.total(self.hours_kept.rows_between(ids, given["first"], given["last"]))
        period = {"first": given["first"].isoformat(), "last": given["last"].isoformat()}
        return {**shown, "period": {**period, "minutes": of_period, "hours": shown_hours(of_period)}}

    @rpc
    def hours_ledger(self, caller: Answer, **page: Any) -> Answer:
        """A page of somebody's ledger, the latest day first: `{items, next}`. Refuses as `hours`."""
        who, given = Caller.load(caller), load(schemas.LedgerSchema(), page)
        ids, limit = self._whose_hours(who, given["person_id"]), given["limit"]
        found = [kept.item for kept in self.hours_kept.ledger(ids, given["after"], limit + 1)]
        last = found[limit - 1] if len(found) > limit else None
        return {
            "items": [ledger.shown(each) for each in found[:limit]],
            "next": [last.day.isoformat(), last.id] if last else None,
        }

    def draw_up_case_hours(self, event: Event) -> None:
        """Keep what the volunteers of a team have spent on a case; who approves it decides what counts."""
        again_when_stale(lambda: self._case_recorded(event))

    def _case_recorded(self, event: Event) -> Answer:
        self._recording.of_case(event, heard(schemas.ResolvedSchema(), event.data))
        return {}

    @subscribe("members", PATROL_STOPPED)
    def draw_up_patrol_hours(self, event: Event) -> None:
        """Keep what a volunteer has given to a patrol; who approves it decides what counts."""
        again_when_stale(lambda: self._patrol_recorded(event))

    def _patrol_recorded(self, event: Event) -> Answer:
        # As it stands by now: of two events about its end the one that comes last need not be the later one.
        id = heard(schemas.PatrolStoppedSchema(), event.data)["patrol_id"]
        patrol = self.patrols_kept.records.load(id, None).item
        self._recording.of_patrol(event, patrol)
        return {}

    @property
    def _recording(self) -> Recording:
        return Recording(self.hours_kept, self.attendance, self.people)

    @property
    def _settling(self) -> Deciding:
        return Deciding(self.hours_kept, self.books_kept, self.people, self.certificates_kept)

    def _why_not(self, asked: Asked, id: str, pointer: str) -> list[Fault]:
        """Why a record cannot be approved; nothing where this very command has approved it."""
        one = replace(asked, command_id=f"{asked.command_id}:{id}")
        try:
            found = self.hours_kept.records.load(id, tenants(asked.caller)).item
            if self.hours_kept.records.answered(one):
                return []
            approver(asked.caller, found)
            rules.approved(found, asked.caller, asked.now)
        except Refusal as refused:
            if refused.code == "record_not_found":
                return [Fault(pointer, "unknown_record")]
            return [Fault(pointer, refused.code)]
        return []

    def _sees(self, who: Caller, found: Record) -> bool:
        if may(who, "see_own_hours", found.person_id) or may(who, "see_hours", found.grid_code):
            return True
        return found.in_charge is not None and may(who, "approve_hours_of_own_activities", found.in_charge)

    def _bound_records(self, who: Caller, given: Answer) -> Answer:
        """The query for what the caller may see of what is asked for."""
        if given["activity_id"]:
            activity = self.activities_kept.one(given["activity_id"], tenants(who)).item
            if not may(who, "see_hours", activity.grid_code):
                recorder_role(who, activity)
            return {"source_id": activity.id}
        if given["area"]:
            return {"areas": {"$in": list(scopes_for(who, "see_hours", given["area"]))}}
        permit(who, "see_own_hours", who.id)
        return {"person_id": {"$in": list(who.ids)}}

    def _whose_hours(self, who: Caller, person_id: str | None) -> list[str]:
        """Every id of the person whose hours the caller may see, the one of today first."""
        if person_id is None or who.is_(person_id):
            permit(who, "see_own_hours", who.id)
            return list(who.ids)
        person = next((each for _, each in self.people.as_asked([person_id])), None)
        permit(who, "see_hours", (person.registered_with or person.tenant) if person else "")
        return [person.id, *sorted(person.merged_from)] if person else [person_id]

    def _records_shown(self, records: list[Record]) -> list[Answer]:
        minutes = self.hours_kept.minutes_of([each.id for each in records])
        who = self.people.as_asked([one.person_id for one in records])
        names = {id: person.shown_name for id, person in who}
        now = self.clock.now()
        return [rules.shown(each, minutes.get(each.id, 0), names.get(each.person_id), now) for each in records]
