"""The legal record of one service of one person (docs/domain.md §3.3): what it says, and what becomes of it.

It is kept at least ten years, with its history. What it counts stands in the ledger (`ledger.py`) once it is approved.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from chassis import instant
from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.fault import Fault, check
from members.area import COMMUNITY_DIGITS, tenant_of
from members.hours.credit import Interval, Served, credited, days_of, merged, total
from members.people.person import LOCAL, Person
from members.people.tenure import standing

DRAWN_UP, APPROVED, REFUSED = "service_record.drawn_up", "service_record.approved", "service_record.refused"
CORRECTION_ASKED, CORRECTED, KEPT = (
    "service_record.correction_asked",
    "service_record.corrected",
    "service_record.kept",
)
DECIDED = (APPROVED, REFUSED, CORRECTED, KEPT)
"""What others hear of; the rest are entries of histories."""

STAFF = frozenset(
    {
        "community_worker",
        "grid_worker",
        "union_leader",
        "union_cadre",
        "dispatcher",
        "inspector",
        "party_office",
        "district_admin",
    }
)
"""Roles whose work in their own area is their duty: it makes no volunteer hours (docs/domain.md §8.4)."""


class Kind(StrEnum):
    """What the service was part of."""

    ACTIVITY = "activity"
    CASE = "case"
    PATROL = "patrol"


class State(StrEnum):
    """Where a record stands; LAPSED is never kept: it is what an unverified one is after its time (`Record.at`)."""

    UNVERIFIED = "unverified"
    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"
    REOPENED = "reopened"
    LAPSED = "lapsed"


@dataclass(frozen=True)
class Record:
    """One service: activity or case, date, place, object, content, time, person in charge and recorder.

    `stints` are the times of the service as they are told; the end of the last one is only presumed while the record is
    UNVERIFIED, and nothing counts unless the organiser says by `confirm_until` when it was. `planned` and `breaks` are
    minutes, None where nobody planned. `in_charge` is the organiser, None for a case. `asked` is what its person wants
    corrected. No correction puts it before `earliest` or after `latest`: then it would be another service.
    """

    id: str
    kind: Kind
    source_id: str
    person_id: str
    grid_code: str
    name: str
    place: str
    object: tuple[str, ...]
    content: str
    stints: tuple[Interval, ...]
    recorder: str
    recorded_at: datetime
    earliest: datetime
    latest: datetime
    in_charge: str | None = None
    planned: int | None = None
    breaks: int = 0
    state: State = State.PENDING
    confirm_until: datetime | None = None
    asked: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None

    @property
    def tenant(self) -> str:
        """The district."""
        return tenant_of(self.grid_code)

    @property
    def community(self) -> str:
        """The community in which it was."""
        return self.grid_code[:COMMUNITY_DIGITS]

    @property
    def day(self) -> date:
        """The local day on which it began, or was drawn up if nothing of it is left."""
        return min((begins for begins, _ in self.stints), default=self.recorded_at).astimezone(LOCAL).date()

    @property
    def days(self) -> frozenset[date]:
        """The local days that it touches."""
        return days_of(self.stints)

    @property
    def counts(self) -> bool:
        """Whether it is in the ledger: also while its correction is asked for."""
        return self.state in {State.APPROVED, State.REOPENED}

    @property
    def served(self) -> Served:
        """What counts of it is worked out from this."""
        planned = None if self.planned is None else timedelta(minutes=self.planned)
        return Served(self.id, self.stints, planned, timedelta(minutes=self.breaks))

    @property
    def minutes_alone(self) -> int:
        """What it counts where its person does nothing else on its days: what is decided about before it counts."""
        return total(credited([self.served]))

    def at(self, now: datetime) -> State:
        """Where it stands at that moment."""
        late = self.confirm_until is not None and now > self.confirm_until
        return State.LAPSED if self.state is State.UNVERIFIED and late else self.state


def volunteers(person: Person, grid_code: str, at: datetime) -> bool:
    """Whether the person served there as a volunteer at that moment: not in a role that is their work there.

    Of somebody who had no role yet, as far as is known, those of today tell.
    """
    grants = standing(person.tenures, at) or person.grants
    return not any(
        each.role in STAFF and (grid_code.startswith(each.scope) or each.scope.startswith(grid_code[:COMMUNITY_DIGITS]))
        for each in grants
    )


def redrawn(before: Record, now: Record) -> Record | None:
    """The record as it is told by now, or None where that changes nothing: what is decided stays as it was decided."""
    if before.state not in {State.UNVERIFIED, State.PENDING}:
        return None
    same = (before.stints, before.state, before.confirm_until) == (now.stints, now.state, now.confirm_until)
    return None if same else replace(now, recorder=before.recorder, recorded_at=before.recorded_at)


def approved(found: Record, by: Caller, now: datetime) -> Record:
    """The record when it counts.

    Refuses `hours_unverified` while nobody has said when the person went, `hours_lapsed` once it is too late,
    `correction_waits` where its person has asked for another time, and `record_decided`.
    """
    if found.asked is not None:
        raise Refusal("correction_waits")
    match found.at(now):
        case State.UNVERIFIED:
            raise Refusal("hours_unverified")
        case State.LAPSED:
            raise Refusal("hours_lapsed")
        case State.PENDING:
            return _decided(found, State.APPROVED, by, now, None)
    raise Refusal("record_decided", state=found.state.value)


def refused(found: Record, by: Caller, now: datetime, reason: str) -> Record:
    """The record when it does not count; refuses `record_decided`."""
    if found.state not in {State.UNVERIFIED, State.PENDING}:
        raise Refusal("record_decided", state=found.state.value)
    return _decided(found, State.REFUSED, by, now, reason)


def asked(found: Record, text: str) -> Record:
    """The record when its person wants it corrected; one that counts is open again until that is decided.

    Refuses `correction_asked_already`.
    """
    if found.asked is not None:
        raise Refusal("correction_asked_already")
    return replace(found, asked=text, state=State.REOPENED if found.state is State.APPROVED else found.state)


def stint_faults(n: int, stint: Interval, found: Record, now: datetime) -> Iterator[Fault]:
    """What is wrong with a stint that a correction of the record names as the n-th."""
    begins, ends = stint
    if begins < found.earliest or found.latest < ends <= now:
        bounds = {"earliest": instant.written(found.earliest), "latest": instant.written(found.latest)}
        yield Fault(f"/stints/{n}", "stint_outside_service", bounds)
    if ends <= begins:
        yield Fault(f"/stints/{n}/ends", "stint_ends_too_early")
    if ends > now:
        yield Fault(f"/stints/{n}/ends", "stint_in_the_future")


def corrected(found: Record, stints: Iterable[Interval], by: Caller, now: datetime, reason: str) -> Record:
    """The record with the times as they were; it counts from now on.

    Refuses together what `stint_faults` finds, `record_pending` for one that nobody has decided on, and
    `times_unchanged`.
    """
    told = list(stints)
    check(fault for n, each in enumerate(told) for fault in stint_faults(n, each, found, now))
    times = merged(told)
    if found.at(now) in {State.UNVERIFIED, State.PENDING} and found.asked is None:
        raise Refusal("record_pending")
    if found.counts and times == merged(found.stints):
        raise Refusal("times_unchanged")
    return _decided(replace(found, stints=times, confirm_until=None), State.APPROVED, by, now, reason)


def kept(found: Record, by: Caller, now: datetime, reason: str) -> Record:
    """The record as it was, since what was asked for is not right; refuses `no_correction_asked`."""
    if found.asked is None:
        raise Refusal("no_correction_asked")
    if found.state is State.REOPENED:
        return _decided(found, State.APPROVED, by, now, reason)
    return replace(found, asked=None, reason=reason)


def _decided(found: Record, state: State, by: Caller, now: datetime, reason: str | None) -> Record:
    return replace(found, state=state, asked=None, decided_by=by.id, decided_at=now, reason=reason)


def told(found: Record) -> dict[str, Any]:
    """What its events tell: ids, codes, the state, and what the activity or case is called; no words of anybody."""
    return {
        "kind": found.kind.value,
        "source_id": found.source_id,
        "person_id": found.person_id,
        "grid_code": found.grid_code,
        "title": found.name,
        "day": found.day.isoformat(),
        "state": found.state.value,
    }


def shown(found: Record, minutes: int, name: str | None, now: datetime) -> dict[str, Any]:
    """The record as its person and who approves it read it; `minutes` are those that count in the ledger."""
    return {
        "record_id": found.id,
        "kind": found.kind.value,
        "source_id": found.source_id,
        "person_id": found.person_id,
        "name_masked": name,
        "grid_code": found.grid_code,
        "title": found.name,
        "day": found.day.isoformat(),
        "place": found.place,
        "object": list(found.object),
        "content": found.content,
        "stints": [{"begins": instant.written(begins), "ends": instant.written(ends)} for begins, ends in found.stints],
        "minutes": minutes,
        "minutes_alone": found.minutes_alone,
        "in_charge": found.in_charge,
        "recorder": found.recorder,
        "state": found.at(now).value,
        "confirm_until": instant.written_or_none(found.confirm_until),
        "correction_asked": found.asked,
        "decided_by": found.decided_by,
        "decided_at": instant.written_or_none(found.decided_at),
        "reason": found.reason,
    }
