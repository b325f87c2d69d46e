"""Registrations of units and of members with a community: what one is, its moves, and its acceptance slip."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from chassis.errors import Refusal

POSTS: Mapping[str, tuple[str, str]] = {
    "organisation": ("组织建设岗", "organisation building"),
    "legal": ("法律援助岗", "legal aid"),
    "assistance": ("扶贫助残就业岗", "help with poverty, disability and jobs"),
    "governance": ("社区治理岗", "community governance"),
    "health": ("医疗卫生岗", "health"),
    "culture": ("文化体育岗", "culture and sport"),
    "safety": ("平安巡防岗", "safety and patrol"),
    "other": ("其他岗", "other"),
}
"""The eight kinds of post, with their names in Chinese and English (docs/domain.md §3.1)."""

REFUSALS = ("other_community", "incomplete", "duplicate", "other")
ENDINGS = ("moved", "left_unit", "unit_closed", "withdrawn", "other")


class Kind(StrEnum):
    """Who registers."""

    UNIT = "unit"
    MEMBER = "member"


class Status(StrEnum):
    """Where a registration stands."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    REFUSED = "refused"
    ENDED = "ended"


class Act(StrEnum):
    """What is done with one."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    RETURN = "return"
    END = "end"


MOVES: Mapping[Act, Mapping[Status, Status]] = {
    Act.ACCEPT: {Status.SUBMITTED: Status.ACCEPTED},
    Act.REFUSE: {Status.SUBMITTED: Status.REFUSED},
    Act.RETURN: {Status.ACCEPTED: Status.RETURNED},
    Act.END: {
        Status.SUBMITTED: Status.ENDED,
        Status.ACCEPTED: Status.ENDED,
        Status.RETURNED: Status.ENDED,
    },
}
"""Every legal move: the slip is issued on acceptance, and `return` says that the unit has it back (§3.1)."""

EVENTS: Mapping[Act, str] = {
    Act.ACCEPT: "registration.accepted",
    Act.REFUSE: "registration.refused",
    Act.RETURN: "registration.returned",
    Act.END: "registration.ended",
}
SUBMITTED = "registration.submitted"
EVENT_TYPES = tuple(EVENTS[act] for act in (Act.ACCEPT, Act.REFUSE, Act.END))
"""What others hear; the rest stays in the history."""

DAYS = ("signed_on", "submitted_on", "accepted_on", "ended_on")
"""The days that a registration names."""

HOLDING = (Status.ACCEPTED, Status.RETURNED)
"""What has been accepted and has not ended."""


@dataclass(frozen=True)
class Registration:
    """One registration of a unit's Party organisation, or of a member of it, with a community (12 digits).

    It holds from the local day of acceptance (included) until that of its end (excluded), so that a report as of a past
    day never changes. `signed_on` is the day on the form. `basis` says why it is this community. `replaces` is the
    registration that ends with the acceptance of this one.
    """

    id: str
    kind: Kind
    unit_id: str
    community: str
    signed_on: date
    submitted_on: date
    submitted_by: str
    person_id: str | None = None
    status: Status = Status.SUBMITTED
    basis: str = "chosen"
    posts: tuple[str, ...] = ()
    agreement: str | None = None
    resources: tuple[str, ...] = ()
    contact_id: str | None = None
    slip: str | None = None
    accepted_on: date | None = None
    ended_on: date | None = None
    replaces: str | None = None
    reason_code: str | None = None

    @property
    def tenant(self) -> str:
        """The district."""
        return self.community[:6]

    @property
    def subject(self) -> str:
        """Who is registered: the member, or the unit."""
        return self.person_id or self.unit_id

    def holds_on(self, day: date) -> bool:
        """Whether it counts on that local day."""
        return (
            self.accepted_on is not None and self.accepted_on <= day and (self.ended_on is None or day < self.ended_on)
        )


def slip_number(community: str, year: int, place: int) -> str:
    """The number on an acceptance slip, such as `BD-360704100002-2026-000123`: unique, and never given anew."""
    return f"BD-{community}-{year}-{place:06d}"


def place_of(slip: str) -> tuple[str, int]:
    """The series in which a slip is numbered, such as `360704100002-2026`, and its place there; raises ValueError."""
    _, community, year, place = slip.split("-")
    return f"{community}-{year}", int(place)


def moved(found: Registration, act: Act) -> Registration:
    """The registration after the act; refuses `registration_not_open` for a move that is not in the table."""
    target = MOVES[act].get(found.status)
    if target is None:
        raise Refusal("registration_not_open", act=act.value, status=found.status.value)
    return replace(found, status=target)


def accepted(found: Registration, slip: str, today: date) -> Registration:
    """Accepted today, with its slip."""
    return replace(moved(found, Act.ACCEPT), slip=slip, accepted_on=today)


def refused(found: Registration, reason_code: str) -> Registration:
    """Refused for a reason."""
    return replace(moved(found, Act.REFUSE), reason_code=reason_code)


def ended(found: Registration, reason_code: str, today: date) -> Registration:
    """Ended today, for a reason; one that was never accepted simply goes."""
    return replace(moved(found, Act.END), reason_code=reason_code, ended_on=today)


def of_one_person(found: Sequence[Registration]) -> tuple[Registration | None, list[Registration]]:
    """What somebody whose entries were several is registered by, and which of `found` end.

    The oldest that holds stays; of those that wait, the oldest that may still be accepted: where one holds, only a
    move away from it.
    """
    holding = sorted(
        (each for each in found if each.status in HOLDING), key=lambda each: (str(each.accepted_on), each.id)
    )
    held = next(iter(holding), None)
    waiting = sorted(
        (each for each in found if each.status is Status.SUBMITTED), key=lambda each: (each.submitted_on, each.id)
    )
    stays = next((each for each in waiting if held is None or each.replaces == held.id), None)
    return held, [each for each in (*holding, *waiting) if each not in (held, stays)]


def told(found: Registration) -> dict[str, Any]:
    """What its events tell: ids, codes and days, and nothing that a person wrote."""
    return {
        "kind": found.kind.value,
        "unit_id": found.unit_id,
        "person_id": found.person_id,
        "community": found.community,
        "status": found.status.value,
        "slip": found.slip,
        "reason_code": found.reason_code,
        "contact_id": found.contact_id,
    }
