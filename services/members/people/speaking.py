"""Who may speak for a unit: somebody of it, whoever says so (docs/domain.md §5)."""

from dataclasses import replace

from chassis.errors import Refusal
from members.people.person import Person


def speaking(person: Person, unit_id: str | None) -> Person:
    """The person as one of the unit that they are to speak for: the own, or that which is named for who has none.

    Refuses `unit_missing` where there is neither, and `person_not_of_unit` where they are of another.
    """
    if person.unit_id is None and unit_id is None:
        raise Refusal("unit_missing")
    if unit_id not in {None, person.unit_id} and person.unit_id is not None:
        raise Refusal("person_not_of_unit")
    return replace(person, unit_id=person.unit_id or unit_id)
