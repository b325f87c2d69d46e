"""Entries of the ledger of points: what each says, how one is taken back, and what they sum up to.

Points are no hours. They belong to the person who served: nothing passes them on, and nothing is paid for them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from chassis.errors import Refusal
from chassis.fault import Fault, check

RECORDED, REVERSED = "points.recorded", "points.reversed"


@dataclass(frozen=True)
class PointsEntry:
    """One row: so many points to a person for a service on a local day.

    `source` names what they are for (an activity, a case …): one source counts once for a person. `turn` counts how
    often that source was entered again after a reversal. `policy` is the rule that was in force, with its version. A
    row that takes another back names it in `reverses` and has its points with the other sign.
    """

    id: str
    person_id: str
    community: str
    on: date
    kind: str
    points: int
    source: str
    recorded_by: str
    recorded_at: datetime
    text: str | None = None
    policy: tuple[str, int] | None = None
    reverses: str | None = None
    turn: int = 0

    @property
    def services(self) -> int:
        """How many services it adds to the count."""
        return -1 if self.reverses else 1


@dataclass(frozen=True)
class Tally:
    """What a person's entries sum up to."""

    points: int = 0
    services: int = 0


def tally(entries: Iterable[PointsEntry]) -> Tally:
    """The sum of entries and reversals."""
    rows = list(entries)
    return Tally(sum(each.points for each in rows), sum(each.services for each in rows))


def counted_once(rows: Iterable[PointsEntry]) -> Tally | None:
    """The sum of rows under several ids of one person: of a source that counts under more than one, the highest counts.

    None where there is no row.
    """
    sources: dict[str, dict[str, list[PointsEntry]]] = {}
    for each in rows:
        sources.setdefault(each.source, {}).setdefault(each.person_id, []).append(each)
    if not sources:
        return None
    best = [
        max(map(tally, by_id.values()), key=lambda sums: (sums.services, sums.points)) for by_id in sources.values()
    ]
    return Tally(sum(each.points for each in best), sum(each.services for each in best))


def reversal(found: PointsEntry, id: str, by: str, at: datetime) -> PointsEntry:
    """The row that takes an entry back, on the same day, so that no period keeps half of it.

    Refuses `reversal_is_final` for a row that is one itself.
    """
    if found.reverses:
        raise Refusal("reversal_is_final")
    return replace(found, id=id, points=-found.points, recorded_by=by, recorded_at=at, reverses=found.id)


def turn_of(rows: Iterable[PointsEntry]) -> int | None:
    """The turn of the next entry with the same person and source as these; None while one of them stands."""
    kept = list(rows)
    reversed_ids = {each.reverses for each in kept if each.reverses}
    entries = [each for each in kept if not each.reverses]
    return None if any(each.id not in reversed_ids for each in entries) else len(entries)


def check_new(*, person_known: bool, registered: bool, own: bool, late: bool, long_ago: bool, counted: bool) -> None:
    """Refuses all that is wrong with a new entry at once; `late` is a day that is still to come.

    `long_ago` is one before the year before (our decision): its results were shown long ago.
    """
    check(
        _faults(
            person_known=person_known, registered=registered, own=own, late=late, long_ago=long_ago, counted=counted
        )
    )


def _faults(
    *, person_known: bool, registered: bool, own: bool, late: bool, long_ago: bool, counted: bool
) -> Iterator[Fault]:
    if not person_known:
        yield Fault("/person_id", "unknown_person")
    elif not registered:
        yield Fault("/person_id", "not_registered")
    if own:
        yield Fault("/person_id", "own_points")
    if late:
        yield Fault("/on", "date_in_the_future")
    if long_ago:
        yield Fault("/on", "service_too_long_ago")
    if counted:
        yield Fault("/source", "already_counted")


def shown(found: PointsEntry) -> dict[str, Any]:
    """The row as the person and the offices read it."""
    return {
        "entry_id": found.id,
        "person_id": found.person_id,
        "community": found.community,
        "on": found.on.isoformat(),
        "kind": found.kind,
        "points": found.points,
        "source": found.source,
        "text": found.text,
        "recorded_by": found.recorded_by,
        "policy_id": found.policy[0] if found.policy else None,
        "policy_version": found.policy[1] if found.policy else None,
        "reverses": found.reverses,
    }
