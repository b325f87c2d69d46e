"""Demands, resources and projects as one caller may see them; what is personal is masked here, on the server."""

from collections.abc import Collection, Mapping
from typing import Any

from cases.assignment import UNIT
from cases.match_lists.demand import Contact, Demand
from cases.match_lists.matching import Match
from cases.match_lists.permission import STAFF
from cases.match_lists.project import Project
from cases.match_lists.resource import Resource
from cases.permission import within
from cases.place import shown_point
from chassis.caller import Caller
from chassis.instant import written, written_or_none
from chassis.privacy import masked_text
from chassis.secret import Opening, shown_secret

Shown = dict[str, Any]


def demand(found: Demand, version: int, caller: Caller) -> Shown:
    """A demand: its asker only to the asker and to the staff of the place, sensitive words to nobody else."""
    own, near = found.asker.is_(caller), within(caller, STAFF, found.place.grid_code)
    return {
        "demand_id": found.id,
        "version": version,
        "status": found.status.value,
        "category": found.category,
        "category_version": found.category_version,
        "category_name": {"zh": found.kind.zh, "en": found.kind.en},
        "restricted": found.kind.restricted,
        "grid_code": found.place.grid_code,
        "compound_id": found.place.compound_id,
        "location": shown_point(found.place.point) if own or near else None,
        "text": _words(found, own=own, near=near),
        "skills": list(found.skills),
        "tags": [tag.value for tag in found.tags],
        "source": found.source.value,
        "source_id": found.source_id,
        "asker": _asker(found) if own or near else None,
        "opened_at": written(found.opened_at),
        "until": found.until,
        "expires_at": written(found.expires_at),
        "project_id": found.project_id,
        "reason_code": found.reason_code,
        "ended_at": written_or_none(found.ended_at),
    }


def resource(found: Resource, version: int, caller: Caller) -> Shown:
    """A resource: a person who offers it is named only to the staff of where it serves, and to themselves."""
    named = found.owner_kind == UNIT or found.is_of(caller) or _works_where(found.serves, caller)
    return {
        "resource_id": found.id,
        "version": version,
        "status": found.status.value,
        "kind": found.kind.value,
        "text": found.text if found.is_of(caller) else masked_text(found.text),
        "owner": {"id": found.owner_id if named else None, "kind": found.owner_kind},
        "skills": list(found.skills),
        "categories": list(found.categories),
        "area": found.area,
        "serves": list(found.serves),
        "available_since": found.since,
        "available_to": found.until,
        "capacity": found.capacity,
        "used": found.used,
        "in_use": found.load,
        "opened_at": written(found.opened_at),
    }


def project(found: Project, version: int, hidden: Collection[str] = ()) -> Shown:
    """A project; of the cases that it is about those are left out that are `hidden`."""
    return {
        "project_id": found.id,
        "version": version,
        "status": found.status.value,
        "title": masked_text(found.title),
        "text": masked_text(found.text) if found.text else None,
        "area": found.area,
        "demands": list(found.demands),
        "resources": list(found.resources),
        "cases": [each for each in found.cases if each not in hidden],
        "activities": list(found.activities),
        "reason_code": found.reason_code,
        "opened_at": written(found.opened_at),
        "started_at": written_or_none(found.started_at),
        "ended_at": written_or_none(found.ended_at),
    }


def match(found: Match) -> Shown:
    """Why the two suit each other, and how well."""
    reasons = [vars(each) for each in found.reasons]
    return {"score": found.score, "in_use": found.resource.load, "reasons": reasons}


def contact(told: Contact | None, account: Mapping[str, Any] | None, opening: Opening) -> Shown:
    """How to reach an asker: as he left it, else as his account has it."""
    if told is not None and (told.phone is not None or account is None):
        name, phone = shown_secret(told.nickname, opening), shown_secret(told.phone, opening)
        return {"name": name, "phone": phone, "callback": told.callback}
    found = account or {}
    return {"name": found.get("name_masked"), "phone": found.get("phone"), "callback": "voice"}


def _words(found: Demand, *, own: bool, near: bool) -> str | None:
    if own:
        return found.text
    return masked_text(found.text) if near or not found.kind.restricted else None


def _asker(found: Demand) -> Shown:
    asker = found.asker
    return {"id": asker.id, "by_proxy": asker.filed_by is not None, "contact": _masked(asker.contact)}


def _masked(told: Contact | None) -> Shown | None:
    if told is None:
        return None
    return {
        "nickname": shown_secret(told.nickname, None),
        "phone": shown_secret(told.phone, None),
        "platform": told.platform,
        "callback": told.callback,
        "consent": told.consent,
    }


def _works_where(serves: tuple[str, ...], caller: Caller) -> bool:
    scopes = [scope for role in STAFF for scope in caller.scopes(role)]
    return any(area.startswith(scope) or scope.startswith(area) for area in serves for scope in scopes)
