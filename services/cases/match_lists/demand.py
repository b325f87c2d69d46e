"""A demand: what a person or a compound asks for, and what becomes of it; it knows nothing of who offers what."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from cases.case import Tag
from cases.category import Category, catalogue, in_force
from cases.deadline import LOCAL
from cases.match_lists.permission import STAFF
from cases.permission import REPORTERS
from cases.place import Place
from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.privacy import without_identities
from chassis.secret import Secret

HOLDS_FOR = timedelta(days=90)
"""How long a demand holds that names no last day: our decision (docs/domain.md §2.1)."""

HOLDS_AT_MOST = timedelta(days=366)


class Status(StrEnum):
    """Where a demand stands (docs/domain.md §2.1)."""

    OPEN = "open"
    MATCHED = "matched"
    MET = "met"
    UNMET = "unmet"
    EXPIRED = "expired"


class Source(StrEnum):
    """By which way the demand was heard."""

    APP = "APP"
    RIDER = "RIDER"
    DOOR_KNOCK = "DOOR_KNOCK"
    SESSION = "SESSION"
    CASE = "CASE"
    PHONE = "PHONE"
    COMMUNITY = "COMMUNITY"


IN_PERSON = frozenset({Source.APP, Source.RIDER})
"""By these ways people ask for themselves, unless somebody else is named as the asker."""

OPEN_TO: Mapping[Source, tuple[str, ...]] = {
    Source.APP: REPORTERS,
    Source.RIDER: ("rider", *STAFF),
    **dict.fromkeys(set(Source) - IN_PERSON, STAFF),
}
"""Whose demands may name which source."""

USUAL_CATEGORY: Mapping[Source, str] = {Source.RIDER: "0901"}
"""What a demand is taken for that names no category: riders ask for what their rest stations lack (F08)."""

UNMET_REASONS = ("no_resource", "not_feasible", "out_of_jurisdiction", "other")
GIVEN_UP = "given_up"
"""The reason of an asker who does not need it any more."""

OPENED = "demand.opened"
MATCHED = "demand.matched"
MET = "demand.met"
UNMET = "demand.unmet"
EXPIRED = "demand.expired"
REOPENED = "demand.reopened"
EVENT_TYPES = frozenset({OPENED, MATCHED, MET, UNMET, EXPIRED, REOPENED})


VISIT = "visit"


@dataclass(frozen=True)
class Contact:
    """How to reach an asker without an account, by the name that he goes by; never an identity number."""

    consent: bool
    nickname: Secret | None = None
    phone: Secret | None = None
    platform: str | None = None
    callback: str = "voice"

    @staticmethod
    def said(told: Mapping[str, Any]) -> "Contact":
        """The contact as it was told of."""
        marked = {"nickname": Secret.name(told.get("nickname")), "phone": Secret.phone(told.get("phone"))}
        return Contact(**{**told, **marked})


@dataclass(frozen=True)
class Asker:
    """Who asks: an account, somebody whom a worker wrote down, or nobody in particular."""

    id: str | None = None
    filed_by: str | None = None
    contact: Contact | None = None

    def is_(self, caller: Caller) -> bool:
        """Whether the caller asks, or wrote it down for somebody else."""
        return caller.is_(self.id) or caller.is_(self.filed_by)

    @property
    def called_by_hand(self) -> str | None:
        """How somebody without an account is to be told what came of it; None where a message finds its own way.

        A visit needs no phone; without either there is no way.
        """
        if self.id is not None or self.contact is None:
            return None
        return self.contact.callback if self.contact.phone or self.contact.callback == VISIT else None


@dataclass(frozen=True)
class Demand:
    """One demand; `origin` names the line of a visit or a session that it was, so that it counts once."""

    id: str
    place: Place
    text: str
    category: str
    category_version: str
    source: Source
    asker: Asker
    opened_at: datetime
    expires_at: datetime
    skills: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = ()
    source_id: str | None = None
    origin: str | None = None
    status: Status = Status.OPEN
    reason_code: str | None = None
    project_id: str | None = None
    ended_at: datetime | None = None
    forgotten_at: datetime | None = None

    @property
    def is_raw(self) -> bool:
        """Whether its words are the note that somebody else made at a visit or a session."""
        return self.source not in IN_PERSON

    @property
    def kind(self) -> Category:
        """Its category, as the version has it under which it was written down."""
        return catalogue(self.category_version).find(self.category)

    @property
    def wanted_skills(self) -> tuple[str, ...]:
        """The skills that it asks for, or those that its category does."""
        return self.skills or self.kind.skills

    @property
    def until(self) -> str:
        """The last day on which it holds."""
        return (self.expires_at.astimezone(LOCAL) - timedelta(days=1)).date().isoformat()


def draft(id: str, fields: Mapping[str, Any], caller: Caller, place: Place, now: datetime) -> Demand:
    """The demand that would be opened, without any identity number that stands in its words.

    Refuses `unknown_category`, `category_missing`, `demand_until_past` and `demand_until_too_far`.
    """
    source = Source(fields.get("source") or Source.APP)
    code, current = fields.get("category") or USUAL_CATEGORY.get(source), in_force(now, place.tenant)
    if code is None:
        raise Refusal("category_missing")
    return Demand(
        id=id,
        place=place,
        text=without_identities(fields["text"]),
        category=current.find(code).code,
        category_version=current.version,
        source=source,
        asker=_asker(fields.get("asker"), source, caller),
        opened_at=now,
        expires_at=_end(fields.get("until"), now),
        skills=tuple(fields.get("skills") or ()),
        tags=tuple(Tag(each) for each in fields.get("tags") or ()),
        source_id=fields.get("source_id"),
        origin=fields.get("origin"),
    )


def for_others(demand: Demand) -> bool:
    """Whether it was written down by somebody else than who asks."""
    return demand.asker.filed_by is not None


def check_source(demand: Demand, caller: Caller) -> None:
    """Refuses `source_not_permitted`, whichever of the caller's roles the demand is filed in."""
    if not caller.roles & set(OPEN_TO[demand.source]):
        raise Refusal("source_not_permitted", source=demand.source.value)


