"""What is looked for in the log of messages, and how far whoever looks sees; no network and no store."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from notify.messages.message import State, district


@dataclass(frozen=True)
class View:
    """The places whose messages somebody sees, as prefixes of grid codes.

    Of those in `open_places` only what is about no sensitive matter; `unit_id` is the own unit: what is about a
    complaint of it is never seen (docs/domain.md §5).
    """

    places: tuple[str, ...]
    open_places: tuple[str, ...]
    unit_id: str | None = None

    @property
    def districts(self) -> list[str]:
        """The districts in which these places lie."""
        return sorted({district(each) for each in (*self.places, *self.open_places)})


@dataclass(frozen=True)
class Search:
    """What a message has to be; None is whatever it is. `channel` is the kind of the last that was tried.

    It was made from `since` on and before `until`. `person_ids` are all of one person.
    """

    person_ids: tuple[str, ...] = ()
    case_id: str | None = None
    state: State | None = None
    channel: str | None = None
    template: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def view(whole: Iterable[str], ordinary: Iterable[str], unit_id: str | None) -> View:
    """What somebody sees who sees everything in the scopes of `whole`, and what is not sensitive in `ordinary`."""
    return View(tuple(sorted(set(whole))), tuple(sorted(set(ordinary))), unit_id)
