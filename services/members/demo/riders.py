"""The riders among the demo's people: those who are Party members, most of whom show it (docs/domain.md §8.2, F17)."""

from collections.abc import Sequence
from random import Random

from chassis.caller import Grant
from members.area import community_of
from members.demo.cast import EVENINGS, TENANT, lives_in
from members.demo.territory import OPENED
from members.people.person import Person, Tag
from members.territory.compound import Compound

PARTY_MEMBERS = 46
OPTED_IN = 38
"""Of the other eight nothing is loaded: a special identity is on record by consent alone (one of them took it back)."""


def riders(compounds: Sequence[Compound], chance: Random) -> list[Person]:
    """As many riders as are Party members, still without names; the first of them show it."""
    homes = chance.choices(compounds, [compound.households for compound in compounds], k=PARTY_MEMBERS)
    return [_rider(number, home) for number, home in enumerate(homes, 1)]


def _rider(number: int, home: Compound) -> Person:
    tags = (Tag("rider_party_member", OPENED, "2025-07"),) if number <= OPTED_IN else ()
    return Person(
        id=f"p-rider-{number:02d}",
        tenant=TENANT,
        name="",
        grants=(Grant("resident", TENANT), Grant("rider", TENANT)),
        registered_with=community_of(home.grid_code),
        home=lives_in(home),
        free_times=EVENINGS,
        tags=tags,
    )
