"""A case as one caller may see it; masking happens here, on the server, and nowhere else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from cases import livelihood, mediation, outcome
from cases.act import EXCLUDING, UNASKED, Act, Happening
from cases.assignment import PERSON, Assignee
from cases.case import Case, Contact, Remark
from cases.category import Catalogue
from cases.dues import is_overdue
from cases.exclusion import WORDS
from cases.moves import intake
from cases.moves.excluding import is_open_to
from cases.moves.table import MOVES
from cases.permission import Condition, holds, permitted_role, within
from cases.place import shown_point
from cases.priority import priority
from cases.showing.listing import OVERSEEING, Order
from cases.showing.sight import HANDLE_ALL, Sight, sees_reporter, shows_phone
from cases.showing.timeline import hears_of_exclusion, is_told, timeline, words
from cases.stay import minutes
from cases.timer import Timer
from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.instant import written, written_or_none
from chassis.privacy import masked_text
from chassis.secret import Opening, shown_secret


def outline(case: Case, now: datetime, sight: Sight) -> dict[str, Any]:
    """Where the case stands: what everybody sees who sees it at all, and what lists show.

    Of the place who sees no more than that is told the grid alone (docs/domain.md §5).
    """
    dues = case.dues
    return {
        "case_id": case.id,
        "number": case.number,
        "version": case.version,
        "status": case.status.value,
        "category": case.category,
        "category_version": case.category_version,
        "severity": case.severity.value if case.severity else None,
        "restricted": case.restricted,
        "grid_code": case.place.grid_code,
        "compound_id": case.place.compound_id if sight > Sight.OUTLINE else None,
        "source": case.source.value,
        "tags": [tag.value for tag in case.tags],
        "reported_at": written(case.reported_at),
        "respond_due": written_or_none(dues.respond_due),
        "resolve_due": written_or_none(dues.resolve_due),
        "accept_due": written_or_none(case.timers.get(Timer.ACCEPT)),
        "responded_at": written_or_none(dues.responded_at),
        "resolved_at": written_or_none(dues.resolved_at),
        "closed_at": written_or_none(dues.closed_at),
        "overdue": case.is_open and is_overdue(dues, now),
        "calendar_presumed": dues.presumed,
        "presumed_years": list(dues.presumed_years),
        "round": case.round,
        "open_places": case.assignment.open_places,
    }


def listed(case: Case, caller: Caller, sight: Sight, now: datetime) -> dict[str, Any]:
    """One line of a list: what is personal in it is masked, but to whoever reported it."""
    text = words(case, caller, sight, case.text)
    return {**outline(case, now, sight), "text": text if text is None or sight is Sight.OWN else masked_text(text)}


def shown(
    case: Case, history: Iterable[Happening], caller: Caller, sight: Sight, now: datetime, opening: Opening
) -> dict[str, Any]:
    """The whole case as the caller sees it, with its timeline and the acts that are open to them.

    `opening` is asked for what the caller sees in full, and for nothing else.
    """
    near = sight >= Sight.OWN
    return {
        **outline(case, now, sight),
        "text": words(case, caller, sight, case.text),
        "sight": sight.name.lower(),
        "location": shown_point(case.place.point) if near else None,
        "photos": _photos(case, sight) if near else [],
        "reporter": _reporter(case, caller, opening) if near and sees_reporter(case, caller) else None,
        "complained_unit_id": case.complained_unit_id if near else None,
        "municipal": case.municipal,
        "assignees": _assignees(case, sight),
        "minutes": minutes(case.stays) if sight is Sight.FULL else {},
        "places": case.assignment.places,
        "questions": len(case.questions),
        "requests": _requests(case) if sight is Sight.FULL else [],
        "ratings": _ratings(case) if near else [],
        "returns": case.returns,
        "reworks": case.reworks,
        "extensions": case.extensions,
        "review_on": case.review_on,
        "merged_into": case.merged_into,
        "external_number": case.external_number if sight is Sight.FULL else None,
        "session_id": case.session_id if sight is Sight.FULL else None,
        "patrol_id": case.patrol_id if sight is Sight.FULL else None,
        "asset_id": case.asset_id if sight > Sight.OUTLINE else None,
        "service_day_id": case.service_day_id,
        "outcomes": [outcome.shown(each) for each in case.outcomes],
        "targets": livelihood.shown(case, now),
        "repeat": _repeat(case, caller) if sight >= Sight.MASKED else None,
        "mediation": _mediation(case, caller, opening),
        "exclusion": _exclusion(case, caller, sight),
        "timeline": timeline(case, history, caller, sight),
        "acts": open_acts(case, caller),
    }


def why_left_out(case: Case, caller: Caller, sight: Sight) -> dict[str, Any] | None:
    """For what a case is left out of the three rates, who proposed it and who approved it; None while it is not.

    Without their own words, which the case itself shows.
    """
    found = _exclusion(case, caller, sight) if case.exclusion and case.exclusion.holds else None
    return found and {
        name: found[name] for name in ("reason", "proposed_by", "proposed_at", "decided_by", "decided_at")
    }


def places_and_units(view: Mapping[str, Any]) -> tuple[list[str], list[str], list[str]]:
    """The grids, compounds and units in a whole case, by their ids; persons are not named (docs/domain.md §5)."""
    found = {one["id"] for one in view["assignees"] if one["kind"] != PERSON} | {view["complained_unit_id"]}
    units = found - {None}
    return [view["grid_code"]], [view["compound_id"]] if view["compound_id"] else [], sorted(units)


def places(lines: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[str], list[str]]:
    """The grids and compounds in lines of a list, by their ids, and no unit, for a line has none."""
    compounds = {line["compound_id"] for line in lines} - {None}
    return sorted({line["grid_code"] for line in lines}), sorted(compounds), []


def _mediation(case: Case, caller: Caller, opening: Opening) -> dict[str, Any] | None:
    if case.mediation is None:
        return None
    in_hand = case.is_open and case.mediation.assignee_id in case.assignment.ids
    return mediation.shown(case.mediation, caller, opening, in_hand=in_hand)


def open_acts(case: Case, caller: Caller) -> list[str]:
    """What the caller's role, the status and the kind of case allow, and how far its exclusion has come.

    Other rules about the case are not asked.
    """
    stage = case.status
    acts = {move.act for move in MOVES if stage in move.sources and _is_of_kind(move.act, case)} - UNASKED
    closed = {act for act in acts & EXCLUDING if not is_open_to(act, case, caller)}
    return sorted(act.value for act in acts - closed if _may(act, case, caller))


def _is_of_kind(act: Act, case: Case) -> bool:
    """Whether a case of this category can see the act at all: only a dispute is mediated, only an enquiry answered."""
    match act:
        case Act.MEDIATE | Act.MEET | Act.SETTLE:
            return case.kind is not None and case.kind.is_dispute
        case Act.ANSWER_DIRECTLY:
            return intake.is_enquiry(case)
        case _:
            return True


def _may(act: Act, case: Case, caller: Caller) -> bool:
    try:
        permitted_role(act, case, caller)
    except Refusal:
        return False
    return True


def _photos(case: Case, sight: Sight) -> list[dict[str, Any]]:
    return [
        {
            "photo_id": photo,
            "act": remark.act,
            "at": written(remark.at),
            "shows": _shows(remark, photo),
        }
        for remark in case.remarks
        if is_told(remark, sight)
        for photo in remark.shown
    ]


def _shows(remark: Remark, photo: str) -> str | None:
    """Whether a photo that came with the feedback shows the place before the work or after it."""
    if remark.act != Act.FEEDBACK.value:
        return None
    return "before" if photo in remark.before_photos else "after"


def visible_photos(case: Case, caller: Caller, sight: Sight) -> frozenset[str]:
    """The photos that somebody with this sight may fetch; a signed agreement only who reads the mediation."""
    shown = [row["photo_id"] for row in _photos(case, sight)] if sight >= Sight.OWN else []
    signed = case.mediation.agreement if case.mediation and case.mediation.is_open_to(caller) else ()
    return frozenset((*shown, *signed))


def _reporter(case: Case, caller: Caller, opening: Opening) -> dict[str, Any]:
    reporter = case.reporter
    return {
        "id": reporter.id,
        "anonymous": reporter.anonymous,
        "by_proxy": reporter.filed_by is not None,
        "contact": _contact(reporter.contact, opening if shows_phone(case, caller) else None),
    }


def _contact(contact: Contact | None, opening: Opening | None) -> dict[str, Any] | None:
    if contact is None:
        return None
    return {
        "name": shown_secret(contact.name, opening),
        "phone": shown_secret(contact.phone, opening),
        "callback": contact.callback,
        "consent": contact.consent,
    }


def _assignees(case: Case, sight: Sight) -> list[dict[str, Any]]:
    credit = minutes(case.stays)
    return [_assignee(one, credit.get(one.id, 0), sight) for one in case.assignment.assignees]


def _assignee(one: Assignee, credit: int, sight: Sight) -> dict[str, Any]:
    """Units are named to who sees more than an outline, persons to who works with them (docs/domain.md §2.2, §5)."""
    named = sight is Sight.FULL or (sight > Sight.OUTLINE and one.kind != PERSON)
    return {
        "id": one.id if named else None,
        "kind": one.kind,
        "lead": one.lead,
        "accepted": one.accepted,
        "accepted_at": written_or_none(one.accepted_at),
        "minutes": credit if sight is Sight.FULL else None,
    }


def _requests(case: Case) -> list[dict[str, Any]]:
    return [
        {"act": one.act, "by": one.by, "at": written(one.at), "reason_code": one.reason_code} for one in case.requests
    ]


def _ratings(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "round": one.round,
            "at": written(one.at),
            "by_proxy": one.by_proxy,
            "channel": one.channel,
            "contacted": one.contacted,
            "solved": one.solved.value if one.solved else None,
            "satisfaction": one.satisfaction,
            "result": one.result,
        }
        for one in case.ratings
    ]


def _repeat(case: Case, caller: Caller) -> dict[str, Any] | None:
    """How often it has been, for who oversees the place; of the others those that this caller can look at."""
    repeat = case.repeat
    if repeat is None or not within(caller, OVERSEEING, case.place.grid_code):
        return None
    # Where a sensitive case was is not told to who sees no more than an outline of it, not even by another.
    watching = HANDLE_ALL if case.restricted else OVERSEEING
    seen = [one for one in repeat.earlier if within(caller, watching, one.place.grid_code)]
    decides = holds(Condition.SCOPE, case, caller, ("dispatcher",))
    return {
        "count": repeat.count,
        "earlier": [{"case_id": one.case_id, "number": one.number} for one in seen],
        "suggestion": repeat.suggestion if decides else None,
    }


def _exclusion(case: Case, caller: Caller, sight: Sight) -> dict[str, Any] | None:
    """How far it has come, in the words of the last proposal; those of earlier ones are in the timeline."""
    found = case.exclusion
    if found is None or not hears_of_exclusion(case, caller, sight):
        return None
    zh, en = WORDS[found.reason]
    return {
        "state": found.state.value,
        "reason": {"code": found.reason.value, "zh": zh, "en": en},
        "text": words(case, caller, sight, found.text),
        "proposed_by": found.proposed_by,
        "proposed_at": written(found.proposed_at),
        "decided_by": found.decided_by,
        "decided_at": written_or_none(found.decided_at),
        "answer": words(case, caller, sight, found.answer),
    }


def place(case: Case, order: Order) -> tuple[datetime | str, str]:
    """Where a list in this order goes on after the case."""
    if order is Order.PRIORITY:
        return priority(case).key, case.id
    ended = case.dues.closed_at if order is Order.ENDED_LAST else None
    return ended or case.reported_at, case.id


def position(case: Case, order: Order) -> list[str]:
    """The same as it is told."""
    at, id = place(case, order)
    return [at if isinstance(at, str) else written(at), id]


def catalogue(found: Catalogue) -> dict[str, Any]:
    """The categories of one version with their times, as everybody may see them."""
    return {
        "version": found.version,
        "from": found.begins.isoformat(),
        "groups": [asdict(group) for group in found.groups],
        "items": [
            asdict(kind) | {"respond": str(kind.respond), "resolve": str(kind.resolve)}
            for kind in found.categories.values()
        ],
    }
