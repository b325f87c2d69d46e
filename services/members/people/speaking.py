"""Who may speak for a unit: somebody of it, whoever says so (docs/domain.md §5)."""

from dataclasses import replace

from chassis.errors import Refusal
from members.people.person import Person


def speaking(person: Person, unit_id: str | None) -> Person:
    """The person as one of the unit that they are to speak for: the own, or that which is named for who has none.

    That one came along with the role, and goes with it. Refuses `unit_missing` where there is neither,
    `speaks_for_another_unit` where another came along with the role before, and `person_not_of_unit` where they are of
    another.
    """
    if person.unit_id is None:
        if unit_id is None:
            raise Refusal("unit_missing")
        return replace(person, unit_id=unit_id, unit_along=True)
    if unit_id in {None, person.unit_id}:
        return person
    if person.unit_along:
        raise Refusal("speaks_for_another_unit")
    raise Refusal("person_not_of_unit")
