"""What a text message through a vendor says: vendors send only texts that they have approved, with places to fill."""

from collections.abc import Mapping
from dataclasses import dataclass

from notify.channels.port import Parcel

EVERY_OTHER = "*"
"""Stands for each template that has no approved text of its own."""


PLACES = ("title", "body", "code", "expires_at")
"""What can fill a place: the words of a message; the last two are only in that with a one-time code."""


@dataclass(frozen=True)
class Approved:
    """A text that the vendor has approved: its code there, and what fills its places, in their order.

    Each place is one of PLACES.
    """

    code: str
    places: tuple[str, ...]


def approved(texts: Mapping[str, Approved], template: str) -> Approved | None:
    """The text of the vendor for one of our templates; None where none was approved for it."""
    return texts.get(template) or texts.get(EVERY_OTHER)


def filled(text: Approved, parcel: Parcel) -> dict[str, str]:
    """What stands in each place of the text, in their order."""
    words = {**parcel.facts, "title": parcel.title, "body": parcel.body}
    return {place: str(words.get(place) or "") for place in text.places}
