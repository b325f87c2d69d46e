"""What somebody wants: quiet hours in their own zone, channels for each kind, what waits for the digest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from notify.channels.port import DECLINABLE, ORDER
from notify.preferences.kinds import Kind


@dataclass(frozen=True)
class Quiet:
    """The hours of the local day in which nothing is sent, over midnight where they end before they begin."""

    begins: time
    ends: time

    def until(self, local: datetime) -> datetime | None:
        """When they end that last at this local time; None outside them. Equal times are no quiet hours."""
        now = local.time()
        over_night = self.ends < self.begins
        inside = now >= self.begins or now < self.ends if over_night else self.begins <= now < self.ends
        if not inside:
            return None
        day = local.date() + timedelta(days=1 if over_night and now >= self.begins else 0)
        return _next(datetime.combine(day, self.ends, local.tzinfo), local)


NIGHT = Quiet(time(22), time(7))
"""22:00 to 07:00 (docs/domain.md §7, F41), until somebody chooses otherwise."""


@dataclass(frozen=True)
class Preference:
    """The choices of one person; `declined` are channel kinds by kind of message, `gathered` kinds wait for the digest.

    Everything has a default: nobody has to choose.
    """

    person_id: str
    zone: str = "Asia/Shanghai"
    quiet: Quiet | None = NIGHT
    declined: Mapping[Kind, frozenset[str]] = field(default_factory=dict)
    gathered: frozenset[Kind] = frozenset()
    digest_at: time = time(18)

    def local(self, now: datetime) -> datetime:
        """The instant as the person's clock shows it."""
        return now.astimezone(ZoneInfo(self.zone))

    def without(self, kind: Kind) -> frozenset[str]:
        """The channels by which nothing of the kind goes out: who declines all that can be gets no console either."""
        declined = self.declined.get(kind, frozenset())
        return frozenset(ORDER) if declined.issuperset(DECLINABLE) else declined

    def next_digest(self, now: datetime) -> datetime:
        """When the next digest goes out, later than now."""
        local = self.local(now)
        today = _next(datetime.combine(local.date(), self.digest_at, local.tzinfo), local)
        return today if today.timestamp() > now.timestamp() else today + timedelta(days=1)


def _next(end: datetime, local: datetime) -> datetime:
    """That local time; where clocks are put back and it comes twice, the second if the first is over."""
    return end if end.timestamp() > local.timestamp() else end.replace(fold=1)


def held(ids: Sequence[str], found: Mapping[str, Preference]) -> Preference:
    """What holds for the person of these ids, the one of today first: chosen under it, or before a merge, or at all."""
    return next((found[id] for id in ids if id in found), Preference(ids[0]))
