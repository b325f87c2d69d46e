"""One event on its way to one partner: what a try came to, and what happens next; no network and no store."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from notify.webhooks.attempt import Try
from notify.webhooks.webhook import FAILING_LIMIT, Answer, Meaning, asked_for, meaning, wait

TEST_TRIES = 4
"""A new subscription whose test event is not taken by the fourth try (some 35 minutes) is disabled."""


class State(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    PARKED = "parked"
    CANCELLED = "cancelled"


def delivery_id(subscription_id: str, position: int) -> str:
    """The id of the row of one event for one subscription."""
    return f"{subscription_id}:{position}"


@dataclass(frozen=True)
class Delivery:
    """One event for one subscription."""

    id: str
    subscription_id: str
    position: int
    event_id: str
    type: str
    case_id: str
    state: State
    tries: int
    due_at: datetime | None
    delivered_at: datetime | None
    last: Try | None


@dataclass(frozen=True)
class Lane:
    """The events of one case that wait for one subscription, oldest first: only the head is ever sent."""

    id: str
    subscription_id: str
    case_id: str
    queue: tuple[int, ...]
    tries: int
    claim: str

    @property
    def head(self) -> str:
        """The id of the delivery that goes next."""
        return delivery_id(self.subscription_id, self.queue[0])


@dataclass(frozen=True)
class Claim:
    """Who holds lanes, and until when nobody else may; `ids` are the deliveries that it would like to carry."""

    token: str
    until: datetime
    ids: frozenset[str] = frozenset()


@dataclass(frozen=True)
class End:
    """The head of a lane was delivered or parked with its last try: nothing more is to be done for it."""

    lane: Lane
    state: State
    last: Try


@dataclass(frozen=True)
class Ruling:
    """What happens after a try: the new state, when the next try is due, why the subscription is disabled."""

    state: State
    due_at: datetime | None = None
    disable: str | None = None


def ruling(tries: int, failing_since: datetime | None, answer: Answer, now: datetime, chance: float) -> Ruling:
    """What `answer` means after `tries` tries, this one included.

    An exhausted delivery is parked and its successors go; one whose subscription is disabled stays pending.
    """
    match meaning(answer):
        case Meaning.DELIVERED:
            return Ruling(State.DELIVERED)
        case Meaning.GONE:
            return Ruling(State.PENDING, now, disable="gone")
        case Meaning.FAILED:
            return _after_failure(tries, failing_since, answer, now, chance)


def ruling_on_test(tries: int, answer: Answer, now: datetime, chance: float) -> Ruling:
    """What the answer to a test event means after `tries` tries, this one included: a few are enough."""
    if meaning(answer) is Meaning.DELIVERED:
        return Ruling(State.DELIVERED)
    if meaning(answer) is Meaning.GONE:
        return Ruling(State.PENDING, disable="gone")
    pause = wait(tries, chance, asked_for(answer, now))
    if pause is None or tries >= TEST_TRIES:
        return Ruling(State.PENDING, disable="unverified")
    return Ruling(State.PENDING, now + pause)


def _after_failure(tries: int, failing_since: datetime | None, answer: Answer, now: datetime, chance: float) -> Ruling:
    failing = failing_since is not None and now - failing_since >= FAILING_LIMIT
    disable = "failing" if failing else None
    pause = wait(tries, chance, asked_for(answer, now))
    if pause is None:
        return Ruling(State.PARKED, disable=disable)
    return Ruling(State.PENDING, now + pause, disable=disable)
