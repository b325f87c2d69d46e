"""Pulse surveys: how they are drafted, answered, and shown with their results."""

from marshmallow import Schema, fields, validate

from gateway.schemas.case_views import Open, Worded
from gateway.schemas.fields import Strict, day, id_, lines, one_of, shown_instant, word
from gateway.schemas.paging import PageQuery, next_cursor

STATUSES = ("draft", "open", "closed", "published")
SCALES = ("sense_of_gain", "sense_of_belonging", "sense_of_happiness", "sense_of_safety")
TITLE_LIMIT, METHOD_LIMIT = 100, 1_000
SCORE = {"minimum": 1, "maximum": 5, "description": "From 1, not at all, to 5, very much. Absent: skipped."}
AREA = {"description": "A district (6 digits), a town (9) or a community (12).", "examples": ["360704100002"]}
GRID = {"description": "The grid for which it counts, in the area of the survey; absent or null: for none."}
HIDDEN = {"description": "Too few have answered, or what is hidden elsewhere would be told by subtracting."}


class Title(Strict):
    """What a survey is called, in both languages; numbers of people are masked."""

    zh = word(TITLE_LIMIT, required=True)
    en = word(TITLE_LIMIT, required=True)


class Method(Strict):
    """How people are asked, in both languages: it stands beside every number."""

    zh = fields.String(required=True, validate=[validate.Length(1, METHOD_LIMIT), lines])
    en = fields.String(required=True, validate=[validate.Length(1, METHOD_LIMIT), lines])


class NewSurvey(Strict):
    """A survey; both days belong to it."""

    area = id_(required=True, metadata=AREA)
    title = fields.Nested(Title, required=True)
    method = fields.Nested(Method, required=True)
    first_day = day(required=True)
    last_day = day(required=True)


class SurveyChange(Strict):
    """What is told anew of a draft."""

    title = fields.Nested(Title)
    method = fields.Nested(Method)
    first_day = day()
    last_day = day()


class SurveyAct(Strict):
    """Nothing is said about it."""


class Scores(Strict):
    """A score on each scale that is not skipped, on one of them at least."""

    sense_of_gain = fields.Integer(strict=True, metadata=SCORE)
    sense_of_belonging = fields.Integer(strict=True, metadata=SCORE)
    sense_of_happiness = fields.Integer(strict=True, metadata=SCORE)
    sense_of_safety = fields.Integer(strict=True, metadata=SCORE)


class SurveyAnswer(Strict):
    """One answer; it is kept in counts alone."""

    scores = fields.Nested(Scores, required=True)
    grid_code = id_(allow_none=True, metadata=GRID)


class SurveyReceipt(Open):
    """What a command did: the same again for the same command."""

    survey_id = fields.String(required=True)
    version = fields.Integer(required=True)
    status = fields.String(required=True, metadata={"enum": list(STATUSES)})
    at = shown_instant(required=True)
    event_id = fields.String(required=True)


class SurveyAnswered(Open):
    """That the answer counts: the same again for the same command."""

    survey_id = fields.String(required=True)
    answered = fields.Boolean(required=True)


class SurveyQuery(PageQuery):
    """Which surveys."""

    area = id_(
        metadata={"description": "Surveys of this area and of all within it; of the caller's districts if absent."}
    )
    status = one_of(*STATUSES)


class InBothLanguages(Open):
    """The same in Chinese and English."""

    zh = fields.String(required=True)
    en = fields.String(required=True)


class SurveyWords(Open):
    """What a survey is called, when and how people are asked."""

    survey_id = fields.String(required=True)
    title = fields.Nested(InBothLanguages, required=True)
    method = fields.Nested(InBothLanguages, required=True)
    first_day = fields.String(required=True, metadata={"format": "date"})
    last_day = fields.String(required=True, metadata={"format": "date"})


def _smallest() -> fields.Integer:
    said = "Results of fewer answers are hidden; it stays as it was on the day on which the survey was opened."
    return fields.Integer(required=True, metadata={"description": said})


