"""What the codes on a page are called: places and units from the copy, people as members masks them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import structlog

from cases.store import PlaceStore
from chassis.rpc import DeadlineExceeded, RemoteFault, Unreachable

MOST_NAMES = 500
"""Of so many people members is asked for the names; a page hardly ever has more."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Codes:
    """The codes on a page whose names a reader asks for, each once."""

    areas: tuple[str, ...] = ()
    compounds: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


def once(values: Iterable[str | None]) -> tuple[str, ...]:
    """Each value that there is, once, in the order in which they come."""
    return tuple(dict.fromkeys(value for value in values if value))


class Naming:
    """Knows where names are found."""

    def __init__(self, places: PlaceStore, members: Any) -> None:
        self._places, self._members = places, members

    def of(self, codes: Codes, tenant: str) -> dict[str, str]:
        """The names by their codes; what has none, or nobody tells, is left out."""
        named = self._places.names(codes.areas, codes.compounds, codes.units)
        return named | self._people(codes.people[:MOST_NAMES], tenant)

    def _people(self, ids: tuple[str, ...], tenant: str) -> dict[str, str]:
        """What people are called, masked; a list without their names is better than none while members is away."""
        if not ids:
            return {}
        try:
            found = self._members.names(ids=list(ids), tenant=tenant)
        except (DeadlineExceeded, RemoteFault, Unreachable) as trouble:
            log.warning("nobody told what people are called", error=type(trouble).__name__)
            return {}
        return {row["id"]: row["name_masked"] for row in found}
