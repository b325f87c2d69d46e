"""What the plan is made of: who does what when, case by case, and the intake sessions that some cases come from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cases.deadline import LOCAL

OPENS = datetime(2025, 7, 1, tzinfo=LOCAL)
NOW = datetime(2026, 3, 31, 18, tzinfo=LOCAL)
"""The first instant of the demo's period, and its present (docs/domain.md §8)."""

SEED = 360704


@dataclass(frozen=True)
class Step:
    """One act on a case; `photos` are taken on the spot, `target` is the running number of another case."""

    at: datetime
    act: str
    by: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    photos: int = 0
    target: int | None = None

    @property
    def moment(self) -> datetime:
        """When, as the service keeps it: in UTC and whole milliseconds."""
        at = self.at.astimezone(UTC)
        return at.replace(microsecond=at.microsecond // 1000 * 1000)


@dataclass(frozen=True)
class Story:
    """One case: its running number, and its steps in order; the first reports it unless it came up at a `sitting`."""

    number: int
    steps: Sequence[Step]
    sitting: int | None = None


@dataclass(frozen=True)
class Sitting:
    """One intake session: when its host typed it in, and the running numbers of the cases that came up, in order."""

    number: int
    at: datetime
    host: str
    body: Mapping[str, Any]
    cases: Sequence[int]


@dataclass(frozen=True)
class Plan:
    """Everything that happens, in no order."""

    stories: Sequence[Story]
    sittings: Sequence[Sitting]