def _really_ended() -> fields.String:
    said = "When it really ended, be it before its last day: by this surveys are earlier or later than each other."
    return fields.String(required=True, metadata={"format": "date-time", "description": said})


def _names() -> fields.Dict:
    called = "What the areas in this answer are called."
    return fields.Dict(keys=fields.String(), values=fields.String(), required=True, metadata={"description": called})


class SurveyLine(SurveyWords):
    """A survey."""

    version = fields.Integer(required=True)
    status = fields.String(required=True, metadata={"enum": list(STATUSES)})
    area = fields.String(required=True)
    scales = fields.List(fields.Nested(Worded), required=True)
    smallest_group = _smallest()
    drafted_at = shown_instant(required=True)
    opened_at = shown_instant(required=True, allow_none=True)
    ends_at = shown_instant(required=True)
    closed_at = shown_instant(required=True, allow_none=True)
    published_at = shown_instant(required=True, allow_none=True)


class SurveyView(SurveyLine):
    """One survey."""

    answers = fields.Integer(
        required=True, allow_none=True, metadata={"description": "How many have answered; told to the office alone."}
    )
    answered = fields.Boolean(
        required=True, allow_none=True, metadata={"description": "Whether the caller has; null unless it is open."}
    )
    names = _names()


class SurveyList(Schema):
    """A page of surveys, drafted last first."""

    items = fields.List(fields.Nested(SurveyLine), required=True)
    names = _names()
    next = next_cursor()


class ScoreCount(Open):
    """How many gave a score."""

    score = fields.Integer(required=True)
    n = fields.Integer(required=True)


class FigureBefore(Open):
    """What the last survey before found in the same place."""

    n = fields.Integer(required=True)
    mean = fields.Float(required=True)


class SurveyFigure(Open):
    """One scale in one place, with its sample."""

    scale = fields.String(required=True, metadata={"enum": list(SCALES)})
    hidden = fields.Boolean(required=True, metadata=HIDDEN)
    n = fields.Integer(required=True, allow_none=True, metadata={"description": "How many answered this scale."})
    mean = fields.Float(required=True, allow_none=True, metadata={"description": "To two decimals."})
    spread = fields.List(fields.Nested(ScoreCount), required=True, allow_none=True)
    before = fields.Nested(FigureBefore, required=True, allow_none=True)
    change = fields.Float(
        required=True, allow_none=True, metadata={"description": "The mean less the one before, where both are told."}
    )


class SurveyPart(Open):
    """The results of one place."""

    area = fields.String(required=True)
    hidden = fields.Boolean(required=True, metadata=HIDDEN)
    answers = fields.Integer(required=True, allow_none=True, metadata={"description": "How many people answered."})
    figures = fields.List(fields.Nested(SurveyFigure), required=True)


class EarlierSurvey(SurveyWords):
    """An earlier survey of the same area, as a whole."""

    closed_at = _really_ended()
    area = fields.String(required=True)
    hidden = fields.Boolean(required=True, metadata=HIDDEN)
    answers = fields.Integer(required=True, allow_none=True)
    figures = fields.List(fields.Nested(SurveyFigure), required=True)


class SurveyResults(SurveyWords):
    """What came of a survey; places in which nobody answered are left out."""

    closed_at = _really_ended()
    status = fields.String(required=True, metadata={"enum": ["closed", "published"]})
    area = fields.String(required=True)
    smallest_group = _smallest()
    scales = fields.List(fields.Nested(Worded), required=True)
    compared_with = fields.String(
        required=True, allow_none=True, metadata={"description": "The survey that `before` and `change` speak of."}
    )
    whole = fields.Nested(SurveyPart, required=True)
    communities = fields.List(fields.Nested(SurveyPart), required=True)
    grids = fields.List(fields.Nested(SurveyPart), required=True)
    trend = fields.List(
        fields.Nested(EarlierSurvey),
        required=True,
        metadata={"description": "Published surveys of the same area before it, the latest first, at most eight."},
    )
    names = _names()
