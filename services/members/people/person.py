"""People: one person with many roles, what they can do, when they are free, and what of them may be shown."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta, timezone
from enum import StrEnum
from typing import Any

from chassis.caller import Caller, Grant
from chassis.errors import Refusal
from members.area import SCOPE_LENGTHS
from members.people.skill import Certificate
from members.people.tenure import Tenure, ended, standing
from members.role import SPEAKER
from members.territory.compound import Point

LOCAL = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The wall clock of the whole country, which has had no summer time since 1991."""

TAGS = ("party_member", "veteran", "rider_party_member")
"""Special identities: shown only while the person's consent stands (docs/domain.md §5)."""

ONLY_OF: Mapping[str, str] = {"rider_party_member": "rider"}
"""The role that must be held to show an identity, where it says so itself; the consent ends with the role."""

LANGUAGES = ("zh-CN", "en")

CHANNELS = ("app", "wechat", "email", "sms", "voice", "console")
"""Ways to reach somebody, each of which a person may decline; the console exists in development only."""


class Kind(StrEnum):
    """In which capacity somebody is proposed; of several, the first that the person holds."""

    COMMUNITY_WORKER = "community_worker"
    IN_SERVICE_MEMBER = "in_service_member"
    VOLUNTEER = "volunteer"


@dataclass(frozen=True)
class FreeTime:
    """A weekly span in which someone is free: weekday (Monday is 0), from, until (excluded), local time."""

    weekday: int
    start: time
    end: time

    def covers(self, moment: datetime) -> bool:
        """Whether the instant falls into this span on the wall clock of `LOCAL`."""
        local = moment.astimezone(LOCAL)
        return local.weekday() == self.weekday and self.start <= local.time() < self.end


@dataclass(frozen=True)
class Tag:
    """A special identity that the person agreed to keep on record: when, to which text, and until when."""

    kind: str
    consented_at: datetime
    text_version: str
    revoked_at: datetime | None = None


@dataclass(frozen=True)
class Residence:
    """Where someone lives, no more precisely than matching needs: compound, its grid and its place."""

    compound_id: str
    grid_code: str
    at: Point


@dataclass(frozen=True)
class Person:
    """A person without the phone, which only whoever must reach them asks for.

    `grants` are the roles of now, as of `turned_at`; `tenures` are all that were ever held or will be. `consent` is how
    somebody agreed whom another entered, and who wrote it down. `addresses` are sealed, by their kind. `merged_into` is
    the id of whom this turned out to be; `merged_from` are those that turned out to be this one. `narrowed` counts how
    often something was taken from what they may: an access token that knows fewer is good no more (docs/adr/0042).
    `unit_along` says that the unit is theirs with the role to speak for it, and no longer.
    """

    id: str
    tenant: str
    name: str
    grants: tuple[Grant, ...]
    honorific: str = ""
    unit_id: str | None = None
    registered_with: str | None = None
    home: Residence | None = None
    skills: frozenset[str] = frozenset()
    certificates: tuple[Certificate, ...] = ()
    free_times: tuple[FreeTime, ...] = ()
    tags: tuple[Tag, ...] = ()
    language: str = "zh-CN"
    declined: frozenset[str] = frozenset()
    addresses: Mapping[str, str] = field(default_factory=dict)
    active: bool = True
    tenures: tuple[Tenure, ...] = ()
    consent: Mapping[str, Any] | None = None
    left_at: datetime | None = None
    merged_into: str | None = None
    merged_from: frozenset[str] = frozenset()
    turned_at: datetime | None = None
    erased_at: datetime | None = None
    narrowed: int = 0
    unit_along: bool = False

    @property
    def ids(self) -> frozenset[str]:
        """Every id under which something of the person's may be written down."""
        return self.merged_from | {self.id}

    @property
    def channels(self) -> list[str]:
        """The ways in which the person agrees to be reached."""
        return [channel for channel in CHANNELS if channel not in self.declined]

    @property
    def scopes_of_work(self) -> list[str]:
        """The scopes of every role but the resident's."""
        return sorted({grant.scope for grant in self.grants if grant.role != "resident"})

    @property
    def areas(self) -> frozenset[str]:
        """The code of every area in which they live, work or are registered: what a list of an area is read by."""
        home = [self.home.grid_code] if self.home else []
        community = [self.registered_with] if self.registered_with else []
        codes = {self.tenant, *self.scopes_of_work, *home, *community}
        return frozenset(code[:digits] for code in codes for digits in SCOPE_LENGTHS if digits <= len(code))

    def at_stake(self, now: datetime) -> list[Grant]:
        """The roles that they would lose, those to come included; of who has nothing to do, that in the district."""
        kept = [each.grant for each in self.tenures if each.left_at(now)]
        held = {grant for grant in (*self.grants, *kept) if grant.role != "resident"}
        return sorted(held, key=lambda grant: (grant.role, grant.scope)) or [Grant("resident", self.tenant)]

    @property
    def shown_name(self) -> str:
        """The name as others may see it: 谢先生 where the form of address is known, else 谢**; nobody's is none."""
        return self.name if self.erased_at else self.name[:1] + (self.honorific or "**")

    @property
    def shown_tags(self) -> list[str]:
        """The special identities whose consent stands."""
        return [tag.kind for tag in self.tags if tag.revoked_at is None]

    def licences(self, moment: datetime) -> list[str]:
        """The kinds of certificate that are valid on the local day of the instant."""
        day = moment.astimezone(LOCAL).date()
        return sorted({held.kind for held in self.certificates if held.valid_on(day)})

    def since(self, at: datetime) -> "Person":
        """The same, with every role that has no time yet held from that moment on."""
        dated = {tenure.grant for tenure in self.tenures}
        fresh = tuple(Tenure(each.role, each.scope, at) for each in self.grants if each not in dated)
        return replace(self, tenures=(*self.tenures, *fresh), turned_at=at)

    def turned(self, at: datetime) -> "Person":
        """The same with the roles that are held at that moment, and what they have by these.

        That is the identities that can be shown, and a unit that came along with the role to speak for it: it goes with
        the last such role that is held or will be.
        """
        grants = standing(self.tenures, at)
        over = ONLY_OF.keys() - {kind for kind, role in ONLY_OF.items() if any(each.role == role for each in grants)}
        lost = 1 if set(self.grants) - set(grants) else 0
        tags = revoked(self.tags, over, at)
        turned = replace(self, grants=grants, tags=tags, turned_at=at, narrowed=self.narrowed + lost)
        speaks = any(each.role == SPEAKER and each.left_at(at) for each in self.tenures)
        return replace(turned, unit_id=None, unit_along=False) if self.unit_along and not speaks else turned

    def caller(self) -> Caller:
        """The identity under which this person acts."""
        return Caller(id=self.id, grants=self.grants, unit=self.unit_id, former=tuple(sorted(self.merged_from)))


