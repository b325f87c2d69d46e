"""Taking a report in: from the first word to a registered case, or to the reason why there is none."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from cases.act import Attempt, Change
from cases.case import Case, Contact, Follower, Reporter, Source, Status, Tag
from cases.category import Catalogue, Category, Severity, in_force
from cases.dues import counted
from cases.likeness import obstacle
from cases.livelihood import URGENT, check_urgency, judged
from cases.moves.dispatching import check_team
from cases.permission import API_KEY, WORKERS
from cases.place import Place, same_place
from cases.repeat import repeated
from chassis.caller import Caller
from chassis.errors import Refusal

REGARDS_ASSIGNEES = frozenset({"category", "complained_unit_id"})
"""Fields of a correction on which it depends who may have the case."""


def draft(id: str, number: str, fields: Mapping[str, Any], caller: Caller, place: Place, now: datetime) -> Case:
    """The case that a report would open: version 0, nothing of it kept yet; refuses `unknown_category`."""
    code = fields.get("category")
    current = in_force(now, place.tenant)
    return Case(
        id=id,
        number=number,
        version=0,
        status=Status.REPORTED,
        place=place,
        reporter=_reporter(fields, caller),
        reported_at=now,
        source=Source(fields.get("source", Source.APP)),
        tags=tuple(Tag(tag) for tag in fields.get("tags") or ()),
        category=current.find(code).code if code else None,
        category_version=current.version if code else None,
        complained_unit_id=fields.get("complained_unit_id"),
        external_number=fields.get("external_number"),
        session_id=fields.get("session_id"),
        patrol_id=fields.get("patrol_id"),
        asset_id=fields.get("asset_id"),
    )


def _reporter(fields: Mapping[str, Any], caller: Caller) -> Reporter:
    """An anonymous report keeps no trace of who filed it (docs/domain.md §5)."""
    if fields.get("anonymous"):
        return Reporter(anonymous=True, link=fields.get("link"))
    if other := fields.get("on_behalf_of"):
        told = {name: value for name, value in other.items() if name != "person_id"}
        return Reporter(id=other.get("person_id"), filed_by=caller.id, contact=Contact.said(told))
    return Reporter(id=caller.id)


def files_for_others_as_a_worker(attempt: Attempt) -> None:
    """Refuses `not_on_behalf`: only workers, dispatchers and programs with a key file for somebody else (§5)."""
    if attempt.case.reporter.filed_by and attempt.role not in (*WORKERS, "dispatcher", API_KEY):
        raise Refusal("not_on_behalf")


def no_emergency(attempt: Attempt) -> None:
    """Refuses `emergency_is_not_verified`: nobody waits while gas leaks."""
    if attempt.case.severity is Severity.EMERGENCY:
        raise Refusal("emergency_is_not_verified")


def category_named(attempt: Attempt) -> None:
    """Refuses `category_missing` when neither the report nor the dispatcher names one."""
    if not attempt.fields.get("category") and attempt.case.category is None:
        raise Refusal("category_missing")


def urgency_judged(attempt: Attempt) -> None:
    """Refuses `urgency_undecided` and `urgency_without_tag` (F33)."""
    check_urgency(_tags(attempt), _kind(attempt), attempt.fields.get("urgency"))


def urgency_judged_anew(attempt: Attempt) -> None:
    """Likewise where an urgent category is corrected to one that is not; what was judged before stays judged."""
    judgement, kind = attempt.fields.get("urgency"), _corrected(attempt).kind or attempt.category
    if judgement or attempt.category.severity in URGENT:
        check_urgency(attempt.case.tags, kind, judgement)


def something_corrected(attempt: Attempt) -> None:
    """Refuses `nothing_corrected` when category and place are what they were."""
    if _corrected(attempt) == attempt.case:
        raise Refusal("nothing_corrected")


def no_time_for_oneself(attempt: Attempt) -> None:
    """Refuses `own_request`: who asked for more time does not get it by correcting the case either (§5)."""
    before, after = attempt.case.dues.resolve_due, _corrected(attempt).dues.resolve_due
    asked = any(attempt.caller.is_(request.by) for request in attempt.case.requests)
    if asked and before is not None and after is not None and after > before:
        raise Refusal("own_request", act=attempt.act.value)


def same_district(attempt: Attempt) -> None:
    """Refuses `outside_your_district`: a correction never moves a case to another tenant (docs/domain.md §5)."""
    place = attempt.facts.place
    if place is not None and place.tenant != attempt.case.place.tenant:
        raise Refusal("outside_your_district", grid_code=place.grid_code)


def assignees_still_suit(attempt: Attempt) -> None:
    """Refuses a correction that whoever has the case now could not have been given it with (docs/domain.md §5)."""
    if REGARDS_ASSIGNEES & set(attempt.fields):
        corrected = _corrected(attempt)
        check_team(corrected, replace(attempt, case=corrected).category, attempt.facts.known)


def nobody_follows(attempt: Attempt) -> None:
    """Refuses `has_followers`: whoever was merged into the case would be lost with it (docs/domain.md §2.2)."""
    if attempt.case.followers:
        raise Refusal("has_followers")


def target_open(attempt: Attempt) -> None:
    """Refuses `merge_into_itself` and `target_not_open`."""
    target = _target(attempt)
    if target.id == attempt.case.id:
        raise Refusal("merge_into_itself")
    if not target.is_open:
        raise Refusal("target_not_open", target_case_id=target.id, status=target.status.value)


def target_alike(attempt: Attempt) -> None:
    """Refuses `target_elsewhere`, `target_of_other_category` and `target_complains_of_another`."""
    if refusal := obstacle(attempt.case, _target(attempt)):
        raise refusal


def consultation_only(attempt: Attempt) -> None:
    """Refuses `not_a_consultation`: group 10 and enquiries from the hotline can be answered at once (§2.2)."""
    if not is_enquiry(attempt.case):
        raise Refusal("not_a_consultation", category=attempt.case.category)


def is_enquiry(case: Case) -> bool:
    """Whether it asks or suggests something, by its category or as the hotline says."""
    from_hotline = case.source is Source.HOTLINE and Tag.ENQUIRY in case.tags
    return from_hotline or (case.kind is not None and case.kind.is_consultation)


def report(attempt: Attempt) -> Change:
    """The draft becomes version 1."""
    case = attempt.case
    data = {"source": case.source.value, "tags": [tag.value for tag in case.tags]}
    found = {"asset_id": case.asset_id, "patrol_id": case.patrol_id}
    return Change(case, {**data, "anonymous": case.reporter.anonymous, **found})


def ask_verify(attempt: Attempt) -> Change:
    """A grid worker is to look."""
    return Change(attempt.case)


def verify(attempt: Attempt) -> Change:
    """The finding is recorded; the dispatcher decides."""
    return Change(attempt.case, {"finding": attempt.fields["finding"]})


def register(attempt: Attempt) -> Change:
    """The category of the version in force is set, and both deadlines from the time of the report (§2.2)."""
    fields, case, current = attempt.fields, attempt.case, _current(attempt)
    kind = current.find(_code(attempt))
    registered = replace(
        case,
        category=kind.code,
        category_version=current.version,
        municipal=fields.get("municipal", case.municipal),
        complained_unit_id=fields.get("complained_unit_id", case.complained_unit_id),
        asset_id=fields.get("asset_id", case.asset_id),
        tags=judged(_tags(attempt), fields.get("urgency")),
        dues=counted(case.dues, case.reported_at, kind),
        repeat=repeated(case.place, attempt.facts.earlier),
    )
    told = {"category_version": current.version, "calendar_presumed": registered.dues.presumed}
    return Change(
        registered,
        {**told, **_repeat(registered, case), "urgency": fields.get("urgency"), "asset_id": registered.asset_id},
    )


def _tags(attempt: Attempt) -> tuple[Tag, ...]:
    return tuple(Tag(tag) for tag in attempt.fields.get("tags", attempt.case.tags))


def _kind(attempt: Attempt) -> Category:
    """As what it is registered, in the version that is in force; refuses `unknown_category`."""
    return _current(attempt).find(_code(attempt))


def _current(attempt: Attempt) -> Catalogue:
    return in_force(attempt.now, attempt.case.place.tenant)


def _code(attempt: Attempt) -> str:
    return attempt.fields.get("category") or str(attempt.case.category)


def reject(attempt: Attempt) -> Change:
    """Refused with a reason; the text is for the reporter."""
    return Change(attempt.case, {"reason_code": attempt.fields["reason_code"], "patrol_id": attempt.case.patrol_id})


def merge(attempt: Attempt) -> Change:
    """The reporter follows the target from now on."""
    target = _target(attempt)
    merged = replace(attempt.case, merged_into=target.id)
    told = {"target_case_id": target.id, "target_number": target.number, "patrol_id": merged.patrol_id}
    return Change(merged, told)


def join(attempt: Attempt) -> Change:
    """Another report is merged into the case: whoever reported that one, or followed it, follows the case."""
    case, joining = attempt.case, _joining(attempt)
    newcomer = Follower(joining.id, joining.reporter.id, joining.reporter.filed_by, joining.reporter.called_by_hand)
    joined = replace(case, followers=(*case.followers, *joining.followers, newcomer))
    data = {
        "joined_case_id": joining.id,
        "joined_number": joining.number,
        "reports": 1 + len(joined.followers),
        # All of them each time would make the history grow with the square of the reports.
        "followers": [id for id in joined.follower_ids if id not in case.follower_ids],
    }
    return Change(joined, data)


def answer_directly(attempt: Attempt) -> Change:
    """Answered and closed, outside the three rates (docs/domain.md §2.4)."""
    dues = replace(attempt.case.dues, closed_at=attempt.now)
    return Change(replace(attempt.case, dues=dues), {"excluded": "answered_directly"})


def withdraw(attempt: Attempt) -> Change:
    """The reporter takes it back."""
    return Change(attempt.case, {"patrol_id": attempt.case.patrol_id})


def correct(attempt: Attempt) -> Change:
    """Category or place were wrong: old and new value are kept, deadlines are set anew (docs/domain.md §2.2)."""
    case, corrected = attempt.case, _corrected(attempt)
    if is_compared_anew(case, corrected):
        corrected = replace(corrected, repeat=repeated(corrected.place, attempt.facts.earlier))
    told = {"old": _essentials(case), "new": _essentials(corrected), "urgency": attempt.fields.get("urgency")}
    return Change(corrected, {**told, **_repeat(corrected, case)})


def is_compared_anew(case: Case, corrected: Case) -> bool:
    """Whether a correction touches what a case is compared by: its kind and its place."""
    return (case.category, case.place) != (corrected.category, corrected.place)


def _repeat(case: Case, before: Case) -> dict[str, Any]:
    """How often it has been, and what is suggested for it; only once for the same."""
    repeat = case.repeat
    count, suggestion = (repeat.count, repeat.suggestion) if repeat else (None, None)
    return {"repeat": count, "suggestion": suggestion if repeat != before.repeat else None}


def _corrected(attempt: Attempt) -> Case:
    """The case with what is right, in the version that it was registered under; refuses `unknown_category`."""
    case, fields = attempt.case, attempt.fields
    case = replace(
        case,
        category=fields.get("category", case.category),
        place=attempt.facts.place or case.place,
        municipal=fields.get("municipal", case.municipal),
        complained_unit_id=fields.get("complained_unit_id", case.complained_unit_id),
        asset_id=_asset_id(attempt),
        tags=judged(case.tags, fields.get("urgency")),
    )
    start = case.rounds[-1].reopened_at if case.rounds else case.reported_at
    return replace(case, dues=counted(case.dues, start, case.kind)) if case.kind else case


def _asset_id(attempt: Attempt) -> str | None:
    """The asset that is named; else the one that the case had, unless it turns out to stand somewhere else."""
    place, asset = attempt.facts.place, attempt.facts.asset
    if "asset_id" in attempt.fields:
        named: str | None = attempt.fields["asset_id"]
        return named
    return None if place and asset and not same_place(place, asset.place) else attempt.case.asset_id


def _essentials(case: Case) -> dict[str, Any]:
    return {
        "category": case.category,
        "grid_code": case.place.grid_code,
        "compound_id": case.place.compound_id,
        "municipal": case.municipal,
        "asset_id": case.asset_id,
    }


def _joining(attempt: Attempt) -> Case:
    joining = attempt.facts.joining
    if joining is None:
        raise Refusal("case_not_found")
    return joining


def _target(attempt: Attempt) -> Case:
    target = attempt.facts.target
    if target is None:
        raise Refusal("unknown_target", target_case_id=attempt.fields.get("target_case_id"))
    return target
