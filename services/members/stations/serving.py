"""Who serves, in whichever way it is known: points, minutes that count, coming to an activity, a patrol (F13)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice

from members.attendance.store import AttendanceStore
from members.hours.store import HoursStore
from members.patrols.store import PatrolStore
from members.policies.span import Span
from members.service_points.store import PointsStore

ASKED_AT_ONCE = 500
"""How many ids one query names."""


@dataclass(frozen=True)
class Serving:
    """Looks for services where each of them is written down; the same one may stand in several places."""

    points: PointsStore
    hours: HoursStore
    attendance: AttendanceStore
    patrols: PatrolStore

    def last_days(self, whole: Mapping[str, frozenset[str]], quarter: Span) -> dict[str, date]:
        """The last day of the quarter on which each of these people served; who did not is left out.

        `whole` names every id of each person. What was taken back or does not count is no service.
        """
        person = {id: now for now, ids in whole.items() for id in ids}
        latest: dict[str, date] = {}
        for id, day in self._found(person, quarter):
            latest[person[id]] = max(day, latest.get(person[id], day))
        return latest

    def _found(self, ids: Mapping[str, str], quarter: Span) -> Iterator[tuple[str, date]]:
        """The last day of each id in each of the places."""
        left = iter(sorted(ids))
        while some := list(islice(left, ASKED_AT_ONCE)):
            for place in (self.points, self.hours, self.attendance, self.patrols):
                yield from place.last_day(some, quarter.first, quarter.last).items()
