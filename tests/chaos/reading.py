"""What was read of a suite after a fault: commands, state, effects, queues, letters; it judges nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

PARTNER = "partner"
"""The name under which partners count as handlers; the part of an effect is which of them."""


@dataclass
class Sent:
    """One command, and what its client was told: `acknowledged`, `refused`, or `failed` while nothing is known.

    Times are seconds of the monotonic clock; `case` is the case that was answered, or meant.
    """

    key: str
    kind: str
    case: str | None
    sent_at: float
    answered_at: float
    outcome: str
    detail: str = ""


@dataclass(frozen=True)
class Change:
    """One change of state that the database holds, and the (handler, part) of each effect that its event must have."""

    command: str
    event: str
    case: str
    version: int
    wants: frozenset[tuple[str, str]] = frozenset()
    may: frozenset[str] = frozenset()
    """The partners whose filters and scope the event is inside of."""


@dataclass(frozen=True)
class Effect:
    """What one handler did about one event; `part` tells its effects apart where it has several."""

    handler: str
    event: str
    part: str = ""


@dataclass(frozen=True)
class Letter:
    """A message that was given up, or a poison that should be."""

    queue: str
    id: str


@dataclass(frozen=True)
class Size:
    """How big a process is: resident MB, file descriptors, handlers at work, callers that wait for an answer."""

    megabytes: float
    descriptors: int
    working: int
    waiting: int


@dataclass(frozen=True)
class Recovery:
    """How long answers stayed away after a fault was over, and how long they may; seconds."""

    fault: str
    seconds: float
    limit: float


@dataclass(frozen=True)
class Reading:
    """Everything that the invariants are judged by."""

    sent: tuple[Sent, ...] = ()
    changes: tuple[Change, ...] = ()
    versions: Mapping[str, int] = field(default_factory=dict)
    effects: tuple[Effect, ...] = ()
    order: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    parked: tuple[Letter, ...] = ()
    poisons: tuple[Letter, ...] = ()
    waiting: Mapping[str, int] = field(default_factory=dict)
    unrelayed: frozenset[str] = frozenset()
    owed: frozenset[tuple[str, str]] = frozenset()
    """Events that wait for a partner, each with its name."""
    reached: tuple[Effect, ...] = ()
    """What came to partners, whether they took it or not."""
    unsigned: tuple[str, ...] = ()
    after_disabled: tuple[str, ...] = ()
    revealed: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    """What was posted to where no partner is."""
    down: tuple[str, ...] = ()
    recoveries: tuple[Recovery, ...] = ()
    first_sizes: Mapping[str, Size] = field(default_factory=dict)
    sizes: Mapping[str, Size] = field(default_factory=dict)
