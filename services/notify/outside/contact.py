"""Whom a notice reaches outside, and what may be shown of where."""

from collections.abc import Iterable
from dataclasses import dataclass

from notify.notices.notice import Notice


@dataclass(frozen=True)
class Contact:
    """Where a person can be reached, as members tells it at the moment of sending; never kept."""

    id: str
    unit_id: str | None
    phone: str | None
    language: str
    channels: tuple[str, ...]


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
