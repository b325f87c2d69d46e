"""Surveys and their results as they are shown; everything here is free of persons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cases.surveys.result import LEVELS, Counts, Figure, Part, change, results
from cases.surveys.scale import SCORES, WORDS, Scale
from cases.surveys.survey import Survey
from chassis.instant import written, written_or_none

Shown = dict[str, Any]

COMMUNITY, GRID = LEVELS


@dataclass(frozen=True)
class Outcome:
    """A survey that has ended, with what was answered."""

    survey: Survey
    counts: Counts

    @property
    def parts(self) -> dict[str, Part]:
        """Its results, by the codes of the places."""
        return results(self.counts, self.survey.area, self.survey.smallest_group)


def survey(found: Survey, version: int) -> Shown:
    """A survey as everybody may see it who sees it at all."""
    return {
        "survey_id": found.id,
        "version": version,
        "status": found.status.value,
        **_about(found),
        "area": found.area,
        "scales": [_words(scale) for scale in Scale],
        "smallest_group": found.smallest_group,
        "drafted_at": written(found.drafted_at),
        "opened_at": written_or_none(found.opened_at),
        "ends_at": written(found.ends_at),
        "closed_at": written_or_none(found.closed_at),
        "published_at": written_or_none(found.published_at),
    }


def outcome(now: Outcome, earlier: Sequence[Outcome]) -> Shown:
    """The results of a survey: each number with its sample, beside what the last survey before found there.

    `earlier` are the published surveys of the same area before it, the latest first.
    """
    found, before = now.parts, earlier[0].parts if earlier else {}
    shown = {code: _part(part, before.get(code)) for code, part in found.items()}
    area = now.survey.area
    return {
        "survey_id": now.survey.id,
        "status": now.survey.status.value,
        "area": area,
        **_about(now.survey),
        "closed_at": written_or_none(now.survey.closed_at),
        "smallest_group": now.survey.smallest_group,
        "scales": [_words(scale) for scale in Scale],
        "compared_with": earlier[0].survey.id if earlier else None,
        "whole": shown[area],
        "communities": [each for code, each in shown.items() if code != area and len(code) == COMMUNITY],
        "grids": [each for code, each in shown.items() if code != area and len(code) == GRID],
        "trend": [_past(each) for each in earlier],
    }


def _about(found: Survey) -> Shown:
    return {
        "title": vars(found.title),
        "method": vars(found.method),
        "first_day": found.first_day.isoformat(),
        "last_day": found.last_day.isoformat(),
    }


def _past(past: Outcome) -> Shown:
    """One survey of the trend: it says how it was asked, and of the parts nothing."""
    ended = {"closed_at": written_or_none(past.survey.closed_at)}
    return {"survey_id": past.survey.id, **_about(past.survey), **ended, **_part(past.parts[past.survey.area], None)}


def _part(part: Part, before: Part | None) -> Shown:
    old: Mapping[Scale, Figure | None] = before.scales if before else {}
    return {
        "area": part.code,
        "answers": part.answers,
        "hidden": part.answers is None,
        "figures": [_figure(scale, figure, old.get(scale)) for scale, figure in part.scales.items()],
    }


def _figure(scale: Scale, figure: Figure | None, before: Figure | None) -> Shown:
    difference = change(figure, before)
    return {
        "scale": scale.value,
        "hidden": figure is None,
        "n": figure.n if figure else None,
        "mean": float(figure.mean) if figure else None,
        "spread": _spread(figure) if figure else None,
        "before": {"n": before.n, "mean": float(before.mean)} if before else None,
        "change": None if difference is None else float(difference),
    }


def _spread(figure: Figure) -> list[Shown]:
    return [{"score": score, "n": n} for score, n in zip(SCORES, figure.spread, strict=True)]


def _words(scale: Scale) -> Shown:
    zh, en = WORDS[scale]
    return {"code": scale.value, "zh": zh, "en": en}
