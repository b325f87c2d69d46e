"""Evaluating step by step: what the ledger says, who is evaluated, and the records that change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import structlog

from chassis.caller import CLOCK, THE_CLOCK
from chassis.command import Asked, digest
from chassis.errors import Refusal
from chassis.records import Answer, Kept, Outcome
from chassis.working_days import after_working_days
from members.evaluations import evaluation as rules
from members.evaluations.evaluation import Act, Decision, Evaluation, Measure, Subject, evaluation_id
from members.evaluations.store import EvaluationStore
from members.hours.credit import halves
from members.hours.store import HoursStore
from members.people.person import LOCAL
from members.people.store import PeopleStore
from members.permission import PERMISSIONS, may, of_own_unit, permit, role_of, tenants
from members.policies.policy import OF_UNITS, Metric, in_force
from members.policies.span import Span, span
from members.policies.store import PolicyStore
from members.registrations.rate import percent
from members.registrations.registration import Kind, Registration
from members.registrations.store import RegistrationStore
from members.service_points.entry import Tally
from members.service_points.store import PointsStore

log = structlog.get_logger()

SHOWN_AT_ONCE = 100


@dataclass(frozen=True)
class Evaluating:
    """Carries out the commands about evaluations."""

    kept: EvaluationStore
    policies: PolicyStore
    registrations: RegistrationStore
    points: PointsStore
    hours: HoursStore
    people: PeopleStore

    def draft(self, asked: Asked, community: str, period: str, metric: Metric) -> Answer:
        """Draft one for each who is registered with the community: `{…, drafted, shown, objected, final}` as it is now.

        The rule is the one in force on the last day of the period. Nobody evaluates themselves or the own unit: they
        are left out. Refuses `not_permitted`, `command_id_reused`, `period_not_over`, `no_member_policy` and
        `metric_not_recorded`.
        """
        permit(asked.caller, "evaluate", community)
        self.kept.check_new(asked)
        spanned, today = span(period), asked.now.astimezone(LOCAL).date()
        if spanned.last >= today:
            raise Refusal("period_not_over", last=spanned.last.isoformat())
        found = in_force(self.policies.around(community), community, metric, spanned.period, spanned.last)
        if found is None:
            raise Refusal("no_member_policy")
        policy, terms = found
        measure = Measure(policy.id, terms.version, metric.value, terms.minimum, terms.effect, 0)
        kind = Kind.UNIT if metric in OF_UNITS else Kind.MEMBER
        there = [
            each
            for each in self.registrations.in_community_on(community, kind, spanned.last)
            if not asked.caller.is_(each.subject)
            if each.subject != asked.caller.unit
        ]
        reached = self._reached(metric, spanned, [each.subject for each in there])
        drafts = [self._drafted(asked, each, spanned, measure, reached) for each in there]
        role = role_of(asked.caller, "evaluate", community)
        self.kept.note(asked)
        self.kept.draft(drafts, asked.now, {"id": asked.caller.id, "role": role})
        return self._counted(community, period, metric)

    def show(self, asked: Asked, community: str, period: str, metric: Metric) -> Answer:
        """Show the next drafts of the community to whom they are about, who have five working days: as `draft` answers.

        It is done once none is `drafted` any more; at most a hundred are shown at once.

        What counts is what the ledger says now, by the version of the rule under which the draft was made.

        Refuses `not_permitted` and `command_id_reused`.
        """
        permit(asked.caller, "evaluate", community)
        self.kept.check_new(asked)
        self.kept.note(asked)
        role = role_of(asked.caller, "evaluate", community)
        until = after_working_days(asked.now, rules.WORKING_DAYS)
        drafts = self.kept.drafts(community, period, metric.value, SHOWN_AT_ONCE)
        reached = self._reached(metric, span(period), [each.item.subject_id for each in drafts])
        for each in drafts:
            one = replace(asked, command_id=f"{asked.command_id}:{each.id}")
            score = reached.get(each.item.subject_id, 0)

            def decide(found: Evaluation, score: float = score) -> Outcome[Evaluation]:
                return _outcome(rules.shown(found, score, until.at, until.presumed_years), Act.SHOW, role)

            self._each(one, each, decide)
        return self._counted(community, period, metric)

    def object_to(self, asked: Asked, id: str, text: str) -> Answer:
        """Object, as whom it is about, or for the unit that it is about.

        Refuses `evaluation_not_found` (also for a draft, and for one about somebody else), `evaluation_not_open` and
        `objection_too_late`.
        """

        def decide(found: Evaluation) -> Outcome[Evaluation]:
            of_unit = found.subject is Subject.UNIT
            act = "object_for_own_unit" if of_unit else "object_to_own_evaluation"
            own = of_own_unit if of_unit else may
            if found.status is rules.Status.DRAFTED or not own(asked.caller, act, found.subject_id):
                raise Refusal("evaluation_not_found")
            role = role_of(asked.caller, act, found.community)
            return _outcome(rules.objected(found, text, asked.now), Act.OBJECT, role)

        return self.kept.records.change(asked, id, tenants(asked.caller), decide)

    def decide(self, asked: Asked, id: str, *, upheld: bool, reason: str) -> Answer:
        """Decide an objection; upheld, what the ledger says by now counts. Nobody decides about the own unit either.

        Refuses `evaluation_not_found`, `not_permitted`, `own_evaluation` and `evaluation_not_open`.
        """
        if not asked.caller.roles & set(PERMISSIONS["decide_objection"].roles):
            raise Refusal("not_permitted", act="decide_objection")
        decision = Decision(asked.caller.id, asked.now, upheld, reason)

        def decide(found: Evaluation) -> Outcome[Evaluation]:
            permit(asked.caller, "decide_objection", found.community)
            if found.subject_id == asked.caller.unit:
                raise Refusal("own_evaluation")
            metric = Metric(found.measure.metric)
            reached = self._reached(metric, span(found.period), [found.subject_id]).get(found.subject_id, 0)
            role = role_of(asked.caller, "decide_objection", found.community)
            return _outcome(rules.decided(found, decision, asked.caller, reached), Act.DECIDE, role)

        return self.kept.records.change(asked, id, tenants(asked.caller), decide)

    def lapse(self, now: datetime, limit: int) -> None:
        """Let at most so many become final to which nobody objected; harmless when another instance was faster."""
        for each in self.kept.lapsing(now, limit):
            asked = Asked(THE_CLOCK, f"lapse:{each.id}", digest({}), now)
            self._each(asked, each, lambda found: _outcome(rules.lapsed(found, now), Act.LAPSE, CLOCK))

    def _each(self, asked: Asked, each: Kept[Evaluation], decide: Any) -> None:
        """Change one of many: one that somebody else has changed meanwhile holds up nobody."""
        try:
            self.kept.records.change(asked, each.id, None, decide)
        except Refusal as refused:
            log.info("an evaluation did not move", evaluation_id=each.id, code=refused.code)

    def _drafted(
        self, asked: Asked, of: Registration, spanned: Span, measure: Measure, reached: Mapping[str, float]
    ) -> Evaluation:
        return Evaluation(
            id=evaluation_id(measure.policy_id, spanned.name, of.subject),
            subject=Subject(of.kind.value),
            subject_id=of.subject,
            unit_id=of.unit_id,
            community=of.community,
            period=spanned.name,
            measure=replace(measure, reached=reached.get(of.subject, 0)),
            evaluated_by=asked.caller.id,
            evaluated_at=asked.now,
        )

    def _reached(self, metric: Metric, spanned: Span, subjects: Iterable[str]) -> dict[str, float]:
        """What each of them reached in the period; who is left out reached nothing."""
        ids = list(subjects)
        match metric:
            case Metric.POINTS:
                return {id: sums.points for id, sums in self._sums(ids, spanned).items()}
            case Metric.MINUTES:
                return {id: sum(days.values()) for id, days in self._days(ids, spanned).items()}
            case Metric.HALF_YEAR_REPORT:
                return {id: halves(days) for id, days in self._days(ids, spanned).items()}
            case Metric.SERVICES:
                return {id: sums.services for id, sums in self._sums(ids, spanned).items()}
            case Metric.UNIT_REGISTRATION_RATE:
                return {id: self._registration_rate(id, spanned.last) for id in ids}
            case Metric.UNIT_COMPLETION_RATE:
                return {id: self._completion_rate(id, spanned) for id in ids}

    def _days(self, subjects: Iterable[str], spanned: Span) -> dict[str, dict[date, int]]:
        """The minutes of each person on each day that counts, under every id of theirs."""
        people = self.people.whole(subjects)
        found = self.hours.by_day(people, spanned.first, spanned.last)
        return {id: days for person, days in found.items() for id in people[person]}

    def _sums(self, subjects: Iterable[str], spanned: Span) -> dict[str, Tally]:
        """The sums of each person, under every id of theirs."""
        people = self.people.whole(subjects)
        found = self.points.tallies(people, spanned.first, spanned.last)
        return {id: sums for person, sums in found.items() for id in people[person]}

    def _registration_rate(self, unit_id: str, day: date) -> float:
        members = frozenset(self.people.in_service(unit_id))
        there = self.people.whole(self.registrations.members_on(unit_id, day)).keys() & members
        return percent(len(there), len(members)) or 0

    def _completion_rate(self, unit_id: str, spanned: Span) -> float:
        there = self.people.whole(self.registrations.members_on(unit_id, spanned.last))
        sums = self.points.tallies(there, spanned.first, spanned.last)
        return percent(sum(each.services > 0 for each in sums.values()), len(there)) or 0

    def _counted(self, community: str, period: str, metric: Metric) -> Answer:
        counts = self.kept.counts(community, period, metric.value)
        named = {status.value: counts.get(status.value, 0) for status in rules.Status}
        return {"community": community, "period": period, "metric": metric.value, **named}


def _outcome(after: Evaluation, act: Act, role: str) -> Outcome[Evaluation]:
    answer = {"status": after.status.value}
    return Outcome(after, rules.EVENTS[act], rules.told(after), role, after.community, answer)
