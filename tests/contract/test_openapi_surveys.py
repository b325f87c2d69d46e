"""What the interface offers of surveys is what cases takes and shows."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from marshmallow import Schema, fields

from cases.surveys import schemas, view
from cases.surveys.result import Count
from cases.surveys.scale import SCORES, Scale
from cases.surveys.survey import Act, Status, Survey, Words
from gateway.routes.surveys import ACTS
from gateway.schemas import surveys as offered
from gateway.schemas.paging import PageQuery

NOW = datetime(2026, 6, 1, 1, tzinfo=UTC)
SURVEY = Survey(
    "s-1",
    "360704100002",
    Words("甲", "A"),
    Words("乙", "B"),
    date(2026, 6, 1),
    date(2026, 6, 14),
    5,
    "p-desk",
    NOW,
    Status.PUBLISHED,
)


def of(schema: Any) -> dict[str, bool]:
    """The fields of a schema, and which of them are required."""
    return {name: field.required for name, field in schema.fields.items()}


def test_surveys_are_drafted_changed_and_answered_as_cases_takes_it() -> None:
    for sent, taken in (
        (offered.NewSurvey(), schemas.DraftSchema()),
        (offered.SurveyChange(), schemas.ChangeSchema()),
        (offered.Title(), schemas.TitleSchema()),
        (offered.Method(), schemas.MethodSchema()),
        (offered.SurveyAnswer(), schemas.AnswerSchema()),
        (offered.Scores(), schemas.ScoresSchema()),
    ):
        assert of(sent) == of(taken), type(sent).__name__


def test_lists_are_asked_for_as_cases_takes_it() -> None:
    asked = {"area", "status", *PageQuery().fields}
    assert set(offered.SurveyQuery().fields) == set(schemas.PageSchema().fields) == asked


def test_codes_and_limits_are_those_of_cases() -> None:
    assert [each.value for each in Status] == list(offered.STATUSES)
    assert [each.value for each in Scale] == list(offered.SCALES) == list(schemas.ScoresSchema().fields)
    assert [each.value for each in Act] == [act for act, _ in ACTS]
    assert (offered.SCORE["minimum"], offered.SCORE["maximum"]) == (SCORES[0], SCORES[-1])
    assert (offered.TITLE_LIMIT, offered.METHOD_LIMIT) == (schemas.LONGEST_TITLE, schemas.LONGEST_METHOD)


def agrees(schema: Schema, shown: Any, extra: set[str] | None = None) -> None:
    """Whether what is shown has just the fields that are promised, all the way down."""
    assert set(shown) | (extra or set()) == set(schema.fields), type(schema).__name__
    for name, field in schema.fields.items():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            values = shown[name] if isinstance(field, fields.List) else [shown[name]]
            for value in values or ():
                if value is not None:
                    agrees(inner.schema, value)


def test_what_cases_shows_is_what_is_promised() -> None:
    agrees(offered.SurveyLine(), view.survey(SURVEY, 4))
    agrees(offered.SurveyView(), view.survey(SURVEY, 4), {"answers", "answered", "names"})
    count = Count(6, dict.fromkeys(Scale, (1, 2, 3, 0, 0)))
    now, before = (view.Outcome(replace(SURVEY, id=id), {"360704100002001": count}) for id in ("s-2", "s-1"))
    shown = view.outcome(now, [before])
    assert shown["trend"]
    assert shown["whole"]["figures"][0]["before"]
    agrees(offered.SurveyResults(), shown, {"names"})
    agrees(offered.SurveyResults(), view.outcome(view.Outcome(SURVEY, {}), []), {"names"})
