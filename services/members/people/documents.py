"""A person written as a document and read back; the phone is not part of it."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from chassis.caller import Grant
from chassis.outbox import Document
from members.people.person import FreeTime, Person, Residence, Tag, kind_of
from members.people.skill import Certificate
from members.people.tenure import Tenure, next_change


def written(person: Person) -> Document:
    """The document, with `serves` and `location` for the queries of matching, `areas` and `shown_tags` for lists."""
    return {
        "_id": person.id,
        "tenant": person.tenant,
        "name": person.name,
        "honorific": person.honorific,
        "grants": [{"role": grant.role, "scope": grant.scope} for grant in person.grants],
        "unit_id": person.unit_id,
        "registered_with": person.registered_with,
        "skills": sorted(person.skills),
        "certificates": [_from_certificate(held) for held in person.certificates],
        "free_times": [_from_free_time(span) for span in person.free_times],
        "tags": [_from_tag(tag) for tag in person.tags],
        "language": person.language,
        "declined": sorted(person.declined),
        "addresses": dict(person.addresses),
        "active": person.active,
        "tenures": [vars(tenure) for tenure in person.tenures],
        "consent": dict(person.consent) if person.consent else None,
        "left_at": person.left_at,
        "merged_into": person.merged_into,
        "merged_from": sorted(person.merged_from),
        "turned_at": person.turned_at,
        "erased_at": person.erased_at,
        "narrowed": person.narrowed,
        "unit_along": person.unit_along,
        "turn_at": next_change(person.tenures, person.turned_at) if person.turned_at else None,
        "areas": sorted(person.areas),
        "shown_tags": person.shown_tags,
        "serves": person.active and kind_of(person) is not None,
        **(_from_residence(person.home) if person.home else {"home": None, "location": None}),
    }


def read(found: Mapping[str, Any]) -> Person:
    """The person that the document describes."""
    return Person(
        id=found["_id"],
        tenant=found["tenant"],
        name=found["name"],
        grants=tuple(Grant(grant["role"], grant["scope"]) for grant in found["grants"]),
        honorific=found["honorific"],
        unit_id=found["unit_id"],
        registered_with=found["registered_with"],
        home=_residence(found["home"]) if found["home"] else None,
        skills=frozenset(found["skills"]),
        certificates=tuple(_certificate(held) for held in found["certificates"]),
        free_times=tuple(_free_time(span) for span in found["free_times"]),
        tags=tuple(_tag(tag) for tag in found["tags"]),
        language=found["language"],
        declined=frozenset(found["declined"]),
        addresses=found.get("addresses", {}),
        active=found["active"],
        tenures=tuple(Tenure(**row) for row in found["tenures"]),
        consent=found["consent"],
        left_at=found["left_at"],
        merged_into=found["merged_into"],
        merged_from=frozenset(found["merged_from"]),
        turned_at=found["turned_at"],
        erased_at=found["erased_at"],
        narrowed=found.get("narrowed", 0),
        unit_along=found.get("unit_along", False),
    )


def _from_residence(home: Residence) -> Document:
    place = list(home.at)
    return {
        "home": {"compound_id": home.compound_id, "grid_code": home.grid_code, "at": place},
        "location": {"type": "Point", "coordinates": place},
    }


def _residence(found: Mapping[str, Any]) -> Residence:
    return Residence(found["compound_id"], found["grid_code"], (found["at"][0], found["at"][1]))


def _from_certificate(held: Certificate) -> Document:
    return {"kind": held.kind, "valid_until": held.valid_until.isoformat()}


def _certificate(found: Mapping[str, Any]) -> Certificate:
    return Certificate(found["kind"], date.fromisoformat(found["valid_until"]))


def _from_free_time(span: FreeTime) -> Document:
    return {"weekday": span.weekday, "start": f"{span.start:%H:%M}", "end": f"{span.end:%H:%M}"}


def _free_time(found: Mapping[str, Any]) -> FreeTime:
    return FreeTime(found["weekday"], time.fromisoformat(found["start"]), time.fromisoformat(found["end"]))


def _from_tag(tag: Tag) -> Document:
    return {
        "kind": tag.kind,
        "consented_at": tag.consented_at,
        "text_version": tag.text_version,
        "revoked_at": tag.revoked_at,
    }


def _tag(found: Mapping[str, Any]) -> Tag:
    return Tag(found["kind"], found["consented_at"], found["text_version"], found["revoked_at"])
