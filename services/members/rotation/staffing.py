"""Who comes on a service day: as many as have a place in its activities, once that is settled (docs/domain.md, F45)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heapreplace

from members.rotation.turn import Team


@dataclass(frozen=True)
class Expected:
    """How many people have a place in the activities of a day, by sign-up or by roster.

    It is `settled` once each of them has closed its sign-up or has its roster: before that the number still grows.
    """

    signed_up: int = 0
    settled: bool = False

    @property
    def counts(self) -> bool:
        """Whether the teams are filled with them; else, also where nobody signed up, the entered numbers hold."""
        return self.settled and self.signed_up > 0


def staffed(teams: Sequence[Team], expected: Expected) -> list[Team]:
    """The teams with the people who come: one after the other joins the team that lacks most of those entered for it.

    No team gets more than were entered, and each has somebody before one has a second.
    """
    if not expected.counts:
        return list(teams)
    coming = dict.fromkeys((team.id for team in teams), 0)
    queue = [(0.0, -team.people, team.id) for team in teams if team.people > 0]
    heapify(queue)
    for _ in range(min(expected.signed_up, sum(team.people for team in teams))):
        _, size, id = queue[0]
        coming[id] += 1
        heapreplace(queue, (coming[id] / -size, size, id))
    return [replace(team, coming=coming[team.id]) for team in teams]