def matched(demand: Demand, project_id: str) -> Demand:
    """Taken into a project; refuses `demand_taken`."""
    if demand.status is not Status.OPEN:
        raise Refusal("demand_taken", demand_id=demand.id, status=demand.status.value)
    return replace(demand, status=Status.MATCHED, project_id=project_id)


def met(demand: Demand, now: datetime) -> Demand:
    """Its project is completed."""
    return replace(demand, status=Status.MET, ended_at=now)


def given_back(demand: Demand) -> Demand:
    """Its project was cancelled: it is open again, and expires when its day is over."""
    return replace(demand, status=Status.OPEN, project_id=None)


def unmet(demand: Demand, reason_code: str, now: datetime) -> Demand:
    """Nobody will meet it, or nobody has to; refuses `demand_not_open`."""
    if demand.status is not Status.OPEN:
        raise Refusal("demand_not_open", status=demand.status.value)
    return replace(demand, status=Status.UNMET, reason_code=reason_code, ended_at=now)


def expired(demand: Demand, now: datetime) -> Demand:
    """Its last day is over; refuses `demand_not_open` and `not_due`."""
    if demand.status is not Status.OPEN:
        raise Refusal("demand_not_open", status=demand.status.value)
    if demand.expires_at > now:
        raise Refusal("not_due")
    return replace(demand, status=Status.EXPIRED, ended_at=now)


def _asker(told: Mapping[str, Any] | None, source: Source, caller: Caller) -> Asker:
    """Who is named; else who asks in person, and by other ways nobody: a compound's need has no asker."""
    if told is None:
        return Asker(id=caller.id) if source in IN_PERSON else Asker(filed_by=caller.id)
    contact = Contact.said({name: value for name, value in told.items() if name != "person_id"})
    if caller.is_(told.get("person_id")) or (source is Source.RIDER and "rider" in caller.roles):
        return Asker(id=caller.id, contact=contact)
    return Asker(id=told.get("person_id"), filed_by=caller.id, contact=contact)


def _end(until: date | None, now: datetime) -> datetime:
    """The end of the last day, on the local clock."""
    today = now.astimezone(LOCAL).date()
    last = until or today + HOLDS_FOR
    if last < today:
        raise Refusal("demand_until_past")
    if last > today + HOLDS_AT_MOST:
        raise Refusal("demand_until_too_far", latest=(today + HOLDS_AT_MOST).isoformat())
    return datetime.combine(last + timedelta(days=1), time(), LOCAL)
