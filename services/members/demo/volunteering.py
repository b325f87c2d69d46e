"""In-service members and volunteers of the demo: as many as docs/domain.md §8.2 counts, the rest left to chance."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time
from itertools import chain, repeat
from random import Random

from chassis.caller import Grant
from members.area import community_of
from members.demo.cast import EVENINGS, MORNINGS, TENANT, lives_in
from members.demo.enrolment import Enrolment
from members.demo.staff import holders
from members.demo.territory import OPENED
from members.demo.units import REPORTING_UNITS, reporting_id
from members.people.person import FreeTime, Person, Tag
from members.people.skill import Certificate
from members.territory.compound import Compound

MEMBERS = 3060
ACTIVE_MEMBERS = 2790
VOLUNTEERS = 1420
BOTH = 310
VETERANS = 212
EXPERTS = {"electrician": 41, "medical": 72, "law": 38, "teaching": 210, "police": 36}
CERTIFIED = 19
LICENCE = "low_voltage_electrician"

GENERAL = (
    "admin",
    "care",
    "cleaning",
    "fire",
    "greening",
    "hr",
    "mediation",
    "organising",
    "psych",
    "repair",
    "rescue",
)
THURSDAYS = FreeTime(3, time(8), time(12))
RELEASED = 6
"""Of so many members one is let go by the unit for the weekly service day."""

FORENOONS = tuple(FreeTime(day, time(8, 30), time(11, 30)) for day in range(5))
AFTERNOONS = tuple(FreeTime(day, time(14, 30), time(17, 30)) for day in range(5))


def volunteering(compounds: Sequence[Compound], cast: Sequence[Enrolment], chance: Random) -> list[Person]:
    """Members and volunteers besides the cast, still without names, so that the counts hold with the cast."""
    members = _members(compounds, holders(cast, "in_service_member"), chance)
    others = _volunteers(compounds, chance)
    return _with_veterans([*members, *others], chance)


def _members(compounds: Sequence[Compound], known: Sequence[Person], chance: Random) -> list[Person]:
    """In-service members: who is an expert, licensed, inactive or a volunteer too follows from one shuffled order."""
    homes = _homes(compounds, MEMBERS - len(known), chance)
    members = [_member(number, home, chance) for number, home in enumerate(homes, 1)]
    chance.shuffle(members)
    skills = _skills_to_give(known)
    licences = CERTIFIED - sum(bool(person.certificates) for person in known)
    experts = [_expert(*pair, chance) for pair in zip(members, skills, strict=False)]
    experts[:licences] = [_licensed(person, chance) for person in experts[:licences]]
    rest = members[len(experts) :]
    rest[:BOTH] = [_also_volunteer(person) for person in rest[:BOTH]]
    idle = MEMBERS - ACTIVE_MEMBERS
    rest[-idle:] = [replace(person, active=False) for person in rest[-idle:]]
    return sorted([*experts, *rest], key=lambda person: person.id)


def _skills_to_give(known: Sequence[Person]) -> list[str]:
    """One entry for each expert who is still missing, electricians first."""
    missing = {skill: number - sum(skill in person.skills for person in known) for skill, number in EXPERTS.items()}
    return list(chain.from_iterable(repeat(skill, number) for skill, number in missing.items()))


def _homes(compounds: Sequence[Compound], number: int, chance: Random) -> list[Compound]:
    """As many homes as there are people, more of them in the larger compounds."""
    return chance.choices(compounds, [compound.households for compound in compounds], k=number)


def _member(number: int, home: Compound, chance: Random) -> Person:
    evenings = chance.sample(EVENINGS, chance.randint(0, len(EVENINGS)))
    weekend = MORNINGS if chance.random() < 0.7 else ()
    thursdays = () if number % RELEASED else (THURSDAYS,)
    return Person(
        id=f"p-member-{number:04d}",
        tenant=TENANT,
        name="",
        grants=(Grant("resident", TENANT), Grant("in_service_member", TENANT)),
        unit_id=reporting_id(chance.randint(1, REPORTING_UNITS)),
        registered_with=community_of(home.grid_code),
        home=lives_in(home),
        skills=_general_skills(chance),
        free_times=(*sorted((*evenings, *thursdays), key=lambda span: (span.weekday, span.start)), *weekend),
    )


def _volunteers(compounds: Sequence[Compound], chance: Random) -> list[Person]:
    """Volunteers who are no in-service members: many of them free by day."""
    homes = _homes(compounds, VOLUNTEERS - BOTH, chance)
    return [
        Person(
            id=f"p-volunteer-{number:04d}",
            tenant=TENANT,
            name="",
            grants=(Grant("resident", TENANT), Grant("volunteer", TENANT)),
            registered_with=community_of(home.grid_code),
            home=lives_in(home),
            skills=_general_skills(chance),
            free_times=chance.choice((FORENOONS, AFTERNOONS, FORENOONS + AFTERNOONS, EVENINGS, MORNINGS)),
        )
        for number, home in enumerate(homes, 1)
    ]


def _general_skills(chance: Random) -> frozenset[str]:
    return frozenset(chance.sample(GENERAL, chance.choice((0, 1, 1, 2))))


def _expert(person: Person, skill: str, chance: Random) -> Person:
    """Somebody with the skill, free on most evenings."""
    evenings = sorted(chance.sample(EVENINGS, 3), key=lambda span: span.weekday)
    return replace(person, skills=person.skills | {skill}, free_times=(*evenings, *MORNINGS))


def _licensed(person: Person, chance: Random) -> Person:
    valid_until = date(chance.randint(2027, 2030), chance.randint(1, 12), 28)
    return replace(person, certificates=(Certificate(LICENCE, valid_until),))


def _also_volunteer(person: Person) -> Person:
    return replace(person, grants=(*person.grants, Grant("volunteer", TENANT)))


def _with_veterans(people: Sequence[Person], chance: Random) -> list[Person]:
    """The same people, with as many veterans among the volunteers as are counted, each by consent."""
    volunteers = [person.id for person in people if any(grant.role == "volunteer" for grant in person.grants)]
    veterans = set(chance.sample(volunteers, VETERANS))
    tag = Tag("veteran", OPENED, "2025-07")
    return [replace(person, tags=(tag,)) if person.id in veterans else person for person in people]
