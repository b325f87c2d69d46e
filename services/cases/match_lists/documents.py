"""How demands, resources and projects are written in the database and read back; it asks nothing of the database."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cases.case import Tag
from cases.match_lists.demand import Asker, Contact, Demand, Source
from cases.match_lists.demand import Status as DemandStatus
from cases.match_lists.project import Project
from cases.match_lists.project import Status as ProjectStatus
from cases.match_lists.resource import Kind, Resource
from cases.place import AREA_DIGITS, Place, Point
from cases.term import TERMS
from chassis.privacy import masked_name, masked_phone
from chassis.secret import Secret
from chassis.term import over_at

Document = dict[str, Any]


def demand_written(demand: Demand) -> Document:
    """The demand as a document; what an index may be partial on is absent where there is nothing."""
    asker, place = demand.asker, demand.place
    whole = {
        "_id": demand.id,
        "tenant": place.tenant,
        "area": place.grid_code,
        "areas": list(place.areas),
        "place": {"grid_code": place.grid_code, "compound_id": place.compound_id, "point": _vars(place.point)},
        "text": demand.text,
        "category": demand.category,
        "category_version": demand.category_version,
        "source": demand.source.value,
        "source_id": demand.source_id,
        "asker": {"id": asker.id, "filed_by": asker.filed_by, "contact": _vars(asker.contact)},
        "mine": sorted({each for each in (asker.id, asker.filed_by) if each}),
        "opened_at": demand.opened_at,
        "expires_at": demand.expires_at,
        "skills": list(demand.skills),
        "tags": [tag.value for tag in demand.tags],
        "status": demand.status.value,
        "reason_code": demand.reason_code,
        "project_id": demand.project_id,
        "ended_at": demand.ended_at,
    }
    absent = {"origin": demand.origin, "forget_at": _forget_at(demand), "forgotten_at": demand.forgotten_at}
    return whole | {name: value for name, value in absent.items() if value}


def _forget_at(demand: Demand) -> datetime | None:
    """When its asker and a raw note have to go (docs/domain.md §5)."""
    if demand.ended_at is None or demand.forgotten_at is not None:
        return None
    return over_at(demand.ended_at, TERMS["notes" if demand.is_raw else "demands"])


def demand_read(found: Mapping[str, Any]) -> Demand:
    """The demand in a document."""
    place, asker = found["place"], found["asker"]
    point, contact = place["point"], asker["contact"]
    return Demand(
        id=found["_id"],
        place=Place(place["grid_code"], Point(**point) if point else None, place["compound_id"]),
        text=found["text"],
        category=found["category"],
        category_version=found["category_version"],
        source=Source(found["source"]),
        asker=Asker(asker["id"], asker["filed_by"], _contact(contact)),
        opened_at=found["opened_at"],
        expires_at=found["expires_at"],
        skills=tuple(found["skills"]),
        tags=tuple(Tag(each) for each in found["tags"]),
        source_id=found["source_id"],
        origin=found.get("origin"),
        status=DemandStatus(found["status"]),
        reason_code=found["reason_code"],
        project_id=found["project_id"],
        ended_at=found["ended_at"],
        forgotten_at=found.get("forgotten_at"),
    )


def _contact(row: Mapping[str, Any] | None) -> Contact | None:
    if row is None:
        return None
    nickname, phone = Secret.kept(row["nickname"], masked_name), Secret.kept(row["phone"], masked_phone)
    return Contact(**{**row, "nickname": nickname, "phone": phone})


def resource_written(resource: Resource) -> Document:
    """The resource as a document; `status` and `area` repeat what follows from the rest, for queries."""
    plain = {name: value for name, value in vars(resource).items() if name not in {"id", "kind"}}
    return {
        **{name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()},
        "_id": resource.id,
        "tenant": resource.tenant,
        "kind": resource.kind.value,
        "status": resource.status.value,
        "area": resource.area,
        "areas": _areas(resource.area),
        "mine": sorted({resource.owner_id}),
    }


def resource_read(found: Mapping[str, Any]) -> Resource:
    """The resource in a document."""
    lists: dict[str, Any] = {name: tuple(found[name]) for name in ("serves", "skills", "categories", "reserved_for")}
    names = ("owner_id", "owner_kind", "offered_by", "text", "opened_at", "since", "until", "capacity", "used")
    plain = {name: found[name] for name in (*names, "withdrawn", "idle_since")}
    return Resource(id=found["_id"], kind=Kind(found["kind"]), **plain, **lists)


def project_written(project: Project) -> Document:
    """The project as a document."""
    plain = {name: value for name, value in vars(project).items() if name not in {"id", "status"}}
    return {
        **{name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()},
        "_id": project.id,
        "tenant": project.tenant,
        "status": project.status.value,
        "areas": _areas(project.area),
    }


def project_read(found: Mapping[str, Any]) -> Project:
    """The project in a document."""
    lists: dict[str, Any] = {name: tuple(found[name]) for name in ("demands", "resources", "cases", "activities")}
    names = ("title", "area", "opened_by", "opened_at", "text", "reason_code", "started_at", "ended_at")
    plain = {name: found[name] for name in names}
    return Project(id=found["_id"], status=ProjectStatus(found["status"]), **plain, **lists)


def _areas(area: str) -> list[str]:
    """The area and those that it lies in."""
    return [area[:digits] for digits in AREA_DIGITS if digits <= len(area)]


def _vars(value: object | None) -> Document | None:
    return None if value is None else dict(vars(value))
