"""A partner's subscription: which events it gets, and its states; knows no network and no store."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from chassis.errors import Refusal
from notify.events.subject import Subject
from notify.webhooks.attempt import Try

EVERYTHING = "case.*"


class Way(StrEnum):
    """How a partner gets its events: posted to it, fetched by it, or put into a queue of its own."""

    WEBHOOK = "webhook"
    FEED = "feed"
    AMQP = "amqp"


DELIVERED = (Way.WEBHOOK, Way.AMQP)
"""The ways in which an event is brought to the partner, and has a row of what became of it."""


class State(StrEnum):
    """Where a subscription stands."""

    PENDING = "pending"
    ACTIVE = "active"
    VERIFYING = "verifying"
    PAUSED = "paused"
    DISABLED = "disabled"
    REMOVED = "removed"


MOVES: Mapping[tuple[State, str], State] = {
    (State.PENDING, "activate"): State.ACTIVE,
    (State.PENDING, "disable"): State.DISABLED,
    (State.PENDING, "remove"): State.REMOVED,
    (State.ACTIVE, "pause"): State.PAUSED,
    (State.ACTIVE, "redirect"): State.VERIFYING,
    (State.PAUSED, "redirect"): State.VERIFYING,
    (State.PENDING, "redirect"): State.PENDING,
    (State.VERIFYING, "redirect"): State.VERIFYING,
    (State.DISABLED, "redirect"): State.PENDING,
    (State.VERIFYING, "activate"): State.ACTIVE,
    (State.VERIFYING, "disable"): State.DISABLED,
    (State.VERIFYING, "remove"): State.REMOVED,
    (State.ACTIVE, "disable"): State.DISABLED,
    (State.ACTIVE, "remove"): State.REMOVED,
    (State.PAUSED, "resume"): State.ACTIVE,
    (State.PAUSED, "remove"): State.REMOVED,
    (State.PENDING, "bar"): State.DISABLED,
    (State.VERIFYING, "bar"): State.DISABLED,
    (State.ACTIVE, "bar"): State.DISABLED,
    (State.PAUSED, "bar"): State.DISABLED,
    (State.DISABLED, "resume"): State.PENDING,
    (State.DISABLED, "remove"): State.REMOVED,
}
"""Every legal move; one that had been disabled, or has another address, has to answer a test event again."""

LISTENING = (State.ACTIVE, State.PAUSED, State.VERIFYING)
"""Events are kept for these: a paused one gets them when it is resumed, one with a new address once it is verified."""

TESTED = (State.PENDING, State.VERIFYING)
"""These wait until their address has taken a test event."""


TRIED = (State.ACTIVE, State.PAUSED)
"""These may be tried out with a test event, which changes nothing for them."""


NO_HOLDER = "no_holder"
"""Why a subscription was disabled for which nobody has the role and the area any more."""


@dataclass(frozen=True)
class Interest:
    """What a subscription asked for and what those who hold it may see; `scopes` as in `Subscription`."""

    types: tuple[str, ...]
    grid_prefix: str
    unit: str | None
    categories: tuple[str, ...] = ()
    participant: str | None = None
    scopes: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Subscription:
    """A partner's wish to be told, and how it stands; `secrets` are sealed, `last` was its test or its end.

    `heard_after` is the last position in the log of events when it became active: what stands there or before may come
    again, but is not for it. Without `categories` (prefixes of their codes) all are wanted, without `participant` (a
    unit) also cases in which that unit takes no part. A feed has no `url` and no secret.

    The first of the `secrets` is the one of today, which the command that made `secret_version` was shown; where there
    is a second, it signs too until `retiring_at`, in real time. `test_asked_at` is there while its owner waits for a
    test event, which changes nothing where none is needed.

    `scopes` are those of the roles in which it is held today, by whoever speaks for its unit or by the owner: outside
    them it gets nothing, whatever was asked for. None where nobody has looked yet. While a queue is `unfit` something
    lies in it that may not be for it any more, and nothing is added.
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
    way: Way = Way.WEBHOOK
    categories: tuple[str, ...] = ()
    participant: str | None = None
    retiring_at: datetime | None = None
    secret_version: int = 1
    test_asked_at: datetime | None = None
    scopes: tuple[str, ...] | None = None
    unfit: bool = False

    @cached_property
    def interest(self) -> Interest:
        """What it asked for and may see."""
        return Interest(self.types, self.grid_prefix, self.unit, self.categories, self.participant, self.scopes)

    @property
    def takes_events(self) -> bool:
        """Whether events are brought to it now."""
        return self.state is State.ACTIVE and not self.unfit

    def from_the_beginning(self) -> "Subscription":
        """The same for events that its owner wants to have although they were before it."""
        return replace(self, heard_after=0)

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
    return _asked_for(interest, subject) and _in_reach(interest, subject.grid_code or "")


def in_force(subscription: Subscription, now: datetime) -> tuple[str, ...]:
    """The secrets that sign what is posted `now`, sealed, the newest first."""
    retired = subscription.retiring_at is None or subscription.retiring_at <= now
    return subscription.secrets[:1] if retired else subscription.secrets


def _asked_for(interest: Interest, subject: Subject) -> bool:
    return (
        (EVERYTHING in interest.types or subject.type in interest.types)
        and (not interest.categories or (subject.category or "").startswith(interest.categories))
        and (interest.participant is None or interest.participant in subject.parties)
    )


def _in_reach(interest: Interest, grid_code: str) -> bool:
    return grid_code.startswith(interest.grid_prefix) and (
        interest.scopes is None or grid_code.startswith(interest.scopes)
    )


def _open_to_unit(unit: str, subject: Subject) -> bool:
    return subject.registered and subject.complained_unit_id != unit
