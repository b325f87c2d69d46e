"""Which team goes where: larger ones to higher scores, none twice in a row to one compound if it can be helped."""

from collections.abc import Sequence

from members.rotation.score import score
from members.rotation.turn import Team, Waiting


def available(teams: Sequence[Team]) -> list[Team]:
    """Teams that come, those that are the largest when complete first, and then by id."""
    return sorted((team for team in teams if team.size > 0), key=lambda team: (-team.people, team.id))


def sent(compounds: Sequence[Waiting], teams: Sequence[Team]) -> dict[str, str]:
    """The team of each compound; there are at least as many of them as compounds.

    Only where every team that is left, and every one that could be swapped for it, was there the last time too, does
    one come again.
    """
    free = [team.id for team in teams]
    found: dict[str, str] = {}
    last = {each.compound_id: each.last_team for each in compounds}
    for each in sorted(compounds, key=lambda one: (-score(one), one.compound_id)):
        id = each.compound_id
        fresh = next((team for team in free if team != each.last_team), None)
        if fresh is not None:
            found[id] = fresh
            free.remove(fresh)
            continue
        only = free.pop()  # which was there the last time, so that any other team is a new one
        swapped = next((other for other in found if only != last[other]), None)
        if swapped is None:
            found[id] = only
        else:
            found[id], found[swapped] = found[swapped], only
    return found
