"""What anybody may read of a case, without signing in: one value, one table of acts, one rule (docs/open311.md)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from cases.act import Act
from cases.case import OPEN, WAITING, Status
from cases.category import Category, kept_as
from cases.deadline import LOCAL
from cases.place import Compound, Place, Point
from cases.showing.steps import STEPS
from chassis.instant import FIRST, LAST, written, written_or_none
from chassis.privacy import masked_text

LONGEST = timedelta(days=90)
"""The longest period that a list covers, and the one that it covers when none is named (GeoReport v2)."""

LONGEST_WORDS = 4_000
"""Characters of a description (GeoReport v2)."""

ROUNDED = 4
"""Decimals of a degree: some ten metres."""

TOLD = STEPS | {Act.WITHDRAW}
"""Of which acts everybody is told that they were done; never what was said with them, nor by whom."""


@dataclass(frozen=True)
class Seen:
    """What is read of a case for it: nobody by name, and of all words those of the report alone.

    `registered` says that somebody of the desk has read the report; `people` that persons have the case, besides
    `units`; `history` holds what was done when, where it is asked for.
    """

    id: str
    number: str
    status: Status
    reported_at: datetime
    updated_at: datetime
    ended_at: datetime | None
    registered: bool
    category: str | None
    category_version: str | None
    complained_unit_id: str | None
    place: Place
    text: str | None
    resolve_due: datetime | None
    units: tuple[str, ...]
    people: bool
    history: tuple[tuple[str, datetime], ...] = ()

    @property
    def kind(self) -> Category | None:
        """Its category, as of the version that it has."""
        return kept_as(self.category, self.category_version)

    @property
    def may_be_shown(self) -> bool:
        """Of a category that is known and not sensitive, and no complaint about a unit (docs/domain.md §5).

        A report without a category could be about anything, so it is not shown until somebody has judged it.
        """
        return self.complained_unit_id is None and self.kind is not None and not self.kind.restricted

    @property
    def words(self) -> str | None:
        """What was reported, with what is personal masked; nothing of it before somebody of the desk has read it."""
        return masked_text(self.text)[:LONGEST_WORDS] if self.text and self.registered else None

    @property
    def compound_id(self) -> str | None:
        """The compound that it is in or at."""
        return self.place.compound_id or self.place.near_compound_id

    @property
    def waits(self) -> bool:
        """Whether nobody has judged yet whether it is a case."""
        return self.status in WAITING


def shown(
    seen: Seen, compounds: Mapping[str, Compound], names: Mapping[str, str], media: Sequence[str] = ()
) -> dict[str, Any]:
    """The case as anybody reads it; `names` are those of communities and units by their codes.

    `media` are the ids of the photos that were released; what nobody of the desk has accepted has none.
    """
    kind, compound = seen.kind, compounds.get(seen.compound_id or "")
    return {
        "number": seen.number,
        "status": seen.status.value,
        "open": seen.status in OPEN,
        "code": seen.category,
        "name": {"zh": kind.zh, "en": kind.en} if kind else None,
        "text": seen.words,
        "units": [names[id] for id in seen.units if id in names],
        "people": seen.people,
        "requested_at": written(day_of(seen.reported_at)),
        "updated_at": written(day_of(seen.ended_at or seen.updated_at)),
        "expected_at": written_or_none(day_of(seen.resolve_due) if seen.resolve_due else None),
        "community": names.get(community_of(seen.place.grid_code), ""),
        "compound_id": compound.id if compound else None,
        "compound": compound.name if compound else None,
        "point": _point(spot(seen.place, compound)),
        "media": list(media) if seen.registered else [],
        "history": _history(seen.history),
    }


def community_of(grid_code: str) -> str:
    """The community of a grid, by the first digits of its code (docs/domain.md §2.5)."""
    return grid_code[:12]


def spot(place: Place, compound: Compound | None) -> Point | None:
    """Where it is shown to be: the middle of a compound, where people live; else the point, to some ten metres."""
    if compound is not None:
        return compound.point
    if place.point is None or place.compound_id is not None:
        return None
    return Point(round(place.point.lon, ROUNDED), round(place.point.lat, ROUNDED))


def day_of(at: datetime) -> datetime:
    """When the local day of an instant begins.

    Days, not instants, as on the page of a compound: who saw whom at the spot shall not learn who reported it.
    """
    return datetime.combine(at.astimezone(LOCAL).date(), time(0), LOCAL).astimezone(UTC)


def of_ninety_days(since: datetime | None, until: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """The period that is named; 90 days from the end that is, up to now where none is, as far as the calendar goes."""
    if since is None:
        until = until or now
        return max(until, FIRST + LONGEST) - LONGEST, until
    return since, until or min(since, LAST - LONGEST) + LONGEST


def whole_days(since: datetime | None, until: datetime | None) -> tuple[datetime | None, datetime | None]:
    """The period, widened to the local days in which it begins and ends: `[since, until)`.

    Whoever asks for ever shorter periods would otherwise find the instants that are not shown.
    """
    begins = day_of(since) if since else None
    return begins, day_of(min(until, LAST - timedelta(days=1))) + timedelta(days=1) if until else None


def _point(at: Point | None) -> dict[str, float] | None:
    return None if at is None else {"lon": at.lon, "lat": at.lat}


def _history(told: Iterable[tuple[str, datetime]]) -> list[dict[str, str]]:
    return [{"act": act, "at": written(day_of(at))} for act, at in told if act in TOLD]
