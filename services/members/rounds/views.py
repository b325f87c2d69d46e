"""Rounds and doors as they are shown; a private note is only told to be there."""

from collections.abc import Iterable, Mapping
from typing import Any

from chassis.instant import written, written_or_none
from members.needs import views
from members.needs.need import Need, Progress
from members.rounds.round import Address, Round, Standing, Tally

Answer = dict[str, Any]


def round_line(found: Round, version: int) -> Answer:
    """A round without its doors."""
    return {
        "round_id": found.id,
        "version": version,
        "title": found.title,
        "area": found.area,
        "listed": found.listed,
        "opened_at": written(found.opened_at),
        "closed_at": written_or_none(found.closed_at),
    }


def counted(found: Tally) -> Answer:
    """How many doors stand how, and the coverage."""
    return {"coverage": found.coverage, **{each.value: found.counts[each] for each in Standing}}


def address(found: Address, stated: Mapping[str, Iterable[tuple[Need, Progress]]]) -> Answer:
    """A door with its visits, and what was asked for at each."""
    return {
        "address_id": found.id,
        "number": found.number,
        "grid_code": found.grid_code,
        "compound_id": found.compound_id,
        "building": found.building,
        "door": found.door,
        "standing": found.standing.value,
        "visits": [
            {
                "visit_id": visit.id,
                "outcome": visit.result.value,
                "at": written(visit.at),
                "by": visit.by,
                "needs": views.needs(stated.get(visit.id, ())),
            }
            for visit in found.visits
        ],
    }
