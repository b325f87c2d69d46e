"""A case: what was reported, where it stands, who has it; a value that only moves change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from cases.assignment import Assignee, Assignment
from cases.category import Category, Severity, kept_as
from cases.dues import Dues
from cases.exclusion import Exclusion
from cases.mediation import Mediation
from cases.outcome import Outcome
from cases.place import Place
from cases.rating import Rating
from cases.repeat import Repeat
from cases.stay import Stay
from cases.timer import Timer
from chassis.caller import Caller
from chassis.secret import Secret


class Status(StrEnum):
    """Where a case stands (docs/domain.md §2.2)."""

    REPORTED = "REPORTED"
    VERIFYING = "VERIFYING"
    REGISTERED = "REGISTERED"
    DISPATCHED = "DISPATCHED"
    ACCEPTED = "ACCEPTED"
    IN_PROGRESS = "IN_PROGRESS"
    SUSPENDED = "SUSPENDED"
    RESOLVED = "RESOLVED"
    REOPENED = "REOPENED"
    CLOSED = "CLOSED"
    REJECTED = "REJECTED"
    MERGED = "MERGED"
    WITHDRAWN = "WITHDRAWN"


ENDED = frozenset({Status.CLOSED, Status.REJECTED, Status.MERGED, Status.WITHDRAWN})
OPEN = frozenset(Status) - ENDED

WAITING = frozenset({Status.REPORTED, Status.VERIFYING})
"""Nobody has judged yet whether it is a case."""

PROBLEMS = OPEN - WAITING
"""Registered and open: what leaves only by being closed, merged, rejected or withdrawn."""
"""A resolved case is open until it is inspected (docs/domain.md §2.5)."""

NOT_TAKEN = frozenset({Status.REPORTED, Status.VERIFYING, Status.REGISTERED, Status.DISPATCHED})
"""Nobody has begun to work on it: so far it can be withdrawn, or merged into another (docs/domain.md §2.2)."""


class Source(StrEnum):
    """How a report came in (docs/domain.md §8)."""

    APP = "APP"
    PATROL = "PATROL"
    SNAP = "SNAP"
    HOTLINE = "12345"
    PHONE = "PHONE"
    SESSION = "SESSION"
    OPEN311 = "OPEN311"


class Tag(StrEnum):
    """Marks on a report: whom it weighs on, the four kinds of livelihood issue, and a mere question."""

    ELDERLY = "elderly"
    CHILD = "child"
    DISABLED = "disabled"
    URGENT = "urgent"
    HARD = "hard"
    WORRYING = "worrying"
    HOPED = "hoped"
    ENQUIRY = "enquiry"


@dataclass(frozen=True)
class Contact:
    """Somebody for whom a worker files: how to reach them, and that they agreed to it."""

    consent: bool
    name: Secret | None = None
    phone: Secret | None = None
    callback: str = "voice"

    @staticmethod
    def said(told: Mapping[str, Any]) -> "Contact":
        """The contact as it was told of."""
        marked = {"name": Secret.name(told.get("name")), "phone": Secret.phone(told.get("phone"))}
        return Contact(**{**told, **marked})


@dataclass(frozen=True)
class Reporter:
    """Who reported: an account, a person for whom a worker filed, or both, or nobody that is known.

    A `pseudonym` stands for who was deleted, or is forgotten by now; nothing but a key leads from it to the id. `link`
    is the digest of the link by which an anonymous report is followed.
    """

    id: str | None = None
    anonymous: bool = False
    filed_by: str | None = None
    contact: Contact | None = None
    pseudonym: str | None = None
    link: str | None = None

    @property
    def deleted(self) -> bool:
        """Whether a pseudonym is all that is left."""
        return self.pseudonym is not None

    @property
    def can_be_asked(self) -> bool:
        """Whether a question would reach somebody."""
        return not self.anonymous and (self.id is not None or self.contact is not None)

    @property
    def can_answer(self) -> bool:
        """Whether a question can be answered: who is unknown does so by the link, if there is one."""
        return self.can_be_asked or self.link is not None

    @property
    def called_by_hand(self) -> str | None:
        """How somebody without an account is to be told of the case; None where messages find their own way."""
        return self.contact.callback if self.contact is not None and self.id is None else None

    def is_(self, caller: Caller) -> bool:
        """Whether the caller reported, filed the report for somebody else, or has the link to it."""
        return any(each is not None and caller.is_(each) for each in (self.id, self.filed_by, self.link))


@dataclass(frozen=True)
class Remark:
    """What somebody said or showed with an act; an internal one is not for the reporter.

    `before_photos` show how it looked before the work, where `photos` show how it looks after.
    """

    event_id: str
    act: str
    at: datetime
    by: str | None
    role: str
    text: str | None = None
    photos: tuple[str, ...] = ()
    internal: bool = False
    before_photos: tuple[str, ...] = ()

    @property
    def shown(self) -> tuple[str, ...]:
        """All photos that came with it."""
        return (*self.before_photos, *self.photos)


@dataclass(frozen=True)
class Request:
    """More time or a suspension that an assignee asked for and the office has yet to decide."""

    act: str
    by: str
    at: datetime
    reason_code: str


@dataclass(frozen=True)
class Round:
    """How an earlier round ended, and when the case was reopened."""

    number: int
    reopened_at: datetime
    dues: Dues
    assignees: tuple[str, ...]


@dataclass(frozen=True)
class Follower:
    """A report that was merged into the case, directly or with another, and by whom it was; they follow the case.

    `callback` is how somebody without an account is to be told of it by hand.
    """

    case_id: str
    reporter_id: str | None = None
    filed_by: str | None = None
    callback: str | None = None


@dataclass(frozen=True)
class Case:
    """One case at one version; times are aware and in UTC.

    `quiet_since` is when something last happened to it, `rung` names the alarms of this round that are over,
    `repeat` says how often the matter has come up; None before it is registered. `external_number` is the hotline's own
    number, `session_id` names the intake session that the case came up in, `patrol_id` the patrol on which it was
    found, `service_day_id` the activity whose service day has dealt with it in this round. `asset_id` is the fixed
    asset that it is about, `outcomes` what it has done good for, said when this round was closed. With `then_next` the
    next candidate is asked where whoever has it declines or says nothing, until somebody takes it or the office has to
    decide. `exclusion` is the last proposal to leave it out of the three rates. `forgotten_at` is when what is personal
    in it went.
    """

    id: str
    number: str
    version: int
    status: Status
    place: Place
    reporter: Reporter
    reported_at: datetime
    source: Source = Source.APP
    tags: tuple[Tag, ...] = ()
    category: str | None = None
    category_version: str | None = None
    municipal: bool | None = None
    complained_unit_id: str | None = None
    dues: Dues = field(default_factory=Dues)
    timers: Mapping[Timer, datetime] = field(default_factory=dict)
    assignment: Assignment = field(default_factory=Assignment)
    handlers: tuple[str, ...] = ()
    stays: tuple[Stay, ...] = ()
    remarks: tuple[Remark, ...] = ()
    questions: tuple[str, ...] = ()
    requests: tuple[Request, ...] = ()
    ratings: tuple[Rating, ...] = ()
    returns: int = 0
    time_outs: int = 0
    then_next: bool = False
    reworks: int = 0
    tried: tuple[str, ...] = ()
    extensions: int = 0
    review_on: str | None = None
    merged_into: str | None = None
    followers: tuple[Follower, ...] = ()
    round: int = 1
    rounds: tuple[Round, ...] = ()
    quiet_since: datetime | None = None
    rung: tuple[str, ...] = ()
    mediation: Mediation | None = None
    repeat: Repeat | None = None
    external_number: str | None = None
    session_id: str | None = None
    patrol_id: str | None = None
    asset_id: str | None = None
    outcomes: tuple[Outcome, ...] = ()
    service_day_id: str | None = None
    exclusion: Exclusion | None = None
    forgotten_at: datetime | None = None

    @property
    def ended_at(self) -> datetime | None:
        """When it was closed; or rejected, merged or withdrawn, after which nothing happens to it any more."""
        if self.is_open:
            return None
        return self.dues.closed_at if self.status is Status.CLOSED else self.quiet_since

    @property
    def is_open(self) -> bool:
        """Whether something can still be done about it."""
        return self.status in OPEN

    @property
    def kind(self) -> Category | None:
        """Its category, as the version has it that the case was registered under."""
        return kept_as(self.category, self.category_version)

    @property
    def severity(self) -> Severity | None:
        """How urgent it is; unknown as long as the category is."""
        return self.kind.severity if self.kind else None

    @property
    def restricted(self) -> bool:
        """Whether its category is sensitive (docs/domain.md §5)."""
        return self.kind is not None and self.kind.restricted

    @property
    def text(self) -> str | None:
        """What the reporter wrote."""
        return self.remarks[0].text if self.remarks else None

    @property
    def photos(self) -> tuple[str, ...]:
        """All photos of the case, what was shown oldest first, then a signed agreement."""
        shown = tuple(photo for remark in self.remarks for photo in remark.shown)
        return shown + (self.mediation.agreement if self.mediation else ())

    @property
    def follower_ids(self) -> tuple[str, ...]:
        """Whose reports were merged into it, each once; without its own reporter, who hears of it as that."""
        ids = (one.reporter_id for one in self.followers)
        return tuple(id for id in dict.fromkeys(ids) if id is not None and id != self.reporter.id)

    @property
    def follower_callbacks(self) -> tuple[str, ...]:
        """In which ways followers without an account are to be told by hand."""
        return tuple(sorted({one.callback for one in self.followers if one.callback}))

    def given_to(self, caller: Caller) -> Assignee | None:
        """The assignee that the caller is; a unit's contact is none of a case outside the own scope (§5)."""
        return self.assignment.of(caller, self.place.grid_code)

    def is_followed_by(self, caller: Caller) -> bool:
        """Whether a report of the caller, or one filed by the caller, was merged into it."""
        return any(caller.is_(one.reporter_id) or caller.is_(one.filed_by) for one in self.followers)

    def complains_of(self, caller: Caller) -> bool:
        """Whether it is about the unit that the caller belongs to (docs/domain.md §5)."""
        return self.complained_unit_id is not None and caller.unit == self.complained_unit_id

    def is_handler(self, caller: Caller) -> bool:
        """Whether the caller has or had a hand in the work, in person or through the unit (docs/domain.md §5)."""
        hands = {*self.handlers, *self.assignment.ids}
        return any(id in hands for id in caller.ids) or (caller.unit is not None and caller.unit in hands)
