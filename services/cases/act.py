"""The vocabulary of acting on a case: what is attempted with what, and what comes of it; it knows no single act."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from cases.assignment import Assignee, Known
from cases.case import Case
from cases.category import Category
from cases.place import Asset, Place
from cases.repeat import Earlier
from chassis.caller import Caller
from chassis.errors import Refusal


class Act(StrEnum):
    """Everything that can be done to a case (docs/domain.md §2.2)."""

    REPORT = "report"
    ASK_VERIFY = "ask_verify"
    VERIFY = "verify"
    REGISTER = "register"
    REJECT = "reject"
    MERGE = "merge"
    JOIN = "join"
    ANSWER_DIRECTLY = "answer_directly"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    RETURN = "return"
    REASSIGN = "reassign"
    TIME_OUT = "time_out"
    RELIEVE = "relieve"
    PASS_ON = "pass_on"  # noqa: S105 - no password: a case that is passed on
    CORRECT = "correct"
    NOTE = "note"
    ASK = "ask"
    ANSWER = "answer"
    ARRIVE = "arrive"
    START = "start"
    LEAVE = "leave"
    SUSPEND = "suspend"
    RESUME = "resume"
    EXTEND = "extend"
    ASK_EXTEND = "ask_extend"
    ASK_SUSPEND = "ask_suspend"
    MEDIATE = "mediate"
    MEET = "meet"
    SETTLE = "settle"
    FEEDBACK = "feedback"
    INSPECT_PASS = "inspect_pass"  # noqa: S105 - no password: an inspection that is passed
    REWORK = "rework"
    RATE = "rate"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    REMIND = "remind"
    LAPSE = "lapse"
    PROPOSE_EXCLUSION = "propose_exclusion"
    APPROVE_EXCLUSION = "approve_exclusion"
    REFUSE_EXCLUSION = "refuse_exclusion"


CLOCK_ACTS = frozenset({Act.TIME_OUT, Act.RELIEVE, Act.PASS_ON, Act.REMIND, Act.LAPSE})
"""Acts that only the clock does."""

EXCLUDING = frozenset({Act.PROPOSE_EXCLUSION, Act.APPROVE_EXCLUSION, Act.REFUSE_EXCLUSION})
"""Acts on how a case is counted, not on what becomes of it: nothing for the eyes of its reporter."""

UNASKED = frozenset({Act.REPORT, Act.JOIN})
"""Acts that nobody asks for on a case: one opens it, the other comes with a merge into it."""


@dataclass(frozen=True)
class ServiceDay:
    """A service day that the caller organises: the id of its activity, and the compounds that it serves."""

    id: str
    begun: bool
    compound_ids: frozenset[str]


@dataclass(frozen=True)
class Facts:
    """What has to be known besides the case.

    Assignees by id, both sides of a merge, a named place, cases like it, the service day that has dealt with it.
    """

    known: Mapping[str, Known] = field(default_factory=dict)
    target: Case | None = None
    joining: Case | None = None
    place: Place | None = None
    earlier: tuple[Earlier, ...] = ()
    asset: Asset | None = None
    service_day: ServiceDay | None = None


@dataclass(frozen=True)
class Command:
    """What somebody wants done: the validated fields, and the id of the event that will come of it."""

    event_id: str
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Attempt:
    """One act on one case by one caller, in the role in which it is permitted, at one instant."""

    act: Act
    case: Case
    command: Command
    caller: Caller
    role: str
    facts: Facts
    now: datetime

    @property
    def fields(self) -> Mapping[str, Any]:
        """What the caller said."""
        return self.command.fields

    @property
    def category(self) -> Category:
        """The case's category; refuses `category_missing` where it has none yet."""
        if self.case.kind is None:
            raise Refusal("category_missing")
        return self.case.kind

    @property
    def mine(self) -> Assignee:
        """The caller as an assignee; refuses `not_assigned`."""
        found = self.case.given_to(self.caller)
        if found is None:
            raise Refusal("not_assigned")
        return found


@dataclass(frozen=True)
class Change:
    """What an act makes of the case, and what its event says besides the usual; `type` if not the row's own."""

    case: Case
    data: Mapping[str, Any] = field(default_factory=dict)
    type: str | None = None


@dataclass(frozen=True)
class Happening:
    """An event of a case: JSON-safe data, the routing key's end, and who did it in which role."""

    id: str
    type: str
    at: datetime
    data: Mapping[str, Any]
    key: str
    by: Mapping[str, str | None]


Guard = Callable[[Attempt], None]
"""Refuses the attempt or lets it pass."""

Effect = Callable[[Attempt], Change]
"""What the attempt does once every guard has let it pass."""
