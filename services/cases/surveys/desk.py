"""The entrypoints of surveys: each loads, lets the rules decide, and stores."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import structlog
from nameko.timer import timer

from cases.place import tenant_of
from cases.policies.schemas import read
from cases.policies.store import PolicyStore
from cases.showing.listing import tenants
from cases.store import PlaceStore
from cases.surveys import answer, schemas, view
from cases.surveys.answering import Answering
from cases.surveys.permission import check_person, lives_in, may, permitted_role
from cases.surveys.store import SurveyStore, Wanted
from cases.surveys.survey import (
    CHANGED,
    DRAFTED,
    ENDED,
    TOLD,
    Act,
    Status,
    Survey,
    changed,
    check_draft,
    draft,
    local_day,
    moved,
    period_faults,
)
from chassis.caller import CLOCK, THE_CLOCK, Caller
from chassis.command import Asked, digest
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.fault import Fault, check
from chassis.ids import new_id
from chassis.instant import written
from chassis.logs import bind
from chassis.records import Kept, Outcome
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store

log = structlog.get_logger()

Answer = dict[str, Any]

SWEEP_SECONDS = 5
SWEPT_AT_ONCE = 50

MOST_EARLIER = 8
"""Two years of quarters stand in a trend."""


class SurveyDesk(Desk):
    """Asks the people of an area how they feel, and tells what came of it (docs/domain.md §2.4, pulse surveys)."""

    places: PlaceStore
    policies_kept: PolicyStore
    pseudonym: Callable[[str], str]
    surveys_kept: SurveyStore = Store(SurveyStore)

    @rpc
    def draft_survey(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Draft a survey: the receipt. Refuses `not_permitted`, `out_of_scope`, and all that is wrong with it at once.

        That is `invalid`, `unknown_area` and what `period_faults` finds.
        """
        asked = self._asked(caller, command_id, body)
        given, wrong = read(schemas.DraftSchema(), body)
        area = given.get("area")
        role = permitted_role("draft_survey", asked.caller, area)
        if told := self.surveys_kept.records.answered(asked):
            return told
        unknown = area is not None and not self.places.in_force(area, asked.now)
        faults = [Fault("/area", "unknown_area")] if unknown else []
        _check(wrong, [*faults, *period_faults(given, local_day(asked.now))])
        made = draft(new_id(), given, asked.caller.id, asked.now, self._smallest_group(given["area"], asked))
        return self.surveys_kept.records.open(asked, _told(made, DRAFTED, role))

    @rpc
    def change_survey(
        self, caller: Answer, command_id: str, survey_id: str, if_version: int | None = None, **body: Any
    ) -> Answer:
        """Tell something anew of a draft: the receipt. Refuses as `draft_survey`, and `survey_not_draft`."""
        bind({"survey_id": survey_id})
        asked = self._asked(caller, command_id, {"survey_id": survey_id, **body})
        given, wrong = read(schemas.ChangeSchema(), body)

        def decide(survey: Survey, role: str) -> Outcome[Survey]:
            check_draft(survey)
            _check(wrong, _faults_of_change(survey, given, asked))
            return _told(changed(survey, given), CHANGED, role)

        return self._change(asked, survey_id, "change_survey", if_version, decide)

    @rpc
    def move_survey(
        self, caller: Answer, command_id: str, survey_id: str, act: str, if_version: int | None = None
    ) -> Answer:
        """Open, close or publish a survey: the receipt.

        Refuses `survey_not_found`, `not_permitted`, `out_of_scope`, `stale_version` and what `moved` does.
        """
        bind({"survey_id": survey_id})
        verb = Act(load(schemas.ActSchema(), {"act": act})["act"])
        asked = self._asked(caller, command_id, {"survey_id": survey_id, "act": act})
        return self._change(
            asked, survey_id, f"{verb}_survey", if_version, lambda survey, role: self._moved(survey, verb, role, asked)
        )

    @rpc
    def survey(self, caller: Answer, survey_id: str) -> Answer:
        """One survey, and whether the caller has answered; the office is told how many have.

        Refuses `survey_not_found`.
        """
        bind({"survey_id": survey_id})
        who = Caller.load(caller)
        kept = self._load(survey_id, who)
        shown = view.survey(kept.item, kept.version)
        keeps = may("see_unpublished_results", who, kept.item.area)
        is_open = kept.item.status is Status.OPEN
        return {
            **shown,
            "answers": self._answers(survey_id) if keeps else None,
            "answered": self._answering.has_answered(survey_id, who) if is_open else None,
            "names": self.places.names([kept.item.area], [], []),
        }

    @rpc
    def surveys(self, caller: Answer, **asked: Any) -> Answer:
        """A page of the surveys of an area and of all within it, drafted last first: `{items, names, next}`.

        Drafts are among them for the office, where all of the area is in their scope. Refuses `out_of_scope`.
        """
        who, given = Caller.load(caller), load(schemas.PageSchema(), asked)
        areas = (given["area"],) if given["area"] else tenants(who)
        if not all(lives_in(who, area) for area in areas):
            raise Refusal("out_of_scope", act="see_survey")
        drafts = bool(areas) and all(may("see_survey_draft", who, area) for area in areas)
        wanted = Wanted(tenants(who), areas, drafts, given["status"])
        found = self.surveys_kept.page(wanted, given["after"], given["limit"] + 1)
        page = found[: given["limit"]]
        last = page[-1] if len(found) > len(page) else None
        return {
            "items": [view.survey(kept.item, kept.version) for kept in page],
            "names": self.places.names({kept.item.area for kept in page}, [], []),
            "next": [written(last.item.drafted_at), last.id] if last else None,
        }

    @rpc
    def answer_survey(self, caller: Answer, command_id: str, survey_id: str, **body: Any) -> Answer:
        """Answer a survey, once: `{survey_id, answered}`; the same command again gets the same.

        What was answered is kept nowhere, so a command that comes again with something else is answered alike.
        Refuses `not_permitted` to a program, `survey_not_found`, `survey_not_open`, `already_answered`,
        `busy_try_again`, and all that is wrong with the answer at once: `invalid` and what `answer.faults` finds.
        """
        bind({"survey_id": survey_id})
        asked = self._asked(caller, command_id, {})
        check_person("answer_survey", asked.caller)
        survey = self._load(survey_id, asked.caller).item
        if not survey.takes_answers(asked.now):
            days = {"first_day": survey.first_day.isoformat(), "last_day": survey.last_day.isoformat()}
            raise Refusal("survey_not_open", status=survey.status.value, **days)
        given, wrong = read(schemas.AnswerSchema(), body)
        code = given.get("grid_code")
        _check(wrong, answer.faults(given, survey, self.places.grid(code) if code else None, asked.now))
        return self._answering.answer(survey, asked, given)

    @rpc
    def survey_results(self, caller: Answer, survey_id: str) -> Answer:
        """What came of a survey: see `view.outcome`. To the office once it is closed, to everybody once published.

        Refuses `survey_not_found`, `survey_not_closed` and, to others than the office, `survey_not_published`.
        """
        bind({"survey_id": survey_id})
        who = Caller.load(caller)
        survey = self._load(survey_id, who).item
        if not may("see_unpublished_results", who, survey.area) and survey.status is not Status.PUBLISHED:
            raise Refusal("survey_not_published", status=survey.status.value)
        if survey.status not in ENDED:
            raise Refusal("survey_not_closed", status=survey.status.value)
        earlier = self.surveys_kept.earlier(survey, MOST_EARLIER)
        counts = self.surveys_kept.counts_of([survey.id, *(each.id for each in earlier)])
        now, *past = (view.Outcome(each, counts.get(each.id, {})) for each in (survey, *earlier))
        shown = view.outcome(now, past)
        codes = [survey.area, *(each["area"] for each in (*shown["communities"], *shown["grids"]))]
        return {**shown, "names": self.places.names(codes, [], [])}

    @timer(interval=SWEEP_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def see_to_surveys(self) -> None:
        """End surveys whose last day is over, and forget who has answered those that have ended."""
        now = self.clock.now()
        for survey in self.surveys_kept.due(now, SWEPT_AT_ONCE):
            if survey.status is Status.OPEN:
                self._end(survey, now)
            else:
                self.surveys_kept.forget_marks(survey.id)

    def _end(self, survey: Survey, now: datetime) -> None:
        content = {"survey_id": survey.id, "version": survey.version}
        asked = Asked(THE_CLOCK, f"close:{survey.id}:{survey.version}", digest(content), now)

        def decide(found: Survey) -> Outcome[Survey]:
            return self._moved(found, Act.CLOSE, CLOCK, asked)

        try:
            self.surveys_kept.records.change(asked, survey.id, None, decide)
        except Refusal as refused:
            log.info("the clock could not end a survey", survey_id=survey.id, code=refused.code)
            if refused.code != "survey_not_open":
                raise

    def _change(
        self,
        asked: Asked,
        survey_id: str,
        act: str,
        if_version: int | None,
        decide: Callable[[Survey, str], Outcome[Survey]],
    ) -> Answer:
        def once(survey: Survey) -> Outcome[Survey]:
            _check_seen(survey, asked.caller)
            role = permitted_role(act, asked.caller, survey.area)
            if if_version not in {None, survey.version}:
                raise Refusal("stale_version")
            return decide(survey, role)

        return self.surveys_kept.records.change(asked, survey_id, tenants(asked.caller), once)

    def _moved(self, survey: Survey, act: Act, role: str, asked: Asked) -> Outcome[Survey]:
        """The outcome of an act; counting begins before a survey is open, and ends before it is closed.

        Whoever is killed between the two leaves a survey that counts nothing, and the act can be done again.
        """
        after = moved(survey, act, asked.now, self._smallest_group(survey.area, asked))
        if act is Act.OPEN:
            self.surveys_kept.start_counting(survey.id)
        if act is Act.CLOSE:
            self.surveys_kept.stop_counting(survey.id)
        return _told(after, TOLD[act], role)

    def _smallest_group(self, area: str, asked: Asked) -> int:
        return self.policies_kept.scoring(tenant_of(area), local_day(asked.now)).smallest_group

    @property
    def _answering(self) -> Answering:
        return Answering(self.surveys_kept, self.pseudonym)

    def _load(self, survey_id: str, who: Caller) -> Kept[Survey]:
        kept = self.surveys_kept.records.load(survey_id, tenants(who))
        _check_seen(kept.item, who)
        return kept

    def _answers(self, survey_id: str) -> int:
        return sum(count.answers for count in self.surveys_kept.counts(survey_id).values())


def _check_seen(survey: Survey, who: Caller) -> None:
    """Refuses `survey_not_found`: nobody but the office knows of a draft."""
    if survey.status is Status.DRAFT and not may("see_survey_draft", who, survey.area):
        raise Refusal("survey_not_found")


def _faults_of_change(survey: Survey, given: Mapping[str, Any], asked: Asked) -> Iterable[Fault]:
    """What is wrong with the days as they would be, where one of them is told anew."""
    if not {"first_day", "last_day"} & given.keys():
        return ()
    days = {"first_day": survey.first_day, "last_day": survey.last_day, **given}
    return period_faults(days, local_day(asked.now))


def _check(wrong: list[dict[str, str]], faults: Iterable[Fault]) -> None:
    """Refuses what is wrong with the form and what the rules find, all at once."""
    found = list(faults)
    if wrong:
        raise Refusal("invalid", errors=[*wrong, *(each.dump() for each in found)])
    check(found)


def _told(survey: Survey, type: str, role: str) -> Outcome[Survey]:
    return Outcome(survey, type, {"status": survey.status.value}, role, answer={"status": survey.status.value})
