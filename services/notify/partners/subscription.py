"""A partner's subscription: which events it gets, and its states; knows no network and no store."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.errors import Refusal
from notify.events.subject import Subject
from notify.webhooks.attempt import Try

EVERYTHING = "case.*"


class State(StrEnum):
    """Where a subscription stands."""

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"
    REMOVED = "removed"


MOVES: Mapping[tuple[State, str], State] = {
    (State.PENDING, "activate"): State.ACTIVE,
    (State.PENDING, "disable"): State.DISABLED,
    (State.PENDING, "remove"): State.REMOVED,
    (State.ACTIVE, "pause"): State.PAUSED,
    (State.ACTIVE, "disable"): State.DISABLED,
    (State.ACTIVE, "remove"): State.REMOVED,
    (State.PAUSED, "resume"): State.ACTIVE,
    (State.PAUSED, "remove"): State.REMOVED,
    (State.DISABLED, "resume"): State.PENDING,
    (State.DISABLED, "remove"): State.REMOVED,
}
"""Every legal move; a resumed one that had been disabled has to answer a test event again."""

LISTENING = (State.ACTIVE, State.PAUSED)
"""Events are kept for these; a paused one gets them when it is resumed."""


@dataclass(frozen=True)
class Interest:
    """What a subscription asked for and what its owner may see."""

    types: tuple[str, ...]
    grid_prefix: str
    unit: str | None


@dataclass(frozen=True)
class Subscription:
    """A partner's wish to be told, and how it stands; `secrets` are sealed, `last` was its test or its end.

    `heard_after` is the last position in the log of events when it became active: what stands there or before may come
    again, but is not for it.
    """

    id: str
    version: int
    owner_id: str
    owner_role: str
    unit: str | None
    url: str
    types: tuple[str, ...]
    grid_prefix: str
    state: State
    secrets: tuple[str, ...]
    created_at: datetime
    failing_since: datetime | None = None
    disabled_reason: str | None = None
    test_tries: int = 0
    heard_after: int = 0
    last: Try | None = None

    @property
    def interest(self) -> Interest:
        """What it asked for and may see."""
        return Interest(self.types, self.grid_prefix, self.unit)

    @property
    def recipient(self) -> str:
        """Who reads notices about it: the unit's contacts, or the owner."""
        return self.unit or self.owner_id


def next_state(state: State, act: str) -> State:
    """The state after `act`; raises `Refusal("subscription_state")` when the table has no such row."""
    try:
        return MOVES[state, act]
    except KeyError:
        raise Refusal("subscription_state", act=act, status=state.value) from None


def wants(interest: Interest, subject: Subject) -> bool:
    """Whether the event is one that was asked for and that its owner may see.

    A restricted category never leaves, and a unit gets no complaint about itself (docs/domain.md §5). Whether a case
    is either is settled when it is registered: until then a unit gets nothing of it.
    """
    if subject.restricted or (interest.unit is not None and not _open_to_unit(interest.unit, subject)):
        return False
    asked = EVERYTHING in interest.types or subject.type in interest.types
    return asked and (subject.grid_code or "").startswith(interest.grid_prefix)


def _open_to_unit(unit: str, subject: Subject) -> bool:
    return subject.registered and subject.complained_unit_id != unit
