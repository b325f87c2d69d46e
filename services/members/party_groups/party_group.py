"""The party group of a grid: its leader and members, each in a capacity and for a time, and its meetings (§4)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from chassis.errors import Refusal
from chassis.fault import Fault, check

FORMED, SEATED, UNSEATED, MET = (
    "party_group.formed",
    "party_group.seated",
    "party_group.unseated",
    "party_group.met",
)

LEADER = "leader"

CAPACITIES: Mapping[str, tuple[str, str]] = {
    LEADER: ("组长", "leader"),
    "police": ("民警", "police officer"),
    "medic": ("医护", "medic"),
    "in_service_member": ("在职党员", "in-service member"),
    "volunteer": ("志愿者", "volunteer"),
    "veteran": ("退役军人", "veteran"),
    "cadre": ("社区干部", "cadre"),
    "property": ("物业人员", "property manager"),
}
"""In which capacity somebody sits in a party group, in both languages."""

MOST_ATTENDING = 200


@dataclass(frozen=True)
class Seat:
    """A person in a capacity, from a local day, included, until another, excluded."""

    id: str
    person_id: str
    capacity: str
    since: date
    until: date | None = None

    def held_on(self, day: date) -> bool:
        """Whether the person sits there on the day."""
        return self.since <= day and (self.until is None or day < self.until)

    def meets(self, other: "Seat") -> bool:
        """Whether there is a day of both."""
        begins_before = other.until is None or self.since < other.until
        return begins_before and (self.until is None or other.since < self.until)


@dataclass(frozen=True)
class Meeting:
    """A meeting on a local day, and who of the group was there."""

    id: str
    held_on: date
    attended: tuple[str, ...]


@dataclass(frozen=True)
class PartyGroup:
    """The group of one grid, which has its code; it exists from `since`, included, until `until`, excluded."""

    grid_code: str
    since: date
    until: date | None = None
    seats: tuple[Seat, ...] = ()
    meetings: tuple[Meeting, ...] = ()

    def exists_on(self, day: date) -> bool:
        """Whether there is such a group on the day."""
        return self.since <= day and (self.until is None or day < self.until)

    def sitting(self, day: date) -> list[Seat]:
        """The seats that are taken on the day."""
        return [seat for seat in self.seats if seat.held_on(day)]

    def leader(self, day: date) -> str | None:
        """Who leads the group on the day."""
        return next((seat.person_id for seat in self.sitting(day) if seat.capacity == LEADER), None)

    def met_by(self, day: date) -> date | None:
        """The day of the last meeting up to that day."""
        return max((each.held_on for each in self.meetings if each.held_on <= day), default=None)


def seated(group: PartyGroup, seat: Seat, known: Collection[str], left: Collection[str]) -> PartyGroup:
    """The group with one more seat; `known` are people of the district, `left` those of them who have left.

    Raises the faults as `fault.check` does.
    """
    check(_seat_faults(group, seat, known, left))
    return replace(group, seats=(*group.seats, seat))


def _seat_faults(group: PartyGroup, seat: Seat, known: Collection[str], left: Collection[str]) -> Iterator[Fault]:
    if seat.person_id not in known:
        yield Fault("/person_id", "unknown_person", {"person_id": seat.person_id})
    elif seat.person_id in left:
        yield Fault("/person_id", "person_left", {"person_id": seat.person_id})
    if seat.until is not None and seat.until <= seat.since:
        yield Fault("/until", "seat_ends_too_early")
    if seat.since < group.since or group.until is not None:
        yield Fault("/since", "no_party_group_then")
    together = [each for each in group.seats if each.meets(seat) and each.capacity == seat.capacity]
    if any(each.person_id == seat.person_id for each in together):
        yield Fault("/capacity", "seat_taken")
    elif seat.capacity == LEADER and together:
        yield Fault("/capacity", "leader_seated")


def unseated(group: PartyGroup, seat_id: str, on: date) -> PartyGroup:
    """The group when a seat is not taken on that day any more.

    Refuses `seat_not_found`, `seat_ends_too_early` and `seat_has_ended`.
    """
    seat = next((each for each in group.seats if each.id == seat_id), None)
    if seat is None:
        raise Refusal("seat_not_found")
    if on < seat.since:
        raise Refusal("seat_ends_too_early")
    if seat.until is not None and seat.until <= on:
        raise Refusal("seat_has_ended")
    return replace(group, seats=tuple(replace(each, until=on) if each.id == seat_id else each for each in group.seats))


def without(group: PartyGroup, person_id: str, on: date) -> PartyGroup:
    """The group without somebody from that day on; what is to come for them never does."""
    return replace(group, seats=tuple(_cut(each, on) if each.person_id == person_id else each for each in group.seats))


def merged(group: PartyGroup, gone: str, into: str) -> PartyGroup:
    """The group when `gone` turned out to be `into`: in a capacity they sit once, for as long as either did."""
    seats: list[Seat] = []
    for seat in (replace(each, person_id=into) if each.person_id == gone else each for each in group.seats):
        met = [each for each in seats if (each.person_id, each.capacity) == (into, seat.capacity) and each.meets(seat)]
        same = met if seat.person_id == into else []
        seats = [each for each in seats if each not in same] + [_whole([*same, seat])]
    return replace(group, seats=tuple(seats), meetings=tuple(_attended(each, gone, into) for each in group.meetings))


def _whole(seats: list[Seat]) -> Seat:
    ends = [each.until for each in seats]
    until = None if None in ends else max(each for each in ends if each)
    return replace(seats[0], since=min(each.since for each in seats), until=until)


def _attended(meeting: Meeting, gone: str, into: str) -> Meeting:
    there = dict.fromkeys(into if id == gone else id for id in meeting.attended)
    return replace(meeting, attended=tuple(there))


def dissolved(group: PartyGroup, on: date) -> PartyGroup:
    """The group when its grid is closed on that day: nobody sits in it any more."""
    seats = tuple(_cut(each, on) for each in group.seats)
    until = max(on, group.since)
    return replace(group, until=until if group.until is None else min(until, group.until), seats=seats)


def _cut(seat: Seat, on: date) -> Seat:
    if seat.until is not None and seat.until <= on:
        return seat
    return replace(seat, until=max(on, seat.since))


def met(group: PartyGroup, meeting: Meeting, today: date) -> PartyGroup:
    """The group with one more meeting; raises the faults as `fault.check` does."""
    check(_meeting_faults(group, meeting, today))
    return replace(group, meetings=tuple(sorted((*group.meetings, meeting), key=lambda each: each.held_on)))


def _meeting_faults(group: PartyGroup, meeting: Meeting, today: date) -> Iterator[Fault]:
    if meeting.held_on > today:
        yield Fault("/held_on", "meeting_to_come")
    if not group.exists_on(meeting.held_on):
        yield Fault("/held_on", "no_party_group_then")
    if any(each.held_on == meeting.held_on for each in group.meetings):
        yield Fault("/held_on", "meeting_recorded")
    members = {seat.person_id for seat in group.sitting(meeting.held_on)}
    for n, person_id in enumerate(meeting.attended):
        if person_id not in members:
            yield Fault(f"/attended/{n}", "not_of_the_group", {"person_id": person_id})


def shown(group: PartyGroup, day: date, names: Mapping[str, str], *, members: bool) -> dict[str, Any]:
    """The group on a day. Who sits in it in which capacity is for the party office alone, for some capacities tell of a
    special identity (§5); all others see the leader's masked name and how many sit in each capacity.
    """
    sitting = group.sitting(day)
    leader = group.leader(day)
    return {
        "grid_code": group.grid_code,
        "since": group.since.isoformat(),
        "until": group.until.isoformat() if group.until else None,
        "leader_masked": names.get(leader) if leader else None,
        "capacities": {each: sum(seat.capacity == each for seat in sitting) for each in CAPACITIES},
        "seats": [_seat(seat, names) for seat in sitting] if members else [],
        "meetings": [_meeting(each, names, members=members) for each in _latest(group.meetings, day)],
    }


MOST_MEETINGS = 12
"""A year of monthly meetings."""


def _latest(meetings: Iterable[Meeting], day: date) -> list[Meeting]:
    return [each for each in reversed(list(meetings)) if each.held_on <= day][:MOST_MEETINGS]


def _seat(seat: Seat, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "seat_id": seat.id,
        "person_id": seat.person_id,
        "name_masked": names.get(seat.person_id),
        "capacity": seat.capacity,
        "since": seat.since.isoformat(),
        "until": seat.until.isoformat() if seat.until else None,
    }


def _meeting(meeting: Meeting, names: Mapping[str, str], *, members: bool) -> dict[str, Any]:
    attended = [{"person_id": id, "name_masked": names.get(id)} for id in meeting.attended] if members else []
    return {
        "meeting_id": meeting.id,
        "held_on": meeting.held_on.isoformat(),
        "attendance": len(meeting.attended),
        "attended": attended,
    }
