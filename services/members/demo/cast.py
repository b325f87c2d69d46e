"""The people by whom the demo and the tests act: well-known ids, logins and phones, listed in demo_accounts.json."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, time
from pathlib import Path

from chassis.caller import Grant
from members.demo.enrolment import Enrolment, name, phone
from members.demo.territory import DONGYUAN
from members.demo.units import bureau_id, committee_id, reporting_id
from members.people.person import FreeTime, Person, Residence
from members.people.skill import Certificate
from members.territory.compound import Compound
from members.territory.distance import distance_m

ACCOUNTS = Path(__file__).parent.parent / "demo_accounts.json"

TENANT = "360704"
AUTHORITY = "360704100"
"""The urban community authority looks after the communities of one town."""

EVENINGS = tuple(FreeTime(day, time(18), time(21, 30)) for day in range(4))
FRIDAY = FreeTime(4, time(16, 30), time(21))
MORNINGS = tuple(FreeTime(day, time(8), time(12)) for day in (5, 6))


def cast(compounds: Sequence[Compound]) -> list[Enrolment]:
    """Everybody in demo_accounts.json but the rider and the volunteer, who are among those of their kind."""
    people = [*_public(compounds), *_staff(compounds)]
    accounts: Mapping[str, Mapping[str, str]] = json.loads(ACCOUNTS.read_text(encoding="utf-8"))
    listed = {account["person_id"]: account for account in accounts.values()}
    return [Enrolment(person, phone(number), listed[person.id].get("login")) for number, person in enumerate(people, 1)]


def lives_in(compound: Compound) -> Residence:
    """The residence of somebody who lives in the compound."""
    return Residence(compound.id, compound.grid_code, compound.at)


def _public(compounds: Sequence[Compound]) -> list[Person]:
    """Two residents, the electrician who lives nearest to 东源胜景, and one in it who has no licence."""
    resident, member = (Grant("resident", TENANT),), (Grant("resident", TENANT), Grant("in_service_member", TENANT))
    return [
        Person("p-resident", TENANT, name(1, "谢"), resident, "先生", home=lives_in(DONGYUAN)),
        Person("p-neighbour", TENANT, name(2), resident, "女士", home=lives_in(DONGYUAN)),
        Person(
            "p-member",
            TENANT,
            name(3),
            member,
            "师傅",
            unit_id=reporting_id(2),
            registered_with="360704100002",
            home=lives_in(_next_door(compounds)),
            skills=frozenset({"electrician", "repair"}),
            certificates=(Certificate("low_voltage_electrician", date(2028, 12, 31)),),
            free_times=(*EVENINGS, FRIDAY, *MORNINGS),
        ),
        Person(
            "p-second-member",
            TENANT,
            name(4),
            member,
            "女士",
            unit_id=reporting_id(3),
            registered_with="360704100002",
            home=lives_in(DONGYUAN),
            skills=frozenset({"electrician", "care"}),
            free_times=EVENINGS,
        ),
    ]


def _next_door(compounds: Sequence[Compound]) -> Compound:
    """The compound nearest to 东源胜景 in its grid."""
    around = [each for each in compounds if each.grid_code == DONGYUAN.grid_code and each is not DONGYUAN]
    return min(around, key=lambda compound: distance_m(compound.at, DONGYUAN.at))


def _staff(compounds: Sequence[Compound]) -> list[Person]:
    grid = DONGYUAN.grid_code
    posts = [
        ("p-dispatcher", "dispatcher", AUTHORITY, bureau_id("URBAN_COMMUNITY_ADMIN")),
        ("p-worker", "community_worker", grid, committee_id(grid)),
        ("p-second-worker", "community_worker", grid, committee_id(grid)),
        ("p-inspector", "inspector", AUTHORITY, bureau_id("URBAN_COMMUNITY_ADMIN")),
        ("p-unit-contact", "unit_contact", TENANT, bureau_id("LIGHTING_OFFICE")),
        ("p-party-office", "party_office", TENANT, bureau_id("URBAN_COMMUNITY_ADMIN")),
        ("p-admin", "district_admin", TENANT, None),
        ("p-auditor", "auditor", TENANT, None),
    ]
    home = lives_in(_next_door(compounds))
    return [
        Person(id, TENANT, name(number), (Grant(role, scope),), "同志", unit_id=unit, home=home)
        for number, (id, role, scope, unit) in enumerate(posts, 5)
    ]
