"""Giving a case to somebody: to a team, or openly with places; taking it, handing it back, running out of time."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cases import assignment as assigning
from cases.act import Attempt, Change
from cases.assignment import (
    Assignment,
    Known,
    check_certified,
    check_eligible,
    check_known,
    check_not_complained_of,
)
from cases.case import Case
from cases.category import Category
from cases.stay import ended
from cases.timer import Timer
from chassis.errors import Refusal

OFFERED = "case.offered"
"""What a dispatch with open places is told as."""

MOST_TIME_OUTS, USUAL_TIME_OUTS = 4, 1
"""After how many time-outs the next candidate is still asked: where the dispatcher chose so, and otherwise (§2.2)."""

RETURNS = 2
"""How often a case can be handed back before the office decides (docs/domain.md §2.2)."""


def somebody_named(attempt: Attempt) -> None:
    """Refuses `assignee_missing`, and `team_or_offer` when both a team and open places are named.

    Of an open offer nobody is next.
    """
    named, places = bool(attempt.fields.get("assignees")), bool(attempt.fields.get("places"))
    if not named and not places:
        raise Refusal("assignee_missing")
    if places and (named or attempt.fields.get("then_next")):
        raise Refusal("team_or_offer")


def lead_in_team(attempt: Attempt) -> None:
    """Refuses `lead_missing` and `lead_not_in_team`: a team of several names its lead."""
    ids, lead = _ids(attempt), attempt.fields.get("lead")
    if len(ids) > 1 and lead is None:
        raise Refusal("lead_missing")
    if lead is not None and lead not in ids:
        raise Refusal("lead_not_in_team", lead=lead)


def assignees_suit(attempt: Attempt) -> None:
    """Refuses whoever is unknown, inactive, complained of, not eligible, or not licensed for the work."""
    case, known = attempt.case, attempt.facts.known
    check_known(_ids(attempt), known)
    for id in _ids(attempt):
        check_not_complained_of(known[id], case.complained_unit_id)
        check_eligible(known[id], attempt.category, case.place.tenant)
    if _ids(attempt):
        check_certified(tuple(known[id] for id in _ids(attempt)), attempt.category)


def check_team(case: Case, category: Category, known: Mapping[str, Known]) -> None:
    """Refuses, for those who have `case`, what would refuse giving it to them now; who has left is not asked again."""
    team = tuple(known[id] for id in case.assignment.ids if id in known)
    for one in team:
        check_not_complained_of(one, case.complained_unit_id)
        check_eligible(one, category, case.place.tenant)
    if case.assignment.places is None:
        _check_all_certified(team, category)
    else:
        _check_offer(case, team, category)


def _check_all_certified(team: tuple[Known, ...], category: Category) -> None:
    if team:
        check_certified(team, category)


def _check_offer(case: Case, claimants: tuple[Known, ...], category: Category) -> None:
    """Each claimant is licensed alone: nobody knew of the others (docs/domain.md §2.2)."""
    if not category.member_eligible:
        raise Refusal("category_not_for_members", category=case.category)
    for one in claimants:
        check_certified((one,), category)


def offered_to_members(attempt: Attempt) -> None:
    """Refuses `category_not_for_members`: an open offer is one to members and volunteers."""
    if attempt.fields.get("places") and not attempt.category.member_eligible:
        raise Refusal("category_not_for_members", category=attempt.case.category)


def office_after_returns(attempt: Attempt) -> None:
    """Refuses `office_decides`: after two returns no rule dispatches any more (首接负责, §2.2)."""
    if attempt.case.returns >= RETURNS and attempt.role == "rule":
        raise Refusal("office_decides", returns=attempt.case.returns)


def returns_left(attempt: Attempt) -> None:
    """Refuses `returns_used_up`: after two returns it stays with whom the office has chosen."""
    if attempt.case.returns >= RETURNS:
        raise Refusal("returns_used_up", returns=attempt.case.returns)


def reason_for_same_assignee(attempt: Attempt) -> None:
    """Refuses `same_assignee`: after a reopening others get a turn, unless a reason is given (§2.2)."""
    before = set(attempt.case.rounds[-1].assignees)
    again = sorted(id for id in _ids(attempt) if _all_ids(attempt, id) & before)
    if again and not attempt.fields.get("reason_code"):
        raise Refusal("same_assignee", assignees=again)


def somebody_new(attempt: Attempt) -> None:
    """Refuses `same_team`: giving a case to those who have it changes nothing."""
    have, named = attempt.case.assignment.ids, [_all_ids(attempt, id) for id in _ids(attempt)]
    if all(ids & set(have) for ids in named) and all(any(id in ids for ids in named) for id in have):
        raise Refusal("same_team")


def place_left(attempt: Attempt) -> None:
    """Refuses `already_accepted`, and `places_taken`: first come, first served (docs/domain.md §2.2)."""
    mine = attempt.case.given_to(attempt.caller)
    if mine is not None and mine.accepted:
        raise Refusal("already_accepted")
    if mine is None and attempt.case.assignment.open_places == 0:
        raise Refusal("places_taken", places=attempt.case.assignment.places)


def claimant_suits(attempt: Attempt) -> None:
    """Refuses a claimant like an assignee: unknown, inactive, complained of, not eligible, not licensed."""
    case, caller = attempt.case, attempt.caller
    if case.given_to(caller) is not None:
        return
    id, _ = assigning.claimant(caller, attempt.role)
    check_known((id,), attempt.facts.known)
    claimant = attempt.facts.known[id]
    check_not_complained_of(claimant, case.complained_unit_id)
    check_eligible(claimant, attempt.category, case.place.tenant)
    check_certified((claimant,), attempt.category)


def time_is_up(attempt: Attempt) -> None:
    """Refuses `not_due` while somebody may still accept."""
    rings = attempt.case.timers.get(Timer.ACCEPT)
    if rings is None or attempt.now < rings:
        raise Refusal("not_due")


def dispatch(attempt: Attempt) -> Change:
    """To a team, or with open places; who had it before has been relieved by now."""
    if places := attempt.fields.get("places"):
        return given(attempt, Assignment(places=places), {"places": places}, OFFERED)
    return given(_choosing(attempt), team(attempt), _reason(attempt))


def reassign(attempt: Attempt) -> Change:
    """To others; the time that those relieved spent on it stays theirs."""
    relieved = _relieved(attempt.case, _ids(attempt))
    return given(_choosing(attempt), team(attempt), {**_reason(attempt), "relieved": relieved})


def time_out(attempt: Attempt) -> Change:
    """To the next candidate; without one the office has to find somebody (docs/domain.md §2.2)."""
    case, ids = attempt.case, _ids(attempt)
    data = {"relieved": _relieved(case, ids), "escalated": not ids, "time_outs": case.time_outs + 1}
    waiting = replace(attempt, case=replace(case, time_outs=case.time_outs + 1))
    return given(waiting, team(attempt) if ids else Assignment(), data)


def accept(attempt: Attempt) -> Change:
    """The first acceptance moves the case, each further one is noted; handling begins (docs/domain.md §5)."""
    case = attempt.case
    mine = case.given_to(attempt.caller)
    assignment = assigning.accept(case.assignment, mine, attempt.caller, attempt.role, attempt.now)
    accepted = replace(case, assignment=assignment)
    mine = accepted.given_to(attempt.caller)
    taken = with_hand(accepted, attempt.caller.id, mine.id if mine else None)
    data = {"assignee_id": mine.id if mine else None, "open_places": assignment.open_places}
    return Change(taken, data)


def hand_back(attempt: Attempt) -> Change:
    """Back at the desk; nobody has it any more, the resolve time keeps running.

    The next candidate is asked soon where the dispatcher chose so, unless the office has to decide now.
    """
    case, returns = attempt.case, attempt.case.returns + 1
    goes_on = case.then_next and returns < RETURNS
    back = replace(case, assignment=Assignment(), returns=returns, then_next=goes_on)
    data = {"assignee_id": attempt.mine.id, "returns": back.returns, "office_decides": back.returns >= RETURNS}
    return Change(back, {**_reason(attempt), **data, "asks_next": goes_on, "relieved": list(case.assignment.ids)})


def asks_next(case: Case) -> bool:
    """Whether the next candidate is asked when the time to accept is over."""
    return case.time_outs < (MOST_TIME_OUTS if case.then_next else USUAL_TIME_OUTS)


def with_hand(case: Case, *ids: str | None) -> Case:
    """`case` with those who have a hand in it now, and who will therefore never inspect it."""
    new = [id for id in dict.fromkeys(ids) if id is not None and id not in case.handlers]
    return replace(case, handlers=(*case.handlers, *new))


def given(attempt: Attempt, assignment: Assignment, data: Mapping[str, Any], type: str | None = None) -> Change:
    """The case with its new assignment; whoever is on the spot has left with the old one."""
    case = attempt.case
    given = replace(
        case,
        assignment=assignment,
        tried=tuple(dict.fromkeys((*case.tried, *assignment.ids))),
        stays=ended(case.stays, attempt.now),
    )
    return Change(given, data, type)


def team(attempt: Attempt) -> Assignment:
    """The team that is named."""
    ids, known = _ids(attempt), attempt.facts.known
    return assigning.team(ids, attempt.fields.get("lead") or ids[0], known)


def _choosing(attempt: Attempt) -> Attempt:
    """The attempt on the case with the choice of whoever gives it away now."""
    chosen = bool(attempt.fields.get("then_next"))
    return replace(attempt, case=replace(attempt.case, then_next=chosen))


def _ids(attempt: Attempt) -> tuple[str, ...]:
    return tuple(dict.fromkeys(attempt.fields.get("assignees") or ()))


def _all_ids(attempt: Attempt, id: str) -> frozenset[str]:
    known = attempt.facts.known.get(id)
    return known.ids if known else frozenset({id})


def _reason(attempt: Attempt) -> dict[str, Any]:
    code = attempt.fields.get("reason_code")
    return {"reason_code": code} if code else {}


def _relieved(case: Case, staying: tuple[str, ...]) -> list[str]:
    return [id for id in case.assignment.ids if id not in staying]
