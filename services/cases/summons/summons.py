"""A summons: which units are called to the spot for a case, by when, and what became of each (docs/domain.md §2.2)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chassis.errors import Refusal


class Kind(StrEnum):
    """Why units are called (Beijing's three whistles, docs/domain.md §2.2)."""

    JOINT_ENFORCEMENT = "joint_enforcement"
    EMERGENCY = "emergency"
    KEY_WORK = "key_work"


class Stage(StrEnum):
    """Where a summons stands; one that was only asked for calls nobody yet."""

    ASKED = "asked"
    CALLED = "called"
    DECLINED = "declined"
    ENDED = "ended"


class Turnout(StrEnum):
    """How far a unit has come."""

    NOTIFIED = "notified"
    ACKNOWLEDGED = "acknowledged"
    ARRIVED = "arrived"
    ABSENT = "absent"


class Bell(StrEnum):
    """What the clock rings for: half of the time without an acknowledgement, and the time itself."""

    HALF = "acknowledge.half"
    DUE = "arrive.due"


REASONS = ("no_capacity", "not_responsible", "elsewhere", "no_answer", "other")
"""Why a unit was not there."""


@dataclass(frozen=True)
class Summoned:
    """One unit that is called; `settled_at` is when it arrived or was found absent."""

    unit_id: str
    turnout: Turnout = Turnout.NOTIFIED
    acknowledged_at: datetime | None = None
    settled_at: datetime | None = None
    reason_code: str | None = None
    reason: str | None = None
    score: int | None = None

    @property
    def settled(self) -> bool:
        """Whether it is known that it came, or that it did not."""
        return self.turnout in {Turnout.ARRIVED, Turnout.ABSENT}


@dataclass(frozen=True)
class Summons:
    """One summons for a case; times are aware and in UTC. The initiator asked for it or, unasked, called."""

    id: str
    case_id: str
    grid_code: str
    kind: Kind
    stage: Stage
    units: tuple[Summoned, ...]
    due_on_site: datetime
    initiator_id: str
    opened_at: datetime
    lead_unit_id: str | None = None
    text: str | None = None
    called_at: datetime | None = None
    rung: tuple[str, ...] = ()
    mechanism_id: str | None = None

    @property
    def unit_ids(self) -> tuple[str, ...]:
        """Every unit that is called."""
        return tuple(each.unit_id for each in self.units)

    @property
    def lead(self) -> str | None:
        """The unit that leads; None where the office does: no unit was named, or the one that was is absent."""
        leading = next((each for each in self.units if each.unit_id == self.lead_unit_id), None)
        return None if leading is None or leading.turnout is Turnout.ABSENT else leading.unit_id

    @property
    def is_over(self) -> bool:
        """Whether every unit has come or is absent, and has its score."""
        return all(each.settled and each.score is not None for each in self.units)

    def unit(self, unit_id: str | None) -> Summoned:
        """The unit as it is called; refuses `not_summoned`."""
        for each in self.units:
            if each.unit_id == unit_id:
                return each
        raise Refusal("not_summoned")

    def having(self, unit: Summoned) -> "Summons":
        """The summons with this of one of its units."""
        return replace(self, units=tuple(unit if each.unit_id == unit.unit_id else each for each in self.units))


def waiting(summons: Summons, bell: Bell) -> tuple[str, ...]:
    """The units for which the bell rings."""
    return tuple(
        each.unit_id
        for each in summons.units
        if (each.turnout is Turnout.NOTIFIED if bell is Bell.HALF else not each.settled)
    )


def next_bell(summons: Summons) -> datetime | None:
    """When the clock has to see to the summons next."""
    return min((at for at, _ in _bells(summons)), default=None)


def ringing(summons: Summons, now: datetime) -> Bell | None:
    """What rings now; when both were missed the later one, which makes the earlier needless."""
    due = [(at, bell) for at, bell in _bells(summons) if at <= now]
    return max(due)[1] if due else None


def rung(summons: Summons, now: datetime) -> Summons:
    """The summons once everything has rung that was due."""
    over = tuple(bell.value for at, bell in _bells(summons) if at <= now)
    return replace(summons, rung=(*summons.rung, *over))


def _bells(summons: Summons) -> Iterator[tuple[datetime, Bell]]:
    if summons.stage is not Stage.CALLED or summons.called_at is None:
        return
    half = summons.called_at + (summons.due_on_site - summons.called_at) / 2
    for at, bell in ((half.replace(microsecond=0), Bell.HALF), (summons.due_on_site, Bell.DUE)):
        if bell.value not in summons.rung and waiting(summons, bell):
            yield at, bell
