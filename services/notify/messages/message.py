"""A message: one notice on its way to one person outside, with every try; no network and no store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from notify.messages.ladder import next_wait
from notify.notices.notice import Notice

DIGEST = "digest"
"""The lane of what waits for somebody's digest, and the template of that."""

DISTRICT_DIGITS = 6

ANSWER_LENGTH = 200
"""How much of a provider's answer the log shows, in characters."""


class State(StrEnum):
    """Where a message stands: `failed` is for good, and somebody calls by hand."""

    DUE = "due"
    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"


class Outcome(StrEnum):
    """What a try came to: `refused` is for good, at this address."""

    SENT = "sent"
    FAILED = "failed"
    REFUSED = "refused"


@dataclass(frozen=True)
class Attempt:
    """One try through one channel; `answer` is what the provider calls the message, or a code of what is wrong."""

    at: datetime
    kind: str
    channel: str
    outcome: Outcome
    answer: str


@dataclass(frozen=True)
class Message:
    """One notice on its way to one person; `tries` are the rounds of the ladder that have failed.

    `place` is the grid that it is about, or else the person's district; `sensitive` what is about a case of which no
    more than an outline is shown to onlookers. `via` is the kind of the channel that was tried last, `resent_by` are
    the commands by which it was sent once more.
    """

    id: str
    notice_id: str
    person_id: str
    template: str
    case_id: str | None
    place: str | None
    district: str | None
    sensitive: bool
    complained_unit_id: str | None
    made_at: datetime
    lane: str
    mandatory: bool
    urgent: bool
    state: State
    due_at: datetime
    tries: int = 0
    why: str | None = None
    sent_at: datetime | None = None
    via: str | None = None
    resent_at: datetime | None = None
    resent_by: tuple[str, ...] = ()
    attempts: tuple[Attempt, ...] = ()

    @property
    def shut(self) -> frozenset[str]:
        """The channels that refused the address for good, since the message was last sent once more."""
        refused = (each for each in self.attempts if each.outcome is Outcome.REFUSED)
        return frozenset(each.channel for each in refused if self.resent_at is None or each.at > self.resent_at)


@dataclass(frozen=True)
class Ruling:
    """What becomes of a message: its state, when it is due again, why it is skipped or put off, and in which lane."""

    state: State
    due_at: datetime | None = None
    why: str | None = None
    lane: str | None = None


def district(place: str) -> str:
    """The district of a grid code, or of a beginning of one."""
    return place[:DISTRICT_DIGITS]


def message_id(notice_id: str, person_id: str) -> str:
    """The id of the message of one notice to one person."""
    return f"{notice_id}>{person_id}"


def message(notice: Notice, person_id: str, home: str | None, now: datetime) -> Message:
    """The message of the notice to the person, whose district is `home`; due at once."""
    place = notice.grid_code or home
    return Message(
        id=message_id(notice.id, person_id),
        notice_id=notice.id,
        person_id=person_id,
        template=notice.template,
        case_id=notice.case_id,
        place=place,
        district=district(place) if place else None,
        sensitive=_sensitive(notice),
        complained_unit_id=notice.facts.get("complained_unit_id"),
        made_at=now,
        lane=notice.lane,
        mandatory=notice.mandatory,
        urgent=notice.urgent,
        state=State.DUE,
        due_at=now,
    )


def _sensitive(notice: Notice) -> bool:
    """A case of a sensitive category, or one of which nobody knows yet whether it is (docs/domain.md §5)."""
    return notice.case_id is not None and (notice.facts.get("restricted", True) or "category" not in notice.facts)


def ruling(tries: int, ways: int, attempts: Sequence[Attempt], now: datetime) -> Ruling:
    """What the attempts of one round mean, after `tries` failed rounds before it and with so many `ways` to go.

    Refused on every way is final; else the ladder says when all of them are tried again.
    """
    if any(each.outcome is Outcome.SENT for each in attempts):
        return Ruling(State.SENT)
    if sum(each.outcome is Outcome.REFUSED for each in attempts) == ways:
        return Ruling(State.FAILED, why="refused")
    pause = next_wait(tries + 1)
    return Ruling(State.FAILED, why="used_up") if pause is None else Ruling(State.DUE, now + pause, "unavailable")
