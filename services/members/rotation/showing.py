"""What is shown of the rotation: plans with their reasons, and where every compound stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from members.rotation import saying
from members.rotation.plan import Plan
from members.rotation.score import terms
from members.rotation.staffing import Expected, staffed
from members.rotation.turn import Broken, Displaced, Shortfall, Team, Turn, Waiting, Why

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


@dataclass(frozen=True)
class Beside:
    """What has to be known to show a plan: what compounds are called, the teams, and who is expected on the day.

    `days` are the service days from it on that are known, `unplaced` the open cases that lie at no compound.
    """

    names: Mapping[str, str]
    teams: Sequence[Team]
    expected: Expected
    days: Sequence[date]
    unplaced: Sequence[str]


def whole(plan: Plan, version: int, beside: Beside) -> Answer:
    """A plan with the reasons of everything in it."""
    names, unplaced = beside.names, beside.unplaced
    crew = {team.id: team for team in staffed(beside.teams, beside.expected)}
    reasons = {order.compound_id: order.reason for order in plan.orders}
    scores = {turn.compound_id: turn.score for turn in plan.made.turns}
    return {
        **line(plan, version),
        "turns": [
            _turn(turn, names, crew.get(turn.team_id), reasons.get(turn.compound_id)) for turn in plan.made.turns
        ],
        "displaced": [_displaced(each, names, scores.get(each.by, 0)) for each in plan.made.displaced],
        "shortfall": _shortfall(plan.made.shortfall, names, beside.days) if plan.made.shortfall else None,
        "people": _people(beside),
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


def broken(each: Broken, names: Mapping[str, str]) -> Answer:
    """A compound that waits too long for an order, and when."""
    name = names.get(each.compound_id, each.compound_id)
    return {
        "compound_id": each.compound_id,
        "name": name,
        "breaks_in": each.nth,
        "breaks_on": each.day.isoformat() if each.day else None,
        **saying.breaks(each, name),
    }


def _people(beside: Beside) -> Answer:
    entered, expected = sum(team.people for team in beside.teams), beside.expected
    return {
        "entered": entered,
        "signed_up": expected.signed_up,
        "counted": expected.counts,
        **saying.people(entered, expected),
    }


def _turn(turn: Turn, names: Mapping[str, str], team: Team | None, ordered: str | None) -> Answer:
    return {
        "compound_id": turn.compound_id,
        "name": names.get(turn.compound_id),
        "team_id": turn.team_id,
        "team": team.name if team else None,
        "people": team.size if team else None,
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