def revoked(tags: Iterable[Tag], kinds: Collection[str], at: datetime) -> tuple[Tag, ...]:
    """The tags after every consent to show one of these kinds has ended."""
    return tuple(replace(tag, revoked_at=at) if tag.kind in kinds and tag.revoked_at is None else tag for tag in tags)


def check_here(person: Person) -> None:
    """Refuse `person_left` of who has left, also while an access token is still good: nothing is kept of them anew."""
    if not person.active:
        raise Refusal("person_left")


def check_of_others(caller: Caller, *people: Person) -> None:
    """Refuse `own_entry` of one of the caller's own: an office does so to others alone, and people in ways of theirs.

    With a token that somebody else has got hold of it would be done without a sign-in (docs/domain.md §5).
    """
    if any(caller.is_(id) for person in people for id in person.ids):
        raise Refusal("own_entry")


def departed(person: Person, at: datetime) -> Person:
    """The person after leaving: every role has ended, and no special identity is shown any more."""
    tags, tenures = revoked(person.tags, TAGS, at), ended(person.tenures, at)
    gone = replace(person, active=False, left_at=at, tenures=tenures, tags=tags).turned(at)
    return replace(gone, narrowed=person.narrowed + 1)  # also where there was no role to lose


def departure(person: Person) -> dict[str, str | list[str]]:
    """What is told of somebody who has left: who it was, also before a merge, and of which district, and no more."""
    return {"person_id": person.id, "former_ids": sorted(person.merged_from), "tenant": person.tenant}


def masked_phone(phone: str) -> str:
    """The phone as it may be shown: first three and last four digits (docs/domain.md §5)."""
    return f"{phone[:3]}****{phone[-4:]}"


def is_phone(text: str, *, demo: bool) -> bool:
    """Whether it is a mobile number of mainland China, or one of the made-up ones while `demo` is on (§8)."""
    return bool(re.fullmatch(r"1[3-9]\d{9}", text)) or (demo and bool(re.fullmatch(r"120\d{8}", text)))


def free_at(free_times: Iterable[FreeTime], moment: datetime) -> bool:
    """Whether the instant falls into one of the spans."""
    return any(span.covers(moment) for span in free_times)


def kind_of(person: Person) -> Kind | None:
    """The capacity in which the person would come, or None for somebody who takes no tasks."""
    roles = {grant.role for grant in person.grants}
    return next((kind for kind in Kind if kind in roles), None)
