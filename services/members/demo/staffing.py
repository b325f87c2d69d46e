"""The demo's posts and party groups (docs/domain.md §8.2): whoever has the role holds the post."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from members.area import GRID_DIGITS
from members.demo.enrolment import Enrolment
from members.party_groups.party_group import Meeting, PartyGroup, Seat
from members.people.person import Person
from members.posts.post import POSTS, Post
from members.territory.grid import Grid

FIRST = date(2025, 7, 1)
MEETING_DAYS = (*(date(2025, month, 10) for month in range(7, 13)), *(date(2026, month, 10) for month in range(1, 4)))
"""A meeting a month in the demo period."""

POLICE, MEDICS = 2, 4
"""Of each group: 36 and 72 seats in all."""

ROLES = ("in_service_member", "volunteer")


def posts(people: Iterable[Enrolment]) -> list[Post]:
    """A post for each role on a grid that is one."""
    return [
        Post(f"post-{each.person.id}", grant.scope, each.person.id, grant.role, FIRST)
        for each in people
        for grant in each.person.grants
        if grant.role in POSTS and len(grant.scope) == GRID_DIGITS
    ]


def party_groups(grids: Sequence[Grid], people: Iterable[Enrolment]) -> list[PartyGroup]:
    """One for each grid: police and medics as they come, and a leader, a member and a volunteer who live there."""
    active = [each.person for each in people if each.person.active]
    police, medics = (iter(_skilled(active, skill)) for skill in ("police", "medical"))
    groups = []
    for grid in grids:
        here = [person for person in active if person.home and person.home.grid_code == grid.code]
        residents = {role: [person for person in here if _holds(person, role)] for role in ROLES}
        sitting = [
            ("leader", residents["in_service_member"][0]),
            *(("in_service_member", person) for person in residents["in_service_member"][1:3]),
            *(("volunteer", person) for person in residents["volunteer"][:2]),
            *(("police", next(police)) for _ in range(POLICE)),
            *(("medic", next(medics)) for _ in range(MEDICS)),
        ]
        groups.append(_group(grid.code, sitting))
    return groups


def _group(code: str, sitting: Sequence[tuple[str, Person]]) -> PartyGroup:
    seats = tuple(
        Seat(f"seat-{code}-{n}", person.id, capacity, FIRST) for n, (capacity, person) in enumerate(sitting, 1)
    )
    attended = tuple(dict.fromkeys(seat.person_id for seat in seats))
    meetings = tuple(Meeting(f"meeting-{code}-{day:%Y%m}", day, attended) for day in MEETING_DAYS)
    return PartyGroup(code, FIRST, None, seats, meetings)


def _skilled(people: Iterable[Person], skill: str) -> Iterator[Person]:
    return (person for person in people if skill in person.skills)


def _holds(person: Person, role: str) -> bool:
    return any(grant.role == role for grant in person.grants)
