"""Counts answers, each person's once, and keeps nothing that ties the two together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cases.surveys.scale import Scale
from cases.surveys.store import Mark, SurveyStore
from cases.surveys.survey import Survey
from chassis.caller import Caller
from chassis.command import Asked
from chassis.errors import Refusal
from chassis.records import again_when_stale

MOST_TRIES = 20
"""Everybody adds to the same counts: whoever answers while many do tries so often before it is given up."""


@dataclass(frozen=True)
class Answering:
    """Knows whose mark is whose: `pseudonym` makes the keyed name that stands for a text."""

    surveys: SurveyStore
    pseudonym: Callable[[str], str]

    def answer(self, survey: Survey, asked: Asked, given: Mapping[str, Any]) -> dict[str, Any]:
        """Count what is given: `{survey_id, answered}`, for the same command again likewise.

        Refuses `already_answered`, `survey_not_open` and `busy_try_again`.
        """
        return again_when_stale(lambda: self._once(survey, asked, given), MOST_TRIES)

    def has_answered(self, survey_id: str, who: Caller) -> bool:
        """Whether the caller has; known while the survey is open."""
        return bool(self.surveys.marked(self._names(survey_id, who)))

    def _once(self, survey: Survey, asked: Asked, given: Mapping[str, Any]) -> dict[str, Any]:
        names = self._names(survey.id, asked.caller)
        commands = [self.pseudonym(f"{survey.id}\0{key}") for key in asked.keys]
        marks = self.surveys.marked(names)
        if not marks:
            scores = {Scale(scale): score for scale, score in given["scores"].items()}
            place = given["grid_code"] or survey.area
            self.surveys.count(survey.id, Mark(names[0], commands[0]), place, scores)
        elif not any(each.command in commands for each in marks):
            raise Refusal("already_answered")
        return {"survey_id": survey.id, "answered": True}

    def _names(self, survey_id: str, who: Caller) -> list[str]:
        """What stands for the caller in this survey and in no other, under every id that the caller has had."""
        return [self.pseudonym(f"{survey_id}\0{id}") for id in who.ids]
