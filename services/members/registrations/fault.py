"""What is wrong with a registration: every fault at once, each with its own code."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from chassis import fault
from chassis.fault import Fault
from members.organisations.unit import Unit
from members.people.person import Person
from members.role import SPEAKER

MEMBER = "in_service_member"


@dataclass(frozen=True)
class Facts:
    """What is known of whom and what a registration names; None for what there is not.

    `registered` and `waiting` say whether the same subject has a registration that holds, or one that nobody has
    decided on yet; a transfer is only for who is registered, and not where they are already.
    """

    unit: Unit | None
    community_open: bool | None
    signed_on: date
    registered: bool = False
    waiting: bool = False
    person: Person | None = None
    person_named: bool = False
    contact: Person | None = None
    contact_named: bool = False


def check(facts: Facts, today: date) -> None:
    """Refuses at once all that is wrong with it: `unit_closed`, `unknown_unit`, `unknown_person` and others."""
    fault.check(_faults(facts, today))


def _faults(facts: Facts, today: date) -> Iterator[Fault]:
    yield from _of_unit(facts)
    yield from _of_person(facts)
    if facts.community_open is None:
        yield Fault("/community", "unknown_community")
    elif not facts.community_open:
        yield Fault("/community", "community_closed")
    if facts.signed_on > today:
        yield Fault("/signed_on", "date_in_the_future")
    if facts.registered:
        yield Fault("", "already_registered")
    if facts.waiting:
        yield Fault("", "already_submitted")


def _of_unit(facts: Facts) -> Iterator[Fault]:
    if facts.unit is None:
        yield Fault("/unit_id", "unknown_unit")
    elif not facts.unit.active:
        yield Fault("/unit_id", "unit_closed")
    if facts.contact_named:
        if facts.contact is None or not facts.contact.active:
            yield Fault("/contact_id", "unknown_person")
        elif facts.unit is not None and facts.contact.unit_id != facts.unit.id:
            yield Fault("/contact_id", "person_not_of_unit")


def _of_person(facts: Facts) -> Iterator[Fault]:
    if not facts.person_named:
        return
    person = facts.person
    if person is None or not person.active:
        yield Fault("/person_id", "unknown_person")
        return
    if all(grant.role != MEMBER for grant in person.grants):
        yield Fault("/person_id", "not_in_service")
    speaks = any(grant.role == SPEAKER for grant in person.grants)
    if facts.unit is not None and person.unit_id not in ({facts.unit.id} if speaks else {None, facts.unit.id}):
        yield Fault("/person_id", "person_not_of_unit")
