"""The entrypoints by which people get a copy of their data or have it deleted, and the sweep that ends retention."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from nameko.timer import timer

from chassis.audit.view import own
from chassis.caller import THE_CLOCK, Caller
from chassis.clock import Clock
from chassis.command import Asked, digest
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.outbox import Entry, StaleVersion
from chassis.records import Outcome, Writing, again_when_stale
from chassis.rpc import rpc
from chassis.schema import load
from chassis.term import kept_since
from members.accounts.factor_store import FactorStore
from members.accounts.second_factor import shown as factor_shown
from members.accounts.session import shown as sign_in_shown
from members.accounts.store import AccountStore
from members.activities.store import ActivityStore
from members.attendance.store import AttendanceStore
from members.calendars.calendar import shown as calendar_shown
from members.calendars.store import CalendarStore
from members.calls.store import CallStore
from members.certificates.store import CertificateStore
from members.changing import known
from members.commands import Change
from members.erasure import record
from members.erasure.retention import ERASED, TERMS, Reached, copied, erased, wiped
from members.erasure.serving import OwnServing
from members.evaluations.store import EvaluationStore
from members.evaluations.views import is_shown
from members.feedback.store import FeedbackStore
from members.hours.store import HoursStore
from members.identity_providers.linked_identity import copied as identity_copied
from members.identity_providers.store import LinkedIdentityStore
from members.needs.store import NeedStore
from members.party_groups.store import PartyGroupStore
from members.patrols.store import PatrolStore
from members.people.person import Person, check_of_others, departed, departure
from members.people.schemas import PersonIdSchema
from members.people.store import ERASURE, LEFT, PeopleStore
from members.people.tenure import check_lets_go
from members.permission import permit, role_of, tenants
from members.posts.post import local_day
from members.posts.store import PostStore
from members.registrations.store import RegistrationStore
from members.registrations.views import registration
from members.registry.store import RevealStore
from members.sealing import Seal
from members.service_points import entry
from members.service_points.store import PointsStore
from members.signups.signup import State
from members.signups.store import SignupStore
from members.signups.views import own_line
from members.stars.store import BookStore
from members.stations.store import StationUseStore
from members.trail import TrailDesk
from members.workers.store import WorkerStore

Answer = dict[str, Any]

SWEEP_SECONDS = 3600
ERASED_AT_ONCE = 200


class ErasureDesk(TrailDesk):
    """Gives people what is theirs, and lets go of what is over."""

    people: PeopleStore
    accounts: AccountStore
    factors: FactorStore
    linked: LinkedIdentityStore
    posts: PostStore
    party_groups: PartyGroupStore
    registrations_kept: RegistrationStore
    points_kept: PointsStore
    evaluations_kept: EvaluationStore
    workers_kept: WorkerStore
    signups: SignupStore
    activities_kept: ActivityStore
    patrols_kept: PatrolStore
    reveals: RevealStore
    station_uses: StationUseStore
    feedback_kept: FeedbackStore
    calendars_kept: CalendarStore
    attendance: AttendanceStore
    hours_kept: HoursStore
    books_kept: BookStore
    certificates_kept: CertificateStore
    calls_kept: CallStore
    needs_kept: NeedStore
    seal: Seal
    present: Clock

    @rpc
    def own_data(self, caller: Answer) -> Answer:
        """Everything that this service keeps of the caller, unmasked; refuses `person_not_found`.

        That a copy was made is in the audit trail first.
        """
        who = Caller.load(caller)
        permit(who, "see_own_data", who.id)
        person, sealed = known(self.people.enrolled_as(who.id), "person_not_found")
        logins = [each.item.login for each in self.accounts.of_person(person.id) if each.item.login]
        workers = [kept.id for kept in self.workers_kept.of_people(person.ids)]
        told: list[Mapping[str, Any]] = [*self.reveals.of_person(person.ids, workers)]
        addresses = {kind: self.seal.open(each) for kind, each in person.addresses.items()}
        reached = Reached(self.seal.open(sealed) if sealed else None, addresses)
        copy = copied(person, reached, logins, told) | self._recorded(person)
        copy["trail"] = [own(row) for row in self.audit.of_who(person.ids)]
        role = role_of(who, "see_own_data", who.id)
        self._audit(who, "own_data.copied", role, "person", person.id, sorted(person.areas, key=len))
        return copy

    @rpc
    def delete_own_data(self, caller: Answer, command_id: str) -> Answer:
        """Leave the service and have everything personal deleted: `{person_id, version}`."""
        who = Caller.load(caller)
        permit(who, "delete_own_data", who.id)
        person, _ = known(self.people.enrolled_as(who.id), "person_not_found")
        return self._erase(Change("delete_own_data", person.id, command_id, digest({}), who))

    @rpc
    def delete_person(self, caller: Answer, command_id: str, person_id: str) -> Answer:
        """The same for somebody who has asked an office for it: `{person_id, version}`.

        Refuses `person_not_found`, `not_permitted` unless all that is theirs lies in the caller's scope,
        `role_above_own` where they hold a role above the caller's, and `own_entry`.
        """
        load(PersonIdSchema(), {"person_id": person_id})
        who = Caller.load(caller)
        person = self.people.person(person_id)
        if person is None or person.tenant not in tenants(who) or person.merged_into is not None:
            raise Refusal("person_not_found")
        check_lets_go(who, "delete_person", person.at_stake(self.clock.now()))
        check_of_others(who, person)
        return self._erase(Change("delete_person", person_id, command_id, digest({}), who))

    @timer(interval=SWEEP_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def end_retention(self) -> None:
        """Erase who left three years ago, and forget who was told a phone or shown a track before that."""
        now = self.clock.now()
        for kept in self.people.left_before(kept_since(TERMS["leavers"], now), ERASED_AT_ONCE):
            asked = Asked(THE_CLOCK, new_id(), "", now)
            try:
                self._write(kept.item, kept.version, [_told(kept.item, now)], asked)
            except StaleVersion:
                continue  # somebody has just changed it: the next sweep finds it again
        since = kept_since(TERMS["reveals"], now)
        shown = {"reveals": self.reveals.forget_before(since), "track_reveals": self.patrols_kept.forget_reveals(since)}
        self._audit_retention(THE_CLOCK.id, shown)

    def _erase(self, change: Change) -> Answer:
        answer = again_when_stale(lambda: self._erase_once(change, self.clock.now()))
        self.accounts.end_sessions(change.id, "deletion", self.present.now())
        self.linked.end([change.id])  # also what was linked at this very moment
        return answer

    def _erase_once(self, change: Change, now: datetime) -> Answer:
        person, version = known(self.people.versioned(change.id), "person_not_found")
        if person.erased_at is not None:
            return {"person_id": person.id, "version": version}
        answer = {"person_id": person.id, "version": version + (2 if person.active else 1)}
        asked = Asked(change.caller, change.command_id, change.digest, now)
        if person.active:
            left = change.entry(LEFT, now, departure(person), answer)
            self._write(departed(person, now), version, [left, replace(_told(person, now), by=left.by)], asked)
        else:
            self._write(person, version, [change.entry(ERASURE, now, departure(person), answer)], asked)
        return answer

    def _write(self, person: Person, version: int, entries: Sequence[Entry], asked: Asked) -> None:
        # These first: if we break off before the person is erased, it is all done once more.
        self.station_uses.forget(person.ids)
        self.feedback_kept.forget_words(person.ids)
        self.calendars_kept.forget(person.ids)
        self.factors.end(person.ids)
        self.linked.end(person.ids)
        self.patrols_kept.forget(person.ids)
        self.people.erase(erased(person, asked.now), version, entries, [*self._wipings(asked, person)])

    def _wipings(self, asked: Asked, person: Person) -> Iterator[Writing]:
        """Ways to sign in, the words in which the person objected, and name and phone in the census."""
        for account in self.accounts.of_person(person.id):
            gone = Outcome(wiped(account.item), "account.wiped", {}, "")
            yield self.accounts.records.changing(asked, account, gone, along=True)
        for kept in self.evaluations_kept.about(person.ids):
            if kept.item.objection is not None:
                said = Outcome(replace(kept.item, objection=ERASED), "evaluation.wiped", {}, "")
                yield self.evaluations_kept.records.changing(asked, kept, said, along=True)
        yield from self._own_serving.wipings(asked, person.ids)
        for worker in self.workers_kept.of_people(person.ids):
            nobody = replace(worker.item, nickname=ERASED, phone=None, phone_print=None, consented_at=None)
            unnamed = Outcome(nobody, "worker.wiped", {}, "")
            yield self.workers_kept.records.changing(asked, worker, unnamed, along=True)

    def _recorded(self, person: Person) -> Answer:
        ids, today = frozenset(person.ids), local_day(self.clock.now())
        registrations = self.registrations_kept.page([person.tenant], {"person_id": {"$in": sorted(ids)}}, None, 0)
        evaluations = self.evaluations_kept.about(ids)
        groups = {kept.id: kept.item for id in ids for kept in self.party_groups.with_person(id)}
        return {
            "sign_ins": [sign_in_shown(each) for each in self.accounts.sessions_of(sorted(ids), self.present.now())],
            "second_factor": factor_shown(self.factors.of(ids)),
            "linked_identities": [identity_copied(each) for each in self.linked.of(ids)],
            "posts": [record.post_held(kept.item, today) for id in sorted(ids) for kept in self.posts.of_person(id)],
            "seats": record.seats(groups.values(), ids),
            "registrations": [registration(kept.item, kept.version, {}) for kept in registrations],
            "service_points": [entry.shown(kept.item) for kept in self.points_kept.page(ids, None, 0)],
            "evaluations": [record.evaluation(each.item, each.version) for each in evaluations if is_shown(each.item)],
            "attendance": [record.attended(kept.item) for kept in self.attendance.page_of_person(ids, None, 0)],
            "station_uses": self.station_uses.of_person(ids),
            "calendars": [calendar_shown(kept.item) for kept in self.calendars_kept.of_person(ids)],
            "feedback": [record.said(each) for each in self.feedback_kept.of_people(ids)],
            "signups": self._signups(ids),
            **self._own_serving.copied(person, self.clock.now()),
            "census": [record.census(each.item, self.seal) for each in self.workers_kept.of_people(ids)],
        }

    @property
    def _own_serving(self) -> OwnServing:
        return OwnServing(
            self.hours_kept,
            self.books_kept,
            self.certificates_kept,
            self.patrols_kept,
            self.calls_kept,
            self.needs_kept,
        )

    def _signups(self, ids: frozenset[str]) -> list[Answer]:
        found = [kept.item for kept in self.signups.of_person(ids, states=tuple(State))]
        titles = self.activities_kept.titles({each.activity_id for each in found})
        return [own_line(each, titles[each.activity_id]) for each in found]


def _told(person: Person, now: datetime) -> Entry:
    """What other services hear of it, each of which lets go of the person too."""
    return Entry(new_id(), ERASURE, now, departure(person))
