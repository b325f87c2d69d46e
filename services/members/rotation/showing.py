"""What is shown of the rotation: plans with their reasons, and where every compound stands."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from members.rotation import saying
from members.rotation.plan import Plan
from members.rotation.score import terms
from members.rotation.turn import Displaced, Shortfall, Team, Turn, Waiting, Why

Answer = dict[str, Any]


def line(plan: Plan, version: int) -> Answer:
    """A plan in a list."""
    return {
        "area": plan.area,
        "day": plan.day.isoformat(),
        "version": version,
        "called_off": plan.called_off,
        "turn_count": len(plan.made.turns),
        "overrides": sum(turn.why is Why.NEED for turn in plan.made.turns),
        "displaced_count": len(plan.made.displaced),
        "keeps_bound": plan.made.shortfall is None,
    }


def whole(
    plan: Plan,
    version: int,
    names: Mapping[str, str],
    teams: Sequence[Team],
    days: Sequence[date],
    unplaced: Sequence[str] = (),
) -> Answer:
    """A plan with the reasons of everything in it.

    `days` are the service days from it on that are known, `unplaced` the open cases that lie at no compound.
    """
    crew = {team.id: team.name for team in teams}
    reasons = {order.compound_id: order.reason for order in plan.orders}
    scores = {turn.compound_id: turn.score for turn in plan.made.turns}
    return {
        **line(plan, version),
        "turns": [_turn(turn, names, crew, reasons.get(turn.compound_id)) for turn in plan.made.turns],
        "displaced": [_displaced(each, names, scores.get(each.by, 0)) for each in plan.made.displaced],
        "shortfall": _shortfall(plan.made.shortfall, names, days) if plan.made.shortfall else None,
        "unplaced": {"case_ids": list(unplaced), **saying.unplaced(len(unplaced))} if unplaced else None,
        "changes": [{**saying.change(each), "name": names.get(each.compound_id)} for each in plan.changes],
    }


def standing(waiting: Waiting, name: str, last: date | None, next_day: date | None) -> Answer:
    """Where a compound stands before the next service day."""
    found = terms(waiting)
    return {
        "compound_id": waiting.compound_id,
        "name": name,
        "waited": waiting.waited,
        "left": waiting.left,
        "last_visit": last.isoformat() if last else None,
        "visits": waiting.visits,
        "score": sum(term.points for term in found),
        "terms": [saying.term(term) for term in found],
        "next_day": next_day.isoformat() if next_day else None,
    }


def _turn(turn: Turn, names: Mapping[str, str], crew: Mapping[str, str], ordered: str | None) -> Answer:
    return {
        "compound_id": turn.compound_id,
        "name": names.get(turn.compound_id),
        "team_id": turn.team_id,
        "team": crew.get(turn.team_id),
        "why": turn.why.value,
        "reason": saying.reason(turn.why),
        "order": ordered,
        "score": turn.score,
        "terms": [saying.term(term) for term in turn.terms],
        "case_ids": list(turn.case_ids),
        "same_team": saying.same_team() if turn.same_team else None,
    }


def _displaced(each: Displaced, names: Mapping[str, str], by_score: int) -> Answer:
    score = sum(term.points for term in each.terms)
    return {
        "compound_id": each.compound_id,
        "name": names.get(each.compound_id),
        "by": each.by,
        "by_name": names.get(each.by),
        "why": each.why.value,
        "score": score,
        "by_score": by_score,
        "terms": [saying.term(term) for term in each.terms],
        "reason": saying.gave_way(each, names, by_score, score),
    }


def _shortfall(each: Shortfall, names: Mapping[str, str], days: Sequence[date]) -> Answer:
    on = days[each.breaks_in] if each.breaks_in < len(days) else None
    return {
        **vars(each),
        "compound_ids": list(each.compound_ids),
        "names": [names.get(id, id) for id in each.compound_ids],
        "breaks_on": on.isoformat() if on else None,
        "reason": saying.falls_short(each, on),
    }
