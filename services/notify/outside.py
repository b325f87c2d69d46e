"""How a notice goes on from the inbox through an outside channel: tries, opt-outs, and what happens when all fail."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from notify.notice import Notice

LADDER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""The wait after each failed try; afterwards somebody calls by hand (docs/domain.md §2.2)."""


@dataclass(frozen=True)
class Errand:
    """One notice on its way out, after so many failed tries."""

    notice: Notice
    tries: int


@dataclass(frozen=True)
class Contact:
    """Where a person can be reached, as members tells it at the moment of sending; never kept."""

    id: str
    unit_id: str | None
    phone: str | None
    language: str
    channels: tuple[str, ...]


def next_wait(tries: int) -> timedelta | None:
    """The wait after `tries` failed tries; None when they are used up."""
    return LADDER[tries - 1] if tries <= len(LADDER) else None


def reached(notice: Notice, contacts: Iterable[Contact], channel: str) -> list[Contact]:
    """Who gets the notice through `channel`: the person, or the contacts of the unit that it is for.

    Whoever has no phone or has opted out is left alone; results of an own case ignore opt-outs.
    """
    return [
        contact
        for contact in contacts
        if notice.recipient in {contact.id, contact.unit_id}
        and contact.phone
        and (notice.mandatory or channel in contact.channels)
    ]


def masked(phone: str) -> str:
    """A phone number as it may be shown: `138****1234` (docs/domain.md §5)."""
    return f"{phone[:3]}****{phone[-4:]}"
